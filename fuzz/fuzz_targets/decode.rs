//! Fuzz target of the Socket.IO decoder: mixed text and binary messages neither panic nor hang, and decoded packets can be
//! encoded and decoded again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut decoder = socketio::fuzzing::FuzzDecoder::new();
    // Messages start with a kind byte and end with 0xff, which is not valid in UTF-8.
    for message in data.split(|byte| *byte == 0xff) {
        match message.split_first() {
            Some((0, binary)) => decoder.binary(binary),
            Some((_, text)) => {
                if let Ok(text) = std::str::from_utf8(text) {
                    decoder.text(text);
                }
            }
            None => {}
        }
    }
});
