//! A tmpfs of limited size, for tests with a full disk.

use std::path::Path;
use std::process::Command;

/// A tmpfs mounted on a temporary folder; unmounted when dropped.
pub struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// Mounts a disk of this size; `None` (with a SKIPPED line) without the right to mount.
    pub fn new(kib: u32) -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("gatecall-disk-").tempdir().unwrap();
        if mount(&["-t", "tmpfs", "-o", &format!("size={kib}k"), "gatecall"], folder.path()) {
            return Some(Self(folder));
        }
        crate::skipped("the right to mount a small disk (root)");
        None
    }

    /// Resizes the disk.
    pub fn resize(&self, kib: u32) {
        assert!(mount(&["-o", &format!("remount,size={kib}k")], self.0.path()));
    }

    /// The mount point.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A lazy unmount: files that are still open are released when they are closed.
        let unmounted = Command::new("umount").arg("-l").arg(self.0.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()) || std::thread::panicking());
    }
}

fn mount(options: &[&str], folder: &Path) -> bool {
    Command::new("mount").args(options).arg(folder).output().is_ok_and(|output| output.status.success())
}
