//! Signing in: passwords, access tokens, refresh tokens, and who is calling.

mod caller;
pub mod password;
mod refresh;
mod routes;
mod service_token;
pub mod token;

pub use caller::{Caller, bearer};
pub use routes::router;
pub use service_token::{CallingService, ServiceToken};
