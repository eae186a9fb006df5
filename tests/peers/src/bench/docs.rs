//! Measurements in `docs/CONNECTION.md`: written between markers when `GATECALL_WRITE_DOCS=1` is set.

use std::sync::Mutex;

/// Serialises the tests of one program.
static WRITING: Mutex<()> = Mutex::new(());

/// Replaces the text between the markers of this name.
pub fn write(name: &str, text: &str) {
    if std::env::var_os("GATECALL_WRITE_DOCS").is_none_or(|value| value != "1") {
        return;
    }
    let _one_at_a_time = WRITING.lock().unwrap();
    let path = xtask::root().join("docs/CONNECTION.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->"));
    let (head, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("no marker {begin}"));
    let (_, tail) = rest.split_once(&end).unwrap_or_else(|| panic!("no marker {end}"));
    std::fs::write(&path, format!("{head}{begin}{text}{end}{tail}")).unwrap();
}
