//! The campaign funnel: attempts, contacts, sales and abandonment.

use std::iter::Sum;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Decimal2, Percent};

/// Counts of dial attempts in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunnelCounts {
    /// Dial attempts.
    pub attempts: i64,
    /// Distinct leads among them. Not additive: the total's is counted over the tenant.
    pub leads_dialed: i64,
    /// Attempts that a human answered.
    pub human: i64,
    /// Attempts that a machine answered.
    pub machine: i64,
    /// Attempts whose disposition is a sale.
    pub sales: i64,
    /// Attempts that were answered and then abandoned for want of an agent.
    pub abandoned: i64,
}

/// What the database counted of one campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignCounts {
    /// The campaign.
    pub campaign_id: Uuid,
    /// Its name.
    pub campaign: String,
    /// The highest abandonment rate allowed, in percent.
    pub abandonment_cap: Decimal2,
    /// What was counted.
    pub counts: FunnelCounts,
}

/// One campaign of the report. Rates are percentages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CampaignRow {
    /// The campaign.
    pub campaign_id: Uuid,
    /// Its name.
    pub campaign: String,
    /// The counts.
    #[serde(flatten)]
    pub counts: FunnelCounts,
    /// human / attempts
    pub contact_rate: Percent,
    /// sales / human
    pub conversion_rate: Percent,
    /// abandoned / attempts
    pub abandonment_rate: Percent,
    /// The highest abandonment rate allowed, in percent.
    pub abandonment_cap: Decimal2,
    /// Whether the exact abandonment rate is greater than the cap.
    pub abandonment_breach: bool,
    /// abandoned / human: the denominator of the 3 % rule of FTC and FCC.
    pub live_abandonment_rate: Percent,
}

/// The tenant's totals: rates from the total counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignTotals {
    /// The counts; `leads_dialed` is distinct over the tenant.
    #[serde(flatten)]
    pub counts: FunnelCounts,
    /// human / attempts
    pub contact_rate: Percent,
    /// sales / human
    pub conversion_rate: Percent,
    /// abandoned / attempts
    pub abandonment_rate: Percent,
    /// abandoned / human
    pub live_abandonment_rate: Percent,
    /// Campaigns in breach of their cap.
    pub breaches: i64,
}

/// The campaign report's own part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Campaigns {
    /// One per campaign, by name.
    pub rows: Vec<CampaignRow>,
    /// Over the tenant.
    pub totals: CampaignTotals,
}

/// Whether `abandoned / attempts` is greater than the cap: in exact arithmetic, not of the rounded rate.
pub fn abandonment_breach(abandoned: i64, attempts: i64, cap: Decimal2) -> bool {
    i128::from(abandoned) * 10_000 > i128::from(cap.units()) * i128::from(attempts) && attempts > 0
}

impl From<CampaignCounts> for CampaignRow {
    fn from(CampaignCounts { campaign_id, campaign, abandonment_cap, counts }: CampaignCounts) -> Self {
        Self {
            campaign_id,
            campaign,
            counts,
            contact_rate: counts.contact_rate(),
            conversion_rate: counts.conversion_rate(),
            abandonment_rate: counts.abandonment_rate(),
            abandonment_cap,
            abandonment_breach: abandonment_breach(counts.abandoned, counts.attempts, abandonment_cap),
            live_abandonment_rate: counts.live_abandonment_rate(),
        }
    }
}

impl FunnelCounts {
    fn contact_rate(&self) -> Percent {
        Percent::of(self.human, self.attempts)
    }

    fn conversion_rate(&self) -> Percent {
        Percent::of(self.sales, self.human)
    }

    fn abandonment_rate(&self) -> Percent {
        Percent::of(self.abandoned, self.attempts)
    }

    fn live_abandonment_rate(&self) -> Percent {
        Percent::of(self.abandoned, self.human)
    }
}

impl<'a> Sum<&'a FunnelCounts> for FunnelCounts {
    /// The sum of the additive counts; `leads_dialed` stays 0, because distinct leads cannot be added.
    fn sum<I: Iterator<Item = &'a FunnelCounts>>(counts: I) -> Self {
        counts.fold(Self::default(), |total, row| Self {
            attempts: total.attempts + row.attempts,
            leads_dialed: 0,
            human: total.human + row.human,
            machine: total.machine + row.machine,
            sales: total.sales + row.sales,
            abandoned: total.abandoned + row.abandoned,
        })
    }
}

impl Campaigns {
    /// The report from its campaigns, in their order, and the distinct leads over the whole tenant.
    pub fn new(campaigns: Vec<CampaignCounts>, tenant_leads_dialed: i64) -> Self {
        let rows: Vec<CampaignRow> = campaigns.into_iter().map(CampaignRow::from).collect();
        let counts = FunnelCounts { leads_dialed: tenant_leads_dialed, ..rows.iter().map(|row| &row.counts).sum() };
        let totals = CampaignTotals {
            counts,
            contact_rate: counts.contact_rate(),
            conversion_rate: counts.conversion_rate(),
            abandonment_rate: counts.abandonment_rate(),
            live_abandonment_rate: counts.live_abandonment_rate(),
            breaches: rows.iter().filter(|row| row.abandonment_breach).count() as i64,
        };
        Self { rows, totals }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn campaign(attempts: i64, human: i64, abandoned: i64, cap: i64) -> CampaignCounts {
        CampaignCounts {
            campaign_id: Uuid::nil(),
            campaign: "c".into(),
            abandonment_cap: Decimal2::from_units(cap),
            counts: FunnelCounts { attempts, leads_dialed: attempts, human, abandoned, ..Default::default() },
        }
    }

    #[test]
    fn a_breach_is_judged_by_the_exact_ratio() {
        assert!(!abandonment_breach(3, 100, Decimal2::from_units(300)), "exactly the cap is no breach");
        // 3.0000003 % rounds to 3.00 and is a breach all the same.
        assert!(abandonment_breach(30_000_003, 1_000_000_000, Decimal2::from_units(300)));
        assert!(!abandonment_breach(0, 0, Decimal2::from_units(0)));
        assert!(abandonment_breach(1, 1_000_000, Decimal2::from_units(0)));
    }

    #[test]
    fn more_sales_than_humans_is_more_than_a_hundred() {
        let mut counts = campaign(10, 2, 0, 300);
        counts.counts.sales = 3;
        assert_eq!(CampaignRow::from(counts).conversion_rate, Percent::from_units(15_000));
    }

    proptest! {
        #[test]
        fn totals_are_made_from_the_sums(rows in prop::collection::vec((0_i64..10_000, 0_i64..10_000, 0_i64..10_000, 0_i64..1_000), 0..20), leads in 0_i64..10_000) {
            let report = Campaigns::new(rows.iter().map(|&(a, h, b, c)| campaign(a, h, b, c)).collect(), leads);
            let (attempts, human, abandoned) = rows.iter().fold((0, 0, 0), |t, r| (t.0 + r.0, t.1 + r.1, t.2 + r.2));
            prop_assert_eq!(report.totals.counts.attempts, attempts);
            prop_assert_eq!(report.totals.counts.leads_dialed, leads);
            prop_assert_eq!(report.totals.contact_rate, Percent::of(human, attempts));
            prop_assert_eq!(report.totals.abandonment_rate, Percent::of(abandoned, attempts));
            prop_assert_eq!(report.totals.live_abandonment_rate, Percent::of(abandoned, human));
            prop_assert_eq!(report.totals.breaches, rows.iter().filter(|r| r.0 > 0 && r.2 * 10_000 > r.3 * r.0).count() as i64);
        }
    }
}
