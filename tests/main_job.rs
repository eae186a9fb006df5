//! The main job on real parts: a booking becomes a toast and a row, is read by a click, and stays read.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use support::eventually;
use support::gateway_process::GatewayProcess;
use support::node::NodeScript;
use support::resident_process::ResidentProcess;
use support::tray_host::TrayHost;
use support::window_driver::WindowDriver;
use xtask::desktop::Desktop;

const EMAIL: &str = "test@example.com";
const PASSWORD: &str = "Test123!";

fn toasts(desktop: &Desktop, which: &str) -> u32 {
    let output = desktop.command("dunstctl").args(["count", which]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// A deadline for the whole test; every wait has its own.
const DEADLINE: Duration = Duration::from_secs(240);

#[tokio::test]
async fn a_booking_becomes_a_toast_and_a_row_that_stays_read_after_a_restart() {
    tokio::time::timeout(DEADLINE, main_job()).await.unwrap();
}

async fn main_job() {
    let Some(desktop) = support::desktop() else { return };
    let Some(gateway) = GatewayProcess::start(&desktop).await else { return };
    let Some(mut resident) = ResidentProcess::new(&desktop) else { return };
    // With a tray the resident starts hidden, and the only window is the one that WebDriver opens.
    let tray = TrayHost::start(desktop.bus()).await;

    resident.start().await;
    let refused = resident.run(&["login", "--server", gateway.url(), "--email", EMAIL, "--password-stdin"], "no").await;
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    let Some(window) = WindowDriver::open(&desktop, &resident).await else { return };
    sign_in(&window, gateway.url()).await;
    window.find("[data-testid=connection][data-state=online]").await;
    let mut watch = NodeScript::start(&mut tokio::process::Command::from(resident.command(&["watch", "--json"])));
    watch.until(r#""state":"online""#).await;
    assert_eq!(window.text("[data-testid=unread-count]").await, "0");

    // A booking: a toast at the service, an unread row in the window.
    let token = gateway.token(EMAIL, PASSWORD).await;
    let booking = gateway.book(&token).await;
    let pnr = booking["pnr"].as_str().unwrap();
    watch.until(r#""type":"outcome""#).await;
    eventually("the toast is displayed", async || (toasts(&desktop, "displayed") == 1).then_some(())).await;
    let row = window.find("[data-testid=row][data-read=false]").await;
    let text = window.text("[data-testid=row]").await;
    assert!(text.contains(pnr), "{pnr} is not in {text:?}");
    assert_eq!(window.text("[data-testid=unread-count]").await, "1");
    desktop.keep_picture("main-job.png").unwrap();

    // A click: read, badge down, toast gone.
    row.click().await.unwrap();
    window.find("[data-testid=row][data-read=true]").await;
    assert_eq!(window.text("[data-testid=unread-count]").await, "0");
    assert_eq!(resident.list().await[0]["read"], true);
    eventually("the toast is withdrawn", async || (toasts(&desktop, "displayed") == 0).then_some(())).await;
    eventually("the tray counts with it", async || {
        (tray.tooltip().await.0 == "Gatecall: nothing unread").then_some(())
    })
    .await;

    secrets_stay_in_the_keychain(&desktop, &resident, &window, pnr).await;
    window.close().await;
    let shown = toasts(&desktop, "history");

    // A restart: still there, still read, no second toast.
    resident.stop().await;
    resident.start().await;
    let mut watch = NodeScript::start(&mut tokio::process::Command::from(resident.command(&["watch", "--json"])));
    watch.until(r#""state":"online""#).await;
    let Some(window) = WindowDriver::open(&desktop, &resident).await else { return };
    window.find("[data-testid=row][data-read=true]").await;
    assert!(window.text("[data-testid=row]").await.contains(pnr));
    assert_eq!(window.text("[data-testid=unread-count]").await, "0");
    assert_eq!((toasts(&desktop, "displayed"), toasts(&desktop, "history")), (0, shown));

    let second = gateway.book(&token).await;
    a_toast_click_reads_its_row(&desktop, &resident, &window, &second).await;
    clearing_the_inbox_can_be_undone(&resident, &window).await;

    // Payment and confirmation.
    gateway.post(&format!("/api/v1/bookings/{}/pay", booking["id"].as_str().unwrap()), &token, json!({})).await;
    eventually("payment and confirmation", async || (resident.list().await.len() == 4).then_some(())).await;

    // Signing out deletes the tokens.
    let signed_out = resident.run(&["logout", "--wipe"], "").await;
    assert!(signed_out.status.success(), "{signed_out:?}");
    assert_eq!(keychain(&desktop, &gateway), "", "no token is left");
    window.find("[data-testid=sign-in]").await;
    window.close().await;
    resident.stop().await;
}

async fn a_toast_click_reads_its_row(
    desktop: &Desktop,
    resident: &ResidentProcess<'_>,
    window: &WindowDriver,
    booking: &serde_json::Value,
) {
    eventually("the toast is displayed", async || (toasts(desktop, "displayed") == 1).then_some(())).await;
    desktop.command("dunstctl").args(["action", "0"]).output().unwrap();
    eventually("the row is read", async || {
        let rows = resident.list().await;
        (rows[0]["bookingId"] == booking["id"] && rows[0]["read"] == true).then_some(())
    })
    .await;
    window.find(&format!("[data-testid=row][data-id='{}'][data-read=true]", resident.list().await[0]["id"])).await;
}

async fn clearing_the_inbox_can_be_undone(resident: &ResidentProcess<'_>, window: &WindowDriver) {
    window.find("[data-testid=clear-all]").await.click().await.unwrap();
    eventually("the inbox is empty", async || resident.list().await.is_empty().then_some(())).await;
    eventually("the page is empty", async || (window.count("[data-testid=row]").await == 0).then_some(())).await;
    window.find("[data-testid=undo]").await.click().await.unwrap();
    eventually("the rows are back", async || (window.count("[data-testid=row]").await == 2).then_some(())).await;
    assert_eq!(resident.list().await.len(), 2);
}

/// Signs in with an invalid e-mail address first, whose error is shown beside the field.
async fn sign_in(window: &WindowDriver, server: &str) {
    for (name, text) in [("server", server), ("email", "test"), ("password", PASSWORD)] {
        window.find(&format!("[name={name}]")).await.send_keys(text).await.unwrap();
    }
    window.find("[data-testid=sign-in]").await.click().await.unwrap();
    window.find("[name=email][aria-invalid=true]").await.send_keys("@example.com").await.unwrap();
    window.find("[data-testid=sign-in]").await.click().await.unwrap();
    window.find("[data-testid=first-run-done]").await.click().await.unwrap();
}

/// The keychain's entry for the traveler, read by another program.
fn keychain(desktop: &Desktop, gateway: &GatewayProcess) -> String {
    let account = format!("{EMAIL}@{}", gateway.url());
    let mut lookup = desktop.command("secret-tool");
    let output = lookup.args(["lookup", "service", domain::APP_ID, "username", &account]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Both tokens are in the keychain only: not in a file, a log, the window's processes or the page. (The resident holds
/// the access token, and the page was given the password.) `shown` is text in the window, which proves that the search
/// works.
async fn secrets_stay_in_the_keychain(
    desktop: &Desktop,
    resident: &ResidentProcess<'_>,
    window: &WindowDriver,
    shown: &str,
) {
    let settings = std::fs::read_to_string(resident.profile().join("settings.json")).unwrap();
    let server = serde_json::from_str::<serde_json::Value>(&settings).unwrap()["account"]["server"].clone();
    let account = format!("{EMAIL}@{}", server.as_str().unwrap());
    let mut lookup = desktop.command("secret-tool");
    let found = lookup.args(["lookup", "service", domain::APP_ID, "username", &account]).output().unwrap();
    let tokens: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    let secrets = [tokens["access"].as_str().unwrap(), tokens["refresh"].as_str().unwrap(), PASSWORD];
    assert!(secrets[0].len() > 100, "a real access token");

    let mut files = Vec::new();
    walk(&resident.profile(), &mut files);
    files.push(resident.log());
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        let contents = std::fs::read(&file).unwrap();
        assert!(secrets.iter().all(|secret| !contains(&contents, secret)), "a secret in {}", file.display());
    }
    let processes = resident.window_processes();
    assert!(processes.len() >= 2, "the window and its page: {processes:?}");
    for pid in &processes {
        assert!(!memory_contains(*pid, &secrets[..2]), "a token in process {pid}");
    }
    assert!(processes.iter().any(|pid| memory_contains(*pid, &[shown])), "the search finds what is there");
    let page = window
        .script(
            "return document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage })",
            vec![],
        )
        .await;
    assert!(secrets.iter().all(|secret| !page.as_str().unwrap().contains(secret)));
}

fn walk(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}

/// Searches every writable page of a process. The page's engine reserves gigabytes that it hardly touches, so the page
/// map is consulted first.
fn memory_contains(pid: u32, secrets: &[&str]) -> bool {
    use std::os::unix::fs::FileExt;
    const PAGE: u64 = 4096;
    const PIECE: u64 = 1024 * PAGE;
    // The page's process may end meanwhile; then it holds nothing.
    let Ok(maps) = std::fs::read_to_string(format!("/proc/{pid}/maps")) else { return false };
    let memory = std::fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    let page_map = std::fs::File::open(format!("/proc/{pid}/pagemap")).unwrap();
    let holds_one = |from: u64, to: u64| {
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        // Device pages cannot be read.
        let count = memory.read_at(&mut bytes, from).unwrap_or_default();
        secrets.iter().any(|secret| contains(&bytes[..count], secret))
    };
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        for piece in (from..to).step_by(usize::try_from(PIECE).unwrap()) {
            let end = to.min(piece + PIECE);
            let mut entries = vec![0; usize::try_from((end - piece) / PAGE * 8).unwrap()];
            let known = page_map.read_exact_at(&mut entries, piece / PAGE * 8).is_ok();
            if !known || (entries[7] >> 6 == 0 && entries[8..] == entries[..entries.len() - 8]) {
                continue;
            }
            // Present or swapped out. One page more, since a secret may cross the boundary.
            let there = (piece..end).step_by(usize::try_from(PAGE).unwrap()).zip(entries.chunks(8));
            let mut pages = there.filter(|(_, entry)| entry[7] >> 6 != 0).map(|(at, _)| at);
            if pages.any(|at| holds_one(at, to.min(at + 2 * PAGE))) {
                return true;
            }
        }
    }
    false
}
