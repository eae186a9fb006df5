//! Response bodies of booking services (W14, W15, W17), decoded leniently.

use domain::Secret;
use domain::itinerary::{Booking, Flight};
use domain::money::{Amount, Money};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::LogPage;
use crate::tokens::Tokens;

/// Whether an answer says that it worked.
pub(super) trait Success {
    fn succeeded(&self) -> bool;
}

#[derive(Deserialize)]
pub(super) struct ApiResponse<T> {
    #[serde(default)]
    success: Option<bool>,
    #[serde(default = "none")]
    pub data: Option<T>,
    #[serde(default)]
    pub meta: Option<PageMeta>,
}

fn none<T>() -> Option<T> {
    None
}

impl<T> Success for ApiResponse<T> {
    fn succeeded(&self) -> bool {
        self.success != Some(false)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageMeta {
    #[serde(default)]
    pub total_pages: Option<u32>,
}

/// NestJS sends `message` as a text or as a list of texts.
#[derive(Deserialize)]
pub(super) struct ApiRefusal {
    #[serde(default)]
    pub success: Option<bool>,
    #[serde(default)]
    message: serde_json::Value,
}

impl ApiRefusal {
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
pub(super) struct TokenResponse {
    access_token: Option<Secret>,
    #[serde(default)]
    refresh_token: Option<Secret>,
}

impl TokenResponse {
    pub fn read(self) -> Option<Tokens> {
        Some(Tokens { access: self.access_token?, refresh: self.refresh_token })
    }
}

/// A part of the log (wire facts, section 2).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogResponse {
    #[serde(default)]
    items: Vec<Box<RawValue>>,
    #[serde(default)]
    next: Option<String>,
    #[serde(default)]
    has_more: bool,
    #[serde(default)]
    reset: bool,
}

impl LogResponse {
    pub fn read(self) -> Option<LogPage> {
        let items = self.items.iter().filter_map(|item| domain::wire::decode_logged(item)).collect();
        Some(LogPage { items, next: self.next?, has_more: self.has_more, reset: self.reset })
    }
}

/// A booking of the REST side (W17). Everything but the id may be missing or of another type; money keeps its digits.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RestBooking {
    #[serde(default, deserialize_with = "text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pnr: Option<String>,
    #[serde(default, deserialize_with = "text")]
    status: Option<String>,
    #[serde(default, deserialize_with = "text")]
    flight_id: Option<String>,
    #[serde(default)]
    flight: Option<Box<RawValue>>,
    #[serde(default)]
    total_price: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "text")]
    updated_at: Option<String>,
    #[serde(default, deserialize_with = "text")]
    currency: Option<String>,
    #[serde(default)]
    passengers: serde_json::Value,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct RestFlight {
    #[serde(deserialize_with = "text")]
    id: Option<String>,
    #[serde(deserialize_with = "text")]
    flight_number: Option<String>,
    #[serde(deserialize_with = "text")]
    origin: Option<String>,
    #[serde(deserialize_with = "text")]
    destination: Option<String>,
    #[serde(deserialize_with = "text")]
    departure_time: Option<String>,
    #[serde(deserialize_with = "text")]
    status: Option<String>,
}

impl RestBooking {
    /// One item of a list; `None` when it is no booking, which costs the others nothing.
    pub fn of_item(item: &RawValue) -> Option<Booking> {
        serde_json::from_str::<Self>(item.get()).ok()?.read()
    }

    pub fn read(self) -> Option<Booking> {
        let flight = self.flight.and_then(|flight| serde_json::from_str::<RestFlight>(flight.get()).ok());
        let flight = flight.unwrap_or_default();
        let amount = self.total_price.and_then(|price| serde_json::from_str::<Amount>(price.get()).ok());
        let currency = self.currency.unwrap_or_default();
        Some(Booking {
            id: self.id?,
            pnr: field(self.pnr),
            status: field(self.status),
            status_at: self.updated_at.and_then(|text| text.parse::<Timestamp>().ok()),
            flight: Flight {
                id: flight.id.or(self.flight_id),
                number: field(flight.flight_number),
                origin: field(flight.origin),
                destination: field(flight.destination),
                departure: flight.departure_time.and_then(|text| text.parse::<Timestamp>().ok()),
                status: field(flight.status),
                status_at: None,
            },
            total: amount.map(|amount| Money::new(amount, &currency)),
            passengers: self.passengers.as_array().and_then(|passengers| u32::try_from(passengers.len()).ok()),
        })
    }
}

fn field(text: Option<String>) -> Option<String> {
    let text = domain::sanitize::line(&text?, domain::sanitize::FIELD_GRAPHEMES);
    (!text.is_empty()).then_some(text)
}

/// A text, or a number as text; anything else is as good as missing.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn booking(json: &str) -> Option<Booking> {
        RestBooking::of_item(&RawValue::from_string(json.to_owned()).unwrap())
    }

    #[test]
    fn one_odd_field_costs_only_itself() {
        let odd = r#"{"id":7,"pnr":{"x":1},"status":"CONFIRMED","flight":{"flightNumber":"AA123","origin":{"code":"JFK"},
            "destination":"LAX","departureTime":true},"totalPrice":"450.00","currency":"USD","passengers":"two"}"#;
        let read = booking(odd).unwrap();
        assert_eq!((read.id.as_str(), read.pnr, read.status.as_deref()), ("7", None, Some("CONFIRMED")));
        assert_eq!((read.flight.number.as_deref(), read.flight.origin), (Some("AA123"), None));
        assert_eq!(read.flight.destination.as_deref(), Some("LAX"));
        assert_eq!(read.total.unwrap().to_string(), "450.00 USD");
        assert_eq!(booking(r#"{"id":"b","flight":"AA123","passengers":[{},{}]}"#).unwrap().passengers, Some(2));
        assert_eq!(booking(r#"{"pnr":"ABC123"}"#), None);
        assert_eq!(booking("17"), None);
    }
}
