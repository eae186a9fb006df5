//! Registry of the toasts on screen: at most one for each key.

use std::time::Duration;

use client::ports::Happened;
use zbus::names::OwnedUniqueName;

/// Capacity of the registry. The toast policy keeps about five on screen; only a service that never reports a closed toast
/// fills it up.
pub const MAX_ACTIVE: usize = 256;

/// Toast on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveNotification {
    /// Id assigned by the service.
    pub id: u32,
    /// Key of the toast.
    pub key: String,
    /// Unique bus name of the service that shows it; the well-known name may have a new owner before we are notified.
    pub owner: OwnedUniqueName,
    /// The row that a click opens.
    pub notification_id: i64,
    /// Time on screen.
    pub display_time: Duration,
    /// Activation token, which the service sends just before the click.
    pub activation_token: Option<String>,
    /// Progress of its replacement.
    pub replacement: Replacement,
}

/// Progress of replacing a toast by a newer one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Replacement {
    /// No replacement was sent.
    #[default]
    Stays,
    /// The replacement was sent and is not yet answered.
    Replaced,
    /// The toast closed before the answer. Reported only if the replacement fails, since otherwise its thread still has a
    /// toast.
    Gone(Option<Happened>),
}

/// All toasts on screen, oldest first.
#[derive(Debug, Default)]
pub struct ActiveNotifications(Vec<ActiveNotification>);

impl ActiveNotifications {
    /// Finds the toast with this key.
    pub fn of_key(&self, key: &str) -> Option<&ActiveNotification> {
        self.0.iter().find(|notification| notification.key == key)
    }

    /// Finds the toast with this id.
    pub fn get_mut(&mut self, id: u32) -> Option<&mut ActiveNotification> {
        self.0.iter_mut().find(|notification| notification.id == id)
    }

    /// Removes the toast with this id.
    pub fn remove(&mut self, id: u32) -> Option<ActiveNotification> {
        let at = self.0.iter().position(|notification| notification.id == id)?;
        Some(self.0.remove(at))
    }

    /// Removes and returns all matching toasts.
    pub fn remove_where(&mut self, which: impl Fn(&ActiveNotification) -> bool) -> Vec<ActiveNotification> {
        self.0.extract_if(.., |notification| which(notification)).collect()
    }

    /// Adds a toast. Returns the evicted oldest one when the registry is full.
    pub fn insert(&mut self, notification: ActiveNotification) -> Option<ActiveNotification> {
        debug_assert!(
            self.of_key(&notification.key).is_none() && self.0.iter().all(|other| other.id != notification.id)
        );
        self.0.push(notification);
        (self.0.len() > MAX_ACTIVE).then(|| self.0.remove(0))
    }

    /// Marks the toasts with these keys as being replaced.
    pub fn mark_replaced(&mut self, keys: &[&str]) {
        for notification in self.0.iter_mut().filter(|notification| keys.contains(&notification.key.as_str())) {
            if notification.replacement == Replacement::Stays {
                notification.replacement = Replacement::Replaced;
            }
        }
    }

    /// Removes the toasts of a service that has exited. Returns those whose end has to be reported now; toasts being
    /// replaced are only marked as gone.
    pub fn remove_of_service(&mut self, owner: &OwnedUniqueName) -> Vec<ActiveNotification> {
        for notification in self
            .0
            .iter_mut()
            .filter(|notification| notification.owner == *owner && notification.replacement == Replacement::Replaced)
        {
            notification.replacement = Replacement::Gone(Some(Happened::Expired));
        }
        self.remove_where(|notification| notification.owner == *owner && notification.replacement == Replacement::Stays)
    }

    /// Reverts a replacement that failed. Returns the toasts that closed meanwhile.
    pub fn restore_unreplaced(&mut self) -> Vec<ActiveNotification> {
        for notification in &mut self.0 {
            if notification.replacement == Replacement::Replaced {
                notification.replacement = Replacement::Stays;
            }
        }
        self.remove_where(|notification| notification.replacement != Replacement::Stays)
    }
}
