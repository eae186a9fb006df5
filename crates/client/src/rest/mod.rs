//! REST client of the booking service: login, refresh, bookings and the event log. It shares the socket's trust store
//! and proxy.

mod answers;

use std::error::Error;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::Secret;
use domain::account::{Audience, ServerUrl};
use domain::itinerary::Booking;
use domain::wire::Envelope as LoggedEvent;
use reqwest::header::{AGE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::RawValue;

use self::answers::{ApiRefusal, ApiResponse, LogResponse, RestBooking, Success, TokenResponse};
use crate::network::NetworkConfig;
use crate::ports::SystemClock;
use crate::server_clock::ServerClock;
use crate::start_error::StartError;
use crate::tokens::Tokens;

/// From the look-up of the name to the last byte of the answer.
const DEADLINE: Duration = Duration::from_secs(10);
/// A page of 100 bookings is about 100 KiB; more than this is no answer to us.
const MAX_ANSWER_BYTES: usize = 4 << 20;
/// The largest page that plain servers give (W17).
const BOOKINGS_PAGE: u32 = 100;

/// Bookings as they are now.
#[derive(Debug)]
pub struct BookingsPage {
    /// Those that could be read.
    pub bookings: Vec<Booking>,
    /// How many pages there are.
    pub pages: u32,
}

/// A part of a server's log.
#[derive(Debug)]
pub struct LogPage {
    /// In the server's order.
    pub items: Vec<LoggedEvent>,
    /// Where to go on.
    pub next: String,
    /// Whether there is more.
    pub has_more: bool,
    /// The cursor is older than the log, or of another one: events may be missing.
    pub reset: bool,
}

/// Makes the calls. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Rest {
    /// Another one when the way to the server changes.
    http: Arc<RwLock<reqwest::Client>>,
    clock: ServerClock,
}

/// Why a call gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum RestError {
    /// The server said no: wrong password, refused token. The message is the server's.
    #[error("{message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// What the server said, one line.
        message: String,
    },
    /// There is no such thing on this server.
    #[error("the server does not offer this")]
    Absent,
    /// The server is there and cannot answer now.
    #[error("the server answered with HTTP status {status}")]
    Busy {
        /// HTTP status.
        status: u16,
        /// How long it asks us to stay away.
        retry_after: Option<Duration>,
    },
    /// The proxy wants credentials, or others than it got.
    #[error("the proxy asks for a sign-in")]
    Proxy,
    /// The server's certificate is not trusted.
    #[error("the server's certificate is not trusted: {0}")]
    Certificate(rustls::CertificateError),
    /// No answer within 10 s.
    #[error("the server did not answer in time")]
    Timeout,
    /// Something answered, but not a booking service.
    #[error("the answer is not that of a booking service")]
    NotABookingService,
    /// Nothing answered, or not in time.
    #[error("the server cannot be reached")]
    Unreachable(#[source] reqwest::Error),
}

impl Rest {
    /// A client on `network` that tells `clock` the server's time.
    ///
    /// # Errors
    /// The HTTP library refuses the configuration.
    pub fn new(network: &NetworkConfig, clock: ServerClock) -> Result<Self, reqwest::Error> {
        Ok(Self { http: Arc::new(RwLock::new(Self::client(network)?)), clock })
    }

    /// The HTTP library, on `network`.
    ///
    /// # Errors
    /// It refuses the configuration.
    pub(crate) fn client(network: &NetworkConfig) -> Result<reqwest::Client, reqwest::Error> {
        let proxy = network.proxy.clone();
        reqwest::Client::builder()
            .tls_backend_preconfigured((*network.tls).clone())
            .proxy(reqwest::Proxy::custom(move |url| proxy.for_url(url)))
            .user_agent(concat!("Gatecall/", env!("CARGO_PKG_VERSION")))
            .timeout(DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
    }

    /// Goes this way from the next call on, as do all that were cloned from it.
    pub(crate) fn go_by(&self, http: reqwest::Client) {
        *self.http.write().unwrap_or_else(PoisonError::into_inner) = http;
    }

    fn http(&self) -> reqwest::Client {
        self.http.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A client for a single question, on the network that the settings describe.
    ///
    /// # Errors
    /// The settings or the trust store cannot be used.
    pub fn of_settings(network: &domain::settings::NetworkSettings) -> Result<Self, StartError> {
        let network = NetworkConfig::of_settings(network)?;
        Self::new(&network, ServerClock::new(Arc::new(SystemClock))).map_err(StartError::Http)
    }

    /// `POST {auth}/api/v1/auth/login` (W14).
    ///
    /// # Errors
    /// See [`RestError`]; a wrong password is `Refused`.
    pub async fn login(&self, auth: &ServerUrl, email: &str, password: &Secret) -> Result<Tokens, RestError> {
        let body = json!({ "email": email, "password": password.expose() });
        let answer: ApiResponse<TokenResponse> =
            self.call(self.http().post(auth.join("/api/v1/auth/login")).json(&body)).await?;
        answer.data.and_then(TokenResponse::read).ok_or(RestError::NotABookingService)
    }

    /// `POST {auth}/api/v1/auth/refresh` (W15). The answer's refresh token replaces the old one where there is one.
    ///
    /// # Errors
    /// See [`RestError`]; `Refused` means that a person has to sign in again.
    pub async fn refresh(&self, auth: &ServerUrl, refresh: &Secret) -> Result<Tokens, RestError> {
        let body = json!({ "refreshToken": refresh.expose() });
        let answer: ApiResponse<TokenResponse> =
            self.call(self.http().post(auth.join("/api/v1/auth/refresh")).json(&body)).await?;
        let mut tokens = answer.data.and_then(TokenResponse::read).ok_or(RestError::NotABookingService)?;
        tokens.refresh.get_or_insert_with(|| refresh.clone());
        Ok(tokens)
    }

    /// One page of bookings as they are now: `GET {booking}/api/v1/bookings/my-bookings` for a traveler,
    /// `GET {booking}/api/v1/bookings` with the last changed first at the desk (W17). Pages count from 1.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn bookings(
        &self,
        booking: &ServerUrl,
        access: &Secret,
        audience: Audience,
        page: u32,
    ) -> Result<BookingsPage, RestError> {
        let paging = [("page", page), ("limit", BOOKINGS_PAGE)];
        let request = match audience {
            Audience::Traveler => self.http().get(booking.join("/api/v1/bookings/my-bookings")).query(&paging),
            Audience::Agent => self
                .http()
                .get(booking.join("/api/v1/bookings"))
                .query(&[("sortBy", "updatedAt"), ("sortOrder", "DESC")])
                .query(&paging),
        };
        let answer: ApiResponse<Vec<Box<RawValue>>> = self.call(request.bearer_auth(access.expose())).await?;
        let items = answer.data.unwrap_or_default();
        Ok(BookingsPage {
            bookings: items.iter().filter_map(|item| RestBooking::of_item(item)).collect(),
            pages: answer.meta.and_then(|meta| meta.total_pages).unwrap_or(1),
        })
    }

    /// The server's log after a cursor: `GET {booking}{path}?after=&limit=&rooms=`.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn log(
        &self,
        (booking, path): (&ServerUrl, &str),
        access: &Secret,
        (after, rooms, limit): (Option<&str>, &str, u32),
    ) -> Result<LogPage, RestError> {
        let limit = limit.to_string();
        let mut query = vec![("limit", limit.as_str()), ("rooms", rooms)];
        query.extend(after.map(|after| ("after", after)));
        let request = self.http().get(booking.join(path)).query(&query).bearer_auth(access.expose());
        let answer: ApiResponse<LogResponse> = self.call(request).await?;
        answer.data.and_then(LogResponse::read).ok_or(RestError::NotABookingService)
    }

    /// `GET {booking}/api/v1/bookings/:id`. `None` when the server does not know it, or does not show it to us.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn booking(&self, booking: &ServerUrl, access: &Secret, id: &str) -> Result<Option<Booking>, RestError> {
        let mut url = booking.as_url().clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1", "bookings", id]);
        }
        match self.call::<ApiResponse<RestBooking>>(self.http().get(url).bearer_auth(access.expose())).await {
            Ok(answer) => Ok(answer.data.and_then(RestBooking::read)),
            Err(RestError::Absent | RestError::Refused { status: 403, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether something that looks like a booking service answers: any JSON answer of the login path will do.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn probe(&self, auth: &ServerUrl) -> Result<(), RestError> {
        let request = self.http().post(auth.join("/api/v1/auth/login")).json(&json!({}));
        match self.call::<ApiResponse<serde::de::IgnoredAny>>(request).await {
            Ok(_) | Err(RestError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether Engine.IO 4 greets us here when it is asked without a WebSocket.
    pub(crate) async fn greets_by_polling(&self, server: &ServerUrl) -> bool {
        let address = server.join("/socket.io/?EIO=4&transport=polling");
        let Ok(mut response) = self.http().get(address).send().await else { return false };
        // OPEN and its JSON; a page begins otherwise.
        let first = response.chunk().await.ok().flatten();
        response.status().is_success() && first.is_some_and(|bytes| bytes.starts_with(b"0{"))
    }

    /// Sends, reads at most [`MAX_ANSWER_BYTES`], and lets `success` speak before the status does (W14).
    async fn call<T: DeserializeOwned + Success>(&self, request: RequestBuilder) -> Result<T, RestError> {
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let retry_after = header(response.headers(), RETRY_AFTER).and_then(|text| self.clock.retry_after(text));
        // An answer from a cache is as old as it says.
        if let (Some(date), None) = (header(response.headers(), DATE), header(response.headers(), AGE)) {
            self.clock.note_date(date);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(RestError::NotABookingService);
            }
            body.extend_from_slice(&chunk);
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::REQUEST_TIMEOUT
        {
            return Err(RestError::Busy { status: status.as_u16(), retry_after });
        }
        if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return Err(RestError::Proxy);
        }
        match serde_json::from_slice::<T>(&body) {
            Ok(answer) if status.is_success() && answer.succeeded() => Ok(answer),
            _ if status == StatusCode::NOT_FOUND || status == StatusCode::METHOD_NOT_ALLOWED => Err(RestError::Absent),
            _ => match serde_json::from_slice::<ApiRefusal>(&body) {
                Ok(refusal) if status.is_client_error() || refusal.success == Some(false) => {
                    Err(RestError::Refused { status: status.as_u16(), message: refusal.sentence() })
                }
                _ => Err(RestError::NotABookingService),
            },
        }
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Why no answer came. The URL is left out: it may carry more than a log should.
fn unreachable(error: reqwest::Error) -> RestError {
    if error.is_timeout() {
        return RestError::Timeout;
    }
    match tls_error(&error) {
        Some(rustls::Error::InvalidCertificate(why)) => RestError::Certificate(why.clone()),
        _ => RestError::Unreachable(error.without_url()),
    }
}

/// The TLS error somewhere below; an `io::Error` hides its own from `source`.
fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let found = error.downcast_ref().or_else(|| inner.and_then(|inner| inner.downcast_ref()));
        if found.is_some() {
            return found;
        }
        cause = error.source();
    }
    None
}
