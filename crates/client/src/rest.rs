//! The booking service's REST side: login, refresh, bookings. Same trust as the socket.

use std::time::Duration;

use domain::Secret;
use domain::account::ServerUrl;
use domain::itinerary::{Booking, Flight};
use domain::money::{Amount, Money};
use jiff::Timestamp;
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::RawValue;

use crate::tokens::Tokens;

/// From the look-up of the name to the last byte of the answer.
const DEADLINE: Duration = Duration::from_secs(10);
/// A page of 100 bookings is about 100 KiB; more than this is no answer to us.
const MAX_ANSWER_BYTES: usize = 4 << 20;
/// The largest page that plain servers give (W17).
const BOOKINGS_PAGE: u32 = 100;
/// A traveler has ten bookings, not a thousand: what lies beyond is looked up one by one when it matters.
const BOOKINGS_PAGES: u32 = 5;

/// Makes the calls. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Rest {
    http: reqwest::Client,
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
    #[error("the server answered with HTTP status {0}")]
    Busy(u16),
    /// Something answered, but not a booking service.
    #[error("the answer is not that of a booking service")]
    NotABookingService,
    /// Nothing answered, or not in time.
    #[error("the server cannot be reached")]
    Unreachable(#[source] reqwest::Error),
}

impl Rest {
    /// A client that trusts what `tls` trusts.
    ///
    /// # Errors
    /// The HTTP library refuses the configuration.
    pub fn new(tls: &rustls::ClientConfig) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .user_agent(concat!("Gatecall/", env!("CARGO_PKG_VERSION")))
            .timeout(DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http })
    }

    /// A client that trusts what the operating system trusts.
    ///
    /// # Errors
    /// The trust store cannot be read.
    pub fn with_platform_trust() -> Result<Self, crate::StartError> {
        let tls = socketio::tls::platform_config().map_err(crate::StartError::Tls)?;
        Self::new(&tls).map_err(crate::StartError::Http)
    }

    /// `POST {auth}/api/v1/auth/login` (W14).
    ///
    /// # Errors
    /// See [`RestError`]; a wrong password is `Refused`.
    pub async fn login(&self, auth: &ServerUrl, email: &str, password: &Secret) -> Result<Tokens, RestError> {
        let body = json!({ "email": email, "password": password.expose() });
        let answer: Envelope<WireTokens> =
            self.call(self.http.post(auth.join("/api/v1/auth/login")).json(&body)).await?;
        answer.data.and_then(WireTokens::read).ok_or(RestError::NotABookingService)
    }

    /// `POST {auth}/api/v1/auth/refresh` (W15). The answer's refresh token replaces the old one where there is one.
    ///
    /// # Errors
    /// See [`RestError`]; `Refused` means that a person has to sign in again.
    pub async fn refresh(&self, auth: &ServerUrl, refresh: &Secret) -> Result<Tokens, RestError> {
        let body = json!({ "refreshToken": refresh.expose() });
        let answer: Envelope<WireTokens> =
            self.call(self.http.post(auth.join("/api/v1/auth/refresh")).json(&body)).await?;
        let mut tokens = answer.data.and_then(WireTokens::read).ok_or(RestError::NotABookingService)?;
        tokens.refresh.get_or_insert_with(|| refresh.clone());
        Ok(tokens)
    }

    /// `GET {booking}/api/v1/bookings/my-bookings`, all of its pages up to 500 bookings.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn my_bookings(&self, booking: &ServerUrl, access: &Secret) -> Result<Vec<Booking>, RestError> {
        let mut bookings = Vec::new();
        for page in 1..=BOOKINGS_PAGES {
            let url = booking.join("/api/v1/bookings/my-bookings");
            let request = self.http.get(url).query(&[("page", page), ("limit", BOOKINGS_PAGE)]);
            let answer: Envelope<Vec<WireBooking>> = self.call(request.bearer_auth(access.expose())).await?;
            let before = bookings.len();
            bookings.extend(answer.data.unwrap_or_default().into_iter().filter_map(WireBooking::read));
            let pages = answer.meta.and_then(|meta| meta.total_pages).unwrap_or(1);
            if page >= pages || bookings.len() == before {
                break;
            }
        }
        Ok(bookings)
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
        match self.call::<Envelope<WireBooking>>(self.http.get(url).bearer_auth(access.expose())).await {
            Ok(answer) => Ok(answer.data.and_then(WireBooking::read)),
            Err(RestError::Absent | RestError::Refused { status: 403, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether something that looks like a booking service answers: any JSON answer of the login path will do.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn probe(&self, auth: &ServerUrl) -> Result<(), RestError> {
        let request = self.http.post(auth.join("/api/v1/auth/login")).json(&json!({}));
        match self.call::<Envelope<serde::de::IgnoredAny>>(request).await {
            Ok(_) | Err(RestError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Sends, reads at most [`MAX_ANSWER_BYTES`], and lets `success` speak before the status does (W14).
    async fn call<T: DeserializeOwned + Success>(&self, request: RequestBuilder) -> Result<T, RestError> {
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(RestError::NotABookingService);
            }
            body.extend_from_slice(&chunk);
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::REQUEST_TIMEOUT
        {
            return Err(RestError::Busy(status.as_u16()));
        }
        match serde_json::from_slice::<T>(&body) {
            Ok(answer) if status.is_success() && answer.succeeded() => Ok(answer),
            _ if status == StatusCode::NOT_FOUND || status == StatusCode::METHOD_NOT_ALLOWED => Err(RestError::Absent),
            _ => match serde_json::from_slice::<Refusal>(&body) {
                Ok(refusal) if status.is_client_error() || refusal.success == Some(false) => {
                    Err(RestError::Refused { status: status.as_u16(), message: refusal.sentence() })
                }
                _ => Err(RestError::NotABookingService),
            },
        }
    }
}

/// The URL is left out: it may carry more than a log should.
fn unreachable(error: reqwest::Error) -> RestError {
    RestError::Unreachable(error.without_url())
}

/// Whether an answer says that it worked.
trait Success {
    fn succeeded(&self) -> bool;
}

#[derive(Deserialize)]
struct Envelope<T> {
    #[serde(default)]
    success: Option<bool>,
    #[serde(default = "none")]
    data: Option<T>,
    #[serde(default)]
    meta: Option<Meta>,
}

fn none<T>() -> Option<T> {
    None
}

impl<T> Success for Envelope<T> {
    fn succeeded(&self) -> bool {
        self.success != Some(false)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    #[serde(default)]
    total_pages: Option<u32>,
}

/// NestJS sends `message` as a text or as a list of texts.
#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    success: Option<bool>,
    #[serde(default)]
    message: serde_json::Value,
}

impl Refusal {
    fn sentence(&self) -> String {
        let text = match &self.message {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Array(texts) => {
                texts.iter().filter_map(|text| text.as_str()).collect::<Vec<_>>().join(", ")
            }
            _ => String::new(),
        };
        let text = domain::sanitize::line(&text, 200);
        if text.is_empty() { "The server said no, without a reason.".to_owned() } else { text }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireTokens {
    access_token: Option<Secret>,
    #[serde(default)]
    refresh_token: Option<Secret>,
}

impl WireTokens {
    fn read(self) -> Option<Tokens> {
        Some(Tokens { access: self.access_token?, refresh: self.refresh_token })
    }
}

/// A booking of the REST side (W17). Everything but the id may be missing; money keeps its digits.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireBooking {
    id: Option<String>,
    #[serde(default)]
    pnr: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    flight_id: Option<String>,
    #[serde(default)]
    flight: Option<WireFlight>,
    #[serde(default)]
    total_price: Option<Box<RawValue>>,
    #[serde(default)]
    currency: Option<String>,
    #[serde(default)]
    passengers: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireFlight {
    id: Option<String>,
    flight_number: Option<String>,
    origin: Option<String>,
    destination: Option<String>,
    departure_time: Option<String>,
    status: Option<String>,
}

impl WireBooking {
    fn read(self) -> Option<Booking> {
        let flight = self.flight.unwrap_or_default();
        let amount = self.total_price.and_then(|price| serde_json::from_str::<Amount>(price.get()).ok());
        let currency = self.currency.unwrap_or_default();
        Some(Booking {
            id: self.id?,
            pnr: field(self.pnr),
            status: field(self.status),
            flight: Flight {
                id: flight.id.or(self.flight_id),
                number: field(flight.flight_number),
                origin: field(flight.origin),
                destination: field(flight.destination),
                departure: flight.departure_time.and_then(|text| text.parse::<Timestamp>().ok()),
                status: field(flight.status),
            },
            total: amount.map(|amount| Money::new(amount, &currency)),
            passengers: self.passengers.and_then(|passengers| u32::try_from(passengers.len()).ok()),
        })
    }
}

fn field(text: Option<String>) -> Option<String> {
    let text = domain::sanitize::line(&text?, domain::sanitize::FIELD_GRAPHEMES);
    (!text.is_empty()).then_some(text)
}
