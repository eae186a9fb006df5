//! Entry points of the decoder for fuzzers; compiled under `--cfg fuzzing` only.

use bytes::Bytes;

use crate::args::Args;
use crate::codec::{Codec, Packet};

/// Reads messages as a session does.
pub struct FuzzDecoder(Codec);

impl Default for FuzzDecoder {
    fn default() -> Self {
        Self::new()
    }
}

impl FuzzDecoder {
    /// A connection that has just begun.
    pub fn new() -> Self {
        Self(Codec::new("/", 1 << 20))
    }

    /// Reads a text message. An event is written again and has to read the same.
    pub fn text(&mut self, text: &str) {
        if let Ok(Packet::Event { name, args, attachments, ack }) = self.0.decode_text(text)
            && attachments.is_empty()
        {
            let values: Vec<serde_json::Value> =
                args.iter().filter_map(|arg| serde_json::from_str(arg.get()).ok()).collect();
            // Numbers beyond f64 and nesting beyond 128 levels are text that stays text; they have no value.
            if values.len() == args.len() {
                let again = self.0.event(&name, Args::from(values), ack);
                let read = Codec::new("/", 1 << 20).decode_text(&again.text);
                assert!(
                    matches!(&read, Ok(Packet::Event { name: same, args: all, ack: id, .. })
                        if *same == name && all.len() == args.len() && *id == ack),
                    "{text:?} became {:?}, which reads {read:?}",
                    again.text
                );
            }
        }
    }

    /// Reads a binary message.
    pub fn binary(&mut self, data: &[u8]) {
        let _ = self.0.decode_binary(Bytes::copy_from_slice(data));
    }
}
