use super::*;
use proptest::prelude::*;

fn args(json: &str) -> Vec<Box<RawValue>> {
    vec![RawValue::from_string(json.to_owned()).expect("valid JSON")]
}

fn inbox(channel: &str, json: &str) -> Envelope {
    match decode(channel, &args(json)) {
        Incoming::Inbox(envelope) => *envelope,
        other => panic!("not for the inbox: {other:?}"),
    }
}

fn known(channel: &str, json: &str) -> Event {
    match inbox(channel, json).decoded {
        Decoded::Known(event) => *event,
        other => panic!("not known: {other:?}"),
    }
}

const CREATED: &str = r#"{"event":"BOOKING_CREATED","data":{"bookingId":"b1","pnr":"ABC123","status":"PENDING",
  "flightNumber":"AA123","origin":"JFK","destination":"LAX","totalPrice":450.00,"currency":"USD","passengerCount":1},
  "timestamp":"2025-11-10T12:00:00.000Z"}"#;

#[test]
fn reads_the_events_of_the_guide() {
    let Event::Booking(created) = known("booking:created", CREATED) else { panic!() };
    assert_eq!(created.change, BookingChange::Created);
    assert_eq!(created.pnr.as_deref(), Some("ABC123"));
    assert_eq!(created.total.expect("a price").to_string(), "450.00 USD");

    let flight = r#"{"event":"FLIGHT_STATUS_CHANGED","data":{"flightId":"f1","flightNumber":"AA123",
      "oldStatus":"SCHEDULED","newStatus":"DELAYED","affectedBookings":["b1","b2"]},"timestamp":"2025-11-10T12:15:00Z"}"#;
    let Event::Flight(flight) = known("flight:status-changed", flight) else { panic!() };
    assert_eq!(flight.affected_bookings, ["b1", "b2"]);

    let payment = r#"{"event":"PAYMENT_COMPLETED","data":{"bookingId":"b1","paymentId":"p1","amount":"450.00",
      "currency":"USD","status":"SUCCEEDED"},"timestamp":"2025-11-10T12:20:00.000Z"}"#;
    let Event::Payment(payment) = known("payment:completed", payment) else { panic!() };
    assert_eq!(payment.amount.expect("an amount").to_string(), "450.00 USD", "decimal strings count (W8)");
}

#[test]
fn the_channel_decides_and_not_the_envelope() {
    let json = r#"{"event":"BOOKING_UPDATED","data":{"bookingId":"b1","status":"CONFIRMED"},"timestamp":"2025-11-10T12:05:00Z"}"#;
    let Event::Booking(event) = known("booking:confirmed", json) else { panic!() };
    assert_eq!(event.change, BookingChange::Confirmed, "W3");
}

#[test]
fn odd_fields_never_cost_the_event() {
    let json =
        r#"{"data":{"bookingId":17,"pnr":{"a":1},"status":null,"totalPrice":"a lot","passengerCount":"two","new":[]}}"#;
    let Event::Booking(event) = known("booking:created", json) else { panic!() };
    assert_eq!(event.booking_id, "17");
    assert_eq!((event.pnr, event.status, event.total, event.passengers), (None, None, None, None));

    let json = r#"{"data":{"flightNumber":"AA1","newStatus":"DIVERTED","affectedBookings":null}}"#;
    let Event::Flight(flight) = known("flight:status-changed", json) else { panic!() };
    assert_eq!(flight.new_status, "DIVERTED", "states are an open set (W6)");
    assert_eq!(flight.flight_id, "AA1");
}

#[test]
fn what_cannot_be_read_is_kept_raw() {
    for json in ["null", "7", "\"text\"", "[]", "{}", r#"{"data":{}}"#, r#"{"data":null}"#] {
        let envelope = inbox("booking:cancelled", json);
        assert_eq!(envelope.decoded, Decoded::Malformed, "{json}");
        assert_eq!(envelope.raw, json);
    }
    assert_eq!(inbox("seat:changed", "{}").decoded, Decoded::Unknown);
    let Incoming::Inbox(empty) = decode("booking:created", &[]) else { panic!() };
    assert_eq!(empty.decoded, Decoded::Malformed);
}

#[test]
fn the_key_ignores_order_and_sees_every_difference() {
    let a = inbox("booking:confirmed", r#"{"data":{"bookingId":"b","pnr":"P"},"timestamp":"2025-01-01T00:00:00Z"}"#);
    let b = inbox(
        "booking:confirmed",
        r#"{"timestamp":"2025-01-01T00:00:00Z","data":{ "pnr":"P","bookingId":"b" },"x":1}"#,
    );
    assert_eq!(a.key, b.key);
    assert!(a.key.timed);
    let later =
        inbox("booking:confirmed", r#"{"data":{"bookingId":"b","pnr":"P"},"timestamp":"2025-01-01T00:00:01Z"}"#);
    let other = inbox("booking:updated", r#"{"data":{"bookingId":"b","pnr":"P"},"timestamp":"2025-01-01T00:00:00Z"}"#);
    assert_ne!(a.key, later.key);
    assert_ne!(a.key, other.key);
    assert!(!inbox("booking:confirmed", r#"{"data":{"bookingId":"b"}}"#).key.timed);
}

#[test]
fn one_change_of_a_flight_is_one_event_however_many_bookings_each_copy_names() {
    let copy = |bookings: &str, status: &str| {
        let data = format!(r#"{{"flightId":"f","newStatus":"{status}","affectedBookings":{bookings}}}"#);
        inbox("flight:status-changed", &format!(r#"{{"data":{data},"timestamp":"2025-01-01T00:00:00Z"}}"#)).key
    };
    assert_eq!(copy(r#"["b1"]"#, "DELAYED"), copy(r#"["b1","b2"]"#, "DELAYED"));
    assert_ne!(copy(r#"["b1"]"#, "DELAYED"), copy(r#"["b1"]"#, "CANCELLED"));
}

#[test]
fn answers_about_rooms() {
    let answer = decode("subscribed", &args(r#"{"rooms":["admin"],"refused":["analytics"]}"#));
    assert_eq!(answer, Incoming::Subscribed { rooms: vec!["admin".into()], refused: vec!["analytics".into()] });
    assert_eq!(decode("connected", &[]), Incoming::Connected { sync: None }, "all fields may be missing (W12)");
    assert_eq!(decode("unsubscribed", &args("7")), Incoming::Unsubscribed { rooms: vec![] });
}

#[test]
fn a_trailing_offset_argument_is_ignored() {
    let mut two = args(CREATED);
    two.extend(args("\"offset-1\""));
    assert_eq!(decode("booking:created", &two), decode("booking:created", &args(CREATED)), "W18");
}

#[test]
fn server_text_is_sanitised() {
    let json = format!(r#"{{"data":{{"bookingId":"b","pnr":"A\u202eB\n{}"}}}}"#, "x".repeat(1 << 20));
    let Event::Booking(event) = known("booking:created", &json) else { panic!() };
    assert!(event.pnr.expect("a PNR").chars().count() <= sanitize::FIELD_GRAPHEMES);
}

#[test]
fn a_name_of_any_length_is_one_short_line_and_still_told_from_others() {
    let long = format!("evil\u{202e}\n{}", "x".repeat(1 << 20));
    let one = inbox(&long, "{}");
    assert!(one.channel.starts_with("evil xxx") && one.channel.chars().count() <= sanitize::CHANNEL_GRAPHEMES);
    assert_eq!(one.decoded, Decoded::Unknown);
    assert_ne!(one.key, inbox(&format!("{long}y"), "{}").key);
}

proptest! {
    #[test]
    fn decoding_never_fails(channel in "(booking:(created|confirmed|updated|cancelled)|flight:status-changed|payment:completed|.{0,12})",
                            text in any::<String>(), number in any::<f64>()) {
        let json = serde_json::json!({"data": {"bookingId": text, "flightId": text, "newStatus": text, "amount": number,
            "totalPrice": number, "currency": text, "affectedBookings": [text, number]}, "timestamp": text}).to_string();
        let _ = decode(&channel, &args(&json));
    }
}

#[test]
fn an_offer_of_catch_up_stays_on_the_server() {
    let sync = |json: &str| match decode("connected", &args(json)) {
        Incoming::Connected { sync } => sync,
        other => panic!("{other:?}"),
    };
    let offer = sync(
        r#"{"message":"hi","userId":"u","sync":{"cursor":"e-7","catchup":"/api/v1/notifications","retentionSec":60}}"#,
    );
    assert_eq!(offer, Some(SyncOffer { cursor: "e-7".into(), catchup: "/api/v1/notifications".into() }));
    for elsewhere in ["https://evil.example/", "//evil.example/x", "\\\\evil.example", "api", ""] {
        let offer = format!(r#"{{"sync":{{"cursor":"e-7","catchup":{}}}}}"#, Value::from(elsewhere));
        assert_eq!(sync(&offer), None, "{elsewhere}");
    }
}

#[test]
fn an_event_of_a_log_is_known_by_its_id() {
    let logged = r#"{"id":"e-7","channel":"booking:created","event":"X","data":{"bookingId":"b","a":1},"timestamp":"2025-11-10T12:00:00Z"}"#;
    let logged = decode_logged(&RawValue::from_string(logged.to_owned()).expect("JSON")).expect("a channel");
    let live = inbox("booking:created", r#"{"data":{"bookingId":"b","a":2},"id":"e-7"}"#);
    assert_eq!(logged.key, live.key);
    let other = inbox("booking:created", r#"{"data":{"bookingId":"b","a":2},"id":"e-8"}"#);
    assert_ne!(other.key, live.key);
    assert!(decode_logged(&RawValue::from_string("{}".to_owned()).expect("JSON")).is_none());
}

#[test]
fn a_log_names_rooms_and_they_are_no_part_of_what_the_event_is() {
    let of = |more: &str| inbox("booking:created", &format!(r#"{{"data":{{"bookingId":"b"}}{more}}}"#));
    let own = of(r#","id":"e-7","room":"user:7""#);
    let admin = of(r#","id":"e-7","room":"admin""#);
    assert_eq!((own.rooms, admin.rooms.clone()), (Rooms::from_names(["user:7"]), Rooms::from_names(["admin"])));
    assert_eq!(own.key, admin.key);
    let logged = r#"{"id":"e-7","channel":"booking:created","data":{"bookingId":"b"},"rooms":["user:7","admin"]}"#;
    let logged = decode_logged(&RawValue::from_string(logged.to_owned()).expect("JSON")).expect("a channel");
    assert_eq!((logged.rooms, logged.key), (Rooms::from_names(["admin", "user:7"]), own.key));
    for odd in ["", r#","id":"e-7""#, r#","id":"e-7","room":7"#, r#","id":"e-7","rooms":["a",7]"#, r#","room":"204""#] {
        assert!(of(odd).rooms.is_empty(), "{odd}");
    }
    assert_eq!(of("").key, of(r#","room":"204""#).key, "beside the data");
}
