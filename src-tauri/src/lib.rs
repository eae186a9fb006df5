//! The Gatecall window: a page and a door to the resident program, nothing else.
//!
//! Owns the window and the bridge to the line. It holds no token and no database, decides nothing about notifications,
//! and ends when the window closes.

mod bridge;
mod commands;
mod front;

use ipc::Endpoint;
use tauri::webview::PageLoadEvent;
use tauri::{RunEvent, Url, WebviewWindowBuilder};

/// The application's id on the desktop: the name of its desktop file, so that docks show its name and icon.
#[cfg(target_os = "linux")]
const APP_ID: &str = "app.gatecall.Gatecall";

/// Shows the window and runs until it is closed.
///
/// # Errors
/// No display, or no webview.
pub fn run(endpoint: &Endpoint) -> tauri::Result<()> {
    // Tauri's own `enableGTKAppId` would make the second profile's window a silent remote of the first one's.
    #[cfg(target_os = "linux")]
    gtk::glib::set_prgname(Some(APP_ID));
    let (line, bridge) = bridge::new(endpoint.clone());
    let app = tauri::Builder::default()
        .manage(line)
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
            // Aborted or already over: either way it has ended when this returns.
            let _ = tauri::async_runtime::block_on(bridge);
        }
    });
    Ok(())
}

fn open_window(app: &tauri::App) -> tauri::Result<()> {
    let config = app.config().app.windows.first().expect("tauri.conf.json describes the window");
    WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(is_own_page)
        // Shown when there is something to see, so that no empty frame flashes up.
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                front::show(&window);
            }
        })
        .build()?;
    Ok(())
}

/// The page may only ever lead to itself: what the policy of the page does not stop is stopped here.
fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // WebView2 knows no schemes of its own; the engine maps this host onto the embedded files.
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
