//! Commands for the main loop.

/// Command that only the main loop can execute.
#[derive(Debug)]
pub enum ShellCommand {
    /// Shows the window and opens a row in it.
    ShowWindow { row: Option<i64>, activation_token: Option<String> },
    /// Ends the program.
    Quit,
}
