//! Authentication: passwords, access tokens, refresh tokens, and the extractors of the caller.

mod caller;
pub mod password;
pub mod refresh;
mod service_token;
pub mod token;

pub use caller::{Caller, CallingService, bearer};
pub use service_token::ServiceToken;
