//! A disk of a few megabytes that fills up, and grows again when a test says so.

use std::path::Path;
use std::process::Command;

/// A filesystem in memory, mounted on a folder of its own. Goes with the value.
pub struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// One of this size; `None` (after saying so) without the right to mount.
    pub fn new(kib: u32) -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("gatecall-disk-").tempdir().unwrap();
        if mount(&["-t", "tmpfs", "-o", &format!("size={kib}k"), "gatecall"], folder.path()) {
            return Some(Self(folder));
        }
        crate::skipped("the right to mount a small disk (root)");
        None
    }

    /// Gives it another size.
    pub fn resize(&self, kib: u32) {
        assert!(mount(&["-o", &format!("remount,size={kib}k")], self.0.path()));
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What is still open is let go of at its end.
        let unmounted = Command::new("umount").arg("-l").arg(self.0.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()) || std::thread::panicking());
    }
}

fn mount(options: &[&str], folder: &Path) -> bool {
    Command::new("mount").args(options).arg(folder).output().is_ok_and(|output| output.status.success())
}
