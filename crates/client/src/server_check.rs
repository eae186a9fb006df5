//! Check of a server address before sign-in: a real connection, up to the server's greeting.

use std::time::Duration;

use domain::Language;
use domain::account::ServerUrl;
use domain::server_check::{CheckStep, ServerCheck};
use domain::text::{ServerAdvice, server_problem};
use socketio::{ConnectError, ConnectOptions, ConnectStage, is_this_machine, probe};
use tokio::time::{Instant, timeout_at};

use crate::network::NetworkConfig;
use crate::rest::Rest;
use crate::supervisor::not_connected;

/// How long a WebSocket may take that something on the way may have swallowed…
const BY_WEBSOCKET: Duration = Duration::from_secs(5);
/// …and everything, with the question whether the server answers without one.
const DEADLINE: Duration = Duration::from_secs(8);

/// Goes the way of `network`, which is that of `rest`, too. Never takes longer than 8 s.
pub(crate) async fn check_server(
    server: &ServerUrl,
    network: &NetworkConfig,
    rest: &Rest,
    language: Language,
) -> ServerCheck {
    let deadline = Instant::now() + DEADLINE;
    let host = server.as_url().host_str().unwrap_or_default();
    let mut options = ConnectOptions::new(server.as_url().clone());
    options.tls = Some(network.tls.clone());
    options.proxy = network.proxy.clone();
    options.connect_timeout = BY_WEBSOCKET;
    let looked = probe(&options).await;
    let steps = Steps::of(&looked, server);
    let blocked =
        steps.speaks == CheckStep::Bad && timeout_at(deadline, rest.greets_by_polling(server)).await == Ok(true);
    let problem = match &looked {
        _ if blocked => Some(server_problem(&ServerAdvice::NoWebSockets(host), language)),
        Err(error) => {
            let why = not_connected(error, host, language).message;
            Some(server_problem(&problem(error, &steps, &why), language))
        }
        Ok(()) if steps.encrypted == CheckStep::Doubtful => Some(server_problem(&ServerAdvice::Plain(host), language)),
        Ok(()) => None,
    };
    let Steps { reachable, encrypted, speaks } = steps;
    ServerCheck { address: server.to_string(), reachable, encrypted, speaks, problem }
}

/// How far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Steps {
    reachable: CheckStep,
    encrypted: CheckStep,
    speaks: CheckStep,
}

impl Steps {
    fn of(looked: &Result<(), ConnectError>, server: &ServerUrl) -> Self {
        use CheckStep::{Bad, Doubtful, Good, Unknown};
        let encrypted =
            if server.as_url().scheme() == "https" || is_this_machine(server.as_url()) { Good } else { Doubtful };
        match looked {
            Ok(()) => Self { reachable: Good, encrypted, speaks: Good },
            Err(
                ConnectError::Address(_)
                | ConnectError::Dns(_)
                | ConnectError::Tcp(_)
                | ConnectError::Proxy { .. }
                | ConnectError::Timeout(ConnectStage::Dns | ConnectStage::Tcp | ConnectStage::Proxy),
            ) => Self { reachable: Bad, encrypted: Unknown, speaks: Unknown },
            Err(ConnectError::Certificate(_) | ConnectError::Tls(_) | ConnectError::Timeout(ConnectStage::Tls)) => {
                Self { reachable: Good, encrypted: Bad, speaks: Unknown }
            }
            Err(_) => Self { reachable: Good, encrypted, speaks: Bad },
        }
    }
}

fn problem<'a>(error: &ConnectError, steps: &Steps, why: &'a str) -> ServerAdvice<'a> {
    match error {
        ConnectError::Proxy { .. } | ConnectError::Timeout(ConnectStage::Proxy) => ServerAdvice::Proxy(why),
        ConnectError::Certificate(_) => ServerAdvice::Certificate(why),
        _ if steps.reachable == CheckStep::Bad => ServerAdvice::Unreachable(why),
        _ if steps.encrypted == CheckStep::Bad => ServerAdvice::NotSecured(why),
        _ => ServerAdvice::NotAService(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_the_machine_has_to_be_encrypted() {
        let encrypted = |address: &str| Steps::of(&Ok(()), &ServerUrl::parse(address).expect(address)).encrypted;
        for address in
            ["https://fly.example", "http://localhost:1", "http://a.localhost", "http://127.3.2.1", "http://[::1]"]
        {
            assert_eq!(encrypted(address), CheckStep::Good, "{address}");
        }
        for address in ["http://fly.example", "http://192.168.0.1", "http://localhost.example"] {
            assert_eq!(encrypted(address), CheckStep::Doubtful, "{address}");
        }
    }
}
