//! A toast in the words of the Desktop Notifications Specification.

use domain::{Toast, ToastAction, Urgency};
use notify_rust::{Hint, Notification, Timeout};

use crate::toasts::Service;

/// The action that a click on the body means ("Protocol", `Notify`). XFCE's service, where a click on the body only closes,
/// draws it as a button: so an Open button of ours would be the second.
const OPEN: &str = "default";
const SNOOZE: &str = "snooze";
const MUTE: &str = "mute";

/// What an action of ours means; `None` for one that is none of ours.
pub fn meaning(action: &str) -> Option<ToastAction> {
    match action {
        OPEN => Some(ToastAction::Open),
        SNOOZE => Some(ToastAction::Snooze),
        MUTE => Some(ToastAction::Mute),
        _ => None,
    }
}

/// The toast as this service gets it.
pub fn content(toast: &Toast, service: &Service) -> Notification {
    let can = |capability: &str| service.capabilities.iter().any(|known| known == capability);
    let mut notification = Notification::new();
    notification.appname("Gatecall").icon(domain::APP_ID).summary(&toast.title);
    notification.body(&if can("body-markup") { escape(&toast.body) } else { toast.body.clone() });
    notification.urgency(urgency(toast, service));
    notification.hint(Hint::DesktopEntry(domain::APP_ID.to_owned()));
    // Services without sound ("sound" is a capability) leave it unread.
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

impl Service {
    /// GNOME Shell shows each update as a new banner, unless it is of low urgency (`messageTray.js`,
    /// `_onNotificationRequestBanner`).
    fn pops_up_again(&self) -> bool {
        self.name.eq_ignore_ascii_case("gnome-shell")
    }
}

fn urgency(toast: &Toast, service: &Service) -> notify_rust::Urgency {
    match toast.urgency {
        // A critical one keeps its place on screen: as a low one it would sink into the list unseen.
        Urgency::Critical => notify_rust::Urgency::Critical,
        Urgency::Normal if toast.alerts || !service.pops_up_again() => notify_rust::Urgency::Normal,
        Urgency::Normal | Urgency::Low => notify_rust::Urgency::Low,
    }
}

/// 0 means never, and what does not fit into the wire's signed number is as good as never.
fn timeout(toast: &Toast) -> Timeout {
    let longest = i32::MAX.unsigned_abs();
    toast.expires.map_or(Timeout::Never, |stay| {
        Timeout::Milliseconds(u32::try_from(stay.as_millis()).unwrap_or(longest).clamp(1, longest))
    })
}

/// Text that must not be read as markup ("Markup").
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Button;

    use super::*;

    fn service(name: &str, capabilities: &[&str]) -> Service {
        let capabilities = capabilities.iter().map(|&capability| capability.to_owned()).collect();
        Service { name: name.to_owned(), version: String::new(), capabilities }
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
        let plain = content(&toast(), &service("plain", &[]));
        let marked = content(&toast(), &service("marked", &["body-markup"]));
        assert_eq!(plain.body, "<b>1 < 2</b>");
        assert_eq!(marked.body, "&lt;b&gt;1 &lt; 2&lt;/b&gt;");
        assert_eq!((&plain.summary, &marked.summary), (&"Tom & Jerry".to_owned(), &"Tom & Jerry".to_owned()));
    }

    #[test]
    fn open_is_what_a_click_means_and_the_rest_are_buttons() {
        assert!(content(&toast(), &service("plain", &[])).actions.is_empty());
        let usual = content(&toast(), &service("Plasma", &["actions"]));
        assert_eq!(usual.actions, ["default", "Show", "snooze", "Later", "mute", "Quiet"]);
    }

    #[test]
    fn a_silent_update_makes_no_sound_and_on_gnome_no_banner() {
        let silent = Toast { alerts: false, ..toast() };
        let critical = Toast { urgency: Urgency::Critical, ..silent.clone() };
        let urgency = |toast: &Toast, name: &str| {
            let hints = content(toast, &service(name, &[])).hints;
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
        let silent = content(&Toast { silent: true, ..toast() }, &service("gnome-shell", &["sound"]));
        assert!(silent.hints.contains(&Hint::SuppressSound(true)));
        assert!(silent.hints.contains(&Hint::Urgency(notify_rust::Urgency::Normal)));
    }

    #[test]
    fn no_stay_on_screen_is_read_as_for_ever_by_mistake() {
        let stay = |expires| i32::from(content(&Toast { expires, ..toast() }, &service("plain", &[])).timeout);
        assert_eq!(stay(None), 0);
        assert_eq!(stay(Some(Duration::ZERO)), 1);
        assert_eq!(stay(Some(Duration::from_secs(30))), 30_000);
        assert_eq!(stay(Some(Duration::MAX)), i32::MAX);
    }
}
