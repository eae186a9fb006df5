//! When the window comes and goes, and what that means for the resident: with a tray, without one, and in between.
#![allow(clippy::unwrap_used, reason = "tests")]

use support::eventually;
use support::programs::program;
use support::resident_process::ResidentProcess;
use support::tray_host::TrayHost;
use support::virtual_display::VirtualDisplay;

#[tokio::test]
async fn the_window_is_there_when_it_is_asked_for_and_when_nothing_else_is() {
    let Some(desktop) = support::desktop() else { return };
    let Some(mut resident) = ResidentProcess::new(&desktop) else { return };
    if program("gatecall-window").is_none() {
        return;
    }
    let mut screen = VirtualDisplay::of(&desktop);

    // Started in the tray where there is none: the window takes its place.
    resident.start().await;
    let first = shown(&mut screen).await;

    // With a tray, closing the window ends its process and nothing else; a second start brings it back.
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

    // The tray goes for good: without the window there would be no sign of life.
    drop(tray);
    let third = shown(&mut screen).await;

    // And then closing the window is the end.
    close(&mut screen, third, &resident).await;
    resident.ended().await;

    // A start that fails says so where somebody without a terminal sees it.
    std::fs::write(resident.profile().join("settings.json"), "{").unwrap();
    let told = async {
        eventually("the toast is shown", async || (desktop.toasts().unwrap() == 1).then_some(())).await;
        desktop.command("dunstctl").arg("close-all").output().unwrap();
    };
    let (failed, ()) = tokio::join!(resident.run(&[], ""), told);
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
