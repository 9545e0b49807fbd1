//! How figures, changes, sizes and points in time are written.

use callmetry_metrics::headlines::{Change, Figure};
use callmetry_metrics::{Decimal2, Mean};
use chrono::{DateTime, Utc};

/// U+2212, which is as wide as a plus and is read out as what it is.
const MINUS: char = '−';

/// A figure with its unit: `12,345`, `42.86%`, `12 h 05 m`, `none`. That of a share is `412 (34.33%)`.
pub fn figure(figure: Figure) -> String {
    match figure {
        Figure::Count(count) => grouped(count),
        Figure::Share { count, share } => format!("{} ({})", grouped(count), percent(share)),
        Figure::Percent(value) => percent(value),
        Figure::Duration(seconds) => duration(seconds),
        Figure::Score(mean) => two_places(mean),
        Figure::None => "none".into(),
    }
}

/// A change with its sign: `+12.23%`, `−2.00 points`.
pub fn change(change: Change) -> String {
    match change {
        Change::Percent(value) => format!("{}%", signed(value)),
        Change::Points(difference) => format!("{} points", signed(difference)),
        Change::FromZero => "up from 0".into(),
        Change::None => "no comparison".into(),
    }
}

/// A file's size in decimal units: `812 bytes`, `34.2 kB`, `12.4 MB`.
pub fn size(bytes: u64) -> String {
    for (unit, name) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")] {
        let tenths = bytes.saturating_add(unit / 20) / (unit / 10);
        if tenths >= 10 {
            return format!("{}.{} {name}", grouped_digits(tenths / 10), tenths % 10);
        }
    }
    if bytes == 1 { "1 byte".into() } else { format!("{bytes} bytes") }
}

/// A point in time to the minute, rounded down: `29 Jan 2024, 06:05 UTC`.
pub fn instant(at: DateTime<Utc>) -> String {
    at.format("%-d %b %Y, %H:%M UTC").to_string()
}

fn percent(value: Decimal2) -> String {
    format!("{}%", two_places(value))
}

fn signed(value: Decimal2) -> String {
    let plus = if value > Decimal2::ZERO { "+" } else { "" };
    format!("{plus}{}", two_places(value))
}

/// Hours and minutes from an hour on, minutes and seconds from a minute on, else seconds; rounded to the smaller of the two.
fn duration(seconds: Mean) -> String {
    let whole = seconds.in_wholes_of(1);
    match whole {
        3_600.. => {
            let minutes = seconds.in_wholes_of(60);
            format!("{} h {:02} m", grouped(minutes / 60), minutes % 60)
        }
        60..3_600 => format!("{} m {:02} s", whole / 60, whole % 60),
        _ => format!("{} s", grouped(whole)),
    }
}

fn two_places(value: Decimal2) -> String {
    let hundredths = value.units().unsigned_abs();
    let whole = grouped_digits(hundredths / 100);
    format!("{}{whole}.{:02}", sign(value.units()), hundredths % 100)
}

fn grouped(number: i64) -> String {
    format!("{}{}", sign(number), grouped_digits(number.unsigned_abs()))
}

fn sign(number: i64) -> String {
    if number < 0 { MINUS.into() } else { String::new() }
}

/// A comma before every third digit from the right.
fn grouped_digits(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_commas() {
        let count = |count| figure(Figure::Count(count));
        assert_eq!(
            [0, 999, 1_000, -12_345, 1_234_567].map(count),
            ["0", "999", "1,000", "−12,345", "1,234,567"].map(str::to_owned)
        );
        assert_eq!(count(i64::MIN), "−9,223,372,036,854,775,808");
    }

    #[test]
    fn percentages_have_two_places() {
        let percent = |units| figure(Figure::Percent(Decimal2::from_units(units)));
        assert_eq!([0, 5, 4_286, 1_250, 123_456].map(percent), ["0.00%", "0.05%", "42.86%", "12.50%", "1,234.56%"]);
        let share = Figure::Share { count: 1_204, share: Decimal2::from_units(3_433) };
        assert_eq!(figure(share), "1,204 (34.33%)");
        assert_eq!(figure(Figure::Score(Mean::from_units(8_521))), "85.21");
        assert_eq!(figure(Figure::None), "none");
    }

    #[test]
    fn durations_have_two_units() {
        let duration = |units| figure(Figure::Duration(Mean::from_units(units)));
        assert_eq!(duration(0), "0 s");
        assert_eq!(duration(4_250), "43 s");
        assert_eq!(duration(5_950), "1 m 00 s");
        assert_eq!(duration(18_742), "3 m 07 s");
        assert_eq!(duration(359_949), "59 m 59 s");
        assert_eq!(duration(359_950), "1 h 00 m");
        assert_eq!(duration(43_293_000), "120 h 16 m");
        assert_eq!(duration(444_300_000), "1,234 h 10 m");
    }

    #[test]
    fn sizes_have_one_place() {
        assert_eq!([0, 1, 949].map(size), ["0 bytes", "1 byte", "949 bytes"]);
        assert_eq!([950, 34_249, 34_250, 949_999].map(size), ["1.0 kB", "34.2 kB", "34.3 kB", "950.0 kB"]);
        assert_eq!([950_000, 6_949_999, 12_400_000].map(size), ["1.0 MB", "6.9 MB", "12.4 MB"]);
        assert_eq!([1_250_000_000, 1_234_500_000_000].map(size), ["1.3 GB", "1,234.5 GB"]);
        assert_eq!(size(u64::MAX), "18,446,744,073.7 GB");
    }

    #[test]
    fn points_in_time_have_minutes() {
        let at = |text: &str| instant(text.parse().expect("a point in time"));
        assert_eq!(at("2024-01-05T06:05:59.999Z"), "5 Jan 2024, 06:05 UTC");
        assert_eq!(at("2024-12-31T23:59:00+01:00"), "31 Dec 2024, 22:59 UTC");
    }

    #[test]
    fn changes_have_a_sign() {
        assert_eq!(change(Change::Percent(Decimal2::from_units(1_223))), "+12.23%");
        assert_eq!(change(Change::Percent(Decimal2::from_units(-13))), "−0.13%");
        assert_eq!(change(Change::Percent(Decimal2::ZERO)), "0.00%");
        assert_eq!(change(Change::Points(Decimal2::from_units(-200))), "−2.00 points");
        assert_eq!(change(Change::FromZero), "up from 0");
        assert_eq!(change(Change::None), "no comparison");
    }
}
