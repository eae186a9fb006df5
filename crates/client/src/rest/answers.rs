//! The shapes of what servers answer (W14, W15, W17), read tolerantly.

use domain::Secret;
use domain::itinerary::{Booking, Flight};
use domain::money::{Amount, Money};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::tokens::Tokens;

/// Whether an answer says that it worked.
pub(super) trait Success {
    fn succeeded(&self) -> bool;
}

#[derive(Deserialize)]
pub(super) struct Envelope<T> {
    #[serde(default)]
    success: Option<bool>,
    #[serde(default = "none")]
    pub data: Option<T>,
    #[serde(default)]
    pub meta: Option<Meta>,
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
pub(super) struct Meta {
    #[serde(default)]
    pub total_pages: Option<u32>,
}

/// NestJS sends `message` as a text or as a list of texts.
#[derive(Deserialize)]
pub(super) struct Refusal {
    #[serde(default)]
    pub success: Option<bool>,
    #[serde(default)]
    message: serde_json::Value,
}

impl Refusal {
    pub fn sentence(&self) -> String {
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
pub(super) struct WireTokens {
    access_token: Option<Secret>,
    #[serde(default)]
    refresh_token: Option<Secret>,
}

impl WireTokens {
    pub fn read(self) -> Option<Tokens> {
        Some(Tokens { access: self.access_token?, refresh: self.refresh_token })
    }
}

/// A booking of the REST side (W17). Everything but the id may be missing; money keeps its digits.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireBooking {
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
    pub fn read(self) -> Option<Booking> {
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
