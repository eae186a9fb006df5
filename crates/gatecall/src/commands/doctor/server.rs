//! Checks of the servers.

use client::{Rest, RestError};
use domain::Secret;
use domain::account::{Audience, ServerUrl};
use domain::settings::{Account, NetworkSettings};

use super::check::{CheckResult, failed, ok};

/// Checks both origins of a service: one for the sign-in, the other for bookings and socket.
pub async fn servers(account: &Account, network: &NetworkSettings) -> Vec<CheckResult> {
    let rest = match Rest::of_settings(network) {
        Ok(rest) => rest,
        Err(error) => return vec![failed("server", error.to_string(), "Correct `network` in settings.json.")],
    };
    // Called without a token: a refusal also shows that the service answers, and the token has its own check.
    let bookings = match rest.bookings(account.booking(), &Secret::new(""), Audience::Traveler, 1).await {
        Err(RestError::Refused { .. }) => Ok(()),
        answer => answer.map(drop),
    };
    vec![
        server("server", account.auth(), rest.probe(account.auth()).await),
        server("bookings", account.booking(), bookings),
    ]
}

fn server(part: &'static str, address: &ServerUrl, answer: Result<(), RestError>) -> CheckResult {
    match answer {
        Ok(()) => ok(part, format!("{address} answers")),
        Err(RestError::Unreachable(error)) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(" ({cause})")).unwrap_or_default();
            failed(part, format!("{address} does not answer{cause}"), "Check the network and the address.")
        }
        Err(error) => failed(part, format!("{address}: {error}"), "Check the address, or ask whoever runs the server."),
    }
}
