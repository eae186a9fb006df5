//! The resident's end of the line: one task a peer, requests in, answers and pushes out.

use std::sync::Arc;

use client::ports::Happened;
use client::{Change, CommandError, Engine};
use domain::Language;
use domain::account::ServerUrl;
use domain::settings::Account;
use domain::view::Snapshot;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use ipc::{
    Connection, ErrorBody, ErrorCode, Page, PeerKind, Push, Request, Server, ServerFrame, SignIn, TestToastResult,
    ThreadPage, Undoable,
};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::host::{Host, LICENCES};
use super::refusal::Refusal;
use super::window_registry::WindowRegistry;
use super::{ShellCommand, export, network};

/// The longest history that rules are tried on.
const MAX_BACK_TEST_DAYS: u32 = 90;

/// What every peer's task needs.
#[derive(Clone)]
pub struct RequestHandler {
    pub engine: Engine,
    pub stage: Arc<WindowRegistry>,
    pub machine: Arc<Host>,
    /// Things that only the main loop can do.
    pub orders: mpsc::Sender<ShellCommand>,
}

/// Accepts peers until `stop`, then waits for their tasks.
pub async fn serve(mut server: Server, door: RequestHandler, stop: CancellationToken) {
    let mut peers = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = peers.join_next() => {}
            accepted = server.accept() => match accepted {
                Ok(connection) => {
                    let (door, stop) = (door.clone(), stop.clone());
                    peers.spawn(async move {
                        tokio::select! {
                            () = stop.cancelled() => {}
                            served = door.talk(connection) => if let Err(error) = served {
                                tracing::debug!(%error, "a line ended badly");
                            }
                        }
                    });
                }
                Err(error) => {
                    // Out of descriptors, most likely: without a pause this would spin.
                    tracing::error!(%error, "the line cannot accept");
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                }
            }
        }
    }
    while peers.join_next().await.is_some() {}
}

/// Pushes for one peer.
struct PushSources {
    snapshot: watch::Receiver<Snapshot>,
    changes: broadcast::Receiver<Change>,
    told: Option<broadcast::Receiver<Push>>,
}

impl RequestHandler {
    /// Serves one peer until it goes, and lets go of the rooms that it held. (Dropped only when the program ends, and the
    /// rooms with it.)
    async fn talk(&self, connection: Connection) -> std::io::Result<()> {
        let mut held = Vec::new();
        let talked = self.converse(connection, &mut held).await;
        for room in held {
            self.engine.release_room(room).await;
        }
        talked
    }

    async fn converse(&self, mut connection: Connection, held: &mut Vec<String>) -> std::io::Result<()> {
        connection.greet().await?;
        let (mut presence, mut feeds) = (None, None);
        if connection.peer() != PeerKind::Caller {
            let mut new = PushSources { snapshot: self.engine.snapshot(), changes: self.engine.changes(), told: None };
            new.snapshot.mark_changed();
            if connection.peer() == PeerKind::Window {
                let (here, first, told) = self.stage.enter();
                presence = Some(here);
                new.told = Some(told);
                if let Some(push) = first {
                    connection.send(&ServerFrame::Push { push: Box::new(push) }).await?;
                }
            }
            feeds = Some(new);
        }
        let mut calls = FuturesUnordered::new();
        loop {
            tokio::select! {
                request = connection.recv() => match request? {
                    None => break,
                    Some((id, request)) => {
                        // Here and not with the answers: those that are under way go with the line, a hold must not.
                        if let Request::HoldRoom { room } = &request {
                            self.engine.hold_room(room.clone()).await;
                            held.push(room.clone());
                        }
                        calls.push(async move { (id, self.answer(request).await) });
                    }
                },
                Some((id, answer)) = calls.next() => {
                    let frame = match answer {
                        Ok(value) => ServerFrame::Answer { id, value },
                        Err(refusal) => ServerFrame::Failure { id, error: self.tell(&refusal, connection.peer()) },
                    };
                    connection.send(&frame).await?;
                }
                push = next_push(&mut feeds) => match push {
                    Some(push) => connection.send(&ServerFrame::Push { push: Box::new(push) }).await?,
                    None => break,
                },
            }
        }
        drop(presence);
        Ok(())
    }

    /// The command line speaks English, to people and to scripts; the window as its reader does.
    fn tell(&self, refusal: &Refusal, peer: PeerKind) -> ErrorBody {
        tracing::debug!(%refusal, "a request brought nothing");
        refusal.told(if peer == PeerKind::Window { self.engine.snapshot().borrow().language } else { Language::En })
    }

    async fn answer(&self, request: Request) -> Result<Box<RawValue>, Refusal> {
        let engine = &self.engine;
        match request {
            Request::Snapshot => value(&*engine.snapshot().borrow()),
            Request::List { criteria, before, limit } => {
                let page = engine.list(criteria, before, limit).await?;
                value(&Page::fitting(page.items, page.has_more)?)
            }
            Request::Threads { criteria, before, limit } => {
                let page = engine.threads(criteria, before, limit).await?;
                value(&ThreadPage::fitting(page.items, page.has_more)?)
            }
            Request::Thread { thread, before, limit } => {
                let page = engine.thread(thread, before, limit).await?;
                value(&Page::fitting(page.items, page.has_more)?)
            }
            Request::DismissDigest { gap } => value(&engine.dismiss_digest(gap).await?),
            Request::SetThreadPreference { thread, preference } => {
                value(&engine.set_thread_preference(thread, preference).await?)
            }
            Request::ThreadPreferences => value(&engine.thread_preferences().await?),
            Request::Preferences => value(&engine.preferences().await?),
            Request::SetPreferences { preferences } => value(&engine.set_preferences(preferences).await),
            Request::BackTest { preferences, days } => {
                let mut test = engine.back_test(&preferences, days.min(MAX_BACK_TEST_DAYS)).await?;
                test.rows = Page::fitting(test.rows, false)?.items;
                value(&test)
            }
            Request::TestToast => value(&engine.test_toast().await?),
            Request::SetRead { selector, read } => undoable(engine.set_read(selector, read).await?),
            Request::SetDone { selector, done } => undoable(engine.set_done(selector, done).await?),
            Request::Undo { undo } => value(&engine.undo(undo).await?),
            Request::Desk => value(&engine.desk().await?),
            Request::Export { format, from, to } => {
                value(&export::export(engine, self.machine.downloads()?, format, (from, to)).await?)
            }
            Request::Reindex => value(&engine.reindex().await?),
            Request::Cancel { work } => value(&engine.cancel(work)),
            Request::CheckServer { server, booking_url } => {
                value(&engine.check_server(&network::tried(&server, booking_url.as_deref())?).await)
            }
            Request::Network => value(&network::told(&engine.network().await?)),
            Request::SetNetwork { network } => value(&engine.set_network(network::wanted(network)).await?),
            Request::Autostart => value(&self.machine.autostart()?),
            Request::SetAutostart { on } => value(&self.machine.set_autostart(on)?),
            Request::About => value(&self.machine.about().await?),
            Request::Licences => value(&LICENCES),
            Request::Diagnostics => value(&self.machine.diagnostics(engine).await?),
            Request::StartDemo => value(&self.machine.start_demo()?),
            Request::SignIn(sign_in) => {
                let password = sign_in.password.clone();
                let account = account(&sign_in)?;
                value(&engine.sign_in(account, password).await?)
            }
            Request::SignOut { wipe } => value(&engine.sign_out(wipe).await?),
            Request::Pause => value(&engine.pause().await),
            Request::Resume => value(&engine.resume().await),
            Request::Reconnect => value(&engine.reconnect().await),
            Request::Subscribe { room } => value(&engine.subscribe(room).await),
            Request::Unsubscribe { room } => value(&engine.unsubscribe(room).await),
            // It is held already.
            Request::HoldRoom { .. } => value(&()),
            Request::ShowWindow { activation_token } => {
                self.order(ShellCommand::ShowWindow { row: None, activation_token }).await
            }
            Request::Quit => self.order(ShellCommand::Quit).await,
        }
    }

    async fn order(&self, order: ShellCommand) -> Result<Box<RawValue>, Refusal> {
        self.orders.send(order).await.map_err(|_| CommandError::Ending)?;
        value(&())
    }
}

/// A server's address as typed into the field of this code.
pub fn address(text: &str, code: ErrorCode) -> Result<ServerUrl, Refusal> {
    ServerUrl::parse(text).map_err(|error| Refusal::Address(error, code))
}

/// One that need not be given.
pub fn optional(text: Option<&str>, code: ErrorCode) -> Result<Option<ServerUrl>, Refusal> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| address(text, code)).transpose()
}

/// The account that a sign-in form names. The code of an error tells the field.
pub fn account(form: &SignIn) -> Result<Account, Refusal> {
    let server = address(&form.server, ErrorCode::InvalidServer)?;
    let email = form.email.trim().to_owned();
    if !email.contains('@') {
        return Err(Refusal::Email);
    }
    Ok(Account {
        server,
        auth_url: optional(form.auth_url.as_deref(), ErrorCode::InvalidAuthUrl)?,
        booking_url: optional(form.booking_url.as_deref(), ErrorCode::InvalidBookingUrl)?,
        email,
    })
}

/// The next push; `None` when the engine is gone. Never ends for a peer that wants none. Cancel-safe.
async fn next_push(feeds: &mut Option<PushSources>) -> Option<Push> {
    let Some(feeds) = feeds else { return std::future::pending().await };
    tokio::select! {
        changed = feeds.snapshot.changed() => {
            changed.ok()?;
            Some(Push::Snapshot { snapshot: Box::new(feeds.snapshot.borrow_and_update().clone()) })
        }
        push = next_change(&mut feeds.changes) => push,
        push = next_told(&mut feeds.told) => push,
    }
}

async fn next_change(changes: &mut broadcast::Receiver<Change>) -> Option<Push> {
    loop {
        return Some(match changes.recv().await {
            Ok(Change::Rows(items)) => Push::changed(items).unwrap_or(Push::Reload),
            Ok(Change::Reload) | Err(RecvError::Lagged(_)) => Push::Reload,
            Ok(Change::Outcome { id, outcome }) => Push::Outcome { id, outcome },
            Ok(Change::Digest(digest)) => Push::Digest { digest },
            Ok(Change::ThreadPreferenceChanged { thread, preference }) => {
                Push::ThreadPreferenceChanged { thread, preference }
            }
            Ok(Change::TestToast(happened)) => Push::TestToast { result: test_toast_result(&happened) },
            // The main loop sees to it: it may have to start the window first.
            Ok(Change::Open { .. }) => continue,
            Err(RecvError::Closed) => return None,
        });
    }
}

async fn next_told(told: &mut Option<broadcast::Receiver<Push>>) -> Option<Push> {
    let Some(told) = told else { return std::future::pending().await };
    loop {
        match told.recv().await {
            Ok(push) => return Some(push),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}

fn test_toast_result(happened: &Happened) -> TestToastResult {
    match happened {
        Happened::Opened { .. } | Happened::Pressed(_) => TestToastResult::Clicked,
        Happened::Dismissed => TestToastResult::Closed,
        Happened::Expired => TestToastResult::Expired,
    }
}

fn undoable(answer: client::UndoTicket) -> Result<Box<RawValue>, Refusal> {
    value(&Undoable { changed: answer.changed, undo: answer.undo })
}

fn value<T: Serialize>(value: &T) -> Result<Box<RawValue>, Refusal> {
    Ok(to_raw_value(value)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_its_field() {
        let form = |server: &str, auth: &str, booking: &str, email: &str| SignIn {
            server: server.to_owned(),
            auth_url: Some(auth.to_owned()),
            booking_url: Some(booking.to_owned()),
            email: email.to_owned(),
            password: domain::Secret::new("x"),
        };
        let code = |form: SignIn| account(&form).unwrap_err().told(Language::En).code;
        assert_eq!(code(form("ftp://x", "", "", "a@b.c")), ErrorCode::InvalidServer);
        assert_eq!(code(form("fly.example", "ftp://x", "", "a@b.c")), ErrorCode::InvalidAuthUrl);
        assert_eq!(code(form("fly.example", "", "ftp://x", "a@b.c")), ErrorCode::InvalidBookingUrl);
        assert_eq!(code(form("fly.example", "", "", "ada")), ErrorCode::InvalidEmail);
        assert!(account(&form("fly.example", " ", "", "a@b.c")).unwrap().auth_url.is_none());
    }
}
