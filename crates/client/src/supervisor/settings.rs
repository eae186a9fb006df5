//! Live settings: the settings in force, written to disk and published on every change.

use domain::settings::{Preferences, Settings};
use domain::text::{self, Problem};
use domain::view::{AccountView, RoomState, RoomView};
use tokio::sync::watch;

use super::SupervisorCommand;
use crate::preferences::PreferencesSender;
use crate::settings_file::{SettingsError, SettingsFile};
use crate::status::{Part, Status};

/// Owns the settings; every change is saved and told.
pub(super) struct LiveSettings {
    pub settings: Settings,
    file: SettingsFile,
    wanting: PreferencesSender,
    /// One entry a hold, so a room may be in it more than once.
    extra_rooms: Vec<String>,
    rooms: watch::Sender<Vec<String>>,
    status: Status,
}

impl LiveSettings {
    /// The desk, and the rooms that are wanted now and from now on.
    pub fn new(
        settings: Settings,
        file: SettingsFile,
        wanting: PreferencesSender,
        extra_rooms: Vec<String>,
        status: Status,
    ) -> (Self, watch::Receiver<Vec<String>>) {
        let (rooms, watched) = watch::channel(Vec::new());
        let desk = Self { settings, file, wanting, extra_rooms, rooms, status };
        desk.publish();
        (desk, watched)
    }

    /// Carries out what needs no new link, and hands back what does.
    pub fn triage(&mut self, command: SupervisorCommand) -> Option<SupervisorCommand> {
        match command {
            SupervisorCommand::Preferences { reply } => {
                // A caller that has stopped waiting is no error.
                let preferences = &self.settings.preferences;
                let _ = reply.send(Preferences { keep_days: preferences.kept_days(), ..preferences.clone() });
                None
            }
            SupervisorCommand::Network { reply } => {
                let _ = reply.send(self.settings.network.clone());
                None
            }
            SupervisorCommand::SetPreferences(preferences) => {
                self.change(|settings| settings.preferences = preferences.bounded());
                None
            }
            SupervisorCommand::Subscribe { room } => {
                if !self.settings.rooms.contains(&room) {
                    self.change(|settings| settings.rooms.push(room));
                }
                None
            }
            SupervisorCommand::Unsubscribe { room } => {
                if self.settings.rooms.contains(&room) {
                    self.change(|settings| settings.rooms.retain(|known| *known != room));
                }
                None
            }
            SupervisorCommand::Hold { room } => {
                self.extra_rooms.push(room);
                self.publish();
                None
            }
            SupervisorCommand::Release { room } => {
                if let Some(index) = self.extra_rooms.iter().position(|held| *held == room) {
                    self.extra_rooms.remove(index);
                    self.publish();
                }
                None
            }
            SupervisorCommand::Resume if !self.settings.paused => None,
            SupervisorCommand::Pause if self.settings.paused => None,
            command => Some(command),
        }
    }

    /// Changes the settings.
    pub fn change(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        let saved = self.file.save(&self.settings);
        if let Err(error) = &saved {
            tracing::error!(%error, "the settings could not be saved");
        }
        self.publish();
        let language = self.wanting.language();
        let sentence = |error: SettingsError| text::problem(&Problem::Settings(&error.to_string()), language);
        self.status.problem(Part::Settings, saved.err().map(sentence));
    }

    fn publish(&self) {
        self.wanting.publish(&self.settings);
        let mut rooms = self.settings.rooms.clone();
        for room in &self.extra_rooms {
            if !rooms.contains(room) {
                rooms.push(room.clone());
            }
        }
        self.rooms.send_if_modified(|now| std::mem::replace(now, rooms.clone()) != rooms);
        self.status.modify(|snapshot| {
            snapshot.look = self.settings.preferences.look;
            let account = self.settings.account.as_ref();
            // Shown as asked for while no link is up that could ask.
            let mut before = std::mem::take(&mut snapshot.rooms);
            before.retain(|view| rooms.contains(&view.room));
            let new = rooms.iter().filter(|room| before.iter().all(|view| view.room != **room));
            let new = new.map(|room| RoomView { room: room.clone(), state: RoomState::Requested }).collect::<Vec<_>>();
            snapshot.rooms = before.into_iter().chain(new).collect();
            let role = snapshot.account.take().and_then(|view| view.role);
            snapshot.account = account.map(|account| AccountView {
                email: account.email.clone(),
                server: account.server.to_string(),
                auth_url: account.auth_url.as_ref().map(ToString::to_string),
                booking_url: account.booking_url.as_ref().map(ToString::to_string),
                role,
            });
        });
    }
}
