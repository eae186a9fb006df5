//! Text of a server, to be shown: whatever it is, it becomes one short clean line that stays as it is, in bounded time.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((max, text)) = data.split_first() else { return };
    let max = usize::from(max % 100) + 1;
    // Broken bytes never get here from a socket, so they are replaced to keep what stands beside them.
    let text = String::from_utf8_lossy(text);
    domain::sanitize::check(&domain::sanitize::line(&text, max), max);
});
