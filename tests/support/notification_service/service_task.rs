//! The task of the fake service: handles calls in order, replies, and emits signals.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tokio::sync::watch;
use zbus::message::Type;
use zbus::{Connection, Message, MessageStream, OwnedVariant};

use super::model::{DesktopKind, NAME, Notify, PATH, ServiceQuirk, ServiceState, ShownToast};

/// Calls that are recorded in full; of older ones only time and count are kept.
const KEPT: usize = 1_000;
/// Times that are recorded.
const TIMES: usize = 100_000;

/// The state that the service's task works on.
pub struct ServiceTask {
    pub connection: Connection,
    pub kind: DesktopKind,
    pub state: Arc<Mutex<ServiceState>>,
    pub changed: Arc<watch::Sender<()>>,
}

impl ServiceTask {
    pub async fn run(self, mut messages: MessageStream) {
        let mut changes = self.changed.subscribe();
        loop {
            self.release().await;
            if self.quirk() == ServiceQuirk::Hangs {
                changes.changed().await.unwrap();
                continue;
            }
            tokio::select! {
                message = messages.next() => match message {
                    Some(Ok(message)) => self.take(&message).await,
                    _ => return,
                },
                changed = changes.changed() => changed.unwrap(),
            }
        }
    }

    fn quirk(&self) -> ServiceQuirk {
        self.state.lock().unwrap().quirk
    }

    async fn take(&self, message: &Message) {
        let header = message.header();
        let member = header.member().map(|member| member.to_string()).unwrap_or_default();
        if member == "NameOwnerChanged" && message.message_type() == Type::Signal {
            let (name, _, new): (String, String, String) = message.body().deserialize().unwrap();
            if self.kind == DesktopKind::Gnome && new.is_empty() {
                self.state.lock().unwrap().up.retain(|up| up.call.sender != name);
                self.changed.send_replace(());
            }
            return;
        }
        if message.message_type() != Type::MethodCall {
            return;
        }
        match member.as_str() {
            "GetServerInformation" => {
                let name = match self.kind {
                    DesktopKind::Gnome => "gnome-shell",
                    DesktopKind::Kde => "Plasma",
                    DesktopKind::Xfce => "Xfce Notify Daemon",
                };
                self.connection.reply(&header, &(name, "scripted", "1.0", "1.2")).await.unwrap();
            }
            "GetCapabilities" => {
                let own: &[&str] = match self.kind {
                    DesktopKind::Gnome => &["persistence", "sound"],
                    DesktopKind::Kde => &["body-hyperlinks", "inhibitions", "persistence"],
                    DesktopKind::Xfce => &["icon-static"],
                };
                let all = [&["actions", "body", "body-markup"], own].concat();
                self.connection.reply(&header, &all).await.unwrap();
            }
            "CloseNotification" => {
                let id: u32 = message.body().deserialize().unwrap();
                let was_up = self.close(id, 3).await;
                self.state.lock().unwrap().closed += 1;
                self.changed.send_replace(());
                if was_up || self.kind != DesktopKind::Kde {
                    self.connection.reply(&header, &()).await.unwrap();
                } else {
                    self.connection.reply_error(&header, "org.freedesktop.Notifications.Error", &"").await.unwrap();
                }
            }
            "Notify" => self.notify(message).await,
            _ => {}
        }
    }

    async fn notify(&self, message: &Message) {
        type NotifyArgs = (String, u32, String, String, String, Vec<String>, HashMap<String, OwnedVariant>, i32);
        let header = message.header();
        let body = message.body();
        let (app, replaces, icon, title, text, actions, hints, timeout): NotifyArgs = body.deserialize().unwrap();
        let mut hints: Vec<_> = hints.into_iter().map(|(name, value)| (name, format!("{:?}", &*value))).collect();
        hints.sort();
        let sender = header.sender().unwrap().to_string();
        let call =
            Notify { at: Instant::now(), sender, app, replaces, icon, title, body: text, actions, hints, timeout };
        if self.is_excess(&call) {
            let name = "org.freedesktop.Notifications.Error.ExcessNotificationGeneration";
            self.connection.reply_error(&header, name, &"too many similar notifications").await.unwrap();
            return;
        }
        let (id, evicted) = self.show(&call);
        let quirk = self.quirk();
        if quirk == ServiceQuirk::ClicksImmediately {
            self.act(&ShownToast { id, call: call.clone() }, "default").await;
        }
        if quirk == ServiceQuirk::ForgesSignals {
            self.send_forged_signals(&call.sender, id).await;
        }
        match quirk {
            ServiceQuirk::HoldsReplies => self.state.lock().unwrap().held_replies.push((message.clone(), id)),
            ServiceQuirk::Slow(time) => {
                tokio::time::sleep(time).await;
                self.connection.reply(&header, &id).await.unwrap();
            }
            _ => self.connection.reply(&header, &id).await.unwrap(),
        }
        if let Some((evicted, reason)) = evicted {
            self.emit(&call.sender, "NotificationClosed", &(evicted, reason)).await;
        }
    }

    fn is_excess(&self, call: &Notify) -> bool {
        let mut state = self.state.lock().unwrap();
        state.notified += 1;
        if state.times.len() < TIMES {
            state.times.push(call.at);
        }
        let before = state.calls.back();
        let is_alike = before.is_some_and(|before| {
            (&before.title, &before.body, &before.actions) == (&call.title, &call.body, &call.actions)
                && call.at - before.at < Duration::from_secs(1)
        });
        let is_excess = self.kind == DesktopKind::Kde && is_alike;
        if !is_excess {
            if state.calls.len() == KEPT {
                state.calls.pop_front();
            }
            state.calls.push_back(call.clone());
        }
        is_excess
    }

    /// The id to return, and the toast to report as closed after the reply, with the reason.
    fn show(&self, call: &Notify) -> (u32, Option<(u32, u32)>) {
        let mut guard = self.state.lock().unwrap();
        let state = &mut *guard;
        let at = state.up.iter().rposition(|up| up.id == call.replaces && up.id != 0);
        let mut fresh = || {
            state.next += 1;
            state.next - 1
        };
        let mut ended = None;
        let up = |id| ShownToast { id, call: call.clone() };
        let id = match (state.quirk, at) {
            (ServiceQuirk::ReturnsZero, at) => {
                at.map(|at| state.up.remove(at));
                state.up.push(up(0));
                0
            }
            (ServiceQuirk::ReturnsUsedId, None) => {
                let id = state.up.last().map_or_else(&mut fresh, |up| up.id);
                state.up.push(up(id));
                id
            }
            (ServiceQuirk::IgnoresReplace, Some(_)) => {
                let id = fresh();
                state.up.push(up(id));
                id
            }
            (ServiceQuirk::ClosesLate, Some(at)) => {
                let id = fresh();
                ended = Some((state.up[at].id, 2));
                state.up[at] = up(id);
                id
            }
            (_, Some(at)) => {
                state.up[at] = up(call.replaces);
                call.replaces
            }
            (_, None) => {
                let id = match call.replaces {
                    gone if gone != 0 && self.kind == DesktopKind::Kde => gone,
                    _ => fresh(),
                };
                state.up.push(up(id));
                id
            }
        };
        if self.kind == DesktopKind::Gnome && state.up.len() > 10 {
            ended = Some((state.up.remove(0).id, 1));
        }
        drop(guard);
        self.changed.send_replace(());
        (id, ended)
    }

    /// Sends the replies that were held back.
    async fn release(&self) {
        if self.quirk() == ServiceQuirk::HoldsReplies {
            return;
        }
        let held_replies = std::mem::take(&mut self.state.lock().unwrap().held_replies);
        for (message, id) in held_replies {
            self.connection.reply(&message.header(), &id).await.unwrap();
        }
    }

    pub async fn act(&self, up: &ShownToast, action: &str) {
        if self.kind != DesktopKind::Xfce {
            self.emit(&up.call.sender, "ActivationToken", &(up.id, format!("token-{}", up.id))).await;
        }
        self.emit(&up.call.sender, "ActionInvoked", &(up.id, action)).await;
        if self.quirk() != ServiceQuirk::LeavesOpen {
            self.close(up.id, 2).await;
        }
    }

    /// Closes a toast; false when there is none with this id.
    pub async fn close(&self, id: u32, reason: u32) -> bool {
        let closed: Vec<ShownToast> =
            self.state.lock().unwrap().up.extract_if(.., |up| up.id == id && id != 0).collect();
        self.changed.send_replace(());
        for up in &closed {
            self.emit(&up.call.sender, "NotificationClosed", &(up.id, reason)).await;
        }
        !closed.is_empty()
    }

    /// Emits signals about unknown ids and about toasts of other senders.
    async fn send_forged_signals(&self, sender: &str, id: u32) {
        let forged_id = {
            let mut state = self.state.lock().unwrap();
            state.forged_ids += 1;
            1_000_000 + state.forged_ids
        };
        for wrong in [0, forged_id, id.wrapping_add(7_000), u32::MAX] {
            self.emit(sender, "ActivationToken", &(wrong, "not yours")).await;
            self.emit(sender, "ActionInvoked", &(wrong, "default")).await;
            self.emit(sender, "NotificationClosed", &(wrong, 2_u32)).await;
        }
        self.emit(sender, "ActionInvoked", &(id, "no action of ours")).await;
        self.emit(sender, "ActionInvoked", &"not even a number").await;
    }

    async fn emit<B>(&self, sender: &str, signal: &str, body: &B)
    where
        B: zbus::export::serde::Serialize + zbus::zvariant::DynamicType,
    {
        let to = (self.kind == DesktopKind::Gnome).then_some(sender);
        // A receiver that has gone is no error.
        let _ = self.connection.emit_signal(to, PATH, NAME, signal, body).await;
    }
}
