//! A tray host without a panel: the D-Bus side of StatusNotifierWatcher.

use std::sync::{Arc, Mutex};

use zbus::Connection;

/// The watcher that items register with.
#[derive(Default)]
struct Watcher {
    items: Arc<Mutex<Vec<String>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.items.lock().unwrap().push(service);
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.lock().unwrap().clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// A tray host on a private bus; gone when dropped.
pub struct TrayHost {
    connection: Connection,
    items: Arc<Mutex<Vec<String>>>,
}

impl TrayHost {
    /// Starts a tray host on the bus at this address.
    pub async fn start(bus: &str) -> Self {
        let watcher = Watcher::default();
        let items = Arc::clone(&watcher.items);
        let connection = zbus::connection::Builder::address(bus)
            .serve_at("/StatusNotifierWatcher", watcher)
            .name("org.kde.StatusNotifierWatcher")
            .build()
            .await
            .unwrap();
        Self { connection, items }
    }

    /// The item that registered last.
    pub fn item(&self) -> Option<String> {
        self.items.lock().unwrap().last().cloned()
    }

    /// The item's tooltip: title and text. Empty while an item is being replaced.
    pub async fn tooltip(&self) -> (String, String) {
        type ToolTip = (String, Vec<(i32, i32, Vec<u8>)>, String, String);
        let (_, _, title, text): ToolTip = self.proxy().await.get_property("ToolTip").await.unwrap_or_default();
        (title, text)
    }

    /// Clicks the item.
    pub async fn click(&self) {
        self.proxy().await.call_method("Activate", &(0, 0)).await.unwrap();
    }

    async fn proxy(&self) -> zbus::Proxy<'_> {
        let item = self.item().unwrap();
        zbus::Proxy::new(&self.connection, item, "/StatusNotifierItem", "org.kde.StatusNotifierItem").await.unwrap()
    }
}
