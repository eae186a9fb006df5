//! Amounts in minor units, which print as exact JSON numbers.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// The one currency of the service.
pub const CURRENCY: &str = "USD";

/// A non-negative amount in cents.
///
/// Serialises as a JSON number with two decimals, `450.00`, as the guide shows it: by way of a raw value, since a
/// float would print `450.0` and round large sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cents(pub i64);

impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = format!("{}.{:02}", self.0 / 100, self.0.rem_euclid(100));
        RawValue::from_string(text).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_number_with_two_decimals() {
        for (cents, json) in [(45_000, "450.00"), (5, "0.05"), (123_456_789_012_345_678, "1234567890123456.78")] {
            assert_eq!(serde_json::to_string(&Cents(cents)).expect("a number"), json);
        }
    }
}
