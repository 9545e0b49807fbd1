//! What a turn did, for its line in the log and its metrics.

use std::time::Duration;

use callmetry_folds as folds;

/// What a turn did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Whether the gate was shut: nothing was done and the database not asked.
    pub is_asleep: bool,
    /// How long what was due first had waited.
    pub lag: Duration,
    /// On-demand reports started.
    pub started: usize,
    /// On-demand reports that have had all attempts.
    pub reports_failed: usize,
    /// Runs taken.
    pub runs: usize,
    /// Messages that SES has.
    pub sent: usize,
    /// Messages that will never be sent.
    pub failed: usize,
    /// Messages that may have been sent.
    pub unknown: usize,
    /// Messages that were put off, since SES took no more or time was up.
    pub put_off: usize,
    /// Messages that SES refused to this account.
    pub held_back: usize,
    /// What was folded.
    pub folded: folds::Tally,
    /// Whether the gate was shut at the end.
    pub is_shut: bool,
}
