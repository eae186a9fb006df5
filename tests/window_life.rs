//! The window's life cycle, and what it means for the resident: with a tray, without one, and in between.
#![allow(clippy::unwrap_used, reason = "tests")]

use support::eventually;
use support::programs::program;
use support::resident_process::ResidentProcess;
use support::tray_host::TrayHost;
use support::virtual_display::VirtualDisplay;

#[tokio::test]
async fn the_window_opens_on_request_and_when_there_is_no_tray() {
    let Some(desktop) = support::desktop() else { return };
    let Some(mut resident) = ResidentProcess::new(&desktop) else { return };
    if program("gatecall-window").is_none() {
        return;
    }
    let mut screen = VirtualDisplay::of(&desktop);

    // Started for the tray where there is none: the window opens instead.
    resident.start().await;
    let first = shown(&mut screen).await;

    // With a tray, closing the window ends its process only; a second start opens it again.
    let tray = TrayHost::start(desktop.bus()).await;
    eventually("the icon is in the tray", async || tray.item()).await;
    close(&mut screen, first, &resident).await;
    let second_start = resident.run(&[], "").await;
    assert!(second_start.status.success(), "{second_start:?}");
    let second = shown(&mut screen).await;
    let third_start = resident.run(&[], "").await;
    assert!(third_start.status.success(), "{third_start:?}");
    assert_eq!(screen.windows(), [second], "the one that is there comes to the front");
    close(&mut screen, second, &resident).await;

    // The tray goes for good: the window opens, or nothing would be visible.
    drop(tray);
    let third = shown(&mut screen).await;

    // Without a tray, closing the window ends the resident.
    close(&mut screen, third, &resident).await;
    resident.ended().await;

    // A failed start is shown as a toast, for users without a terminal.
    std::fs::write(resident.profile().join("settings.json"), "{").unwrap();
    let toast_closed = async {
        eventually("the toast is shown", async || (desktop.toasts().unwrap() == 1).then_some(())).await;
        desktop.command("dunstctl").arg("close-all").output().unwrap();
    };
    let (failed, ()) = tokio::join!(resident.run(&[], ""), toast_closed);
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    let said = String::from_utf8(failed.stderr).unwrap();
    assert!(said.contains("settings.json") && said.lines().count() == 1, "{said:?}");
    let log = std::fs::read_to_string(resident.profile().join("gatecall.log")).unwrap();
    assert!(log.contains("did not start") && log.contains("settings.json"), "{log}");
}

async fn shown(screen: &mut VirtualDisplay) -> u32 {
    eventually("the window is shown", async || screen.windows().first().copied()).await
}

async fn close(screen: &mut VirtualDisplay, window: u32, resident: &ResidentProcess<'_>) {
    screen.close(window);
    eventually("the window's processes end", async || resident.window_processes().is_empty().then_some(())).await;
    assert!(screen.windows().is_empty());
}
