//! What may differ between two backends that are both right.

use jiff::Timestamp;
use serde_json::{Value, json};

/// Fields that are taken out of the answer to a request, and why. `[]` stands for every item.
const NOT_COMPARED: &[(&str, &str, &str)] = &[
    ("snapshot", "connection.since", "a moment of two clocks"),
    ("snapshot", "connection.retryAt", "a moment of two clocks"),
    ("snapshot", "connection.attempt", "attempts of a connection that the fake does not have"),
    ("snapshot", "connection.reason.message", "a sentence about one server"),
    ("snapshot", "digest.title", "a sentence that counts what is left in the digest; the items are compared"),
    ("snapshot", "digest.body", "as the title"),
    ("desk", "lagMs", "the resident takes off the offset between the clocks, and forgets it with a restart"),
    (
        "desk",
        "watched",
        "the resident counts what a rule decided, the fake what fits it: its rows are older than its rules",
    ),
    ("desk", "flights.[].bookings", "no row says how many bookings a change affects"),
];

/// Fields that are taken out of every row, and why.
const NOT_COMPARED_OF_ROWS: &[(&str, &str)] = &[
    ("text", "the sentence of an outcome is the policy's, which the fake does not have"),
    ("reason", "the reason of an outcome is the policy's; code, setting and rule are compared"),
];

/// The answer to `request` without what may differ.
pub fn answer(request: &Value, mut answer: Value) -> Value {
    let kind = request["type"].as_str().unwrap();
    for (_, path, _) in NOT_COMPARED.iter().filter(|(of, ..)| *of == kind) {
        remove(&mut answer, &path.split('.').collect::<Vec<_>>());
    }
    match kind {
        "desk" => desk(&mut answer),
        "export" => export(&mut answer),
        // Numbers of two counters.
        "setRead" | "setDone" => answer["undo"] = field(&answer, "undo").is_number().into(),
        _ => {}
    }
    rows(&mut answer);
    answer
}

/// The code of an error: the sentence is the resident's, which knows the server, the file and the language.
pub fn error(error: &Value) -> Value {
    json!({ "code": error["code"] })
}

fn remove(value: &mut Value, path: &[&str]) {
    match (path, value) {
        ([name], Value::Object(fields)) => drop(fields.remove(*name)),
        (["[]", rest @ ..], Value::Array(items)) => items.iter_mut().for_each(|item| remove(item, rest)),
        ([name, rest @ ..], Value::Object(fields)) => {
            if let Some(inner) = fields.get_mut(*name) {
                remove(inner, rest);
            }
        }
        _ => {}
    }
}

fn desk(answer: &mut Value) {
    // Which of 60 minutes a row belongs to depends on the second of the question; how many rows there are does not.
    let minutes = answer["minutes"].as_array().unwrap();
    answer["minutes"] = json!([minutes.len(), minutes.iter().filter_map(Value::as_u64).sum::<u64>()]);
    // Kinds with the same count have no order, and flights are ordered by a number that is not compared.
    answer["kinds"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
    answer["flights"].as_array_mut().unwrap().sort_by_key(|flight| flight["thread"].to_string());
    // Until a restart the resident knows this moment more finely than its rows say.
    let last: Option<Timestamp> = answer["lastEventAt"].as_str().map(|text| text.parse().unwrap());
    answer["lastEventAt"] = last.map(Timestamp::as_millisecond).into();
}

/// The folder and the day of a path are of one machine.
fn export(answer: &mut Value) {
    let extension = answer["path"].as_str().and_then(|path| path.rsplit('.').next()).map(str::to_owned);
    answer["path"] = extension.into();
}

fn rows(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(rows),
        Value::Object(fields) => {
            if let Some(outcome) = fields.get_mut("outcome").and_then(Value::as_object_mut) {
                for (name, _) in NOT_COMPARED_OF_ROWS {
                    outcome.remove(*name);
                }
            }
            fields.values_mut().for_each(rows);
        }
        _ => {}
    }
}

/// The field of an object, for both that have it and that do not.
pub fn field<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}
