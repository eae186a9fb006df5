//! Kills at random moments between receiving, committing, showing and recording that a toast was shown.

use std::time::Duration;

use serde_json::json;
use support::node::PlainGateway;

use support::random::SeededRandom;

use super::engine_process::EngineProcess;
use support::report;

#[tokio::test(flavor = "multi_thread")]
async fn kills_lose_no_row_and_show_no_toast_twice() {
    kills(20).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "soak: several minutes"]
async fn two_hundred_kills_lose_no_row_and_show_no_toast_twice() {
    kills(200).await;
}

async fn kills(times: u64) {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let mut engine = EngineProcess::start(&server.url(), &server.url()).await;
    let mut random = SeededRandom::new(3);
    let (mut sent, mut kept) = (0, 0);
    for _ in 0..times {
        let before = count(&engine);
        assert!(before >= kept, "{kept} rows were there, now {before}");
        // The engine is connected once this event arrives; the next ones are in flight when it is killed.
        support::eventually("an event arrives", async || {
            event(&server, &mut sent).await;
            (count(&engine) > before).then_some(())
        })
        .await;
        for _ in 0..random.below(6) {
            event(&server, &mut sent).await;
        }
        // The moment of the kill is random.
        tokio::time::sleep(Duration::from_micros(random.below(30_000))).await;
        kept = count(&engine);
        engine.kill().await;
        engine.assert_sound();
        assert!(count(&engine) >= kept, "what could be read was durable");
        engine.assert_shown_once();
        engine.run();
    }
    // Events decided and not shown before a kill are named by the next start's digest.
    let before = count(&engine);
    support::eventually("it listens again", async || {
        event(&server, &mut sent).await;
        (count(&engine) > before).then_some(())
    })
    .await;
    support::eventually("every row has its toast, or is in a digest", async || {
        let inbox = engine.inbox()?;
        let open: i64 = inbox
            .query_row(
                "SELECT COUNT(*) FROM event WHERE shown_ms IS NULL AND outcome_code IN ('popped', 'merged')",
                [],
                |row| row.get(0),
            )
            .ok()?;
        (open == 0).then_some(())
    })
    .await;
    engine.assert_shown_once();
    report(&format!("{times} kills, {sent} events sent: every row that could be read stayed, no toast twice\n"));
}

async fn event(server: &PlainGateway, sent: &mut u64) {
    *sent += 1;
    let payload = json!({ "timestamp": "2025-11-10T12:00:00.000Z",
        "data": { "bookingId": format!("b-{sent}"), "pnr": "ABC123", "status": "CANCELLED" } });
    server.event("booking:cancelled", payload).await;
}

fn count(engine: &EngineProcess) -> i64 {
    let Some(inbox) = engine.inbox() else { return 0 };
    // Before the first start there are no tables.
    inbox.query_row("SELECT COUNT(*) FROM event", [], |row| row.get(0)).unwrap_or_default()
}
