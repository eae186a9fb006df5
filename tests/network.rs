//! The real program on a machine whose network cable is unplugged and plugged in again.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::Write;
use std::process::{Command as StdCommand, Stdio};
use std::time::{Duration, Instant};

use support::namespaces::{Namespaces, SERVER};
use support::node::NodeScript;
use support::resident_process::ResidentProcess;

/// Repetitions.
const TIMES: usize = 20;
/// The longest reconnect after the network is back, in 19 of 20 cases.
const BACK: Duration = Duration::from_secs(3);

#[tokio::test]
async fn an_unplugged_cable_is_reported_and_a_returned_network_used_at_once() {
    let Some(desktop) = support::desktop() else { return };
    let Some(machines) = Namespaces::new() else { return };
    let Some(resident) = ResidentProcess::new(&desktop) else { return };
    let Some(program) = support::programs::program("gatecall-gateway") else { return };
    let server = format!("{SERVER}:3004");
    let mut gateway = StdCommand::new(program);
    gateway.env("GATEWAY_LISTEN", &server).env("GATEWAY_PASSWORD_MEMORY_KIB", "64");
    let mut gateway = tokio::process::Command::from(machines.on_server(&gateway));
    let _gateway = gateway.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();

    let url = format!("http://{server}");
    support::eventually("signed in", async || login(&machines, &resident, &url).then_some(())).await;
    let watch = machines.on_client(&resident.command(&["watch", "--json", "--no-toasts"]));
    let mut watch = NodeScript::start(&mut tokio::process::Command::from(watch));
    watch.until(r#""state":"online""#).await;

    let (mut noticed, mut back) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let pulled = Instant::now();
        machines.unplug();
        let line = watch.until(r#""state":"waiting""#).await;
        noticed.push(pulled.elapsed());
        assert!(line.contains("noNetwork") && line.contains("No network"), "{line}");
        let plugged = Instant::now();
        machines.plug();
        watch.until(r#""state":"online""#).await;
        back.push(plugged.elapsed());
    }
    noticed.sort();
    back.sort();
    let p95 = TIMES * 95 / 100 - 1;
    let report = format!(
        "cable pulled → said: p50 {:?}, p95 {:?}; network back → online: p50 {:?}, p95 {:?} ({TIMES} times)\n",
        noticed[TIMES / 2],
        noticed[p95],
        back[TIMES / 2],
        back[p95],
    );
    // Written to the handle itself: the test harness captures `println!`.
    std::io::stdout().write_all(report.as_bytes()).unwrap();
    assert!(noticed[p95] <= Duration::from_secs(1) && back[p95] <= BACK, "{report}");
}

fn login(machines: &Namespaces, resident: &ResidentProcess<'_>, url: &str) -> bool {
    let login = resident.command(&["login", "--server", url, "--email", "test@example.com", "--password-stdin"]);
    let mut login = machines.on_client(&login);
    let mut login = login.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    login.stdin.take().unwrap().write_all(b"Test123!\n").unwrap();
    login.wait().unwrap().success()
}
