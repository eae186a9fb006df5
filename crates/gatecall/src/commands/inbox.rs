//! `list` and `mark-read`.

use client::{AccountKey, MAX_PAGE, SettingsFile, Store, database_path};
use domain::criteria::{Criteria, RowSelector};
use domain::view::Notification;
use ipc::{PeerKind, Request, Undoable};

use super::{WatchTarget, find, say};
use crate::cli::{List, MarkRead};
use crate::exit;
use crate::profile::Profile;

/// Prints rows, read straight from the file: SQLite lets readers in beside the resident.
pub fn list(profile: &Profile, list: &List) -> anyhow::Result<()> {
    let Some((store, account)) = open(profile, Store::open_read_only)? else { return Ok(()) };
    let criteria = Criteria { unread: list.unread, ..Criteria::default() };
    let (mut before, mut left) = (None, list.limit);
    while left > 0 {
        let page = store.list(account, &criteria, before, left.min(MAX_PAGE))?;
        for row in &page.items {
            say(&if list.json { serde_json::to_string(row)? } else { plain(row) })?;
        }
        before = page.items.last().map(|row| row.id);
        left -= u32::try_from(page.items.len()).unwrap_or(left).min(left);
        if !page.has_more {
            break;
        }
    }
    Ok(())
}

/// Marks rows, by the resident where there is one, since it is the only writer then.
pub async fn mark_read(profile: &Profile, which: MarkRead) -> anyhow::Result<()> {
    let which = if which.all { RowSelector::everything() } else { RowSelector::from(which.ids) };
    match find(profile, PeerKind::Caller).await? {
        WatchTarget::Resident(line) => {
            let request = Request::SetRead { selector: which, read: true };
            line.client.call::<Undoable>(request).await.map_err(exit::of_call)?;
            line.close().await
        }
        WatchTarget::Here(_lock) => {
            let Some((mut store, account)) = open(profile, |path| Store::open(path).map(Some))? else {
                return Ok(());
            };
            store.set_read(account, &which, true)?;
            Ok(())
        }
    }
}

/// The inbox and the account in use; `None` when nobody is signed in or nothing has come yet.
pub fn open(
    profile: &Profile,
    open: impl FnOnce(&std::path::Path) -> Result<Option<Store>, client::StoreError>,
) -> anyhow::Result<Option<(Store, AccountKey)>> {
    let Some(account) = SettingsFile::in_dir(&profile.config_dir).load()?.account else { return Ok(None) };
    let Some(store) = open(&database_path(&profile.data_dir))? else { return Ok(None) };
    let key = store.known_account(&account.id())?;
    Ok(key.map(|key| (store, key)))
}

/// A row for a person at a terminal: `*` marks what is unread.
pub fn plain(row: &Notification) -> String {
    let mark = if row.read { ' ' } else { '*' };
    let time =
        row.received_at.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let body = if row.body.is_empty() { String::new() } else { format!(" · {}", row.body) };
    format!("{mark} {id:>6}  {time}  {title}{body}", id = row.id, title = row.title)
}
