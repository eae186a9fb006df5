//! Brings the window to the front.

use tauri::WebviewWindow;

/// Shows the window and gives it the focus. The window manager may refuse the focus, which is its right.
pub fn show(window: &WebviewWindow) {
    // Each of these fails only when the window is already gone.
    let _ = window.show();
    let _ = window.unminimize();
    let _ = window.set_focus();
}

/// Shows the window on behalf of a click elsewhere, which `token` proves to the window manager.
///
/// # Platform-specific
/// The token matters on Linux only, where neither Wayland nor focus-stealing prevention raises a window without one.
pub fn raise(window: &WebviewWindow, token: Option<String>) {
    #[cfg(target_os = "linux")]
    if let Some(token) = token {
        use gtk::prelude::GtkWindowExt;
        let target = window.clone();
        // Fails only when the event loop has ended.
        let _ = window.run_on_main_thread(move || {
            if let Ok(native) = target.gtk_window() {
                native.set_startup_id(&token);
                native.present();
            }
        });
    }
    #[cfg(not(target_os = "linux"))]
    drop(token);
    show(window);
}
