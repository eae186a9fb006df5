//! `GET /api/v1/notifications`: pages, rights at the time of reading, and cursors that lead nowhere.

use gateway::{DEMO_ADMIN, GatewayConfig};
use serde_json::{Value, json};

use crate::support::{SERVICE_TOKEN, TestGateway, TestUser, seq, text, with_ingest};

fn ids(items: &[Value]) -> Vec<u64> {
    items.iter().map(|item| seq(&item["id"])).collect()
}

fn channels(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["channel"].as_str().unwrap()).collect()
}

/// An event for one room of the staff.
async fn tell(service: &TestGateway, room: &str, key: &str) {
    let body = json!({ "channel": format!("{room}:told"), "rooms": [room], "data": {} });
    assert_eq!(service.ingest(key, &body).await.0, 201);
}

#[tokio::test]
async fn what_was_missed_comes_page_by_page_each_event_once_and_in_order() {
    let service = TestGateway::start(with_ingest()).await;
    let user = service.customer().await;
    let start = service.head(&user).await;
    for number in 0..450 {
        // Every third one is for somebody else.
        let users = if number % 3 == 2 { "somebody" } else { &user.id };
        let body = json!({ "channel": "gate:changed", "users": [users], "data": { "number": number } });
        assert_eq!(service.ingest(&format!("key-{number}"), &body).await.0, 201);
    }
    let own: Vec<u64> = (1..=450).filter(|seq| seq % 3 != 0).collect();
    let (items, end) = service.catch_up(&user, &start, "").await;
    assert_eq!((ids(&items), seq(&json!(end))), (own.clone(), 450));
    assert_eq!(items[0]["data"], json!({ "number": 0 }));
    let first = service.page(&user, &format!("after={start}")).await;
    assert_eq!((first["items"].as_array().unwrap().len(), &first["hasMore"]), (200, &json!(true)));
    assert_eq!(first["next"], first["items"][199]["id"]);

    for limit in [1, 7, 100] {
        assert_eq!(ids(&service.catch_up(&user, &start, &format!("&limit={limit}")).await.0), own, "{limit}");
    }
    // Exactly as many as the limit, and none behind them that the reader may see: the cursor moves past the others.
    let tail = service.page(&user, &format!("after={}&limit=1", items[298]["id"].as_str().unwrap())).await;
    assert_eq!((ids(tail["items"].as_array().unwrap()), &tail["hasMore"]), (vec![449], &json!(false)));
    assert_eq!(tail["next"], *end);
    for query in ["limit=0", "limit=201", "limit=x", &format!("rooms={}", "a,".repeat(200))] {
        assert_eq!(service.get(&format!("/api/v1/notifications?{query}"), &user.token).await.0, 400, "{query}");
    }
    assert_eq!(service.get("/api/v1/notifications", "").await.0, 401);
    assert_eq!(service.get("/api/v1/notifications", SERVICE_TOKEN).await.0, 401);
}

#[tokio::test]
async fn two_readers_see_one_event_each_with_their_own_data() {
    let service = TestGateway::demo().await;
    let (user, admin) = (service.customer().await, service.admin().await);
    let start = service.head(&user).await;
    assert_eq!(start, service.head(&admin).await);
    let active = text(&service.book(&user).await["id"]);
    let of_admin = text(&service.book(&admin).await["id"]);
    let path = format!("/api/v1/flights/{}/status", service.flight("AA123").await);
    assert_eq!(service.patch(&path, &admin.token, json!({ "status": "DELAYED" })).await.0, 200);
    let pay = format!("/api/v1/bookings/{active}/pay");
    assert_eq!(service.post(&pay, &user.token, json!({})).await.0, 200);

    let (of_user, end) = service.catch_up(&user, &start, "").await;
    let names = ["booking:created", "flight:status-changed", "payment:completed", "booking:confirmed"];
    assert_eq!(channels(&of_user), names);
    assert_eq!(of_user[1]["data"]["affectedBookings"], json!([active]));
    let (of_both, same_end) = service.catch_up(&admin, &start, "").await;
    // One item for what the admin would hear twice on a socket, and no payment of others.
    let names = ["booking:created", "booking:created", "flight:status-changed", "booking:confirmed"];
    assert_eq!((channels(&of_both), end), (names.to_vec(), same_end));
    assert_eq!(of_both[2]["data"]["affectedBookings"], json!([active, of_admin]), "the widest copy");
    assert_eq!(of_both[2]["id"], of_user[1]["id"]);
    let (own, _) = service.catch_up(&admin, &start, "&rooms=").await;
    assert_eq!(channels(&own), ["booking:created", "flight:status-changed"]);
    assert_eq!(own[1]["data"]["affectedBookings"], json!([of_admin]), "narrowed, so the smaller copy");
}

#[tokio::test]
async fn an_item_is_the_event_of_the_socket_and_its_channel() {
    let service = TestGateway::demo().await;
    let user = service.customer().await;
    let (mut peer, start) = service.socket_at(&user).await;
    service.book(&user).await;
    let raw = peer.expect_text("booking:created").await;
    let path = format!("/api/v1/notifications?after={start}");
    let (_, page) = service.text(reqwest::Method::GET, &path, &user.token, None).await;
    let room = format!("user:{}", user.id);
    let (event, _) = raw.rsplit_once(&format!(r#","room":"{room}""#)).unwrap();
    let item = format!(r#"[{event},"channel":"booking:created","rooms":["{room}"]}}]"#);
    assert!(page.contains(&item), "{page} {item}");
}

#[tokio::test]
async fn an_item_names_the_rooms_of_its_reader_and_nobody_else_s() {
    let service = TestGateway::start(with_ingest()).await;
    let (user, admin) = (service.customer().await, service.admin().await);
    let start = service.head(&user).await;
    service.book(&user).await;
    service.book(&admin).await;
    let body =
        json!({ "channel": "note:sent", "users": [user.id, admin.id], "rooms": ["b", "a", "admin"], "data": {} });
    assert_eq!(service.ingest("note", &body).await.0, 201);
    let of_user = format!("user:{}", user.id);
    let of_admin = format!("user:{}", admin.id);
    for (reader, query, expected) in [
        (&user, "", json!([[of_user], [of_user]])),
        (&user, "&rooms=admin,a", json!([[of_user], [of_user]])),
        (&admin, "", json!([["admin"], [of_admin, "admin"], [of_admin, "admin", "a", "b"]])),
        (&admin, "&rooms=b,admin", json!([["admin"], [of_admin, "admin"], [of_admin, "b", "admin"]])),
        (&admin, "&rooms=", json!([[of_admin], [of_admin]])),
    ] {
        let (items, _) = service.catch_up(reader, &start, query).await;
        let rooms: Vec<&Value> = items.iter().map(|item| &item["rooms"]).collect();
        assert_eq!(json!(rooms), expected, "{query}");
    }
}

#[tokio::test]
async fn naming_rooms_narrows_and_never_widens() {
    let service = TestGateway::start(with_ingest()).await;
    let (user, admin) = (service.customer().await, service.admin().await);
    let start = service.head(&user).await;
    for room in ["admin", "analytics", "notifications"] {
        tell(&service, room, room).await;
    }
    service.book(&user).await;
    service.book(&admin).await;
    for query in ["", "&rooms=admin", "&rooms=admin,analytics", &format!("&rooms=user:{}", admin.id)] {
        let (items, _) = service.catch_up(&user, &start, query).await;
        assert_eq!(ids(&items), [4], "{query}: a customer's own room alone");
    }
    for (query, expected) in [
        ("", vec![1, 2, 3, 4, 5]),
        ("&rooms=admin,analytics", vec![1, 2, 4, 5]),
        ("&rooms=%20analytics%20", vec![2, 5]),
        ("&rooms=", vec![5]),
        (&format!("&rooms=user:{}", user.id), vec![5]),
    ] {
        assert_eq!(ids(&service.catch_up(&admin, &start, query).await.0), expected, "{query}");
    }
}

#[tokio::test]
async fn the_rights_are_those_of_the_token_at_the_time_of_reading() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("gateway.sqlite3");
    let service = TestGateway::start(GatewayConfig { database: Some(database.clone()), ..with_ingest() }).await;
    let (user, admin) = (service.customer().await, service.admin().await);
    let start = service.head(&admin).await;
    tell(&service, "analytics", "1").await;
    service.book(&user).await;
    assert_eq!(ids(&service.catch_up(&admin, &start, "").await.0), [1, 2]);

    let in_role = async |role: &str| -> TestUser {
        let file = rusqlite::Connection::open(&database).unwrap();
        file.execute("UPDATE users SET role = ?1 WHERE email = ?2", [role, DEMO_ADMIN.email]).unwrap();
        drop(file);
        service.admin().await
    };
    // An agent is told of what the staff hears, but watches nobody's bookings.
    let agent = in_role("TRAVEL_AGENT").await;
    assert_eq!(ids(&service.catch_up(&agent, &start, "&rooms=admin,analytics").await.0), [1]);
    assert_eq!(ids(&service.catch_up(&agent, &start, "").await.0), [1]);
    let customer = in_role("CUSTOMER").await;
    assert_eq!(ids(&service.catch_up(&customer, &start, "").await.0), [0; 0]);
    let owner = in_role("BUSINESS_OWNER").await;
    assert_eq!(ids(&service.catch_up(&owner, &start, "").await.0), [1, 2]);
}

#[tokio::test]
async fn a_cursor_that_leads_nowhere_is_a_reset_to_the_head() {
    let service = TestGateway::demo().await;
    let other = TestGateway::demo().await;
    let user = service.customer().await;
    for _ in 0..3 {
        service.book(&user).await;
    }
    let none = service.page(&user, "").await;
    let head = text(&none["next"]);
    assert_eq!(none, json!({ "items": [], "next": head, "hasMore": false, "reset": false }));
    assert_eq!(seq(&none["next"]), 3);
    let (epoch, _) = head.rsplit_once('-').unwrap();
    let reset = json!({ "items": [], "next": head, "hasMore": false, "reset": true });
    let foreign = other.head(&other.customer().await).await;
    for cursor in [
        &foreign,
        &format!("{epoch}-4"),
        &format!("{epoch}-9223372036854775807"),
        &format!("{epoch}-9223372036854775808"),
        &format!("{epoch}--1"),
        &format!("{epoch}-"),
        epoch,
        "",
        "-",
        "3",
        "%00",
        "%F0%9F%9B%AB",
        "'; DROP TABLE event; --",
        &"x".repeat(4000),
    ] {
        assert_eq!(service.page(&user, &format!("after={cursor}")).await, reset, "{cursor}");
    }
    let page = service.page(&user, &format!("after={epoch}-0")).await;
    assert_eq!((ids(page["items"].as_array().unwrap()), &page["reset"]), (vec![1, 2, 3], &json!(false)));
    // What comes after a reset is found from there.
    service.book(&user).await;
    assert_eq!(ids(&service.catch_up(&user, &head, "").await.0), [4]);
}

#[tokio::test]
async fn large_events_make_a_page_shorter_and_nothing_is_skipped() {
    let service = TestGateway::start(with_ingest()).await;
    let user = service.customer().await;
    let start = service.head(&user).await;
    for number in 0..60 {
        let data = json!({ "text": "x".repeat(60_000) });
        let body = json!({ "channel": "note:sent", "users": [user.id], "data": data });
        assert_eq!(service.ingest(&number.to_string(), &body).await.0, 201);
    }
    let page = service.page(&user, &format!("after={start}")).await;
    let count = page["items"].as_array().unwrap().len();
    assert!((15..25).contains(&count) && page["hasMore"] == true, "{count}");
    assert_eq!(ids(&service.catch_up(&user, &start, "").await.0), (1..=60).collect::<Vec<_>>());
}

#[tokio::test]
async fn many_rooms_make_a_page_shorter_as_well() {
    let service = TestGateway::start(with_ingest()).await;
    let admin = service.admin().await;
    let start = service.head(&admin).await;
    let rooms: Vec<String> = (0..600).map(|room| format!("{room:0100}")).collect();
    let body = json!({ "channel": "note:sent", "rooms": rooms, "data": {} });
    for number in 0..60 {
        assert_eq!(service.ingest(&number.to_string(), &body).await.0, 201);
    }
    let page = service.page(&admin, &format!("after={start}")).await;
    let count = page["items"].as_array().unwrap().len();
    assert!((15..25).contains(&count) && page["hasMore"] == true, "{count}");
    assert_eq!(ids(&service.catch_up(&admin, &start, "").await.0), (1..=60).collect::<Vec<_>>());
}
