//! Compliance: the do-not-call list, abandonment against its cap, and calling hours.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::campaigns::abandonment_breach;
use crate::{Decimal2, Percent};

/// Do-not-call entries of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DncSource {
    /// Who listed the number: national, state, internal or litigator.
    pub source: String,
    /// Entries added before the window's end.
    pub total: i64,
    /// Entries added in the window.
    pub additions: i64,
}

/// The do-not-call list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dnc {
    /// Entries added before the window's end.
    pub total: i64,
    /// Entries added in the window.
    pub additions: i64,
    /// Sources that have entries, by name.
    pub by_source: Vec<DncSource>,
}

/// What the database counted of one campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignCompliance {
    /// The campaign.
    pub campaign_id: Uuid,
    /// Its name.
    pub campaign: String,
    /// The highest abandonment rate allowed, in percent.
    pub abandonment_cap: Decimal2,
    /// Whether it has calling hours.
    pub has_hours: bool,
    /// Attempts in the window.
    pub attempts: i64,
    /// Those abandoned.
    pub abandoned: i64,
    /// Attempts inside the calling hours; 0 for a campaign without.
    pub inside: i64,
}

/// One campaign's abandonment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AbandonmentRow {
    /// The campaign.
    pub campaign_id: Uuid,
    /// Its name.
    pub campaign: String,
    /// Attempts in the window.
    pub attempts: i64,
    /// Those abandoned.
    pub abandoned: i64,
    /// abandoned / attempts, a percentage.
    pub abandonment_rate: Percent,
    /// The highest rate allowed, in percent.
    pub abandonment_cap: Decimal2,
    /// Whether the exact rate is greater than the cap.
    pub breach: bool,
}

/// Abandonment of all campaigns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Abandonment {
    /// Campaigns in breach.
    pub breaches: i64,
    /// One per campaign, by name.
    pub campaigns: Vec<AbandonmentRow>,
}

/// Attempts against calling hours, by the local time of the lead's zone, else of the campaign's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CallingHours {
    /// Campaigns.
    pub campaigns: i64,
    /// Those with calling hours.
    pub campaigns_with_hours: i64,
    /// campaigns_with_hours / campaigns, a percentage.
    pub coverage: Percent,
    /// Attempts in the window.
    pub attempts: i64,
    /// Attempts within their campaign's hours.
    pub inside: i64,
    /// Attempts outside of them.
    pub outside: i64,
    /// Attempts of campaigns without calling hours.
    pub unknown: i64,
    /// inside / (inside + outside), a percentage.
    pub inside_rate: Percent,
}

/// The compliance report's own part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compliance {
    /// The do-not-call list, of the tenant.
    pub dnc: Dnc,
    /// Abandonment against the cap.
    pub abandonment: Abandonment,
    /// Calling hours.
    pub calling_hours: CallingHours,
}

impl Compliance {
    /// The report from the do-not-call sources and the campaigns, each in its order.
    pub fn new(by_source: Vec<DncSource>, campaigns: Vec<CampaignCompliance>) -> Self {
        let with_hours = || campaigns.iter().filter(|campaign| campaign.has_hours);
        let attempts = campaigns.iter().map(|campaign| campaign.attempts).sum();
        let dialed_with_hours: i64 = with_hours().map(|campaign| campaign.attempts).sum();
        let inside = with_hours().map(|campaign| campaign.inside).sum();
        let calling_hours = CallingHours {
            campaigns: campaigns.len() as i64,
            campaigns_with_hours: with_hours().count() as i64,
            coverage: Percent::of(with_hours().count() as i64, campaigns.len() as i64),
            attempts,
            inside,
            outside: dialed_with_hours - inside,
            unknown: attempts - dialed_with_hours,
            inside_rate: Percent::of(inside, dialed_with_hours),
        };
        let rows: Vec<AbandonmentRow> = campaigns
            .into_iter()
            .map(|c| AbandonmentRow {
                campaign_id: c.campaign_id,
                campaign: c.campaign,
                attempts: c.attempts,
                abandoned: c.abandoned,
                abandonment_rate: Percent::of(c.abandoned, c.attempts),
                abandonment_cap: c.abandonment_cap,
                breach: abandonment_breach(c.abandoned, c.attempts, c.abandonment_cap),
            })
            .collect();
        Self {
            dnc: Dnc {
                total: by_source.iter().map(|source| source.total).sum(),
                additions: by_source.iter().map(|source| source.additions).sum(),
                by_source,
            },
            abandonment: Abandonment { breaches: rows.iter().filter(|row| row.breach).count() as i64, campaigns: rows },
            calling_hours,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign(has_hours: bool, attempts: i64, inside: i64) -> CampaignCompliance {
        CampaignCompliance {
            campaign_id: Uuid::nil(),
            campaign: "c".into(),
            abandonment_cap: Decimal2::from_units(300),
            has_hours,
            attempts,
            abandoned: attempts / 10,
            inside,
        }
    }

    #[test]
    fn every_attempt_is_inside_outside_or_unknown() {
        let report =
            Compliance::new(vec![], vec![campaign(true, 70, 60), campaign(false, 30, 0), campaign(true, 0, 0)]);
        let hours = report.calling_hours;
        assert_eq!((hours.inside, hours.outside, hours.unknown, hours.attempts), (60, 10, 30, 100));
        assert_eq!(hours.coverage, Percent::from_units(6667));
        assert_eq!(hours.inside_rate, Percent::from_units(8571));
        assert_eq!(report.abandonment.breaches, 2);
    }

    #[test]
    fn nothing_at_all_is_zeros() {
        let report = Compliance::new(vec![], vec![]);
        assert_eq!(report.calling_hours.coverage, Percent::ZERO);
        assert_eq!(report.dnc, Dnc { total: 0, additions: 0, by_source: vec![] });
    }
}
