//! The booking service of the guide as a real server: sign-in, bookings, flights and their events on Socket.IO.
//!
//! [`serve()`] takes listeners and a shutdown future and owns everything that it starts. It is embedded by the demo,
//! used as a peer by tests, and run as a product by `gatecall-gateway`; [`GatewayConfig::embedded`] and [`GatewayConfig::from_env`]
//! are the two ways to configure it.
//!
//! One request goes `rest` → `bookings` (the rules) → `store` (one transaction, which appends its `events` to the
//! `event_log`). `publish` tails the log and emits to the rooms of `socket`, in the order of the log; a client that
//! missed something asks `catchup` for it. `ingest` appends the events of other services.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use gateway::{GatewayConfig, Listeners};
//!
//! let config = GatewayConfig::embedded();
//! let booking = tokio::net::TcpListener::bind(config.listen).await?;
//! let address = booking.local_addr()?;
//! let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
//! let server = tokio::spawn(gateway::serve(config, Listeners { booking, auth: None }, async {
//!     stopped.await.ok();
//! }));
//! println!("http://{address}");
//! drop(stop);
//! server.await??;
//! # Ok(()) }
//! ```

mod auth;
mod bookings;
mod catchup;
mod config;
mod error;
mod event_log;
mod event_names;
mod events;
mod ingest;
mod message;
mod money;
mod net;
mod origin;
mod publish;
mod rest;
mod retention;
mod rights;
mod router;
mod seed;
mod serve;
mod socket;
mod state;
mod store;
mod time;

pub use config::{ConfigError, GatewayConfig, Seeding, VARIABLES, Variable, help};
pub use origin::{OriginError, Origins};
pub use seed::{DEMO_ADMIN, DEMO_CUSTOMER, DemoUser};
pub use serve::{Listeners, ServeError, serve};
pub use store::OpenError;
