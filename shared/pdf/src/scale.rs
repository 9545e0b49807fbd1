//! The axis of a chart: round numbers that take in all values.

use crate::view::{Chart, ChartKind, Point, Tick};

/// How many values have room to be written at their points.
const MOST_VALUES: usize = 14;
/// How many names have room below the axis.
const MOST_LABELS: usize = 9;
/// About how many lines an axis has.
const LINES: i64 = 4;

/// A place on the other axis, before it is known where that is.
pub struct Reading {
    /// What it is of, such as a date.
    pub label: String,
    /// The values of the series, in the smallest unit.
    pub units: Vec<Option<i64>>,
    /// The value in words.
    pub value: String,
}

/// From one round number to another, both in the smallest unit.
struct Scale {
    bottom: i64,
    top: i64,
    step: i64,
}

impl Scale {
    fn new(lowest: i64, highest: i64) -> Self {
        let step = round_step((highest - lowest).max(1));
        let bottom = lowest.div_euclid(step) * step;
        let top = (highest + step - 1).div_euclid(step) * step;
        Self { bottom, top: top.max(bottom + step), step }
    }

    fn at(&self, units: i64) -> f64 {
        (units - self.bottom) as f64 / (self.top - self.bottom) as f64
    }
}

/// 1, 2 or 5 with zeros, so that about [`LINES`] of them are the range.
fn round_step(range: i64) -> i64 {
    let mut power = 1;
    loop {
        for digit in [1, 2, 5] {
            if digit * power * LINES >= range {
                return digit * power;
            }
        }
        let Some(next) = i64::checked_mul(power, 10).filter(|next| *next < i64::MAX / 50) else { return power };
        power = next;
    }
}

impl Chart {
    /// A chart of these; none if no two of them have a value. `from_zero` keeps zero on the axis: the length of a column
    /// would lie without it.
    pub fn new(
        kind: ChartKind,
        title: &'static str,
        legend: Vec<&'static str>,
        readings: Vec<Reading>,
        from_zero: bool,
        label: impl Fn(i64) -> String,
    ) -> Option<Self> {
        let known = || readings.iter().flat_map(|reading| reading.units.iter().flatten().copied());
        if readings.iter().filter(|reading| reading.units.iter().any(Option::is_some)).count() < 2 {
            return None;
        }
        let (lowest, highest) = (known().min()?, known().max()?);
        let scale = if from_zero { Scale::new(lowest.min(0), highest.max(0)) } else { Scale::new(lowest, highest) };
        let ticks = (0..=(scale.top - scale.bottom) / scale.step)
            .map(|index| scale.bottom + index * scale.step)
            .map(|units| Tick { at: scale.at(units), label: label(units) })
            .collect();
        let alt = alternative(title, &readings);
        let (every, has_values) = (readings.len().div_ceil(MOST_LABELS), readings.len() <= MOST_VALUES);
        let points = readings
            .into_iter()
            .enumerate()
            .map(|(index, reading)| Point {
                label: index.is_multiple_of(every).then_some(reading.label),
                at: reading.units.iter().map(|units| units.map(|units| scale.at(units))).collect(),
                value: has_values.then_some(reading.value),
            })
            .collect();
        Some(Self { kind, title, alt, legend, ticks, points })
    }
}

/// The first, the last, and where to read the others: a table of the same follows every chart.
fn alternative(title: &str, readings: &[Reading]) -> String {
    let told = |reading: Option<&Reading>| {
        reading.map_or_else(String::new, |reading| format!("{}: {}", reading.label, reading.value))
    };
    format!(
        "Chart. {title}, from {} to {}. The table that follows has all values.",
        told(readings.first()),
        told(readings.last())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[i64], from_zero: bool) -> Option<Chart> {
        let readings = values.iter().map(|value| Reading {
            label: format!("l{value}"),
            units: vec![Some(*value)],
            value: value.to_string(),
        });
        Chart::new(ChartKind::Line, "Calls", vec![], readings.collect(), from_zero, |units| units.to_string())
    }

    fn labels(values: &[i64], from_zero: bool) -> Vec<String> {
        chart(values, from_zero).expect("a chart").ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn lines_are_round_numbers_around_all_values() {
        assert_eq!(labels(&[0, 7], true), ["0", "2", "4", "6", "8"]);
        assert_eq!(labels(&[812, 1_204], true), ["0", "500", "1000", "1500"]);
        assert_eq!(labels(&[8_210, 8_730], false), ["8200", "8400", "8600", "8800"]);
        assert_eq!(labels(&[-3, 2], true), ["-4", "-2", "0", "2"]);
        assert_eq!(labels(&[5, 5], false), ["5", "6"]);
        assert_eq!(labels(&[0, 0], true), ["0", "1"]);
        assert!(labels(&[0, i64::MAX / 8], true).len() < 10);
    }

    #[test]
    fn values_and_labels_are_left_out_where_there_are_many() {
        let chart = chart(&(0..31).collect::<Vec<_>>(), true).expect("a chart");
        assert!(chart.points.iter().all(|point| point.value.is_none()));
        assert_eq!(chart.points.iter().filter(|point| point.label.is_some()).count(), 8);
        assert_eq!((&chart.points[15].at[..], &chart.points[30].at[..]), (&[Some(0.5)][..], &[Some(1.0)][..]));
        assert_eq!(chart.alt, "Chart. Calls, from l0: 0 to l30: 30. The table that follows has all values.");
    }

    #[test]
    fn one_value_is_no_chart() {
        assert!(chart(&[1], true).is_none());
        assert!(chart(&[], true).is_none());
    }
}
