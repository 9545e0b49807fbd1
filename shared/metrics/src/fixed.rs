//! Exact decimals, and the one place that divides and rounds.

use std::fmt;
use std::str::FromStr;

use serde::de::{Unexpected, Visitor};
use serde::{Serialize, Serializer};

/// A decimal with a fixed number of places, kept as an integer of its smallest unit.
///
/// It becomes a floating-point number only when JSON is written; a value without a fraction is written as an integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fixed<const PLACES: u32>(i64);

/// A percentage with 2 decimals, 0 when the whole is 0, never clamped.
pub type Percent = Fixed<2>;
/// A fraction with 4 decimals, 0 when the whole is 0.
pub type Fraction = Fixed<4>;
/// A mean with 2 decimals.
pub type Mean = Fixed<2>;
/// A decimal with 2 places that was configured, such as an abandonment cap.
pub type Decimal2 = Fixed<2>;

impl<const PLACES: u32> Fixed<PLACES> {
    pub(crate) const UNIT: i64 = 10_i64.pow(PLACES);

    /// Zero.
    pub const ZERO: Self = Self(0);

    /// From an integer of the smallest unit: `Percent::from_units(4286)` is 42.86.
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// The integer of the smallest unit.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// `numerator / denominator`, rounded half away from zero; 0 when the denominator is 0.
    pub fn ratio(numerator: i128, denominator: i128) -> Self {
        Self(round_div(numerator * i128::from(Self::UNIT), denominator))
    }

    /// How many whole ones of `size` it is, rounded half away from zero: 90 seconds are 2 of 60.
    pub fn in_wholes_of(self, size: i64) -> i64 {
        round_div(self.0.into(), i128::from(Self::UNIT) * i128::from(size))
    }
}

impl Percent {
    /// `part / whole` as a percentage. 3 of 7 is 42.86, 1 of 800 is 0.13, 0 of 0 is 0.
    pub fn of(part: i64, whole: i64) -> Self {
        Self::ratio(i128::from(part) * 100, i128::from(whole))
    }

    /// By how many percent `to` is more than `from`: -25 from 4 to 3, 0 from 0 to 0, none from 0 to anything else.
    pub fn change(from: i128, to: i128) -> Option<Self> {
        (from != 0 || to == 0).then(|| Self::ratio((to - from) * 100, from))
    }
}

impl Fraction {
    /// `part / whole` as a fraction. 3 of 7 is 0.4286.
    pub fn fraction_of(part: i64, whole: i64) -> Self {
        Self::ratio(i128::from(part), i128::from(whole))
    }

    /// The same as a percentage, exactly: 0.8013 is 80.13.
    pub const fn percent(self) -> Percent {
        // Four places of a whole are two of a hundred: the same integer.
        Percent::from_units(self.units())
    }
}

/// Integer division rounded half away from zero; 0 when the divisor is 0. Saturates at the limits of `i64`.
fn round_div(dividend: i128, divisor: i128) -> i64 {
    if divisor == 0 {
        return 0;
    }
    let magnitude = (2 * dividend.unsigned_abs() + divisor.unsigned_abs()) / (2 * divisor.unsigned_abs());
    let magnitude = i64::try_from(magnitude).unwrap_or(i64::MAX);
    if (dividend < 0) == (divisor < 0) { magnitude } else { -magnitude }
}

/// Whole seconds from microseconds, rounded half away from zero (half up: intervals are never negative).
pub(crate) fn whole_seconds(micros: i64) -> i64 {
    round_div(i128::from(micros), 1_000_000)
}

impl<const PLACES: u32> fmt::Display for Fixed<PLACES> {
    /// Without trailing zeros: `12.5`, `42.86`, `0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let (whole, part) = (magnitude / Self::UNIT.unsigned_abs(), magnitude % Self::UNIT.unsigned_abs());
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{part:0width$}", width = PLACES as usize);
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

/// The text is not a decimal with at most the type's places.
#[derive(Debug, PartialEq, Eq)]
pub struct NotADecimal;

impl fmt::Display for NotADecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a decimal of the expected places")
    }
}

impl std::error::Error for NotADecimal {}

impl<const PLACES: u32> FromStr for Fixed<PLACES> {
    type Err = NotADecimal;

    /// Reads `-3`, `3.5` or `3.00`, as PostgreSQL writes a `numeric` of at most this many places.
    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || part.len() > PLACES as usize || !all_digits(whole) || !all_digits(part) {
            return Err(NotADecimal);
        }
        let padded = format!("{whole}{part:0<width$}", width = PLACES as usize);
        let units: i64 = padded.parse().map_err(|_| NotADecimal)?;
        Ok(Self(if negative { -units } else { units }))
    }
}

impl<const PLACES: u32> Serialize for Fixed<PLACES> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % Self::UNIT == 0 {
            serializer.serialize_i64(self.0 / Self::UNIT)
        } else {
            // Both are exact below 2^53, so the quotient is the double nearest to the decimal,
            // whose shortest text is the decimal itself.
            serializer.serialize_f64(self.0 as f64 / Self::UNIT as f64)
        }
    }
}

impl<'de, const PLACES: u32> serde::Deserialize<'de> for Fixed<PLACES> {
    /// From text, as the database hands a `numeric` over, or from a number, as JSON has it.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FixedVisitor)
    }
}

struct FixedVisitor<const PLACES: u32>;

impl<const PLACES: u32> Visitor<'_> for FixedVisitor<PLACES> {
    type Value = Fixed<PLACES>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a decimal with at most {PLACES} places")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    /// The shortest text of a double is the decimal that was written, as long as that has at most 15 digits.
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn json(value: impl Serialize) -> String {
        serde_json::to_string(&value).expect("numbers serialize")
    }

    #[test]
    fn the_examples_of_the_definitions() {
        assert_eq!(json(Percent::of(3, 7)), "42.86");
        assert_eq!(json(Percent::of(1, 8)), "12.5");
        assert_eq!(json(Percent::of(1, 800)), "0.13");
        assert_eq!(json(Percent::of(2, 3)), "66.67");
        assert_eq!(json(Percent::of(0, 0)), "0");
        assert_eq!(json(Percent::of(5, 0)), "0");
        assert_eq!(json(Percent::of(3, 2)), "150");
        assert_eq!(json(Fraction::fraction_of(3, 7)), "0.4286");
    }

    #[test]
    fn a_fraction_is_the_same_as_a_percentage() {
        assert_eq!(json(Fraction::from_units(8_013).percent()), "80.13");
        assert_eq!(json(Fraction::fraction_of(1, 800).percent()), "0.13");
        assert_eq!(json(Fraction::from_units(-1).percent()), "-0.01");
        assert_eq!(Fraction::ZERO.percent(), Percent::ZERO);
    }

    #[test]
    fn rounds_half_away_from_zero_on_both_sides() {
        assert_eq!(Percent::ratio(125, 1000), Percent::from_units(13));
        assert_eq!(Percent::ratio(-125, 1000), Percent::from_units(-13));
        assert_eq!(Percent::ratio(125, -1000), Percent::from_units(-13));
        assert_eq!(Mean::from_units(-8_950).in_wholes_of(1), -90);
        assert_eq!(Mean::from_units(9_000).in_wholes_of(60), 2);
        assert_eq!(Mean::from_units(8_999).in_wholes_of(60), 1);
        assert_eq!(whole_seconds(1_499_999), 1);
        assert_eq!(whole_seconds(1_500_000), 2);
    }

    #[test]
    fn reads_what_postgresql_writes() {
        assert_eq!("3.00".parse(), Ok(Decimal2::from_units(300)));
        assert_eq!("3".parse(), Ok(Decimal2::from_units(300)));
        assert_eq!("-0.5".parse(), Ok(Decimal2::from_units(-50)));
        for bad in ["", "x", "1.234", ".5", "1e3", "NaN", "--1", "99999999999999999999"] {
            assert_eq!(bad.parse::<Decimal2>(), Err(NotADecimal), "{bad}");
        }
    }

    proptest! {
        /// Both places that divide round alike.
        #[test]
        fn a_rate_is_the_same_in_both_units(part in 0_i64..2_000_000_000, whole in 0_i64..2_000_000_000) {
            prop_assert_eq!(Fraction::fraction_of(part, whole).percent(), Percent::of(part, whole));
        }

        /// Against the definition: the rounded value is the only one whose distance is at most half a unit,
        /// and at exactly half the larger magnitude wins.
        #[test]
        fn a_percentage_is_the_nearest(part in 0_i64..2_000_000_000, whole in 1_i64..2_000_000_000) {
            let units = i128::from(Percent::of(part, whole).units());
            let twice_error = 2 * (units * i128::from(whole) - i128::from(part) * 10_000);
            prop_assert!(twice_error > -i128::from(whole) && twice_error <= i128::from(whole));
        }

        #[test]
        fn text_and_json_agree_and_are_read_back(units in -9_000_000_000_000_i64..9_000_000_000_000) {
            let value = Decimal2::from_units(units);
            prop_assert_eq!(value.to_string().parse(), Ok(value));
            prop_assert_eq!(json(value), value.to_string());
            prop_assert_eq!(serde_json::from_str::<Decimal2>(&json(value)).ok(), Some(value));
            prop_assert_eq!(serde_json::from_value::<Decimal2>(value.to_string().into()).ok(), Some(value));
        }

        #[test]
        fn parts_of_a_whole_are_monotonic(a in 0_i64..1_000_000, b in 0_i64..1_000_000, whole in 1_i64..1_000_000) {
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(Percent::of(low, whole) <= Percent::of(high, whole));
        }
    }
}
