//! Tray over D-Bus (StatusNotifierItem), by `ksni`.
//!
//! A desktop without a StatusNotifierWatcher is no error: the item waits until one appears.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::connection::ConnectionState;
use domain::text::{self, MenuEntry};
use ksni::menu::StandardItem;
use ksni::{Handle, Icon, MenuItem, OfflineReason, ToolTip, TrayMethods};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::icon;
use super::view::{TrayAction, TrayView};

/// Deadline of the query whether the desktop has a tray.
const QUERY_DEADLINE: Duration = Duration::from_secs(5);
/// Delay before the next attempt when there is no session bus yet.
const NO_BUS_RETRY: Duration = Duration::from_secs(30);

/// Tray item. Dropping it removes it.
#[derive(Debug)]
pub struct Tray {
    view: watch::Sender<TrayView>,
    host: watch::Receiver<bool>,
    task: JoinHandle<()>,
}

impl Tray {
    /// Shows `view` as soon as the desktop has a tray; `actions` receives the user's clicks.
    pub fn start(view: TrayView, actions: mpsc::Sender<TrayAction>) -> Self {
        let (view, views) = watch::channel(view);
        let (host, host_seen) = watch::channel(false);
        let task = tokio::spawn(run_item(views, Arc::new(host), actions));
        Self { view, host: host_seen, task }
    }

    /// Updates what the tray shows.
    pub fn update(&self, view: TrayView) {
        self.view.send_if_modified(|shown| std::mem::replace(shown, view.clone()) != view);
    }

    /// Whether the desktop has a tray, as a watched value.
    pub fn host(&self) -> watch::Receiver<bool> {
        self.host.clone()
    }
}

impl Drop for Tray {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Queries once whether the desktop has a tray, for at most `deadline`.
pub async fn host_present(deadline: Duration) -> bool {
    let asked = tokio::time::timeout(deadline, async {
        let connection = zbus::Connection::session().await?;
        let bus = zbus::fdo::DBusProxy::new(&connection).await?;
        let name = zbus::names::BusName::try_from("org.kde.StatusNotifierWatcher")?;
        zbus::Result::Ok(bus.name_has_owner(name).await?)
    });
    matches!(asked.await, Ok(Ok(true)))
}

/// Shuts the item down when its task ends.
struct ShutdownGuard(Handle<TrayItem>);

impl Drop for ShutdownGuard {
    fn drop(&mut self) {
        // Not awaited: the item disappears with its connection.
        drop(self.0.shutdown());
    }
}

async fn run_item(
    mut views: watch::Receiver<TrayView>,
    host: Arc<watch::Sender<bool>>,
    actions: mpsc::Sender<TrayAction>,
) {
    let item = loop {
        let offline = Arc::new(AtomicBool::new(false));
        let view = views.borrow_and_update().clone();
        let item = TrayItem { view, host: Arc::clone(&host), offline: Arc::clone(&offline), actions: actions.clone() };
        match item.assume_sni_available(true).spawn().await {
            Ok(handle) => {
                // ksni (0.3.7) queries the watcher before it subscribes to its signals, so it misses a tray that starts in
                // between; the item is then created again. Remove this when ksni subscribes first.
                if offline.load(Ordering::SeqCst) && host_present(QUERY_DEADLINE).await {
                    drop(ShutdownGuard(handle));
                    continue;
                }
                if !offline.load(Ordering::SeqCst) {
                    host.send_replace(true);
                }
                break ShutdownGuard(handle);
            }
            Err(error) => {
                tracing::debug!(%error, "no tray yet");
                tokio::time::sleep(NO_BUS_RETRY).await;
            }
        }
    };
    while views.changed().await.is_ok() {
        let view = views.borrow_and_update().clone();
        item.0.update(|shown| shown.view = view).await;
    }
}

struct TrayItem {
    view: TrayView,
    host: Arc<watch::Sender<bool>>,
    offline: Arc<AtomicBool>,
    actions: mpsc::Sender<TrayAction>,
}

impl TrayItem {
    fn send(&self, action: TrayAction) {
        // The queue holds 16 clicks; more are dropped.
        if let Err(error) = self.actions.try_send(action) {
            tracing::warn!(%error, "a click on the tray was lost");
        }
    }

    fn entry(&self, entry: MenuEntry, enabled: bool, action: TrayAction) -> MenuItem<Self> {
        let activate = move |item: &mut Self| {
            let action = match &action {
                TrayAction::Open { .. } => TrayAction::Open { activation_token: ksni::current_xdg_activation_token() },
                action => action.clone(),
            };
            item.send(action);
        };
        let label = text::menu(entry, self.view.language);
        StandardItem { label, enabled, activate: Box::new(activate), ..Default::default() }.into()
    }
}

impl ksni::Tray for TrayItem {
    fn id(&self) -> String {
        domain::APP_ID.to_owned()
    }

    fn title(&self) -> String {
        "Gatecall".to_owned()
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        let icon = |size: usize| {
            let side = i32::try_from(size).unwrap_or_default();
            Icon { width: side, height: side, data: icon::draw(&self.view, size) }
        };
        icon::SIZES.into_iter().map(icon).collect()
    }

    fn tool_tip(&self) -> ToolTip {
        let TrayView { state, unread, demo, language } = &self.view;
        let title = text::tray_title(*unread, *demo, *language);
        ToolTip { title, description: text::link(state, *language), ..ToolTip::default() }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.send(TrayAction::Open { activation_token: ksni::current_xdg_activation_token() });
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let language = self.view.language;
        let state =
            StandardItem { label: text::link(&self.view.state, language), enabled: false, ..Default::default() };
        let mut menu = vec![
            state.into(),
            MenuItem::Separator,
            self.entry(MenuEntry::Open, true, TrayAction::Open { activation_token: None }),
            self.entry(MenuEntry::MarkAllRead, self.view.unread > 0, TrayAction::MarkAllRead),
        ];
        match self.view.state {
            ConnectionState::Paused => menu.push(self.entry(MenuEntry::Resume, true, TrayAction::Resume)),
            ConnectionState::SignInNeeded { .. } => {}
            ConnectionState::Waiting { .. } => {
                menu.push(self.entry(MenuEntry::TryNow, true, TrayAction::Reconnect));
                menu.push(self.entry(MenuEntry::Pause, true, TrayAction::Pause));
            }
            _ => menu.push(self.entry(MenuEntry::Pause, true, TrayAction::Pause)),
        }
        menu.extend([MenuItem::Separator, self.entry(MenuEntry::Quit, true, TrayAction::Quit)]);
        menu
    }

    fn watcher_online(&self) {
        self.offline.store(false, Ordering::SeqCst);
        self.host.send_replace(true);
    }

    fn watcher_offline(&self, _reason: OfflineReason) -> bool {
        self.offline.store(true, Ordering::SeqCst);
        self.host.send_replace(false);
        true
    }
}
