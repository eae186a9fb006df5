//! Encoding and decoding of packets.
//!
//! Header, acknowledgement number and attachments are parsed by `socketioxide-parser-common`, which leaves the JSON
//! as it came: numbers keep every digit. It has no CONNECT_ERROR (type 4), which is therefore read here, and it
//! parses for servers, so the OPEN packet and the array of an event are read here too.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use socketioxide_core::packet::{Packet as RawPacket, PacketData};
use socketioxide_core::parser::{Parse, ParseConfig, ParseError, ParserState};
use socketioxide_core::{Str, Value};
use socketioxide_parser_common::CommonParser;

use crate::args::Args;

/// Most attachments of one event.
const MAX_ATTACHMENTS: usize = 64;

/// A packet from the server, as seen by one namespace.
#[derive(Debug)]
pub(crate) enum Packet {
    /// Engine.IO OPEN: the session's parameters.
    Open(OpenPacket),
    /// Engine.IO CLOSE.
    EngineClose,
    /// Engine.IO PING, with the bytes to send back.
    Ping(String),
    /// CONNECT: the namespace accepted us. The private session id is there when the server can recover sessions.
    Connected { pid: Option<String> },
    /// CONNECT_ERROR.
    Refused { message: String, data: Option<Json> },
    /// DISCONNECT.
    Disconnect,
    /// EVENT or BINARY_EVENT.
    Event { name: String, args: Vec<Box<RawValue>>, attachments: Vec<Bytes>, ack: Option<i64> },
    /// ACK or BINARY_ACK.
    Ack { id: i64, args: Vec<Box<RawValue>>, attachments: Vec<Bytes> },
    /// Another namespace, a NOOP, a PONG, or the first part of a binary packet.
    Nothing,
}

/// The OPEN packet's payload.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenPacket {
    ping_interval: u64,
    ping_timeout: u64,
}

impl OpenPacket {
    /// Silence longer than this means that the link is dead.
    pub fn silence_limit(&self) -> Duration {
        Duration::from_millis(self.ping_interval.saturating_add(self.ping_timeout))
    }
}

/// A breach of the protocol.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Violation(pub String);

impl Violation {
    fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

/// The parser of one connection. It is stateful, since a binary packet arrives in several messages.
pub(crate) struct Codec {
    namespace: String,
    config: ParseConfig,
    state: ParserState,
}

impl Codec {
    pub fn new(namespace: &str, max_bytes: usize) -> Self {
        let config = ParseConfig {
            max_incoming_binary_buf_size: max_bytes,
            max_incoming_binaries: MAX_ATTACHMENTS,
            packet_completion_timeout: Duration::from_secs(60),
        };
        Self { namespace: namespace.to_owned(), config, state: ParserState::default() }
    }

    /// Reads a text message.
    pub fn decode_text(&self, text: &str) -> Result<Packet, Violation> {
        let mut chars = text.chars();
        let kind = chars.next().ok_or_else(|| Violation::new("an empty packet"))?;
        let rest = chars.as_str();
        match kind {
            '0' => serde_json::from_str(rest).map(Packet::Open).map_err(|_| Violation::new("an OPEN that is no OPEN")),
            '1' => Ok(Packet::EngineClose),
            '2' => Ok(Packet::Ping(rest.to_owned())),
            '3' | '6' => Ok(Packet::Nothing),
            '4' if rest.starts_with('4') => self.connect_error(&rest[1..]),
            '4' => {
                let decoded = CommonParser.decode_str(&self.config, &self.state, Str::from(rest.to_owned()));
                self.packet(decoded)
            }
            _ => Err(Violation::new("an unknown Engine.IO packet")),
        }
    }

    /// Reads a binary message: an attachment of the packet before it.
    pub fn decode_binary(&self, data: Bytes) -> Result<Packet, Violation> {
        let decoded = CommonParser.decode_bin(&self.config, &self.state, data);
        self.packet(decoded)
    }

    fn packet(&self, decoded: Result<RawPacket, ParseError>) -> Result<Packet, Violation> {
        let packet = match decoded {
            Ok(packet) => packet,
            Err(ParseError::NeedsMoreBinaryData) => return Ok(Packet::Nothing),
            Err(error) => return Err(Violation::new(error.to_string())),
        };
        if packet.ns.as_str() != self.namespace {
            return Ok(Packet::Nothing);
        }
        match packet.inner {
            PacketData::Connect(payload) => Ok(Packet::Connected { pid: pid(payload) }),
            PacketData::Disconnect => Ok(Packet::Disconnect),
            PacketData::Event(value, ack) | PacketData::BinaryEvent(value, ack) => event(value, ack),
            PacketData::EventAck(value, id) | PacketData::BinaryAck(value, id) => {
                let (args, attachments) = array(&value)?;
                Ok(Packet::Ack { id, args, attachments })
            }
            PacketData::ConnectError(_) => Err(Violation::new("a CONNECT_ERROR where none can be")),
        }
    }

    fn connect_error(&self, rest: &str) -> Result<Packet, Violation> {
        #[derive(Deserialize)]
        struct ConnectErrorPayload {
            message: String,
            data: Option<Json>,
        }
        let (namespace, payload) = match rest.strip_prefix('/') {
            Some(_) => rest.split_once(',').unwrap_or((rest, "")),
            None => ("/", rest),
        };
        if namespace != self.namespace {
            return Ok(Packet::Nothing);
        }
        // Old servers send a bare string.
        let payload = serde_json::from_str::<ConnectErrorPayload>(payload).unwrap_or_else(|_| ConnectErrorPayload {
            message: serde_json::from_str(payload).unwrap_or_else(|_| "no reason given".to_owned()),
            data: None,
        });
        Ok(Packet::Refused { message: payload.message, data: payload.data })
    }

    /// CONNECT with its payload.
    pub fn connect(&self, auth: &Json) -> Encoded {
        let payload = (!auth.is_null()).then(|| Value::Str(Str::from(auth.to_string()), None));
        self.encode(RawPacket::connect(self.namespace.clone(), payload))
    }

    /// DISCONNECT.
    pub fn disconnect(&self) -> Encoded {
        self.encode(RawPacket::disconnect(self.namespace.clone()))
    }

    /// EVENT or BINARY_EVENT.
    pub fn event(&self, name: &str, args: Args, ack: Option<i64>) -> Encoded {
        let (array, attachments) = args.into_parts(Some(name));
        let mut packet = RawPacket::event(self.namespace.clone(), Value::Str(Str::from(array), attachments));
        if let Some(id) = ack {
            packet.inner.set_ack_id(id);
        }
        self.encode(packet)
    }

    /// ACK or BINARY_ACK.
    pub fn ack(&self, id: i64, args: Args) -> Encoded {
        let (array, attachments) = args.into_parts(None);
        self.encode(RawPacket::ack(self.namespace.clone(), Value::Str(Str::from(array), attachments), id))
    }

    fn encode(&self, packet: RawPacket) -> Encoded {
        match CommonParser.encode(packet) {
            Value::Str(text, attachments) => {
                Encoded { text: format!("4{text}"), attachments: attachments.unwrap_or_default() }
            }
            Value::Bytes(_) => unreachable!("the common parser writes text"),
        }
    }
}

/// A packet, ready to be sent: a text message, and the binary messages that follow it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Encoded {
    pub text: String,
    pub attachments: VecDeque<Bytes>,
}

fn pid(payload: Option<Value>) -> Option<String> {
    #[derive(Deserialize)]
    struct ConnectPayload {
        pid: Option<String>,
    }
    let Value::Str(text, _) = payload? else { return None };
    serde_json::from_str::<ConnectPayload>(text.as_str()).ok()?.pid
}

fn event(value: Value, ack: Option<i64>) -> Result<Packet, Violation> {
    let (mut items, attachments) = array(&value)?;
    if items.is_empty() {
        return Err(Violation::new("an event without a name"));
    }
    let name = items.remove(0);
    let name = serde_json::from_str(name.get()).map_err(|_| Violation::new("an event whose name is no text"))?;
    Ok(Packet::Event { name, args: items, attachments, ack })
}

fn array(value: &Value) -> Result<(Vec<Box<RawValue>>, Vec<Bytes>), Violation> {
    let Value::Str(text, attachments) = value else {
        return Err(Violation::new("a payload that is no text"));
    };
    let items = serde_json::from_str(text.as_str()).map_err(|_| Violation::new("a payload that is no JSON array"))?;
    Ok((items, attachments.iter().flatten().cloned().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codec() -> Codec {
        Codec::new("/", 1 << 20)
    }

    #[test]
    fn keeps_numbers_to_the_digit() {
        let packet = codec().decode_text(r#"42["booking:created",{"totalPrice":450.00},"offset"]"#);
        let Ok(Packet::Event { name, args, .. }) = packet else { panic!("{packet:?}") };
        assert_eq!(name, "booking:created");
        assert_eq!(args[0].get(), r#"{"totalPrice":450.00}"#);
        assert_eq!(args.len(), 2);
    }

    #[test]
    fn reads_both_forms_of_refusal() {
        let packet = codec().decode_text(r#"44{"message":"no","data":{"code":7}}"#);
        let Ok(Packet::Refused { message, data }) = packet else { panic!("{packet:?}") };
        assert_eq!((message.as_str(), data), ("no", Some(serde_json::json!({"code": 7}))));
        assert!(matches!(codec().decode_text("44\"no\""), Ok(Packet::Refused { message, .. }) if message == "no"));
        assert!(matches!(codec().decode_text(r#"44/admin,{"message":"no"}"#), Ok(Packet::Nothing)));
    }

    #[test]
    fn other_namespaces_are_not_ours() {
        assert!(matches!(codec().decode_text(r#"42/admin,["x"]"#), Ok(Packet::Nothing)));
        let admin = Codec::new("/admin", 1024);
        assert!(matches!(admin.decode_text(r#"42/admin,["x"]"#), Ok(Packet::Event { .. })));
        assert_eq!(admin.event("x", Args::new(), Some(3)).text, r#"42/admin,3["x"]"#);
        assert_eq!(admin.disconnect().text, "41/admin,");
    }

    #[test]
    fn attachments_follow_their_event() {
        let codec = codec();
        let head = r#"451-["photo",{"_placeholder":true,"num":0}]"#;
        assert!(matches!(codec.decode_text(head), Ok(Packet::Nothing)));
        let whole = codec.decode_binary(Bytes::from_static(b"\x1e\x00"));
        let Ok(Packet::Event { attachments, .. }) = whole else { panic!("{whole:?}") };
        assert_eq!(attachments, [Bytes::from_static(b"\x1e\x00")]);
        assert!(codec.decode_binary(Bytes::new()).is_err(), "an attachment of nothing");
        assert!(codec.decode_text(r#"4565-["photo"]"#).is_err(), "too many");
    }

    #[test]
    fn attachments_round_trip() {
        let mut args = Args::from([Json::from(1)]);
        args.push_binary(vec![0x1e]);
        let nested = args.attach(vec![2, 2]);
        args.push(serde_json::json!({ "deep": [nested] }));
        let encoded = codec().event("photo", args, Some(7));
        assert_eq!(
            encoded.text,
            r#"452-7["photo",1,{"_placeholder":true,"num":0},{"deep":[{"_placeholder":true,"num":1}]}]"#
        );
        let codec = codec();
        assert!(matches!(codec.decode_text(&encoded.text), Ok(Packet::Nothing)));
        let mut last = None;
        for attachment in encoded.attachments {
            last = Some(codec.decode_binary(attachment));
        }
        let Some(Ok(Packet::Event { attachments, ack: Some(7), .. })) = last else { panic!("{last:?}") };
        assert_eq!(attachments, [Bytes::from_static(&[0x1e]), Bytes::from_static(&[2, 2])]);
    }

    #[test]
    fn the_private_session_id_comes_with_connect() {
        let pid = |text: &str| match codec().decode_text(text) {
            Ok(Packet::Connected { pid }) => pid,
            other => panic!("{other:?}"),
        };
        assert_eq!(pid(r#"40{"sid":"s","pid":"p"}"#).as_deref(), Some("p"));
        assert_eq!(pid(r#"40{"sid":"s"}"#), None);
        assert_eq!(pid("40"), None);
    }

    #[test]
    fn violations_are_errors() {
        for text in ["", "9", "0{}", "42", "42{}", "42[]", "42[7]", "43[]", "47", "45[\"x\"]"] {
            assert!(codec().decode_text(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn decoding_never_panics(text in "[0-9]{0,3}(/[a-z]{0,3},?)?[0-9]{0,20}.{0,40}", bytes in any::<Vec<u8>>()) {
            let codec = codec();
            let _ = codec.decode_text(&text);
            let _ = codec.decode_binary(Bytes::from(bytes));
        }

        #[test]
        fn events_round_trip(name in any::<String>(), text in any::<String>(), ack in proptest::option::of(0i64..)) {
            let codec = codec();
            let arg = serde_json::json!({ "text": text });
            let decoded = codec.decode_text(&codec.event(&name, Args::from([arg.clone()]), ack).text);
            let Ok(Packet::Event { name: read, args, ack: read_ack, .. }) = decoded else {
                return Err(TestCaseError::fail(format!("{decoded:?}")));
            };
            prop_assert_eq!(read, name);
            prop_assert_eq!(read_ack, ack);
            prop_assert_eq!(serde_json::from_str::<Json>(args[0].get()).expect("JSON"), arg);
        }
    }
}
