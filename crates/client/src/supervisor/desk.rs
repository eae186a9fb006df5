//! The settings in force, and who has to know of their changes.

use domain::settings::{Account, Settings};
use domain::view::AccountView;
use tokio::sync::watch;

use super::Command;
use crate::settings_file::SettingsFile;
use crate::status::{Part, Status};

/// Owns the settings; every change is saved and told.
pub(super) struct Desk {
    pub settings: Settings,
    file: SettingsFile,
    extra_rooms: Vec<String>,
    rooms: watch::Sender<Vec<String>>,
    status: Status,
}

impl Desk {
    /// The desk, and the rooms that are wanted now and from now on.
    pub fn new(
        settings: Settings,
        file: SettingsFile,
        extra_rooms: Vec<String>,
        status: Status,
    ) -> (Self, watch::Receiver<Vec<String>>) {
        let (rooms, watched) = watch::channel(Vec::new());
        let desk = Self { settings, file, extra_rooms, rooms, status };
        desk.publish();
        (desk, watched)
    }

    /// Carries out what needs no new link, and hands back what does.
    pub fn triage(&mut self, command: Command) -> Option<Command> {
        match command {
            Command::Subscribe { room } => {
                if !self.settings.rooms.contains(&room) {
                    self.change(|settings| settings.rooms.push(room));
                }
                None
            }
            Command::Resume if !self.settings.paused => None,
            Command::Pause if self.settings.paused => None,
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
        let sentence = saved.err().map(|error| format!("Settings cannot be saved: {error}."));
        self.status.trouble(Part::Settings, sentence);
        self.publish();
    }

    fn publish(&self) {
        let mut rooms = self.settings.rooms.clone();
        rooms.extend(self.extra_rooms.iter().filter(|room| !self.settings.rooms.contains(room)).cloned());
        self.rooms.send_if_modified(|now| std::mem::replace(now, rooms.clone()) != rooms);
        self.status.modify(|snapshot| {
            let account = self.settings.account.as_ref();
            let role = snapshot.account.take().and_then(|view| view.role);
            snapshot.account = account.map(|account: &Account| AccountView {
                email: account.email.clone(),
                server: account.server.to_string(),
                auth_url: account.auth_url.as_ref().map(ToString::to_string),
                booking_url: account.booking_url.as_ref().map(ToString::to_string),
                role,
            });
        });
    }
}
