//! Which toasts are on screen, as far as we know: at most one for each key.

use std::time::Duration;

use client::ports::Happened;
use zbus::names::OwnedUniqueName;

/// Toasts that are followed. The policy keeps about five on screen; more come together only on a service that never says
/// that one has gone.
pub const MOST: usize = 256;

/// A toast that is on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveNotification {
    /// The service's number.
    pub id: u32,
    /// The toast's key.
    pub key: String,
    /// The service that shows it: the same name may be another's by the time we hear of the change.
    pub owner: OwnedUniqueName,
    /// The row that a click opens.
    pub notification_id: i64,
    /// How long it stays on screen.
    pub stay: Duration,
    /// Came ahead of the click that it belongs to.
    pub activation_token: Option<String>,
    /// Whether another is on its way to take its place.
    pub fate: Replacement,
}

/// What is about to become of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Replacement {
    /// Nothing.
    #[default]
    Stays,
    /// Another was sent to take its place, and the service has not answered.
    Replaced,
    /// It went meanwhile. Told only if the other does not come: a thread whose new toast is up has not lost its toast.
    Gone(Option<Happened>),
}

/// All of them, the oldest first.
#[derive(Debug, Default)]
pub struct ActiveNotifications(Vec<ActiveNotification>);

impl ActiveNotifications {
    /// The one with this key.
    pub fn of_key(&self, key: &str) -> Option<&ActiveNotification> {
        self.0.iter().find(|alive| alive.key == key)
    }

    /// The one with this number.
    pub fn get_mut(&mut self, id: u32) -> Option<&mut ActiveNotification> {
        self.0.iter_mut().find(|alive| alive.id == id)
    }

    /// Takes out the one with this number.
    pub fn remove(&mut self, id: u32) -> Option<ActiveNotification> {
        let at = self.0.iter().position(|alive| alive.id == id)?;
        Some(self.0.remove(at))
    }

    /// Takes out all that are so.
    pub fn take(&mut self, which: impl Fn(&ActiveNotification) -> bool) -> Vec<ActiveNotification> {
        self.0.extract_if(.., |alive| which(alive)).collect()
    }

    /// Puts one in. Gives back the oldest when there are too many.
    pub fn insert(&mut self, alive: ActiveNotification) -> Option<ActiveNotification> {
        debug_assert!(self.of_key(&alive.key).is_none() && self.0.iter().all(|other| other.id != alive.id));
        self.0.push(alive);
        (self.0.len() > MOST).then(|| self.0.remove(0))
    }

    /// From now on another is on its way to the place of these.
    pub fn give_up(&mut self, keys: &[&str]) {
        for alive in self.0.iter_mut().filter(|alive| keys.contains(&alive.key.as_str())) {
            if alive.fate == Replacement::Stays {
                alive.fate = Replacement::Replaced;
            }
        }
    }

    /// The service is gone, and its toasts with it. Gives back those of whose end somebody must be told now.
    pub fn service_gone(&mut self, owner: &OwnedUniqueName) -> Vec<ActiveNotification> {
        for alive in self.0.iter_mut().filter(|alive| alive.owner == *owner && alive.fate == Replacement::Replaced) {
            alive.fate = Replacement::Gone(Some(Happened::Expired));
        }
        self.take(|alive| alive.owner == *owner && alive.fate == Replacement::Stays)
    }

    /// The other did not come: what stayed stays. Gives back what went meanwhile.
    pub fn take_back(&mut self) -> Vec<ActiveNotification> {
        for alive in &mut self.0 {
            if alive.fate == Replacement::Replaced {
                alive.fate = Replacement::Stays;
            }
        }
        self.take(|alive| alive.fate != Replacement::Stays)
    }
}
