//! What the object says, and what follows from it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long the tick asks the database after something was made due.
const AWAKE: TimeDelta = TimeDelta::minutes(10);
/// The gate opens this long before something is due, so that the database is awake by then.
const EARLY: TimeDelta = TimeDelta::minutes(1);
/// At the latest after this the database is asked again, whatever was planned.
const LONGEST: TimeDelta = TimeDelta::hours(6);

/// The object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    #[serde(skip_serializing_if = "Option::is_none")]
    awake_until: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due: Option<DateTime<Utc>>,
}

/// The object as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    state: State,
    etag: Option<String>,
    is_used: bool,
}

impl State {
    pub(crate) fn awake_from(now: DateTime<Utc>) -> Self {
        Self { awake_until: Some(now + AWAKE), next_due: None }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Reading {
    pub(crate) fn unused() -> Self {
        Self { state: State::default(), etag: None, is_used: false }
    }

    pub(crate) fn missing() -> Self {
        Self { state: State::default(), etag: None, is_used: true }
    }

    pub(crate) fn of(etag: Option<String>, body: &[u8]) -> Self {
        // What is not understood says nothing, which is open.
        Self { state: serde_json::from_slice(body).unwrap_or_default(), etag, is_used: true }
    }

    pub(crate) fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// Whether the database is to be asked.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        let is_awake = self.state.awake_until.is_some_and(|until| now < until);
        is_awake || self.state.next_due.is_none_or(|due| now >= due)
    }

    /// What to write in order to shut it; nothing while it is kept open or something is due soon.
    pub(crate) fn shut(&self, now: DateTime<Utc>, next_due: Option<DateTime<Utc>>) -> Option<State> {
        let is_awake = self.state.awake_until.is_some_and(|until| now < until);
        if !self.is_used || is_awake || next_due.is_some_and(|due| due <= now + AWAKE) {
            return None;
        }
        let latest = now + LONGEST;
        Some(State { awake_until: None, next_due: Some(next_due.map_or(latest, |due| latest.min(due - EARLY))) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn reading(state: &State) -> Reading {
        Reading::of(Some("\"1\"".into()), state.to_json().as_bytes())
    }

    #[test]
    fn it_is_open_while_awake_and_from_the_next_due_on() {
        let awake = reading(&State::awake_from(at(0)));
        assert!(awake.is_open(at(9)));
        // Nobody has said since when something is due.
        assert!(awake.is_open(at(11)));
        let shut = reading(&State { awake_until: None, next_due: Some(at(60)) });
        assert!(!shut.is_open(at(59)));
        assert!(shut.is_open(at(60)));
        assert!(Reading::missing().is_open(at(0)));
        assert!(Reading::unused().is_open(at(0)));
        assert!(Reading::of(None, b"{").is_open(at(0)));
        assert!(Reading::of(None, br#"{"next_due": "soon"}"#).is_open(at(0)));
    }

    #[test]
    fn it_is_shut_until_a_minute_before_and_six_hours_at_most() {
        let next = |reading: &Reading, now, due| reading.shut(now, due).and_then(|state| state.next_due);
        let open = reading(&State { awake_until: Some(at(-1)), next_due: None });
        assert_eq!(next(&open, at(0), Some(at(10))), None);
        assert_eq!(next(&open, at(0), Some(at(11))), Some(at(10)));
        assert_eq!(next(&open, at(0), Some(at(1_000))), Some(at(360)));
        assert_eq!(next(&open, at(0), None), Some(at(360)));
        assert_eq!(next(&Reading::missing(), at(0), None), Some(at(360)));
        assert_eq!(next(&reading(&State::awake_from(at(-1))), at(0), None), None);
        assert_eq!(next(&Reading::unused(), at(0), None), None);
    }
}
