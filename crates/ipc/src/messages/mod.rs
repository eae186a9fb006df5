//! Messages of the IPC protocol, by direction: hellos, requests, answers, pushes and errors.

mod answers;
mod errors;
mod frames;
mod hello;
mod pages;
mod push;
mod request;

pub use answers::{About, Autostart, ExportResult, Undoable};
pub use errors::{ErrorBody, ErrorCode};
pub(crate) use frames::Call;
pub use frames::ServerFrame;
pub use hello::{Hello, PROTOCOL_VERSION, PeerKind};
pub use pages::{Page, ThreadPage};
pub use push::{Push, TestToastResult};
pub use request::{ExportFormat, NetworkView, Request, SignIn};
