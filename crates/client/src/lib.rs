//! The background half of Gatecall: supervisor, REST, credentials, pipeline (the single writer) and store.
//!
//! [`Engine::start`] wires it; everything else talks to an [`Engine`]. The operating system is reached through
//! [`ports`] only. Events go `socketio` → supervisor → bounded queue → pipeline → SQLite → watchers and toasts.

mod backoff;
mod credentials;
mod decisions;
mod engine;
mod jobs;
mod network;
mod pipeline;
pub mod ports;
mod preferences;
mod rest;
mod server_check;
mod server_clock;
mod settings_file;
mod start_error;
mod status;
mod store;
mod supervisor;
mod tokens;

pub use engine::{ApplyNetworkError, CommandError, Config, Engine, Running, database_path};
pub use jobs::JobHandle;
pub use network::{NetworkConfig, NetworkConfigError};
pub use pipeline::{UndoTicket, test_toast};
pub use rest::{Rest, RestError};
pub use server_clock::ServerClock;
pub use settings_file::{SettingsError, SettingsFile};
pub use start_error::StartError;
pub use status::Change;
pub use store::{
    AccountKey, ExportSnapshot, InboxSize, MAX_PAGE, RowPage, Store, StoreError, ThreadListPage, sqlite_version,
};
pub use supervisor::SignInError;
pub use tokens::{Claims, Tokens};
