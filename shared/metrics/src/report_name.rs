//! The five reports, by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the five reports. In JSON and in the database it is its [name](Self::as_str).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportName {
    /// The campaign funnel.
    Campaigns,
    /// Agents' calls, time in state and quality.
    Agents,
    /// Calls and telephony quality.
    CallVolume,
    /// The do-not-call list, abandonment and calling hours.
    Compliance,
    /// How dial attempts ended.
    Dispositions,
}

impl ReportName {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Campaigns, Self::Agents, Self::CallVolume, Self::Compliance, Self::Dispositions];

    /// As requests, answers and the database name it: `call-volume`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Campaigns => "campaigns",
            Self::Agents => "agents",
            Self::CallVolume => "call-volume",
            Self::Compliance => "compliance",
            Self::Dispositions => "dispositions",
        }
    }

    /// As people read it: `Call volume`.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Campaigns => "Campaigns",
            Self::Agents => "Agents",
            Self::CallVolume => "Call volume",
            Self::Compliance => "Compliance",
            Self::Dispositions => "Dispositions",
        }
    }
}

impl fmt::Display for ReportName {
    /// The name, not the title.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_name() {
        for report in ReportName::ALL {
            let json = serde_json::to_value(report).expect("json");
            assert_eq!(json, report.as_str());
            assert_eq!(serde_json::from_value::<ReportName>(json).expect("a name"), report);
        }
        assert!(serde_json::from_value::<ReportName>("call_volume".into()).is_err());
    }
}
