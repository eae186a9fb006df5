//! What both backends are asked, in this order.

use serde_json::{Value, json};

use crate::payloads::{booking, criteria, flight};

/// One step.
pub enum PlayedStep {
    /// A question that changes nothing.
    Read(Value),
    /// A request that changes something; `"undo": "last"` stands for the number that each backend gave last.
    Change(Value),
    /// An event from the server. Its row has, before preferences count, the outcome of the kind `like` in the story.
    Event { channel: &'static str, payload: Value, like: &'static str },
}

impl PlayedStep {
    /// The request, where the step is one.
    pub fn request(&self) -> Option<&Value> {
        match self {
            Self::Read(request) | Self::Change(request) => Some(request),
            Self::Event { .. } => None,
        }
    }

    /// The step in a sentence.
    pub fn name(&self) -> String {
        match self {
            Self::Read(request) | Self::Change(request) => request.to_string(),
            Self::Event { channel, .. } => (*channel).to_owned(),
        }
    }
}

/// All steps, for these rows of the story, newest first, from the server at this address.
pub fn all(rows: &[Value], server: &str) -> Vec<PlayedStep> {
    [
        reading(rows),
        read_state(rows),
        done_state(rows),
        threads(),
        preferences(),
        connection_and_jobs(),
        host(),
        refusals(server),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn list(changes: Value, limit: u32) -> PlayedStep {
    PlayedStep::Read(json!({ "type": "list", "criteria": criteria(changes), "before": null, "limit": limit }))
}

fn reading(rows: &[Value]) -> Vec<PlayedStep> {
    let criteria_of_lists = [
        json!({}),
        json!({ "unread": true }),
        json!({ "kinds": ["bookingCancelled", "flightStatus"] }),
        json!({ "kinds": ["unknown"] }),
        json!({ "flight": "aa123" }),
        json!({ "room": "user:" }),
        json!({ "room": "admin" }),
        json!({ "rule": "No such rule" }),
        json!({ "text": "cancel" }),
        json!({ "text": "PNR1 conf" }),
        json!({ "text": "lax 450" }),
        json!({ "text": "no such word" }),
        json!({ "text": "delay", "kinds": ["flightStatus"], "unread": true }),
        json!({ "place": "done" }),
    ];
    let mut steps: Vec<PlayedStep> = criteria_of_lists.iter().map(|criteria| list(criteria.clone(), 100)).collect();
    let middle = &rows[rows.len() / 2]["id"];
    for kind in ["list", "threads"] {
        for (before, limit) in [(&Value::Null, 3), (middle, 2), (middle, 100)] {
            let request = json!({ "type": kind, "criteria": criteria(json!({})), "before": before, "limit": limit });
            steps.push(PlayedStep::Read(request));
        }
        let unread = criteria(json!({ "unread": true, "text": "booking" }));
        steps.push(PlayedStep::Read(json!({ "type": kind, "criteria": unread, "before": null, "limit": 100 })));
    }
    for (thread, limit) in [("booking:b-1", 100), ("booking:b-1", 1), ("flight:f-1", 100), ("booking:none", 100)] {
        steps.push(PlayedStep::Read(json!({ "type": "thread", "thread": thread, "before": null, "limit": limit })));
    }
    steps.extend(["snapshot", "desk", "preferences", "threadPreferences", "network", "autostart"].map(read));
    steps
}

fn read(name: &str) -> PlayedStep {
    PlayedStep::Read(json!({ "type": name }))
}

fn selector(changes: Value) -> Value {
    let mut selector = json!({ "ids": [], "threads": [] });
    for (name, value) in changes.as_object().unwrap() {
        selector[name] = value.clone();
    }
    selector
}

fn set_read(changes: Value, read: bool) -> PlayedStep {
    PlayedStep::Change(json!({ "type": "setRead", "selector": selector(changes), "read": read }))
}

fn set_done(changes: Value, done: bool) -> PlayedStep {
    PlayedStep::Change(json!({ "type": "setDone", "selector": selector(changes), "done": done }))
}

fn undo() -> PlayedStep {
    PlayedStep::Change(json!({ "type": "undo", "undo": "last" }))
}

fn everything() -> Value {
    json!({ "listed": { "criteria": criteria(json!({})), "grouped": false } })
}

fn read_state(rows: &[Value]) -> Vec<PlayedStep> {
    let [first, second] = [&rows[0]["id"], &rows[1]["id"]];
    let cancelled = json!({ "criteria": criteria(json!({ "kinds": ["bookingCancelled"] })), "grouped": true });
    vec![
        set_read(json!({ "ids": [first] }), true),
        set_read(json!({ "ids": [first] }), true),
        set_read(json!({ "ids": [second, 999_999] }), true),
        undo(),
        undo(),
        set_read(json!({ "threads": ["booking:b-1"] }), true),
        list(json!({ "unread": true }), 100),
        set_read(json!({ "threads": ["booking:b-1"] }), false),
        set_read(json!({ "listed": cancelled }), true),
        undo(),
        set_read(json!({ "listed": everything()["listed"], "upto": rows[3]["id"] }), true),
        set_read(everything(), true),
        undo(),
        set_read(everything(), false),
        PlayedStep::Change(json!({ "type": "undo", "undo": 999_999 })),
    ]
}

fn done_state(rows: &[Value]) -> Vec<PlayedStep> {
    let searched = json!({ "criteria": criteria(json!({ "text": "confirmed" })), "grouped": false });
    let done = json!({ "criteria": criteria(json!({ "place": "done" })), "grouped": false });
    vec![
        set_done(json!({ "ids": [rows[0]["id"]] }), true),
        set_done(json!({ "ids": [rows[0]["id"]] }), true),
        set_done(json!({ "threads": ["booking:b-1"] }), true),
        PlayedStep::Read(json!({ "type": "thread", "thread": "booking:b-1", "before": null, "limit": 100 })),
        list(json!({ "place": "done", "text": "pnr1" }), 100),
        undo(),
        set_done(json!({ "listed": searched }), true),
        set_read(json!({ "listed": done.clone() }), false),
        set_done(json!({ "listed": done.clone() }), false),
        set_done(json!({ "listed": everything()["listed"], "upto": rows[4]["id"] }), true),
        undo(),
        set_done(everything(), true),
        read("desk"),
        PlayedStep::Event {
            channel: "booking:cancelled",
            payload: booking("b-20", "CANCELLED"),
            like: "bookingCancelled",
        },
        undo(),
    ]
}

fn threads() -> Vec<PlayedStep> {
    let set = |thread: &str, preference: Value| {
        PlayedStep::Change(json!({ "type": "setThreadPreference", "thread": thread, "preference": preference }))
    };
    let none = json!({ "muted": false, "snoozedUntil": null });
    vec![
        set("booking:b-21", json!({ "muted": true, "snoozedUntil": null })),
        PlayedStep::Event {
            channel: "booking:cancelled",
            payload: booking("b-21", "CANCELLED"),
            like: "bookingCancelled",
        },
        // A snooze lets through what is urgent, such as a cancellation: that is the policy's.
        set("flight:f-22", json!({ "muted": false, "snoozedUntil": "2099-01-01T00:00:00Z" })),
        PlayedStep::Event {
            channel: "flight:status-changed",
            payload: flight("f-22", "BA22", "BOARDING", &[]),
            like: "flightStatus",
        },
        set("booking:b-21", none.clone()),
        set("flight:f-22", none),
    ]
}

/// Preferences that change one field.
fn prefer(changes: Value) -> Value {
    let mut preferences = json!({ "toasts": true, "privacy": "full", "quietHours": null, "rules": [], "language": null,
        "look": { "theme": "system", "contrast": false }, "sound": "system", "keepDays": null, "views": [] });
    for (name, value) in changes.as_object().unwrap() {
        preferences[name] = value.clone();
    }
    preferences
}

fn rule(name: &str, when: Value, then: &str) -> Value {
    json!({ "name": name, "when": when, "then": then })
}

fn preferences() -> Vec<PlayedStep> {
    let change =
        |changes: Value| PlayedStep::Change(json!({ "type": "setPreferences", "preferences": prefer(changes) }));
    let back_test =
        |changes: Value| PlayedStep::Read(json!({ "type": "backTest", "preferences": prefer(changes), "days": 7 }));
    let cancelled = |id: &str| PlayedStep::Event {
        channel: "booking:cancelled",
        payload: booking(id, "CANCELLED"),
        like: "bookingCancelled",
    };
    let all_day = json!({ "from": "00:00:00", "to": "00:00:00", "except": "nothing" });
    let watched = json!([
        rule("Watched", json!({ "pnrs": ["PNR24"] }), "urgent"),
        rule("Hushed", json!({ "kinds": ["bookingCancelled"], "routes": [{ "origin": "JFK" }] }), "silence"),
        { "name": "Off", "enabled": false, "when": { "flights": ["AA123"] }, "then": "toast" },
    ]);
    let views = json!([
        { "name": " Mine ", "criteria": criteria(json!({ "flight": "AA123" })), "grouped": false },
        { "name": "Mine", "criteria": criteria(json!({ "unread": true })), "grouped": true },
        { "name": "", "criteria": criteria(json!({})), "grouped": false },
    ]);
    vec![
        back_test(json!({ "toasts": false })),
        back_test(json!({ "quietHours": all_day.clone() })),
        back_test(json!({ "rules": [rule("Hushed", json!({}), "silence")] })),
        // One event of its thread, so that no merging or budget of the policy has a say.
        back_test(json!({ "rules": [rule("Hushed but one", json!({ "kinds": ["bookingCreated", "bookingConfirmed",
            "bookingUpdated", "bookingCancelled", "paymentCompleted"] }), "silence"),
            rule("All of LH400", json!({ "flights": ["lh400"] }), "toast"), rule("All else", json!({}), "silence")] })),
        change(json!({ "look": { "theme": "dark", "contrast": true }, "sound": "silent", "keepDays": 30 })),
        read("preferences"),
        change(json!({ "keepDays": 0, "views": views })),
        read("preferences"),
        change(json!({ "rules": watched })),
        read("preferences"),
        cancelled("b-23"),
        cancelled("b-24"),
        list(json!({ "rule": "Watched" }), 100),
        read("desk"),
        change(json!({ "quietHours": all_day })),
        read("preferences"),
        cancelled("b-25"),
        change(json!({ "privacy": "nothing" })),
        cancelled("b-26"),
        change(json!({ "toasts": false })),
        PlayedStep::Event {
            channel: "flight:status-changed",
            payload: flight("f-3", "BA178", "CANCELLED", &["b-23"]),
            like: "flightStatus",
        },
        change(json!({})),
    ]
}

fn connection_and_jobs() -> Vec<PlayedStep> {
    let change = PlayedStep::Change;
    vec![
        change(json!({ "type": "dismissDigest", "gap": 1 })),
        change(json!({ "type": "subscribe", "room": "admin" })),
        change(json!({ "type": "subscribe", "room": "lounge" })),
        change(json!({ "type": "subscribe", "room": "lounge" })),
        change(json!({ "type": "unsubscribe", "room": "admin" })),
        change(json!({ "type": "unsubscribe", "room": "lounge" })),
        change(json!({ "type": "holdRoom", "room": "lounge" })),
        change(json!({ "type": "pause" })),
        change(json!({ "type": "resume" })),
        change(json!({ "type": "reconnect" })),
        change(json!({ "type": "testToast" })),
        change(json!({ "type": "reindex" })),
        change(json!({ "type": "cancel", "work": "reindex" })),
        change(json!({ "type": "export", "format": "csv", "from": null, "to": null })),
        change(json!({ "type": "export", "format": "json", "from": null, "to": "2020-01-01T00:00:00Z" })),
        change(json!({ "type": "export", "format": "markdown", "from": "2020-01-01T00:00:00Z", "to": null })),
    ]
}

fn host() -> Vec<PlayedStep> {
    let network = |proxy: &str, bypass: Value, ca_file: Value| {
        let network = json!({ "proxy": proxy, "bypass": bypass, "caFile": ca_file });
        PlayedStep::Change(json!({ "type": "setNetwork", "network": network }))
    };
    vec![
        PlayedStep::Change(json!({ "type": "setAutostart", "on": true })),
        read("autostart"),
        network("http://ada:secret@proxy.example:3128", json!(["127.0.0.1", ".internal"]), Value::Null),
        read("network"),
        network("socks4://proxy.example", json!([]), Value::Null),
        network("none", json!(["http://x"]), Value::Null),
        network("none", json!([]), json!("/nowhere/certificates.txt")),
        read("network"),
        network("none", json!([]), Value::Null),
        read("network"),
    ]
}

fn refusals(server: &str) -> Vec<PlayedStep> {
    let sign_in = |server: &str, email: &str, password: &str| {
        PlayedStep::Change(
            json!({ "type": "signIn", "server": server, "authUrl": null, "bookingUrl": null, "email": email,
            "password": password }),
        )
    };
    vec![
        sign_in("ftp://fly.example", "test@example.com", "Test123!"),
        sign_in(server, "test", "Test123!"),
        sign_in("http://down.invalid", "test@example.com", "Test123!"),
        sign_in(server, "test@example.com", "wrong"),
        sign_in(server, "test@example.com", "Test123!"),
        PlayedStep::Change(json!({ "type": "signOut", "wipe": false })),
        sign_in(server, "test@example.com", "Test123!"),
        PlayedStep::Change(json!({ "type": "signOut", "wipe": true })),
    ]
}
