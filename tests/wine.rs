//! The Windows build of the resident under Wine: command line, keychain, IPC and inbox against a real server.
//!
//! Wine has no toasts, which the program has to report and survive. `cargo xtask check --windows` builds the program
//! and runs this test.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::engine::{EMAIL, PASSWORD};
use support::eventually;
use support::node::{NodeScript, PlainGateway};
use support::wine::Wine;
use tokio::process::Child;

/// The registry key in which Wine keeps Credential Manager's entries.
const CREDENTIALS: &str = r"HKCU\Software\Wine\Credential Manager";
/// The first part of every token of the plain gateway.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

#[tokio::test]
#[ignore = "windows: cargo xtask check --windows builds what it runs"]
async fn the_resident_works_under_wine() {
    let Some(wine) = Wine::start().await else { return };
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let login = ["login", "--server", &server.url(), "--email", EMAIL, "--password-stdin"];
    let refused = wine.run(&login, "wrong\n").await;
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    done(&wine, &login, &format!("{PASSWORD}\r\n")).await;

    // The tokens outlive the process, and are in Credential Manager only.
    let resting = doctor(&wine).await;
    assert_eq!(state(&resting, "token"), "ok");
    assert_eq!(state(&resting, "resident"), "warning");
    assert!(wine.registry(CREDENTIALS).await.contains(domain::APP_ID));

    let resident = start(&wine, &server).await;
    watch_receives_events_over_the_pipe(&wine, &server).await;
    missing_toasts_are_reported(&wine).await;
    the_app_id_is_registered(&wine).await;
    let second = wine.run(&["--hidden"], "").await;
    assert!(second.status.success(), "a second start shows the window of the first: {second:?}");
    done(&wine, &["mark-read", "--all"], "").await;
    let before = list(&wine).await;
    assert!(before.len() == 2 && before.iter().all(|row| row["read"] == true), "{before:?}");
    wine.interrupt(resident).await;

    // A restart finds the same rows, also after a kill.
    let resident = start(&wine, &server).await;
    assert_eq!(list(&wine).await, before);
    kill(resident).await;
    let resident = start(&wine, &server).await;
    assert_eq!(list(&wine).await, before);
    no_file_contains_a_secret(&wine);
    times_are_in_the_local_zone(&wine, &before[0]).await;

    // Signing out over IPC empties Credential Manager.
    done(&wine, &["logout"], "").await;
    assert!(!wine.registry(CREDENTIALS).await.contains(domain::APP_ID));
    wine.interrupt(resident).await;
    assert_eq!(state(&doctor(&wine).await, "server"), "warning", "nobody is signed in");

    wine.end();
    eventually("nothing is left of it", async || wine.processes().is_empty().then_some(())).await;
}

/// Starts the resident, and waits until it is connected.
async fn start(wine: &Wine, server: &PlainGateway) -> Child {
    let connections = async || server.seen().await["connections"].as_u64().unwrap();
    let before = connections().await;
    let log = std::fs::File::options().append(true).create(true).open(wine.folder().join("resident.log")).unwrap();
    let mut command = wine.gatecall(&["--hidden"]);
    command.env("GATECALL_LOG", "debug");
    command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null()).stderr(log);
    let resident = command.spawn().unwrap();
    eventually("the socket is up", async || (connections().await > before).then_some(())).await;
    eventually("the IPC pipe is there", async || (state(&doctor(wine).await, "resident") == "ok").then_some(())).await;
    resident
}

/// Kills the resident, as a crash does.
async fn kill(mut resident: Child) {
    resident.kill().await.unwrap();
}

/// `watch` connects over the named pipe and prints what the server sends.
async fn watch_receives_events_over_the_pipe(wine: &Wine, server: &PlainGateway) {
    let mut watch = NodeScript::start(&mut wine.gatecall(&["watch", "--json"]));
    watch.until(r#""state":"online""#).await;
    for (channel, id, status) in [("booking:updated", "b-1", "X"), ("booking:cancelled", "b-2", "CANCELLED")] {
        let data = json!({ "bookingId": id, "status": status });
        server.event(channel, json!({ "data": data, "timestamp": "2025-11-10T12:00:00.000Z" })).await;
        let line = watch.until(&format!(r#""bookingId":"{id}""#)).await;
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["channel"], channel);
    }
    // A toast was due for the second event.
    watch.until(r#""reason":"toastFailed""#).await;
    watch.kill().await;
}

async fn missing_toasts_are_reported(wine: &Wine) {
    let findings = doctor(wine).await;
    let parts: Vec<_> = findings.iter().map(|finding| finding["part"].as_str().unwrap()).collect();
    assert_eq!(
        parts,
        ["settings", "resident", "server", "bookings", "token", "keychain", "notifications", "tray", "inbox", "window"]
    );
    for part in ["settings", "resident", "server", "bookings", "token", "keychain", "inbox"] {
        assert_eq!(state(&findings, part), "ok", "{findings:#?}");
    }
    assert_eq!(state(&findings, "notifications"), "failed");
    let rows = list(wine).await;
    let cancelled = rows.iter().find(|row| row["bookingId"] == "b-2").unwrap();
    assert_eq!(cancelled["outcome"]["code"], "inboxOnly");
}

/// Without this registration Windows drops toasts silently.
async fn the_app_id_is_registered(wine: &Wine) {
    let key = wine.registry(&format!(r"HKCU\Software\Classes\AppUserModelId\{}", domain::APP_ID)).await;
    let has = |name: &str, value: &str| key.lines().any(|line| line.contains(name) && line.trim_end().ends_with(value));
    assert!(has("DisplayName", "Gatecall"), "{key}");
    assert!(has("IconUri", r"\gatecall.png"), "{key}");
}

/// Windows gives the time zone's name only.
async fn times_are_in_the_local_zone(wine: &Wine, row: &Value) {
    let output = wine.gatecall(&["list", "--limit", "1"]).env("TZ", "Asia/Tokyo").output().await.unwrap();
    let received: Timestamp = row["receivedAt"].as_str().unwrap().parse().unwrap();
    let there = (received + SignedDuration::from_hours(9)).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains(&there), "{there}: {printed}");
}

/// Secrets are searched for as bytes and as UTF-16.
fn no_file_contains_a_secret(wine: &Wine) {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let secrets = [TOKEN.as_bytes().to_vec(), wide(TOKEN), PASSWORD.as_bytes().to_vec(), wide(PASSWORD)];
    let mut files = vec![wine.folder().join("resident.log")];
    walk(&wine.users(), &mut files);
    assert!(files.iter().any(|file| file.ends_with("inbox.sqlite3")), "{files:?}");
    for file in files {
        let contents = std::fs::read(&file).unwrap();
        let found = secrets.iter().any(|secret| memchr::memmem::find(&contents, secret).is_some());
        assert!(!found, "a secret in {}", file.display());
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            walk(&entry.path(), files);
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
}

async fn done(wine: &Wine, args: &[&str], input: &str) {
    let output = wine.run(args, input).await;
    assert!(output.status.success(), "{args:?}: {output:?}");
}

async fn list(wine: &Wine) -> Vec<Value> {
    let output = wine.run(&["list", "--json"], "").await;
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn doctor(wine: &Wine) -> Vec<Value> {
    serde_json::from_slice(&wine.run(&["doctor", "--json"], "").await.stdout).unwrap()
}

fn state<'a>(findings: &'a [Value], part: &str) -> &'a str {
    findings.iter().find(|finding| finding["part"] == part).unwrap()["state"].as_str().unwrap()
}
