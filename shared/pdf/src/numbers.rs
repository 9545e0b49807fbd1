//! Numbers of tables: the digits of the JSON and the CSV, as people read them.

use callmetry_metrics::headlines::Figure;
use callmetry_metrics::{Fraction, Mean};
use callmetry_render::figures::figure;
use chrono::NaiveDate;

/// `12,345`
pub fn count(count: i64) -> String {
    figure(Figure::Count(count))
}

/// 0.8013 is `80.13%`.
pub fn rate(rate: Fraction) -> String {
    figure(Figure::Percent(rate.percent()))
}

/// A score, points or seconds: `1,085.21`, or `none`.
pub fn mean(mean: Option<Mean>) -> String {
    figure(mean.map_or(Figure::None, Figure::Score))
}

/// A mean sentiment with all its decimals: `−0.1250`, or `none`.
pub fn sentiment(mean: Option<Fraction>) -> String {
    let Some(mean) = mean else { return figure(Figure::None) };
    let units = mean.units().unsigned_abs();
    let sign = if mean.units() < 0 { "−" } else { "" };
    format!("{sign}{}.{:04}", units / 10_000, units % 10_000)
}

/// `Mon 2 Nov 2026`
pub fn date(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_json() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(rate(Fraction::from_units(8_013)), "80.13%");
        assert_eq!(mean(Some(Mean::from_units(108_521))), "1,085.21");
        assert_eq!(mean(None), "none");
        assert_eq!(sentiment(Some(Fraction::from_units(-1_250))), "−0.1250");
        assert_eq!(sentiment(Some(Fraction::from_units(10_000))), "1.0000");
        assert_eq!(sentiment(None), "none");
        assert_eq!(date(NaiveDate::from_ymd_opt(2026, 11, 2).expect("a date")), "Mon 2 Nov 2026");
    }
}
