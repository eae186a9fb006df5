//! The table, printed, and written into the documentation when asked.

use std::fmt::Write as _;
use std::io::Write as _;

use super::Table;

/// Prints the table, and replaces the part of `docs/CONNECTION.md` between the markers of this name.
pub fn publish(name: &str, table: &Table) {
    let mut text =
        String::from("| fault | Gatecall | rust_socketio 0.6.0 | socket.io-client 4.8 |\n|---|---|---|---|\n");
    for (fault, cells) in table {
        let cells: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).collect();
        writeln!(text, "| {fault} | {} |", cells.join(" | ")).unwrap();
    }
    // Straight to the handle: the harness would keep a printed table to itself.
    std::io::stdout().write_all(format!("\n{text}\n").as_bytes()).unwrap();
    if super::only().is_none() {
        peers::bench::docs::write(name, &text);
    }
}
