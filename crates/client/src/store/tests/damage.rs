//! A damaged file: it starts all the same, keeps what was damaged, and says so.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::*;

fn filled(path: &Path, rows: i64) -> AccountKey {
    let mut store = Store::open(path).unwrap();
    let account = store.account(&someone("a@b.c")).unwrap();
    let events: Vec<_> =
        (0..rows).map(|n| event("booking:created", &created(&format!("b-{n}"), &at(n).to_string()), at(n))).collect();
    store
        .receive(account, Audience::Traveler, Batch { events: &events, cursor: Some("e-1"), gap: None }, &mut pop)
        .unwrap();
    account
}

fn overwrite(path: &Path, from: u64, bytes: usize, seed: u8) {
    let mut file = std::fs::File::options().read(true).write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    let mut old = vec![0; bytes];
    let count = file.read(&mut old).unwrap();
    let new: Vec<u8> = old[..count].iter().map(|byte| byte.wrapping_mul(31).wrapping_add(seed | 1)).collect();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&new).unwrap();
}

fn damaged_copies(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains(".damaged-")).count()
}

#[test]
fn at_fifty_random_places_it_starts_keeps_the_damaged_copy_and_goes_on() {
    let original = tempfile::tempdir().unwrap();
    let path = original.path().join("inbox.sqlite3");
    filled(&path, 400);
    assert!(Store::back_up(&path, || true).unwrap());
    let size = std::fs::metadata(&path).unwrap().len();
    let mut noticed = 0;
    let mut place = 12_345u64;
    for round in 0..50u8 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("inbox.sqlite3");
        std::fs::copy(original.path().join("inbox.sqlite3"), &path).unwrap();
        std::fs::copy(original.path().join("inbox.sqlite3.backup"), dir.path().join("inbox.sqlite3.backup")).unwrap();
        place = place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // A whole page, as a bad sector takes it.
        overwrite(&path, (place % size) / 4096 * 4096, 4096, round);
        let (mut store, rescue) = Store::open_or_rescue(&path, "now").unwrap();
        if let Some(rescue) = rescue {
            noticed += 1;
            assert!(rescue.restored && rescue.damaged.exists(), "{rescue:?}");
            assert_eq!(damaged_copies(dir.path()), 1);
        }
        // It works: the account is there, with its cursor, and takes the next event.
        let account = store.account(&someone("a@b.c")).unwrap();
        assert_eq!(store.sync_state(account).unwrap().cursor.as_deref(), Some("e-1"), "round {round}");
        let next = event("booking:created", &created("next", &at(9_999).to_string()), at(0));
        let batch = Batch { events: &[next], cursor: None, gap: None };
        assert_eq!(store.receive(account, Audience::Traveler, batch, &mut pop).unwrap().stored.len(), 1);
    }
    assert!(noticed >= 40, "only {noticed} of 50 were noticed");
}

#[test]
fn without_a_copy_it_begins_anew_and_what_is_no_database_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("inbox.sqlite3");
    std::fs::write(&path, "this is no database, but somebody may want it back").unwrap();
    let (store, rescue) = Store::open_or_rescue(&path, "now").unwrap();
    let rescue = rescue.unwrap();
    assert!(!rescue.restored);
    assert!(std::fs::read_to_string(&rescue.damaged).unwrap().starts_with("this is no database"));
    assert!(store.is_sound().unwrap());
}

#[test]
fn a_damaged_copy_never_takes_the_place_of_a_good_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("inbox.sqlite3");
    filled(&path, 200);
    assert!(Store::back_up(&path, || true).unwrap());
    let good = std::fs::read(backup_path(&path)).unwrap();
    assert!(!Store::back_up(&path, || false).unwrap() || std::fs::read(backup_path(&path)).unwrap() == good);
    overwrite(&path, 0, 16, 3);
    assert!(Store::back_up(&path, || true).is_err());
    assert_eq!(std::fs::read(backup_path(&path)).unwrap(), good);
}

#[test]
fn a_wipe_takes_the_copies_along() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("inbox.sqlite3");
    filled(&path, 20);
    assert!(Store::back_up(&path, || true).unwrap());
    let names = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.filter(|name| name.contains("backup")).eq(["inbox.sqlite3.backup"]), "nothing lies about beside it");
    std::fs::write(dir.path().join("inbox.sqlite3.damaged-x"), "old rows").unwrap();
    Store::open(&path).unwrap().wipe(&someone("a@b.c")).unwrap();
    assert!(!backup_path(&path).exists());
    assert_eq!(damaged_copies(dir.path()), 0);
}

#[test]
fn a_full_disk_and_a_newer_file_are_no_damage() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("inbox.sqlite3");
    filled(&path, 5);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Store::open_or_rescue(&path, "now"), Err(StoreError::Newer { found: 99 })));
    assert_eq!(std::fs::read(&path).unwrap(), before, "left untouched");
    assert_eq!(damaged_copies(dir.path()), 0);
}
