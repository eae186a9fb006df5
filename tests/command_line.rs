//! The command line of scripts, as programs against a real server.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use support::engine::Blocker;
use support::eventually;
use support::node::{NodeScript, PlainGateway};
use support::resident_process::ResidentProcess;
use xtask::desktop::Desktop;

/// More rows than one IPC message carries and more than one transaction.
const BURST: usize = 300;

#[tokio::test]
async fn doctor_checks_both_origins_and_watch_prints_every_row_of_a_burst() {
    let Some(desktop) = support::desktop() else { return };
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let Some(mut resident) = ResidentProcess::new(&desktop) else { return };
    resident.login(&server.url()).await;

    doctor_checks_both_origins(&resident).await;
    doctor_reports_the_click_on_a_test_toast(&resident, &desktop).await;

    let mut alone = watch(&resident).await;
    burst(&server, &resident, "alone").await;
    expect_every_row(&mut alone).await;
    alone.kill().await;

    export_writes_every_format(&resident).await;

    resident.start().await;
    let mut joined = watch(&resident).await;
    burst(&server, &resident, "joined").await;
    expect_every_row(&mut joined).await;
    joined.kill().await;
    watch_leaves_its_room_when_it_ends(&server, &resident).await;
    resident.stop().await;
}

async fn doctor_checks_both_origins(resident: &ResidentProcess<'_>) {
    let state = async |part: &str| {
        let findings: Value = serde_json::from_slice(&resident.run(&["doctor", "--json"], "").await.stdout).unwrap();
        let finding = findings.as_array().unwrap().iter().find(|finding| finding["part"] == part);
        finding.unwrap()["state"].as_str().unwrap().to_owned()
    };
    assert_eq!((state("server").await, state("bookings").await), ("ok".to_owned(), "ok".to_owned()));
    let file = resident.profile().join("settings.json");
    let settings = std::fs::read_to_string(&file).unwrap();
    let mut changed: Value = serde_json::from_str(&settings).unwrap();
    changed["account"]["bookingUrl"] = "http://127.0.0.1:1".into();
    std::fs::write(&file, changed.to_string()).unwrap();
    assert_eq!((state("server").await, state("bookings").await), ("ok".to_owned(), "failed".to_owned()));
    std::fs::write(&file, settings).unwrap();
}

async fn export_writes_every_format(resident: &ResidentProcess<'_>) {
    let output = async |args: &[&str]| {
        let output = resident.run(args, "").await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let rows: Vec<Value> = serde_json::from_str(&output(&["export", "--format", "json"]).await).unwrap();
    assert_eq!(rows.len(), BURST);
    assert!(rows.windows(2).all(|pair| pair[0]["id"].as_i64() < pair[1]["id"].as_i64()), "oldest first");
    let csv = output(&["export", "--format", "csv"]).await;
    assert_eq!(csv.lines().count(), BURST + 1);
    assert!(
        csv.starts_with("id,channel,kind,received_at,") && csv.contains(",booking:updated,bookingUpdated,"),
        "{csv}"
    );
    let none = output(&["export", "--format", "json", "--until", "2020-01-01"]).await;
    assert_eq!(none.trim(), "[]");
    let all = output(&["export", "--format", "csv", "--since", "2020-01-01"]).await;
    assert_eq!(all, csv);
}

async fn doctor_reports_the_click_on_a_test_toast(resident: &ResidentProcess<'_>, desktop: &Desktop) {
    let mut doctor = NodeScript::start(&mut resident.command(&["doctor", "--json", "--toast"]).into());
    eventually("the toast is on screen", async || (desktop.toasts().unwrap() == 1).then_some(())).await;
    assert!(desktop.command("dunstctl").args(["action", "0"]).status().unwrap().success());
    let findings: Value = serde_json::from_str(&doctor.until("test toast").await).unwrap();
    let finding = findings.as_array().unwrap().iter().find(|finding| finding["part"] == "test toast").unwrap();
    assert_eq!(finding["state"], "ok", "{finding}");
    assert_eq!(finding["detail"], "accepted, shown and clicked");
    assert!(doctor.finished().await);
}

async fn watch_leaves_its_room_when_it_ends(server: &PlainGateway, resident: &ResidentProcess<'_>) {
    let is_in = async || server.control("rooms", json!({})).await.as_array().unwrap().contains(&json!("lounge"));
    let mut watch = NodeScript::start(&mut resident.command(&["watch", "--json", "--subscribe", "lounge"]).into());
    eventually("the room is joined", async || is_in().await.then_some(())).await;
    watch.kill().await;
    eventually("the room is left", async || (!is_in().await).then_some(())).await;
    let settings = std::fs::read_to_string(resident.profile().join("settings.json")).unwrap();
    assert!(!settings.contains("lounge"), "{settings}");
}

async fn watch(resident: &ResidentProcess<'_>) -> NodeScript {
    let mut watch = NodeScript::start(&mut resident.command(&["watch", "--json", "--no-toasts"]).into());
    watch.until(r#""state":"online""#).await;
    watch
}

/// Sends events while the database is locked, so that they are stored together.
async fn burst(server: &PlainGateway, resident: &ResidentProcess<'_>, name: &str) {
    let _blocked = Blocker::new(&resident.profile());
    for number in 0..BURST {
        let data = json!({ "bookingId": format!("{name}-{number}"), "status": "CONFIRMED" });
        server.event("booking:updated", json!({ "data": data, "timestamp": "2025-11-10T12:00:00.000Z" })).await;
    }
}

async fn expect_every_row(watch: &mut NodeScript) {
    let (mut rows, mut outcomes) = (Vec::new(), Vec::new());
    while rows.len() < BURST || outcomes.len() < BURST {
        let line: Value = serde_json::from_str(&watch.until("").await).unwrap();
        match line["type"].as_str().unwrap() {
            "notification" => rows.push(line["id"].as_i64().unwrap()),
            "outcome" => outcomes.push(line["id"].as_i64().unwrap()),
            _ => {}
        }
    }
    assert!(rows.is_sorted_by(|one, other| one < other), "in order, each once: {rows:?}");
    assert_eq!(outcomes, rows);
}
