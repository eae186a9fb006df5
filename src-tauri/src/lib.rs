//! The Gatecall window: a page and an IPC connection to the resident.
//!
//! Owns the window and the bridge between page and IPC. Holds no tokens and no database, makes no decisions about
//! notifications, and exits when the window is closed.

mod bridge;
mod commands;
mod front;

use ipc::Endpoint;
use tauri::webview::PageLoadEvent;
use tauri::{RunEvent, Url, WebviewWindowBuilder};

/// Application id: the name of the desktop file, from which docks take name and icon.
#[cfg(target_os = "linux")]
const APP_ID: &str = "app.gatecall.Gatecall";

/// Shows the window and runs until it is closed.
///
/// # Errors
/// There is no display or no webview.
pub fn run(endpoint: &Endpoint) -> tauri::Result<()> {
    // Tauri's `enableGTKAppId` is not used: it would turn the window of a second profile into a remote of the first.
    #[cfg(target_os = "linux")]
    gtk::glib::set_prgname(Some(APP_ID));
    let (connection, bridge) = bridge::new(endpoint.clone());
    let app = tauri::Builder::default()
        .manage(connection)
        .invoke_handler(tauri::generate_handler![commands::call])
        .setup(|app| Ok(open_window(app)?))
        .build(tauri::generate_context!("tauri.conf.json"))?;
    let handle = app.handle().clone();
    let mut bridge = Some(tauri::async_runtime::spawn(bridge.run(handle)));
    app.run(move |_, event| {
        if matches!(event, RunEvent::Exit)
            && let Some(bridge) = bridge.take()
        {
            bridge.abort();
            // Aborted or completed: in both cases the task has ended when this returns.
            let _ = tauri::async_runtime::block_on(bridge);
        }
    });
    Ok(())
}

fn open_window(app: &tauri::App) -> tauri::Result<()> {
    let config = app.config().app.windows.first().expect("tauri.conf.json describes the window");
    WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(is_own_page)
        // Shown after the page has loaded, to avoid an empty frame.
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                front::show(&window);
            }
        })
        .build()?;
    Ok(())
}

/// Whether a navigation stays on the own page; blocks what the content security policy does not.
fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // WebView2 has no custom schemes; Tauri maps this host to the embedded files.
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_only_to_itself() {
        let url = |text: &str| Url::parse(text).expect(text);
        assert!(is_own_page(&url("tauri://localhost/index.html")));
        for stranger in ["https://fly.example/", "tauri://elsewhere/", "data:text/html,x", "file:///etc/passwd"] {
            assert!(!is_own_page(&url(stranger)), "{stranger}");
        }
    }
}
