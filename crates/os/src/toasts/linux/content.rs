//! Maps a toast to a notification of the Desktop Notifications Specification.

use domain::{Toast, ToastAction, Urgency};
use notify_rust::{Hint, Notification, Timeout};

use crate::toasts::NotificationService;

/// Action of a click on the body ("Protocol", `Notify`). XFCE's service, where a click on the body only closes the toast,
/// shows it as a button, so a separate Open button would be a duplicate.
const OPEN: &str = "default";
const SNOOZE: &str = "snooze";
const MUTE: &str = "mute";

/// Parses an action key; `None` for unknown ones.
pub fn parse_action(action: &str) -> Option<ToastAction> {
    match action {
        OPEN => Some(ToastAction::Open),
        SNOOZE => Some(ToastAction::Snooze),
        MUTE => Some(ToastAction::Mute),
        _ => None,
    }
}

/// Notification for a toast, adapted to the capabilities of the service.
pub fn build_notification(toast: &Toast, service: &NotificationService) -> Notification {
    let can = |capability: &str| service.capabilities.iter().any(|known| known == capability);
    let mut notification = Notification::new();
    notification.appname("Gatecall").icon(domain::APP_ID).summary(&toast.title);
    notification.body(&if can("body-markup") { escape(&toast.body) } else { toast.body.clone() });
    notification.urgency(urgency(toast, service));
    notification.hint(Hint::DesktopEntry(domain::APP_ID.to_owned()));
    // Services without the "sound" capability ignore the hint.
    if toast.silent || !toast.alerts {
        notification.hint(Hint::SuppressSound(true));
    }
    notification.timeout(timeout(toast));
    if can("actions") {
        add_actions(&mut notification, toast);
    }
    notification
}

fn add_actions(notification: &mut Notification, toast: &Toast) {
    let open = toast.buttons.iter().find(|button| button.action == ToastAction::Open);
    notification.action(OPEN, open.map_or("Open", |button| &button.label));
    for button in &toast.buttons {
        match button.action {
            ToastAction::Open => {}
            ToastAction::Snooze => drop(notification.action(SNOOZE, &button.label)),
            ToastAction::Mute => drop(notification.action(MUTE, &button.label)),
        }
    }
}

impl NotificationService {
    /// Whether an update pops up as a new banner unless its urgency is low, as in GNOME Shell (`messageTray.js`,
    /// `_onNotificationRequestBanner`).
    fn pops_up_again(&self) -> bool {
        self.name.eq_ignore_ascii_case("gnome-shell")
    }
}

fn urgency(toast: &Toast, service: &NotificationService) -> notify_rust::Urgency {
    match toast.urgency {
        // Critical toasts stay critical: with low urgency an update would move to the list unseen.
        Urgency::Critical => notify_rust::Urgency::Critical,
        Urgency::Normal if toast.alerts || !service.pops_up_again() => notify_rust::Urgency::Normal,
        Urgency::Normal | Urgency::Low => notify_rust::Urgency::Low,
    }
}

/// Timeout in milliseconds, limited to 1..=`i32::MAX`: 0 would mean "never".
fn timeout(toast: &Toast) -> Timeout {
    let longest = i32::MAX.unsigned_abs();
    toast.expires.map_or(Timeout::Never, |display_time| {
        Timeout::Milliseconds(u32::try_from(display_time.as_millis()).unwrap_or(longest).clamp(1, longest))
    })
}

/// Escapes text for services that parse markup ("Markup").
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Button;

    use super::*;

    fn service(name: &str, capabilities: &[&str]) -> NotificationService {
        let capabilities = capabilities.iter().map(|&capability| capability.to_owned()).collect();
        NotificationService { name: name.to_owned(), version: String::new(), capabilities }
    }

    fn toast() -> Toast {
        let button = |action, label: &str| Button { action, label: label.to_owned() };
        Toast {
            key: "booking:1".to_owned(),
            takes_over: None,
            notification_id: 1,
            title: "Tom & Jerry".to_owned(),
            body: "<b>1 < 2</b>".to_owned(),
            urgency: Urgency::Normal,
            alerts: true,
            silent: false,
            expires: None,
            buttons: vec![
                button(ToastAction::Open, "Show"),
                button(ToastAction::Snooze, "Later"),
                button(ToastAction::Mute, "Quiet"),
            ],
        }
    }

    #[test]
    fn only_a_service_that_reads_markup_gets_it_escaped() {
        let plain = build_notification(&toast(), &service("plain", &[]));
        let marked = build_notification(&toast(), &service("marked", &["body-markup"]));
        assert_eq!(plain.body, "<b>1 < 2</b>");
        assert_eq!(marked.body, "&lt;b&gt;1 &lt; 2&lt;/b&gt;");
        assert_eq!((&plain.summary, &marked.summary), (&"Tom & Jerry".to_owned(), &"Tom & Jerry".to_owned()));
    }

    #[test]
    fn open_is_what_a_click_means_and_the_rest_are_buttons() {
        assert!(build_notification(&toast(), &service("plain", &[])).actions.is_empty());
        let usual = build_notification(&toast(), &service("Plasma", &["actions"]));
        assert_eq!(usual.actions, ["default", "Show", "snooze", "Later", "mute", "Quiet"]);
    }

    #[test]
    fn a_silent_update_makes_no_sound_and_on_gnome_no_banner() {
        let silent = Toast { alerts: false, ..toast() };
        let critical = Toast { urgency: Urgency::Critical, ..silent.clone() };
        let urgency = |toast: &Toast, name: &str| {
            let hints = build_notification(toast, &service(name, &[])).hints;
            assert_eq!(hints.contains(&Hint::SuppressSound(true)), !toast.alerts, "{hints:?}");
            hints.into_iter().find_map(|hint| if let Hint::Urgency(urgency) = hint { Some(urgency) } else { None })
        };
        assert_eq!(urgency(&silent, "gnome-shell"), Some(notify_rust::Urgency::Low));
        assert_eq!(urgency(&toast(), "gnome-shell"), Some(notify_rust::Urgency::Normal));
        assert_eq!(urgency(&silent, "dunst"), Some(notify_rust::Urgency::Normal));
        assert_eq!(urgency(&critical, "gnome-shell"), Some(notify_rust::Urgency::Critical));
    }

    #[test]
    fn what_the_person_wants_in_silence_still_pops_up() {
        let silent = build_notification(&Toast { silent: true, ..toast() }, &service("gnome-shell", &["sound"]));
        assert!(silent.hints.contains(&Hint::SuppressSound(true)));
        assert!(silent.hints.contains(&Hint::Urgency(notify_rust::Urgency::Normal)));
    }

    #[test]
    fn no_stay_on_screen_is_read_as_for_ever_by_mistake() {
        let display_time =
            |expires| i32::from(build_notification(&Toast { expires, ..toast() }, &service("plain", &[])).timeout);
        assert_eq!(display_time(None), 0);
        assert_eq!(display_time(Some(Duration::ZERO)), 1);
        assert_eq!(display_time(Some(Duration::from_secs(30))), 30_000);
        assert_eq!(display_time(Some(Duration::MAX)), i32::MAX);
    }
}
