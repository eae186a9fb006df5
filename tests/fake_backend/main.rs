//! The page's in-memory backend beside the real resident: the same events and the same requests get the same answers.
//!
//! The resident receives a story from a real server; the in-memory backend starts from the resulting rows and state.
//! Then both get the same requests, and every answer is compared after [`normalize`] has removed what may differ.
//! [`NOT_COMPARED`] lists the requests that only the resident can answer, with the reason.
#![allow(clippy::unwrap_used, reason = "tests")]

mod compare;
mod fake;
mod normalize;
mod payloads;
mod steps;
mod story;

use std::collections::BTreeSet;

use compare::Comparison;
use fake::FakeBackend;
use ipc::PeerKind;
use serde_json::json;
use support::ipc_client::IpcClient;
use support::node::PlainGateway;
use support::resident_process::ResidentProcess;

/// Requests without a comparison, and why.
const NOT_COMPARED: &[(&str, &str)] = &[
    ("about", "versions, folders and sizes of one machine; the fake has made-up ones"),
    ("checkServer", "the fake decides by the name of the host, so that every finding can be typed"),
    ("diagnostics", "the path of a file that the fake does not write"),
    ("licences", "the licences of the program; the fake has a few lines of that shape"),
    ("quit", "ends the resident"),
    ("showWindow", "opens the window"),
    ("startDemo", "opens another program"),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_in_memory_backend_answers_as_the_resident_does() {
    let Some(desktop) = support::desktop() else { return };
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let Some(mut resident) = ResidentProcess::new(&desktop) else { return };
    let Some(fake) = FakeBackend::start() else { return };
    resident.login(&server.url()).await;
    story::play(&server, &mut resident).await;
    let client = IpcClient::open(&resident.endpoint().unwrap(), PeerKind::Caller).await;
    let mut comparison = Comparison::start(client, fake, &server).await;
    for step in steps::all(comparison.rows(), &server.url()) {
        comparison.play(step).await;
    }
    let (requests, differences) = comparison.finish();
    support::report(&format!("{requests} answers of the in-memory backend compared with those of the resident"));
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    resident.stop().await;
}

#[test]
fn every_request_is_compared_or_has_a_reason() {
    let bindings = xtask::root().join("ui/src/bindings/Request.ts");
    let bindings = std::fs::read_to_string(bindings).unwrap();
    let all: BTreeSet<&str> =
        bindings.split("\"type\": \"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let rows = vec![json!({ "id": 1, "thread": "booking:b-1", "pnr": "X", "channel": "" }); 20];
    let steps = steps::all(&rows, "http://127.0.0.1:1");
    let played = steps.iter().filter_map(steps::PlayedStep::request).map(|request| request["type"].as_str().unwrap());
    let automatic = compare::STATE_REQUESTS.iter().copied();
    let known: BTreeSet<&str> = played.chain(automatic).chain(NOT_COMPARED.iter().map(|(name, _)| *name)).collect();
    assert!(all.len() > 30, "{all:?}");
    assert_eq!(all, known);
}
