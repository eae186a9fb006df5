//! Both backends, asked the same step by step.

use std::time::Duration;

use ipc::Request;
use serde_json::{Value, json};
use support::ipc_client::IpcClient;
use support::node::PlainGateway;
use tokio::time::Instant;

use crate::fake::FakeBackend;
use crate::normalize::{self, field};
use crate::payloads::criteria;
use crate::steps::PlayedStep;

/// How long the resident may take until a change shows in what is read: the state is published after the answer.
const SETTLES_WITHIN: Duration = Duration::from_secs(2);
/// Between two looks at a state that is not there yet.
const POLL: Duration = Duration::from_millis(100);
/// What is asked after each step.
pub const STATE_REQUESTS: [&str; 4] = ["snapshot", "list", "threads", "threadPreferences"];

/// The two backends, and where they differed.
pub struct Comparison<'a> {
    resident: IpcClient,
    fake: FakeBackend,
    server: &'a PlainGateway,
    rows: Vec<Value>,
    /// What each of them gave last to take a change back: resident, fake.
    undo: (Value, Value),
    compared: usize,
    differences: Vec<String>,
}

impl<'a> Comparison<'a> {
    /// Starts the in-memory backend from what the resident has.
    pub async fn start(resident: IpcClient, mut fake: FakeBackend, server: &'a PlainGateway) -> Self {
        let ask = async |request: Value| ask(&resident, &request).await.unwrap();
        let list = json!({ "type": "list", "criteria": criteria(json!({})), "before": null, "limit": 200 });
        let rows = ask(list).await["items"].take();
        let mut snapshot = ask(json!({ "type": "snapshot" })).await;
        // Counted from the rows.
        for name in ["unread", "total"] {
            snapshot.as_object_mut().unwrap().remove(name);
        }
        let changes = json!({
            "items": rows,
            "below": 0,
            "snapshot": snapshot,
            "preferences": ask(json!({ "type": "preferences" })).await,
            "autostart": ask(json!({ "type": "autostart" })).await,
            "system": field(&snapshot, "language"),
            "desk": { "usualAnHour": ask(json!({ "type": "desk" })).await["usualAnHour"] },
        });
        fake.begin(changes).await;
        let rows = rows.as_array().unwrap().clone();
        let undo = (Value::Null, Value::Null);
        Self { resident, fake, server, rows, undo, compared: 0, differences: Vec::new() }
    }

    /// The rows of the story, newest first.
    pub fn rows(&self) -> &[Value] {
        &self.rows
    }

    /// How many answers were compared, and the differences.
    pub fn finish(self) -> (usize, Vec<String>) {
        (self.compared, self.differences)
    }

    /// Plays one step on both, and compares the state that came of it.
    pub async fn play(&mut self, step: PlayedStep) {
        let (name, deadline) = (step.name(), Instant::now() + SETTLES_WITHIN);
        match step {
            PlayedStep::Read(request) => return self.read(&name, &request, deadline).await,
            PlayedStep::Change(request) => self.change(&name, &request).await,
            PlayedStep::Event { channel, payload, like } => self.arrive(&name, channel, payload, like).await,
        }
        self.read(&format!("{name}, then snapshot"), &json!({ "type": "snapshot" }), deadline).await;
        self.read(&format!("{name}, then threadPreferences"), &json!({ "type": "threadPreferences" }), deadline).await;
        for place in ["inbox", "done"] {
            for kind in ["list", "threads"] {
                let criteria = criteria(json!({ "place": place }));
                let request = json!({ "type": kind, "criteria": criteria, "before": null, "limit": 100 });
                self.read(&format!("{name}, then {kind} of {place}"), &request, deadline).await;
            }
        }
    }

    /// Asks both until they agree, since the resident's state follows its answer.
    async fn read(&mut self, name: &str, request: &Value, deadline: Instant) {
        let fake = settle(request, self.fake.call(request).await);
        loop {
            let resident = settle(request, ask(&self.resident, request).await);
            if resident == fake || Instant::now() > deadline {
                return self.note(name, &resident, &fake);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Asks each of them once.
    async fn change(&mut self, name: &str, request: &Value) {
        let with = |undo: &Value| {
            let mut request = request.clone();
            if request["undo"] == "last" {
                request["undo"].clone_from(undo);
            }
            request
        };
        let resident = ask(&self.resident, &with(&self.undo.0)).await;
        let fake = self.fake.call(&with(&self.undo.1)).await;
        if let (Ok(resident), Ok(fake)) = (&resident, &fake)
            && resident.get("undo").is_some()
        {
            self.undo = (field(resident, "undo").clone(), field(fake, "undo").clone());
        }
        self.note(name, &settle(request, resident), &settle(request, fake));
    }

    /// Lets the server emit an event, and hands its row to the in-memory backend with the outcome that an event of this
    /// kind had in the story: the policy itself is the resident's alone.
    async fn arrive(&mut self, name: &str, channel: &str, payload: Value, like: &str) {
        let newest = async |resident: &IpcClient| {
            let criteria = criteria(json!({}));
            let list = json!({ "type": "list", "criteria": criteria, "before": null, "limit": 1 });
            ask(resident, &list).await.unwrap()["items"].get_mut(0).map_or(Value::Null, Value::take)
        };
        let before = newest(&self.resident).await["id"].as_i64();
        self.server.event(channel, payload).await;
        let row = support::eventually("the event has a row", async || {
            Some(newest(&self.resident).await).filter(|row| row["id"].as_i64() > before)
        })
        .await;
        let mut arriving = row.clone();
        let model = self.rows.iter().find(|row| row["kind"] == like && row.get("away").is_none()).unwrap();
        arriving["outcome"].clone_from(&model["outcome"]);
        let fake = self.fake.arrive(arriving).await;
        let request = json!({ "type": "list" });
        self.note(name, &normalize::answer(&request, row), &normalize::answer(&request, fake));
    }

    fn note(&mut self, name: &str, resident: &Value, fake: &Value) {
        self.compared += 1;
        let mut found = Vec::new();
        differences("", resident, fake, &mut found);
        self.differences.extend(found.into_iter().map(|found| format!("{name}: {found}")));
    }
}

/// Asks the resident; the answer, or the error.
async fn ask(resident: &IpcClient, request: &Value) -> Result<Value, Value> {
    let request: Request = serde_json::from_value(request.clone()).unwrap_or_else(|error| panic!("{request}: {error}"));
    resident.try_call(request).await.map_err(|error| serde_json::to_value(error).unwrap())
}

fn settle(request: &Value, answer: Result<Value, Value>) -> Value {
    match answer {
        Ok(answer) => json!({ "answer": normalize::answer(request, answer) }),
        Err(error) => json!({ "error": normalize::error(&error) }),
    }
}

/// Every place at which the values differ, as a path with both.
fn differences(path: &str, resident: &Value, fake: &Value, found: &mut Vec<String>) {
    match (resident, fake) {
        (Value::Object(left), Value::Object(right)) => {
            let names = left.keys().chain(right.keys().filter(|name| !left.contains_key(*name)));
            for name in names {
                let (left, right) = (left.get(name), right.get(name));
                match (left, right) {
                    (Some(left), Some(right)) => differences(&format!("{path}.{name}"), left, right, found),
                    (left, right) => {
                        found.push(format!("{path}.{name}: resident {}, fake {}", shown(left), shown(right)))
                    }
                }
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                differences(&format!("{path}[{index}]"), left, right, found);
            }
        }
        _ if resident == fake => {}
        _ => found.push(format!("{path}: resident {}, fake {}", shown(Some(resident)), shown(Some(fake)))),
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Array(items)) => {
            let ids: Vec<String> = items.iter().map(|item| item.get("id").unwrap_or(item).to_string()).collect();
            format!("{} items: {}", items.len(), ids.join(" "))
        }
        Some(value) => value.to_string(),
    }
}
