//! A connection's messages, text and binary mixed: whatever they are, reading them neither panics nor hangs, and what
//! can be read can be read again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut decoder = socketio::fuzzing::FuzzDecoder::new();
    // Each message is led by its kind, and ends with a byte that no text holds.
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
