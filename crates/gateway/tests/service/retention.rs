//! Retention: what is too old goes, readers who were further back are told, and the order goes on.

use std::time::Duration;

use gateway::GatewayConfig;
use serde_json::{Value, json};

use crate::support::{TestGateway, seq, text, with_ingest};

const DEADLINE: Duration = Duration::from_secs(20);

/// The page after `cursor`, once what lay behind it was pruned.
async fn until_reset(service: &TestGateway, user: &crate::support::TestUser, cursor: &str) -> Value {
    let reset = async {
        loop {
            let page = service.page(user, &format!("after={cursor}")).await;
            if page["reset"] == true {
                return page;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, reset).await.unwrap()
}

#[tokio::test]
async fn a_cursor_behind_the_floor_is_a_reset_with_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let database = Some(folder.path().join("gateway.sqlite3"));
    let config = GatewayConfig { database, retention: Duration::from_secs(1), ..with_ingest() };
    let service = TestGateway::start(config.clone()).await;
    let user = service.customer().await;
    let mut peer = crate::support::TestSocket::connect(&service.options(&user.token)).await.unwrap();
    let sync = peer.expect("connected").await["sync"].clone();
    let start = text(&sync["cursor"]);
    assert_eq!(sync, json!({ "cursor": start, "catchup": "/api/v1/notifications", "retentionSec": 1 }));
    let body = json!({ "channel": "gate:changed", "users": [user.id], "data": {} });
    for number in 0..1200 {
        assert_eq!(service.ingest(&format!("key-{number}"), &body).await.0, 201);
    }
    until_reset(&service, &user, &start).await;
    let at_head = format!("{}-1200", start.rsplit_once('-').unwrap().0);
    let emptied = async {
        // While it is pruned in steps, the items are always those from the floor on.
        loop {
            let page = service.page(&user, &format!("after={start}")).await;
            let items = page["items"].as_array().unwrap();
            let Some(first) = items.first() else { return page };
            let expected = (seq(&first["id"])..).take(items.len());
            assert!(items.iter().map(|item| seq(&item["id"])).eq(expected), "{page}");
            tokio::task::yield_now().await;
        }
    };
    let page = tokio::time::timeout(DEADLINE, emptied).await.unwrap();
    assert_eq!(page, json!({ "items": [], "next": at_head, "hasMore": false, "reset": true }));
    // A cursor at the floor misses nothing.
    assert_eq!(service.page(&user, &format!("after={at_head}")).await["reset"], false);

    // The keys have gone with their events, and no place is given twice, not even after a restart.
    let (status, answer) = service.ingest("key-7", &body).await;
    assert_eq!((status.as_u16(), seq(&answer["data"]["id"])), (201, 1201));
    until_reset(&service, &user, &at_head).await;
    service.stop().await;
    let service = TestGateway::start(config).await;
    let user = service.customer().await;
    assert_eq!(seq(&json!(service.head(&user).await)), 1201);
    assert_eq!(seq(&service.ingest("new", &body).await.1["data"]["id"]), 1202);
}
