//! Request handler: one match from each IPC request to the call that executes it.

use std::sync::Arc;

use client::{CommandError, Engine};
use domain::settings::Preferences;
use ipc::{Page, Request, ThreadPage, Undoable};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::mpsc;

use super::forms::parse_account;
use super::host::{Host, LICENCES};
use super::request_error::RequestError;
use super::shell_command::ShellCommand;
use super::{export, network};

/// Longest history for a back test.
const MAX_BACK_TEST_DAYS: u32 = 90;

/// Serialized result of a request.
type EncodedAnswer = Result<Box<RawValue>, RequestError>;

/// Executes requests on the engine, the host and the main loop.
#[derive(Clone)]
pub struct RequestHandler {
    pub engine: Engine,
    pub host: Arc<Host>,
    pub commands: mpsc::Sender<ShellCommand>,
}

impl RequestHandler {
    /// Executes a request and serializes its result.
    pub async fn answer(&self, request: Request) -> EncodedAnswer {
        let engine = &self.engine;
        match request {
            Request::Snapshot => value(&*engine.snapshot().borrow()),
            Request::List { criteria, before, limit } => row_page(engine.list(criteria, before, limit).await?),
            Request::Threads { criteria, before, limit } => {
                let page = engine.threads(criteria, before, limit).await?;
                value(&ThreadPage::fitting(page.items, page.has_more)?)
            }
            Request::Thread { thread, before, limit } => row_page(engine.thread(thread, before, limit).await?),
            Request::DismissDigest { gap } => value(&engine.dismiss_digest(gap).await?),
            Request::SetThreadPreference { thread, preference } => {
                value(&engine.set_thread_preference(thread, preference).await?)
            }
            Request::ThreadPreferences => value(&engine.thread_preferences().await?),
            Request::Preferences => value(&engine.preferences().await?),
            Request::SetPreferences { preferences } => value(&engine.set_preferences(preferences).await),
            Request::BackTest { preferences, days } => self.back_test(&preferences, days).await,
            Request::TestToast => value(&engine.test_toast().await?),
            Request::SetRead { selector, read } => undoable(engine.set_read(selector, read).await?),
            Request::SetDone { selector, done } => undoable(engine.set_done(selector, done).await?),
            Request::Undo { undo } => value(&engine.undo(undo).await?),
            Request::Desk => value(&engine.desk().await?),
            Request::Export { format, from, to } => {
                value(&export::export(engine, self.host.downloads()?, format, (from, to)).await?)
            }
            Request::Reindex => value(&engine.reindex().await?),
            Request::Cancel { work } => value(&engine.cancel(work)),
            Request::CheckServer { server, booking_url } => {
                value(&engine.check_server(&network::parse_socket_address(&server, booking_url.as_deref())?).await)
            }
            Request::Network => value(&network::to_view(&engine.network().await?)),
            Request::SetNetwork { network } => value(&engine.set_network(network::from_view(network)).await?),
            Request::Autostart => value(&self.host.autostart()?),
            Request::SetAutostart { on } => value(&self.host.set_autostart(on)?),
            Request::About => value(&self.host.about().await?),
            Request::Licences => value(&LICENCES),
            Request::Diagnostics => value(&self.host.diagnostics(engine).await?),
            Request::StartDemo => value(&self.host.start_demo()?),
            Request::SignIn(form) => value(&engine.sign_in(parse_account(&form)?, form.password).await?),
            Request::SignOut { wipe } => value(&engine.sign_out(wipe).await?),
            Request::Pause => value(&engine.pause().await),
            Request::Resume => value(&engine.resume().await),
            Request::Reconnect => value(&engine.reconnect().await),
            Request::Subscribe { room } => value(&engine.subscribe(room).await),
            Request::Unsubscribe { room } => value(&engine.unsubscribe(room).await),
            // The connection holds the room before it passes the request on.
            Request::HoldRoom { .. } => value(&()),
            Request::ShowWindow { activation_token } => {
                self.send(ShellCommand::ShowWindow { row: None, activation_token }).await
            }
            Request::Quit => self.send(ShellCommand::Quit).await,
        }
    }

    async fn back_test(&self, preferences: &Preferences, days: u32) -> EncodedAnswer {
        let mut test = self.engine.back_test(preferences, days.min(MAX_BACK_TEST_DAYS)).await?;
        test.rows = Page::fitting(test.rows, false)?.items;
        value(&test)
    }

    /// Sends a command to the main loop.
    async fn send(&self, command: ShellCommand) -> EncodedAnswer {
        self.commands.send(command).await.map_err(|_| CommandError::Ending)?;
        value(&())
    }
}

fn row_page(page: client::RowPage) -> EncodedAnswer {
    value(&Page::fitting(page.items, page.has_more)?)
}

fn undoable(ticket: client::UndoTicket) -> EncodedAnswer {
    value(&Undoable { changed: ticket.changed, undo: ticket.undo })
}

fn value<T: Serialize>(value: &T) -> EncodedAnswer {
    Ok(to_raw_value(value)?)
}
