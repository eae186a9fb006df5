//! `watch`: prints events, outcomes and connection states, one per line.

use std::collections::BTreeMap;
use std::pin::pin;

use client::{Change, Config, Engine, MAX_PAGE};
use domain::connection::ConnectionState;
use domain::criteria::Criteria;
use domain::outcome::Outcome;
use domain::view::{DigestView, Notification, Snapshot};
use ipc::{PeerKind, Push, Request};
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;

use super::output::{format_row, print_line};
use super::target::{ExecutionTarget, ResidentConnection, find_target};
use crate::cli::WatchArgs;
use crate::profile::Profile;
use crate::{exit, wiring};

/// Number of rows whose printed outcome is remembered: an outcome can change seconds after its row, when a toast fails.
const OUTCOMES_REMEMBERED: usize = 4_096;

/// Line of `watch --json`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum WatchLine<'a> {
    State {
        #[serde(flatten)]
        connection: &'a ConnectionState,
        unread: u64,
    },
    Notification(&'a Notification),
    Outcome {
        id: i64,
        outcome: &'a Outcome,
    },
    Digest(&'a DigestView),
}

/// Prints until the resident ends, or until interrupted.
pub async fn watch(profile: &Profile, args: WatchArgs) -> anyhow::Result<()> {
    let mut printer = Printer::new(args.json);
    match find_target(profile, PeerKind::Watcher).await? {
        ExecutionTarget::Resident(connection) => watch_resident(connection, &args, &mut printer).await,
        ExecutionTarget::Standalone(_lock) => watch_standalone(profile, &args, &mut printer).await,
    }
}

async fn watch_resident(
    mut connection: ResidentConnection,
    args: &WatchArgs,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    for room in &args.subscribe {
        connection.client.call::<()>(Request::HoldRoom { room: room.clone() }).await.map_err(exit::of_call)?;
    }
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    loop {
        let push = tokio::select! {
            push = connection.pushes.recv() => push,
            interrupted = &mut interrupted => {
                interrupted?;
                break;
            }
        };
        let mut behind = match push {
            Some(Push::Changed { items }) => {
                printer.rows(&items)?;
                false
            }
            Some(push) => printer.on_push(&push)?,
            None => break,
        };
        while std::mem::take(&mut behind) {
            let client = connection.client.clone();
            let page = async |before| -> anyhow::Result<_> {
                let list = Request::List { criteria: Criteria::default(), before, limit: MAX_PAGE };
                let page: ipc::Page = client.call(list).await.map_err(exit::of_call)?;
                Ok((page.items, page.has_more))
            };
            let mut missed_rows = pin!(missed_rows(printer.newest, printer.since, page));
            // Pushes already sent arrive before the answer, so they are received while waiting for it. Their rows are newer
            // than the missing ones and are printed in the next round.
            let rows = loop {
                tokio::select! {
                    rows = &mut missed_rows => break rows?,
                    push = connection.pushes.recv() => match push {
                        Some(push) => behind |= printer.on_push(&push)?,
                        None => return connection.close().await,
                    },
                    interrupted = &mut interrupted => {
                        interrupted?;
                        return connection.close().await;
                    }
                }
            };
            printer.rows(&rows)?;
        }
    }
    connection.close().await
}

async fn watch_standalone(profile: &Profile, args: &WatchArgs, printer: &mut Printer) -> anyhow::Result<()> {
    let mut config = Config { extra_rooms: args.subscribe.clone(), ..wiring::config(profile) };
    let mut feedback = None;
    if !args.no_toasts {
        let (toaster, receiver) = wiring::toasts()?;
        config.toaster = Some(toaster);
        feedback = Some(receiver);
    }
    let running = Engine::start(config).await?;
    let engine = running.engine().clone();
    let (mut snapshot, mut changes) = (engine.snapshot(), engine.changes());
    snapshot.mark_changed();
    let mut host = pin!(wiring::watch_host(&engine));
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let printed = loop {
        let printed = tokio::select! {
            never = &mut host => match never {},
            Ok(()) = snapshot.changed() => {
                let now = snapshot.borrow_and_update().clone();
                printer.state(&now)
            }
            change = changes.recv() => match change {
                Ok(Change::Rows(rows)) => printer.rows(&rows),
                Ok(Change::Outcome { id, outcome }) => printer.outcome(id, &outcome),
                Ok(Change::Digest(digest)) => printer.digest(&digest),
                Ok(Change::Open { .. } | Change::TestToast(_) | Change::ThreadPreferenceChanged { .. }) => Ok(()),
                Ok(Change::Reload) | Err(RecvError::Lagged(_)) => catch_up(&engine, printer).await,
                Err(RecvError::Closed) => break Ok(()),
            },
            Some(reaction) = next(&mut feedback) => {
                engine.toast_feedback(reaction).await;
                Ok(())
            }
            interrupted = &mut interrupted => break interrupted.map_err(Into::into),
        };
        if printed.is_err() {
            break printed;
        }
    };
    running.stop().await;
    printed
}

async fn catch_up(engine: &Engine, printer: &mut Printer) -> anyhow::Result<()> {
    let page = async |before| -> anyhow::Result<_> {
        let page = engine.list(Criteria::default(), before, MAX_PAGE).await?;
        Ok((page.items, page.has_more))
    };
    let rows = missed_rows(printer.newest, printer.since, page).await?;
    printer.rows(&rows)
}

/// Rows with an id above `newest` received at or after `since`, newest first. `page` returns the rows below an id and whether there
/// are more.
async fn missed_rows(
    newest: i64,
    since: Timestamp,
    mut page: impl AsyncFnMut(Option<i64>) -> anyhow::Result<(Vec<Notification>, bool)>,
) -> anyhow::Result<Vec<Notification>> {
    let mut rows: Vec<Notification> = Vec::new();
    loop {
        let (items, has_more) = page(rows.last().map(|row| row.id)).await?;
        let all = rows.len() + items.len();
        rows.extend(items.into_iter().take_while(|row| row.id > newest && row.received_at >= since));
        if !has_more || rows.len() < all {
            return Ok(rows);
        }
    }
}

async fn next<T>(queue: &mut Option<tokio::sync::mpsc::Receiver<T>>) -> Option<T> {
    match queue {
        Some(queue) => queue.recv().await,
        None => std::future::pending().await,
    }
}

/// Prints each state change and each new row once, with its outcome; changes of older rows are skipped.
struct Printer {
    json: bool,
    last_state: Option<ConnectionState>,
    since: Timestamp,
    newest: i64,
    /// Outcomes printed for the latest rows; a different outcome is printed again.
    outcomes: BTreeMap<i64, Outcome>,
}

impl Printer {
    fn new(json: bool) -> Self {
        Self { json, last_state: None, since: Timestamp::now(), newest: 0, outcomes: BTreeMap::new() }
    }

    /// Prints a push other than rows. Returns true when there may be rows to fetch.
    fn on_push(&mut self, push: &Push) -> anyhow::Result<bool> {
        match push {
            Push::Snapshot { snapshot } => self.state(snapshot)?,
            Push::Outcome { id, outcome } => self.outcome(*id, outcome)?,
            Push::Digest { digest } => self.digest(digest)?,
            Push::OpenRow { .. }
            | Push::Raise { .. }
            | Push::TestToast { .. }
            | Push::ThreadPreferenceChanged { .. } => {}
            Push::Changed { .. } | Push::Reload => return Ok(true),
        }
        Ok(false)
    }

    fn state(&mut self, snapshot: &Snapshot) -> anyhow::Result<()> {
        if self.last_state.as_ref() == Some(&snapshot.connection) {
            return Ok(());
        }
        self.last_state = Some(snapshot.connection.clone());
        let line = WatchLine::State { connection: &snapshot.connection, unread: snapshot.unread };
        self.print(&line, || format!("-- {}", describe(&snapshot.connection)))
    }

    fn rows(&mut self, rows: &[Notification]) -> anyhow::Result<()> {
        let (known, since) = (self.newest, self.since);
        for row in rows.iter().rev().filter(|row| row.id > known && row.received_at >= since) {
            self.newest = self.newest.max(row.id);
            self.print(&WatchLine::Notification(row), || format_row(row))?;
            self.outcome(row.id, &row.outcome)?;
        }
        Ok(())
    }

    fn outcome(&mut self, id: i64, outcome: &Outcome) -> anyhow::Result<()> {
        // A row that is not printed yet is printed with its outcome.
        if id > self.newest || self.outcomes.get(&id) == Some(outcome) {
            return Ok(());
        }
        self.outcomes.insert(id, outcome.clone());
        if self.outcomes.len() > OUTCOMES_REMEMBERED {
            self.outcomes.pop_first();
        }
        self.print(&WatchLine::Outcome { id, outcome }, || format!("         → {}", outcome.text))
    }

    fn digest(&self, digest: &DigestView) -> anyhow::Result<()> {
        self.print(&WatchLine::Digest(digest), || format!("== {} {}", digest.title, digest.body))
    }

    fn print(&self, line: &WatchLine<'_>, plain: impl FnOnce() -> String) -> anyhow::Result<()> {
        print_line(&if self.json { serde_json::to_string(line)? } else { plain() })
    }
}

/// Connection state as text.
fn describe(state: &ConnectionState) -> String {
    match state {
        ConnectionState::Starting => "Starting".to_owned(),
        ConnectionState::Connecting { attempt: 1 } => "Connecting".to_owned(),
        ConnectionState::Connecting { attempt } => format!("Connecting, attempt {attempt}"),
        ConnectionState::Online { .. } => "Online".to_owned(),
        ConnectionState::Waiting { reason, retry_at } => {
            let at = retry_at.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime("%H:%M:%S").to_string();
            format!("{}; next try at {at}", reason.message)
        }
        ConnectionState::SignInNeeded { reason } => format!("Sign-in needed: {}", reason.message),
        ConnectionState::Paused => "Paused".to_owned(),
    }
}
