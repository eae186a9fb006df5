//! Showing and raising of the window.

use tauri::WebviewWindow;

/// Shows and focuses the window. The window manager may refuse the focus.
pub fn show(window: &WebviewWindow) {
    // These calls fail only when the window is closed already.
    let _ = window.show();
    let _ = window.unminimize();
    let _ = window.set_focus();
}

/// Shows the window after a click elsewhere, such as on a toast; `token` proves the click to the window manager.
///
/// # Platform-specific
/// Linux: Wayland and focus-stealing prevention do not raise a window without a token. Ignored elsewhere.
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
