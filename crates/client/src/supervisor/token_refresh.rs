//! Token refresh: tokens are read again before each attempt and refreshed before they expire.

use std::convert::Infallible;

use domain::Secret;
use domain::settings::Account;
use jiff::SignedDuration;
use tokio::sync::watch;

use super::context::{LinkContext, LinkEnd, host};
use super::{link_reasons, wall_clock};
use crate::credentials::Credentials;
use crate::rest::RestError;
use crate::status::Part;
use crate::tokens::{REFRESH_MARGIN, Tokens};

/// Between two refreshes while the link is up, whether they worked or not.
const REFRESH_PAUSE: SignedDuration = SignedDuration::from_secs(15);

/// The tokens for the next attempt: read again from the keychain, refreshed when they are due. `renew` refreshes them
/// in any case: the server has just refused the ones we have.
pub(super) async fn fresh_tokens(
    context: &LinkContext,
    credentials: &mut Credentials,
    account: &Account,
    renew: bool,
) -> Result<Tokens, LinkEnd> {
    let id = account.id();
    let tokens = match credentials.load(&id).await {
        Ok(Some(tokens)) => tokens,
        Ok(None) => return Err(LinkEnd::SignInNeeded(link_reasons::not_signed_in(context.language()))),
        Err(error) => return Err(LinkEnd::failed(link_reasons::keychain_failed(&error, context.language()))),
    };
    let claims = tokens.claims();
    if !renew && !claims.is_due(context.clock.server_now()) {
        return Ok(tokens);
    }
    match refresh(context, credentials, account, &tokens).await {
        Ok(tokens) => Ok(tokens),
        Err(RestError::Refused { .. }) => {
            Err(LinkEnd::SignInNeeded(link_reasons::token_refused(None, context.language())))
        }
        // Nothing to refresh with: the server decides about the token we have, unless it just did.
        Err(RestError::Absent) if renew => {
            Err(LinkEnd::SignInNeeded(link_reasons::token_refused(None, context.language())))
        }
        Err(RestError::Absent) => Ok(tokens),
        Err(_) if !renew && !claims.is_expired(context.clock.server_now()) => Ok(tokens),
        Err(error) => Err(LinkEnd::Failed {
            reason: link_reasons::rest_failed(&error, host(account), context.network_is_down(), context.language()),
            online_for: None,
            retry_after: match error {
                RestError::Busy { retry_after, .. } => retry_after,
                _ => None,
            },
        }),
    }
}

/// Refreshes the tokens before they expire, so that a server which kicks at expiry finds us ready. The token in use is
/// told to `token`.
pub(super) async fn keep_fresh(
    context: &LinkContext,
    credentials: &mut Credentials,
    account: &Account,
    mut tokens: Tokens,
    token: watch::Sender<Secret>,
) -> Infallible {
    while let Some(expiry) = tokens.claims().expires_at() {
        // A server whose tokens live shorter than the margin would otherwise be asked without end.
        let soonest = context.clock.now() + REFRESH_PAUSE;
        let due = context.clock.local(expiry).saturating_sub(REFRESH_MARGIN).unwrap_or(soonest);
        wall_clock::sleep_until(&context.clock, soonest.max(due)).await;
        match refresh(context, credentials, account, &tokens).await {
            Ok(fresh) => {
                token.send_replace(fresh.access.clone());
                tokens = fresh;
            }
            Err(RestError::Absent | RestError::Refused { .. }) => break,
            Err(error) => tracing::info!(%error, "the tokens could not be refreshed yet"),
        }
    }
    // The next attempt settles it; until then the link lives as long as the server lets it.
    std::future::pending().await
}

async fn refresh(
    context: &LinkContext,
    credentials: &mut Credentials,
    account: &Account,
    tokens: &Tokens,
) -> Result<Tokens, RestError> {
    match credentials.refresh(&context.rest, account.auth(), &account.id(), tokens).await {
        Ok(refreshed) => {
            context.status.problem(
                Part::Keychain,
                refreshed.kept.err().map(|error| link_reasons::unsaved(&error, context.language())),
            );
            Ok(refreshed.tokens)
        }
        // Only these mean "sign in again" (W15).
        Err(RestError::Refused { status, message }) if !matches!(status, 200..=299 | 400 | 401 | 403) => {
            tracing::warn!(status, message, "the refresh was answered oddly");
            Err(RestError::Busy { status, retry_after: None })
        }
        Err(error) => Err(error),
    }
}
