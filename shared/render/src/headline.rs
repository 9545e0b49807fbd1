//! A headline, in words.

use callmetry_metrics::headlines::{Headline, Verdict};
use serde::{Deserialize, Serialize};

use crate::{figures, plain};

/// A headline as people read it, each part a line by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadlineText {
    /// What is measured.
    pub label: String,
    /// Its figure.
    pub current: String,
    /// That of the period before.
    pub previous: String,
    /// What changed: `+12.23%`, `no change`.
    pub change: String,
    /// What to think of that.
    pub verdict: Verdict,
}

impl From<Headline> for HeadlineText {
    fn from(headline: Headline) -> Self {
        let change = match headline.verdict {
            Verdict::Same => "no change".into(),
            _ => figures::change(headline.change),
        };
        Self {
            label: plain::name(&headline.label),
            current: figures::figure(headline.current),
            previous: figures::figure(headline.previous),
            change,
            verdict: headline.verdict,
        }
    }
}

impl HeadlineText {
    /// The verdict for whoever does not see colours; empty where there is none.
    pub fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Same | Verdict::Neutral => "",
        }
    }
}
