//! `list` and `mark-read`.

use client::{AccountKey, MAX_PAGE, SettingsFile, Store, database_path};
use domain::criteria::{Criteria, RowSelector};
use ipc::{PeerKind, Request, Undoable};

use super::output::{format_row, print_line};
use super::target::{ExecutionTarget, find_target};
use crate::cli::{ListArgs, MarkReadArgs};
use crate::exit;
use crate::profile::Profile;

/// Prints rows, read directly from the database: SQLite allows readers next to the resident.
pub fn list(profile: &Profile, args: &ListArgs) -> anyhow::Result<()> {
    let Some((store, account)) = open_inbox(profile, Store::open_read_only)? else { return Ok(()) };
    let criteria = Criteria { unread: args.unread, ..Criteria::default() };
    let (mut before, mut left) = (None, args.limit);
    while left > 0 {
        let page = store.list(account, &criteria, before, left.min(MAX_PAGE))?;
        for row in &page.items {
            print_line(&if args.json { serde_json::to_string(row)? } else { format_row(row) })?;
        }
        before = page.items.last().map(|row| row.id);
        left -= u32::try_from(page.items.len()).unwrap_or(left).min(left);
        if !page.has_more {
            break;
        }
    }
    Ok(())
}

/// Marks rows as read, through the resident where one is running, since it is the only writer.
pub async fn mark_read(profile: &Profile, args: MarkReadArgs) -> anyhow::Result<()> {
    let selector = if args.all { RowSelector::everything() } else { RowSelector::from(args.ids) };
    match find_target(profile, PeerKind::Caller).await? {
        ExecutionTarget::Resident(connection) => {
            let request = Request::SetRead { selector, read: true };
            connection.client.call::<Undoable>(request).await.map_err(exit::of_call)?;
            connection.close().await
        }
        ExecutionTarget::Standalone(_lock) => {
            let Some((mut store, account)) = open_inbox(profile, |path| Store::open(path).map(Some))? else {
                return Ok(());
            };
            store.set_read(account, &selector, true)?;
            Ok(())
        }
    }
}

/// Opens the inbox of the current account; `None` when nobody is signed in or the inbox is still empty.
pub fn open_inbox(
    profile: &Profile,
    open: impl FnOnce(&std::path::Path) -> Result<Option<Store>, client::StoreError>,
) -> anyhow::Result<Option<(Store, AccountKey)>> {
    let Some(account) = SettingsFile::in_dir(&profile.config_dir).load()?.account else { return Ok(None) };
    let Some(store) = open(&database_path(&profile.data_dir))? else { return Ok(None) };
    let key = store.known_account(&account.id())?;
    Ok(key.map(|key| (store, key)))
}
