//! Commands of the command line. Each runs on the resident where one is running.

mod doctor;
mod export;
mod inbox;
mod output;
mod session;
mod target;
mod watch;

pub use doctor::{doctor, run_checks};
pub use export::export;
pub use inbox::{list, mark_read};
pub use session::{login, logout};
pub use watch::watch;
