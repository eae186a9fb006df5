//! The fault table as Markdown.

use std::fmt::Write as _;
use std::io::Write as _;

use super::fault::FaultResult;

/// Faults with their results, in the order of [`ClientKind::ALL`](peers::bench::ClientKind::ALL).
pub type FaultTable = Vec<(&'static str, Vec<FaultResult>)>;

/// Prints the table; a complete one is written into `docs/CONNECTION.md` between the markers of this name when asked.
pub fn publish(name: &str, table: &FaultTable, is_complete: bool) {
    let mut text =
        String::from("| fault | Gatecall | rust_socketio 0.6.0 | socket.io-client 4.8 |\n|---|---|---|---|\n");
    for (fault, results) in table {
        let results: Vec<&str> = results.iter().map(|result| result.text.as_str()).collect();
        writeln!(text, "| {fault} | {} |", results.join(" | ")).unwrap();
    }
    // Written to the handle itself: the test harness captures `println!`.
    std::io::stdout().write_all(format!("\n{text}\n").as_bytes()).unwrap();
    if is_complete {
        peers::bench::docs::write(name, &text);
    }
}
