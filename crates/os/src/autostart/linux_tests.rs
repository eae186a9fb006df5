//! Registration on Linux, against a desktop entry in a temporary folder.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::linux::{AutostartEntry, value};
use super::registration::AutostartRegistration;

fn at(folder: &std::path::Path, program: &str) -> AutostartRegistration {
    AutostartRegistration::new(AutostartEntry(folder.join("autostart/x.desktop")), program.into()).unwrap()
}

#[test]
fn the_entry_is_the_truth() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("autostart/x.desktop");
    let autostart = at(folder.path(), "/opt/my apps/gatecall");
    assert!(!autostart.is_on().unwrap());
    autostart.set(false).unwrap();
    autostart.refresh().unwrap();
    assert!(!file.exists(), "nothing is made that was not asked for");
    autostart.set(true).unwrap();
    assert!(autostart.is_on().unwrap());
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(value(&text, "Exec"), Some("\"/opt/my apps/gatecall\" --hidden"));
    for off in ["Hidden=true", "X-GNOME-Autostart-enabled=false", "Hidden = true"] {
        std::fs::write(&file, format!("{text}{off}\n[Desktop Action x]\nHidden=false\n")).unwrap();
        assert!(!autostart.is_on().unwrap(), "{off}");
    }
    std::fs::write(&file, format!("{text}\n[Desktop Action x]\nHidden=true\n")).unwrap();
    assert!(autostart.is_on().unwrap(), "another group's key");
    autostart.set(false).unwrap();
    assert!(!file.exists());
}

#[test]
fn a_program_that_has_moved_is_followed_and_the_rest_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("autostart/x.desktop");
    at(folder.path(), "/old/gatecall").set(true).unwrap();
    let edited = std::fs::read_to_string(&file).unwrap() + "Hidden=true\n[Desktop Action x]\nExec=other\n";
    std::fs::write(&file, &edited).unwrap();
    at(folder.path(), "/new/gatecall").refresh().unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), edited.replace("/old/", "/new/"));
}
