//! `doctor`: checks every part and names the next step for the user.

mod check;
mod credentials;
mod hints;
mod local;
mod report;
mod server;
mod toasts;

pub use report::{doctor, run_checks};
