//! The REST routes, one module for each resource.
//!
//! A response is `{success: true, data, message}`, with `meta` beside it for pages; an error is
//! [`crate::error::ApiError`].

pub mod auth;
pub mod bookings;
pub mod events;
pub mod flights;
pub mod health;
mod http;
pub mod notifications;
mod paging;
