//! Bookings and flights over REST.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestGateway, guide_booking, text};

#[tokio::test]
async fn a_booking_is_answered_whole() {
    let service = TestGateway::demo().await;
    let user = service.customer().await;
    let flight = service.flight("AA123").await;
    let body = guide_booking(&flight);
    let (status, raw) = service.text(Method::POST, "/api/v1/bookings", &user.token, Some(body.clone())).await;
    assert_eq!(status, 201);
    assert!(raw.contains(r#""totalPrice":450.00,"currency":"USD""#), "{raw}");
    let answer: Value = serde_json::from_str(&raw).unwrap();
    let booking = &answer["data"];
    assert_eq!(booking["status"], "PENDING");
    assert_eq!(booking["userId"], *user.id);
    assert_eq!(booking["flightId"], *flight);
    assert_eq!(booking["passengers"], body["passengers"]);
    assert_eq!(booking["contactInfo"], body["contactInfo"]);
    assert_eq!(booking["cabinClass"], "ECONOMY");
    assert_eq!(booking["pnr"].as_str().unwrap().len(), 6);
    assert_eq!(booking["createdAt"], booking["updatedAt"]);
    assert_eq!((&booking["confirmedAt"], &booking["cancelledAt"]), (&Value::Null, &Value::Null));
    let part = &booking["flight"];
    assert_eq!(
        (&part["flightNumber"], &part["origin"], &part["destination"]),
        (&json!("AA123"), &json!("JFK"), &json!("LAX"))
    );
    for field in ["departureTime", "arrivalTime"] {
        assert!(text(&part[field]).ends_with(".000Z"), "{part}");
    }
    let id = text(&booking["id"]);
    let (_, same) = service.get(&format!("/api/v1/bookings/{id}"), &user.token).await;
    assert_eq!(same["data"], *booking);
    let pnr = text(&booking["pnr"]).to_lowercase();
    let (_, same) = service.get(&format!("/api/v1/bookings/pnr/{pnr}"), &user.token).await;
    assert_eq!(same["data"], *booking);
}

#[tokio::test]
async fn the_price_counts_passengers_and_cabin() {
    let service = TestGateway::demo().await;
    let user = service.customer().await;
    let mut body = guide_booking(&service.flight("DL47").await);
    body["cabinClass"] = json!("PREMIUM_ECONOMY");
    let john = body["passengers"][0].clone();
    body["passengers"] = json!([john, john]);
    let (_, raw) = service.text(Method::POST, "/api/v1/bookings", &user.token, Some(body)).await;
    assert!(raw.contains(r#""totalPrice":1837.50"#), "{raw}");
}

#[tokio::test]
async fn what_cannot_be_booked_is_refused() {
    let service = TestGateway::demo().await;
    let user = service.customer().await;
    let good = guide_booking(&service.flight("AA123").await);
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    for (body, status) in [
        (with("flightId", json!("no-such-flight")), 404),
        (with("cabinClass", json!("ROOF")), 400),
        (with("passengers", json!([])), 400),
        (with("passengers", json!([{ "firstName": "John" }])), 400),
        (with("contactInfo", json!({ "email": "nowhere" })), 400),
        (json!([]), 400),
    ] {
        let (got, answer) = service.post("/api/v1/bookings", &user.token, body.clone()).await;
        assert_eq!(got, status, "{body} {answer}");
    }
    let admin = service.admin().await;
    let flight = service.flight("AA123").await;
    let path = format!("/api/v1/flights/{flight}/status");
    assert_eq!(service.patch(&path, &admin.token, json!({ "status": "DEPARTED" })).await.0, 200);
    assert_eq!(service.post("/api/v1/bookings", &user.token, good).await.0, 409);
}

#[tokio::test]
async fn somebody_else_s_booking_does_not_exist_unless_one_is_staff() {
    let service = TestGateway::demo().await;
    let (user, admin) = (service.customer().await, service.admin().await);
    let theirs = service.book(&admin).await;
    let (id, pnr) = (text(&theirs["id"]), text(&theirs["pnr"]));
    let path = format!("/api/v1/bookings/{id}");
    assert_eq!(service.get(&path, &user.token).await.0, 404);
    assert_eq!(service.get(&format!("/api/v1/bookings/pnr/{pnr}"), &user.token).await.0, 404);
    let change = json!({ "contactInfo": { "email": "thief@example.com" } });
    assert_eq!(service.patch(&path, &user.token, change).await.0, 404);
    assert_eq!(service.delete(&path, &user.token).await.0, 404);
    assert_eq!(service.post(&format!("{path}/pay"), &user.token, json!({})).await.0, 404);
    assert_eq!(service.post(&format!("{path}/cancel"), &user.token, json!({})).await.0, 404);

    let own = service.book(&user).await;
    let path = format!("/api/v1/bookings/{}", text(&own["id"]));
    assert_eq!(service.get(&path, &admin.token).await.0, 200);
}

#[tokio::test]
async fn a_booking_is_paid_once_and_cancelled_once() {
    let service = TestGateway::demo().await;
    let user = service.customer().await;
    let path = |booking: &Value, then: &str| format!("/api/v1/bookings/{}{then}", text(&booking["id"]));
    let booking = service.book(&user).await;
    let (status, paid) = service.post(&path(&booking, "/pay"), &user.token, json!({})).await;
    assert_eq!((status.as_u16(), &paid["data"]["status"]), (200, &json!("CONFIRMED")));
    assert_eq!(paid["data"]["confirmedAt"], paid["data"]["updatedAt"]);
    assert_eq!(service.post(&path(&booking, "/pay"), &user.token, json!({})).await.0, 409);

    let (status, gone) = service.post(&path(&booking, "/cancel"), &user.token, json!({})).await;
    assert_eq!((status.as_u16(), &gone["data"]["status"]), (200, &json!("CANCELLED")));
    let (status, answer) = service.post(&path(&booking, "/cancel"), &user.token, json!({})).await;
    assert_eq!((status.as_u16(), &answer["error"]["code"]), (409, &json!("CONFLICT")));
    assert_eq!(service.post(&path(&booking, "/pay"), &user.token, json!({})).await.0, 409);
    let contact = json!({ "contactInfo": { "email": "new@example.com" } });
    assert_eq!(service.patch(&path(&booking, ""), &user.token, contact).await.0, 409);

    let booking = service.book(&user).await;
    assert_eq!(service.patch(&path(&booking, "/cancel"), &user.token, json!({})).await.0, 200);
    assert_eq!(service.delete(&path(&booking, ""), &user.token).await.0, 409);
    let booking = service.book(&user).await;
    assert_eq!(service.delete(&path(&booking, ""), &user.token).await.0, 200);
}

#[tokio::test]
async fn details_can_be_changed_but_not_the_number_of_passengers() {
    let service = TestGateway::demo().await;
    let user = service.customer().await;
    let booking = service.book(&user).await;
    let path = format!("/api/v1/bookings/{}", text(&booking["id"]));
    let body = json!({ "contactInfo": { "email": "new@example.com" }, "passengers": [{ "firstName": "Jane", "lastName": "Doe" }] });
    let (status, answer) = service.patch(&path, &user.token, body).await;
    assert_eq!(status, 200);
    assert_eq!(answer["data"]["contactInfo"], json!({ "email": "new@example.com" }));
    assert_eq!(answer["data"]["passengers"], json!([{ "type": "ADULT", "firstName": "Jane", "lastName": "Doe" }]));
    let jane = json!({ "firstName": "Jane", "lastName": "Doe" });
    for body in [json!({}), json!({ "passengers": [jane, jane] }), json!({ "passengers": [] })] {
        assert_eq!(service.patch(&path, &user.token, body.clone()).await.0, 400, "{body}");
    }
}

#[tokio::test]
async fn pages_neither_overlap_nor_skip() {
    let service = TestGateway::demo().await;
    let (user, admin) = (service.customer().await, service.admin().await);
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(text(&service.book(&user).await["id"]));
    }
    let theirs = text(&service.book(&admin).await["id"]);

    let mut seen = Vec::new();
    for page in 1..=3 {
        let path = format!("/api/v1/bookings/my-bookings?page={page}&limit=3&sortBy=createdAt&sortOrder=asc");
        let (status, answer) = service.get(&path, &user.token).await;
        assert_eq!(status, 200);
        assert_eq!(answer["meta"], json!({ "page": page, "limit": 3, "total": 7, "totalPages": 3 }));
        seen.extend(answer["data"].as_array().unwrap().iter().map(|booking| text(&booking["id"])));
    }
    assert_eq!(seen, made);
    let (_, beyond) = service.get("/api/v1/bookings?page=4&limit=3", &user.token).await;
    assert_eq!((&beyond["data"], &beyond["meta"]["total"]), (&json!([]), &json!(7)));

    // Staff see all, and their own on their own page.
    let (_, all) = service.get("/api/v1/bookings?limit=100", &admin.token).await;
    assert_eq!((&all["meta"]["total"], &all["data"][0]["id"]), (&json!(8), &json!(theirs)));
    let (_, own) = service.get("/api/v1/bookings/my-bookings", &admin.token).await;
    assert_eq!(own["meta"], json!({ "page": 1, "limit": 20, "total": 1, "totalPages": 1 }));

    // The state check of a client after a gap: what changed last comes first.
    assert_eq!(service.delete(&format!("/api/v1/bookings/{}", made[2]), &user.token).await.0, 200);
    let path = "/api/v1/bookings?sortBy=updatedAt&sortOrder=DESC&page=1&limit=1";
    assert_eq!(service.get(path, &user.token).await.1["data"][0]["id"], *made[2]);
    for query in ["limit=101", "limit=0", "page=0", "page=x", "sortBy=password", "sortOrder=UP"] {
        assert_eq!(service.get(&format!("/api/v1/bookings?{query}"), &user.token).await.0, 400, "{query}");
    }
}

#[tokio::test]
async fn flights_are_open_to_all_and_their_status_to_the_admin() {
    let service = TestGateway::demo().await;
    let (_, answer) = service.get("/api/v1/flights", "").await;
    assert_eq!(answer["data"].as_array().unwrap().len(), 8);
    let flight = service.flight("BA178").await;
    let (status, one) = service.get(&format!("/api/v1/flights/{flight}"), "").await;
    assert_eq!((status.as_u16(), &one["data"]["status"]), (200, &json!("SCHEDULED")));
    assert_eq!(service.get("/api/v1/flights/none", "").await.0, 404);

    let path = format!("/api/v1/flights/{flight}/status");
    let (user, admin) = (service.customer().await, service.admin().await);
    let delayed = json!({ "status": "DELAYED" });
    assert_eq!(service.patch(&path, "", delayed.clone()).await.0, 401);
    assert_eq!(service.patch(&path, &user.token, delayed.clone()).await.0, 403);
    assert_eq!(service.patch(&path, &admin.token, json!({ "status": "late" })).await.0, 400);
    assert_eq!(service.patch("/api/v1/flights/none/status", &admin.token, delayed.clone()).await.0, 404);
    assert_eq!(service.patch(&path, &admin.token, delayed).await.1["data"]["status"], "DELAYED");
}
