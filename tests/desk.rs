//! The desk in the real window: offered to an admin, joined when the server says so, left again.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::json;
use support::app::{Resident, Window};
use support::node::PlainGateway;
use support::tray_host::TrayHost;

#[tokio::test]
async fn an_admin_joins_the_desk_and_leaves_it() {
    let Some(desktop) = support::desktop() else { return };
    let Some(server) = PlainGateway::start("ADMIN").await else { return };
    let Some(mut resident) = Resident::new(&desktop) else { return };
    let _tray = TrayHost::start(desktop.bus()).await;
    resident.login(&server.url()).await;
    resident.start().await;
    let Some(window) = Window::open(&desktop, &resident).await else { return };
    window.find("[data-testid=connection][data-state=online]").await;

    window.find("[popovertarget=account-menu]").await.click().await.unwrap();
    window.find("[data-testid=desk][aria-checked=false]").await.click().await.unwrap();
    window.find("[data-testid=desk][aria-checked=true] [data-tone=good]").await;
    assert_eq!(server.seen().await["subscribes"], json!([["admin"]]));
    desktop.keep_picture("desk.png").unwrap();
    window.find("[data-testid=desk]").await.click().await.unwrap();
    window.find("[data-testid=desk][aria-checked=false]").await;
    window.close().await;
    resident.stop().await;
}
