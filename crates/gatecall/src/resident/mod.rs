//! Resident program: one for each profile, from the lock to the shutdown.

mod diagnostics;
mod export;
mod forms;
mod host;
mod ipc_server;
mod main_loop;
mod network;
mod push_sources;
mod request_error;
mod request_handler;
mod shell_command;
mod shutdown_signal;
mod single_instance;
mod start;
mod window_process;
mod window_registry;

pub use forms::parse_account;
#[cfg(feature = "demo")]
pub use main_loop::Resident;
pub use start::start;
pub use window_process::window_program;
