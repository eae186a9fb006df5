//! `watch`: what happens, a line each.

use client::{Change, Config, Engine};
use domain::connection::ConnectionState;
use domain::policy::Outcome;
use domain::view::{Notification, Snapshot};
use ipc::{Peer, Push, Request};
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;

use super::inbox::plain;
use super::{Line, Where, find, say};
use crate::cli::Watch;
use crate::profile::Profile;
use crate::{exit, parts};

/// A line of `watch --json`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Told<'a> {
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
}

/// Prints until the resident ends, or until interrupted.
pub async fn watch(profile: &Profile, watch: Watch) -> anyhow::Result<()> {
    let mut printer = Printer { json: watch.json, last_state: None, since: Timestamp::now(), newest: 0 };
    match find(profile, Peer::Watcher).await? {
        Where::Resident(line) => joined(line, &watch, &mut printer).await,
        Where::Here(_lock) => alone(profile, &watch, &mut printer).await,
    }
}

async fn joined(mut line: Line, watch: &Watch, printer: &mut Printer) -> anyhow::Result<()> {
    for room in &watch.subscribe {
        line.client.call::<()>(Request::Subscribe { room: room.clone() }).await.map_err(exit::of_call)?;
    }
    loop {
        let push = tokio::select! {
            push = line.pushes.recv() => push,
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                return line.close().await;
            }
        };
        match push {
            Some(Push::Snapshot { snapshot }) => printer.state(&snapshot)?,
            Some(Push::Changed { items }) => printer.rows(&items)?,
            Some(Push::Outcome { id, outcome }) => printer.outcome(id, &outcome)?,
            Some(Push::Reload | Push::OpenRow { .. } | Push::Raise { .. }) => {}
            None => return line.close().await,
        }
    }
}

async fn alone(profile: &Profile, watch: &Watch, printer: &mut Printer) -> anyhow::Result<()> {
    let mut config = Config { extra_rooms: watch.subscribe.clone(), ..parts::config(profile) };
    let mut feedback = None;
    if !watch.no_toasts {
        let (toaster, told) = parts::toasts()?;
        config.toaster = Some(toaster);
        feedback = Some(told);
    }
    let running = Engine::start(config).await?;
    let engine = running.engine().clone();
    let (mut snapshot, mut changes) = (engine.snapshot(), engine.changes());
    snapshot.mark_changed();
    let mut machine = std::pin::pin!(parts::watch_machine(&engine));
    let printed = loop {
        tokio::select! {
            never = &mut machine => match never {},
            Ok(()) = snapshot.changed() => {
                let now = snapshot.borrow_and_update().clone();
                if let Err(error) = printer.state(&now) {
                    break Err(error);
                }
            }
            change = changes.recv() => {
                let printed = match change {
                    Ok(Change::Rows(rows)) => printer.rows(&rows),
                    Ok(Change::Outcome { id, outcome }) => printer.outcome(id, &outcome),
                    Ok(Change::Reload | Change::Open { .. }) | Err(RecvError::Lagged(_)) => Ok(()),
                    Err(RecvError::Closed) => break Ok(()),
                };
                if printed.is_err() {
                    break printed;
                }
            }
            Some(told) = next(&mut feedback) => engine.toast_feedback(told).await,
            interrupted = tokio::signal::ctrl_c() => break interrupted.map_err(Into::into),
        }
    };
    running.stop().await;
    printed
}

async fn next<T>(queue: &mut Option<tokio::sync::mpsc::Receiver<T>>) -> Option<T> {
    match queue {
        Some(queue) => queue.recv().await,
        None => std::future::pending().await,
    }
}

/// Prints each state once and each new row once: older rows that only changed are no news here.
struct Printer {
    json: bool,
    last_state: Option<ConnectionState>,
    since: Timestamp,
    newest: i64,
}

impl Printer {
    fn state(&mut self, snapshot: &Snapshot) -> anyhow::Result<()> {
        if self.last_state.as_ref() == Some(&snapshot.connection) {
            return Ok(());
        }
        self.last_state = Some(snapshot.connection.clone());
        let told = Told::State { connection: &snapshot.connection, unread: snapshot.unread };
        self.tell(&told, || format!("-- {}", sentence(&snapshot.connection)))
    }

    fn rows(&mut self, rows: &[Notification]) -> anyhow::Result<()> {
        let (known, since) = (self.newest, self.since);
        for row in rows.iter().rev().filter(|row| row.id > known && row.received_at >= since) {
            self.newest = self.newest.max(row.id);
            self.tell(&Told::Notification(row), || plain(row))?;
        }
        Ok(())
    }

    fn outcome(&self, id: i64, outcome: &Outcome) -> anyhow::Result<()> {
        self.tell(&Told::Outcome { id, outcome }, || format!("         → {}", outcome.text))
    }

    fn tell(&self, told: &Told<'_>, plain: impl FnOnce() -> String) -> anyhow::Result<()> {
        say(&if self.json { serde_json::to_string(told)? } else { plain() })
    }
}

/// The state in words.
fn sentence(state: &ConnectionState) -> String {
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
