//! What an event or an acknowledgement carries.

use std::collections::VecDeque;

use bytes::Bytes;
use serde_json::{Value, json};

/// The arguments of an event or an acknowledgement: JSON values, and bytes that stand in for values.
///
/// ```
/// # use socketio::Args;
/// # use serde_json::json;
/// let mut args = Args::from([json!("boarding pass")]);
/// let picture = args.attach(vec![0x89, 0x50]);
/// args.push(json!({ "pnr": "ABC123", "picture": picture }));
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Args {
    values: Vec<Value>,
    attachments: VecDeque<Bytes>,
}

impl Args {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an argument.
    pub fn push(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
    }

    /// Adds bytes, and gives the value that stands for them anywhere inside an argument (Socket.IO protocol, "Binary
    /// event"). At most 64 of them arrive at a peer of this crate.
    pub fn attach(&mut self, bytes: impl Into<Bytes>) -> Value {
        let placeholder = json!({ "_placeholder": true, "num": self.attachments.len() });
        self.attachments.push_back(bytes.into());
        placeholder
    }

    /// Adds bytes as an argument of their own.
    pub fn push_binary(&mut self, bytes: impl Into<Bytes>) {
        let placeholder = self.attach(bytes);
        self.push(placeholder);
    }

    /// The JSON array, behind the event's name where there is one, and the attachments.
    pub(crate) fn into_parts(self, name: Option<&str>) -> (String, Option<VecDeque<Bytes>>) {
        let name = name.map(Value::from);
        let array: Vec<Value> = name.into_iter().chain(self.values).collect();
        (Value::from(array).to_string(), (!self.attachments.is_empty()).then_some(self.attachments))
    }
}

impl<const N: usize> From<[Value; N]> for Args {
    fn from(values: [Value; N]) -> Self {
        Vec::from(values).into()
    }
}

impl From<&[Value]> for Args {
    fn from(values: &[Value]) -> Self {
        values.to_vec().into()
    }
}

impl From<Vec<Value>> for Args {
    fn from(values: Vec<Value>) -> Self {
        Self { values, attachments: VecDeque::new() }
    }
}
