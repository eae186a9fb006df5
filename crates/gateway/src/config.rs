//! Configuration: one struct, and one table of environment variables that fills it.
//!
//! [`VARIABLES`] is the only list of variables: parsing and `--help` both come from it.

use std::fmt::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use domain::Secret;

use crate::origin::Origins;

/// Shortest accepted signing secret, the size of an HS256 hash, and shortest service token.
pub const SECRET_MIN_BYTES: usize = 32;

/// Whether the demo users and flights are put into the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seeding {
    /// When the database has just been made.
    WhenNew,
    /// At each start, where they are missing.
    Always,
    /// Never.
    Never,
}

/// The configuration of the service.
#[derive(Debug, Clone)]
pub struct GatewayConfig {
    /// Where the booking service listens; used by the binary, since [`crate::serve()`] takes bound listeners.
    pub listen: SocketAddr,
    /// Where a second listener serves sign-in alone; `None` leaves it on the first, which always serves it too.
    pub auth_listen: Option<SocketAddr>,
    /// The SQLite file; `None` keeps everything in memory until the end.
    pub database: Option<PathBuf>,
    /// Whether to insert the demo users and flights.
    pub seed: Seeding,
    /// Signs the access tokens (HS256), at least 32 bytes; `None` takes a random one, and tokens end with the process.
    pub jwt_secret: Option<Secret>,
    /// Lets other services hand in events, at least 32 bytes; `None` serves no such route.
    pub service_token: Option<Secret>,
    /// How long the event log keeps an event, and with it what a client can catch up on. Whole seconds count.
    pub retention: Duration,
    /// How long an access token lives. Whole seconds count.
    pub access_ttl: Duration,
    /// How long a refresh token lives. Whole seconds count.
    pub refresh_ttl: Duration,
    /// Memory of one password hash (Argon2id, 2 passes), in KiB.
    pub password_memory_kib: u32,
    /// Whether there is a socket endpoint at all.
    pub websocket_enabled: bool,
    /// The pages that may use REST and the socket.
    pub cors_origin: Origins,
    /// Open sockets at most; the next one is refused with 503.
    pub max_connections: NonZeroUsize,
    /// How long a socket may leave a ping unanswered before it is closed.
    pub ping_timeout: Duration,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3004)),
            auth_listen: None,
            database: None,
            seed: Seeding::WhenNew,
            jwt_secret: None,
            service_token: None,
            retention: Duration::from_secs(7 * 24 * 3600),
            access_ttl: Duration::from_secs(3600),
            refresh_ttl: Duration::from_secs(7 * 24 * 3600),
            password_memory_kib: 19 * 1024,
            websocket_enabled: true,
            cors_origin: Origins::Any,
            max_connections: NonZeroUsize::new(1000).expect("1000 is not zero"),
            ping_timeout: Duration::from_secs(60),
        }
    }
}

impl GatewayConfig {
    /// The demo: in memory, seeded, on a free port of this machine, with a random secret and cheap password hashes
    /// (its passwords are printed in the guide).
    pub fn embedded() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: Seeding::Always,
            password_memory_kib: 1024,
            ..Self::default()
        }
    }

    /// The defaults, changed by the variables that `get` knows. An empty variable counts as unset.
    ///
    /// # Errors
    /// [`ConfigError`] names the first variable that cannot be used.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        for variable in VARIABLES {
            if let Some(value) = get(variable.name).filter(|value| !value.trim().is_empty()) {
                (variable.apply)(&mut config, value.trim())
                    .map_err(|reason| ConfigError { variable: variable.name, reason })?;
            }
        }
        Ok(config)
    }
}

/// A variable with a value that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {reason}")]
pub struct ConfigError {
    /// Its name.
    pub variable: &'static str,
    /// What is wrong, for a person. Never the value of a secret.
    pub reason: String,
}

/// One environment variable.
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What holds when it is unset, for a person.
    pub default: &'static str,
    /// What it does, for a person.
    pub meaning: &'static str,
    apply: fn(&mut GatewayConfig, &str) -> Result<(), String>,
}

/// Every variable that the service reads.
pub const VARIABLES: &[Variable] = &[
    Variable {
        name: "WEBSOCKET_ENABLED",
        default: "true",
        meaning: "Serve the Socket.IO endpoint; false leaves REST alone",
        apply: |config, value| assign(&mut config.websocket_enabled, boolean(value)),
    },
    Variable {
        name: "WEBSOCKET_CORS_ORIGIN",
        default: "*",
        meaning: "Web origins that may connect, separated by commas; native clients always may",
        apply: |config, value| {
            assign(&mut config.cors_origin, Origins::parse(value).map_err(|error| error.to_string()))
        },
    },
    Variable {
        name: "WEBSOCKET_MAX_CONNECTIONS",
        default: "1000",
        meaning: "Open sockets at most; further ones get 503 with Retry-After",
        apply: |config, value| assign(&mut config.max_connections, number(value)),
    },
    Variable {
        name: "WEBSOCKET_TIMEOUT",
        default: "60000",
        meaning: "Milliseconds that a client may leave a ping unanswered before its socket is closed",
        apply: |config, value| assign(&mut config.ping_timeout, positive(value).map(Duration::from_millis)),
    },
    Variable {
        name: "GATEWAY_LISTEN",
        default: "127.0.0.1:3004",
        meaning: "Address and port of the booking service (sockets, REST and sign-in)",
        apply: |config, value| assign(&mut config.listen, address(value)),
    },
    Variable {
        name: "GATEWAY_AUTH_LISTEN",
        default: "unset",
        meaning: "Address and port of a second listener for sign-in alone, such as 127.0.0.1:3001",
        apply: |config, value| assign(&mut config.auth_listen, address(value).map(Some)),
    },
    Variable {
        name: "GATEWAY_DATABASE",
        default: "in memory",
        meaning: "SQLite file that keeps users, flights, bookings and events",
        apply: |config, value| assign(&mut config.database, Ok(Some(PathBuf::from(value)))),
    },
    Variable {
        name: "GATEWAY_SEED",
        default: "only into a new database",
        meaning: "Insert the guide's demo users and flights: true at each start where missing, false never",
        apply: |config, value| {
            let seed = boolean(value).map(|seed| if seed { Seeding::Always } else { Seeding::Never });
            assign(&mut config.seed, seed)
        },
    },
    Variable {
        name: "GATEWAY_JWT_SECRET",
        default: "random, so tokens end with the process",
        meaning: "Secret that signs access tokens (HS256), at least 32 bytes",
        apply: |config, value| assign(&mut config.jwt_secret, secret(value).map(Some)),
    },
    Variable {
        name: "GATEWAY_SERVICE_TOKEN",
        default: "unset, so there is no such route",
        meaning: "Secret with which other services hand in events (POST /api/v1/events), at least 32 bytes",
        apply: |config, value| assign(&mut config.service_token, secret(value).map(Some)),
    },
    Variable {
        name: "GATEWAY_RETENTION_SECS",
        default: "604800",
        meaning: "How long events can be caught up on (GET /api/v1/notifications), in seconds",
        apply: |config, value| assign(&mut config.retention, lifetime(value)),
    },
    Variable {
        name: "GATEWAY_ACCESS_TTL_SECS",
        default: "3600",
        meaning: "Life of an access token, in seconds; its sockets are closed when it ends",
        apply: |config, value| assign(&mut config.access_ttl, lifetime(value)),
    },
    Variable {
        name: "GATEWAY_REFRESH_TTL_SECS",
        default: "604800",
        meaning: "Life of a refresh token, in seconds",
        apply: |config, value| assign(&mut config.refresh_ttl, lifetime(value)),
    },
    Variable {
        name: "GATEWAY_PASSWORD_MEMORY_KIB",
        default: "19456",
        meaning: "Memory of one password hash (Argon2id), in KiB, from 64 to 1048576",
        apply: |config, value| {
            let memory = number(value).and_then(|kib| match kib {
                64..=1_048_576 => Ok(kib),
                _ => Err("has to lie between 64 and 1048576".to_owned()),
            });
            assign(&mut config.password_memory_kib, memory)
        },
    },
    Variable {
        name: "GATEWAY_LOG",
        default: "info",
        meaning: "Log filter, such as debug or gateway=debug",
        // Read by the binary before there is a configuration; listed here so that the help is complete.
        apply: |_, _| Ok(()),
    },
];

/// The text of `--help`.
pub fn help() -> String {
    let width = VARIABLES.iter().map(|variable| variable.name.len()).max().unwrap_or_default();
    let mut text = String::from(
        "gatecall-gateway: the booking service's sign-in, REST and Socket.IO events\n\n\
         Usage: gatecall-gateway [--help | --version]\n\n\
         Configured by environment variables alone:\n\n",
    );
    for Variable { name, default, meaning, .. } in VARIABLES {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:width$}  {meaning}\n  {:width$}  [default: {default}]", "");
    }
    text
}

fn assign<T>(field: &mut T, value: Result<T, String>) -> Result<(), String> {
    *field = value?;
    Ok(())
}

fn boolean(value: &str) -> Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("`{value}` is neither true nor false")),
    }
}

fn secret(value: &str) -> Result<Secret, String> {
    match value.len() >= SECRET_MIN_BYTES {
        true => Ok(Secret::new(value)),
        false => Err(format!("needs at least {SECRET_MIN_BYTES} bytes")),
    }
}

fn number<T: std::str::FromStr>(value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("`{value}` is not a number that can be used here"))
}

fn positive(value: &str) -> Result<u64, String> {
    match number(value)? {
        0 => Err("has to be more than 0".to_owned()),
        number => Ok(number),
    }
}

/// Up to ten years, so that a date can always be computed.
fn lifetime(value: &str) -> Result<Duration, String> {
    match positive(value)? {
        secs if secs <= 10 * 366 * 24 * 3600 => Ok(Duration::from_secs(secs)),
        _ => Err("has to be at most ten years".to_owned()),
    }
}

fn address(value: &str) -> Result<SocketAddr, String> {
    value.parse().map_err(|_| format!("`{value}` is not an address and port such as 127.0.0.1:3004"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Result<GatewayConfig, ConfigError> {
        GatewayConfig::from_env(|requested| (requested == name).then(|| value.to_owned()))
    }

    #[test]
    fn every_variable_is_in_the_help_and_in_the_readme() {
        let help = help();
        let readme = include_str!("../README.md");
        for variable in VARIABLES {
            assert!(readme.contains(&format!("| `{}` |", variable.name)), "{}", variable.name);
            assert!(help.contains(variable.name) && help.contains(variable.meaning), "{}", variable.name);
        }
    }

    #[test]
    fn the_guide_s_variables_work() {
        assert!(!with("WEBSOCKET_ENABLED", "false").expect("valid").websocket_enabled);
        assert_eq!(with("WEBSOCKET_MAX_CONNECTIONS", "7").expect("valid").max_connections.get(), 7);
        assert_eq!(with("WEBSOCKET_TIMEOUT", "1500").expect("valid").ping_timeout, Duration::from_millis(1500));
        let origin = with("WEBSOCKET_CORS_ORIGIN", "https://yourdomain.com").expect("valid").cors_origin;
        assert_eq!(origin, Origins::Only(vec!["https://yourdomain.com".to_owned()]));
    }

    #[test]
    fn a_value_that_cannot_be_used_names_its_variable() {
        let wrong = [
            ("WEBSOCKET_ENABLED", "perhaps"),
            ("WEBSOCKET_CORS_ORIGIN", "yourdomain.com"),
            ("WEBSOCKET_MAX_CONNECTIONS", "0"),
            ("WEBSOCKET_TIMEOUT", "0"),
            ("GATEWAY_LISTEN", "3004"),
            ("GATEWAY_JWT_SECRET", "short"),
            ("GATEWAY_SERVICE_TOKEN", "0123456789abcdef0123456789abcde"),
            ("GATEWAY_RETENTION_SECS", "0"),
            ("GATEWAY_ACCESS_TTL_SECS", "-1"),
            ("GATEWAY_REFRESH_TTL_SECS", "99999999999"),
            ("GATEWAY_PASSWORD_MEMORY_KIB", "1"),
        ];
        for (name, value) in wrong {
            assert_eq!(with(name, value).expect_err(name).variable, name);
        }
    }

    #[test]
    fn a_refused_secret_is_not_repeated() {
        let error = with("GATEWAY_JWT_SECRET", "hunter2").expect_err("too short");
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        assert!(with("GATEWAY_AUTH_LISTEN", " ").expect("valid").auth_listen.is_none());
    }
}
