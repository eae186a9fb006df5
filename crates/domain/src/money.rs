//! Money: exact decimals with a currency.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, de};
use serde_json::value::RawValue;
use ts_rs::TS;

/// A decimal that came as a JSON number or as a string (`450`, `450.00`, `"450.00"`), kept to the digit.
///
/// Deserialises from JSON text only, since a parsed tree would already have turned the number into a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Decimal);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let text = raw.trim_matches('"').trim();
        Decimal::from_str_exact(text)
            .or_else(|_| Decimal::from_scientific(text))
            .map(Self)
            .map_err(|_| de::Error::custom("not a decimal amount"))
    }
}

/// An amount with its currency, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Money {
    /// Decimal digits, padded to the currency's minor unit, never rounded: `450.00`.
    pub value: String,
    /// ISO 4217 code as the server sent it.
    pub currency: String,
}

impl Money {
    /// Pads `amount` to the minor unit of `currency`; digits beyond it are kept.
    pub fn new(amount: Amount, currency: &str) -> Self {
        let mut decimal = amount.0;
        let digits = minor_digits(currency);
        if decimal.scale() < digits {
            decimal.rescale(digits);
        }
        Self { value: decimal.to_string(), currency: currency.to_owned() }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.currency)
    }
}

/// Digits after the point, by ISO 4217. JavaScript servers send 450.00 as `450`, so the currency has to say it.
fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_every_digit() {
        let cases = [
            ("450.00", "USD", "450.00 USD"),
            ("450", "USD", "450.00 USD"),
            ("\"450.00\"", "EUR", "450.00 EUR"),
            ("0.1", "EUR", "0.10 EUR"),
            ("1234567890123456.789", "USD", "1234567890123456.789 USD"),
            ("45000", "JPY", "45000 JPY"),
            ("4.5e2", "USD", "450.00 USD"),
        ];
        for (json, currency, shown) in cases {
            let amount: Amount = serde_json::from_str(json).expect(json);
            assert_eq!(Money::new(amount, currency).to_string(), shown);
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for json in ["true", "\"cheap\"", "{}", "null"] {
            assert!(serde_json::from_str::<Amount>(json).is_err(), "{json}");
        }
    }
}
