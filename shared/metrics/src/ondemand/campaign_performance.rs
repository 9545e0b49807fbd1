//! Campaigns: the funnel, how attempts ended, and the mood of calls.

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{CodeCounts, Disposition, dispositions, iso_week};
use crate::Fraction;

/// What the database counted of calls that have a sentiment, which is from -1 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SentimentCounts {
    /// Calls.
    pub calls: i64,
    /// Those above 0.
    pub positive: i64,
    /// Those below 0.
    pub negative: i64,
    /// The sum of the sentiments, in thousandths.
    pub thousandths: i64,
}

impl SentimentCounts {
    /// Their mean; none over nothing.
    pub fn average(&self) -> Option<Fraction> {
        (self.calls > 0).then(|| Fraction::ratio(self.thousandths.into(), i128::from(self.calls) * 1_000))
    }
}

impl std::iter::Sum for SentimentCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |total, part| Self {
            calls: total.calls + part.calls,
            positive: total.positive + part.positive,
            negative: total.negative + part.negative,
            thousandths: total.thousandths + part.thousandths,
        })
    }
}

/// What the database counted of one campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignCounts {
    /// The campaign.
    pub campaign_id: Uuid,
    /// Its name.
    pub campaign: String,
    /// Dial attempts.
    pub attempts: i64,
    /// Distinct leads among them.
    pub leads_dialed: i64,
    /// Attempts that a human answered.
    pub human: i64,
    /// Attempts whose disposition is a sale.
    pub sales: i64,
    /// Its attempts by their codes, most frequent first.
    pub codes: Vec<CodeCounts>,
    /// Its calls that have a sentiment, by the Monday of the week.
    pub weeks: Vec<(NaiveDate, SentimentCounts)>,
}

/// The mood of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sentiment {
    /// The mean, -1 to 1; none where no call has one.
    pub average: Option<Fraction>,
    /// Calls above 0.
    pub positive: i64,
    /// Calls at exactly 0.
    pub neutral: i64,
    /// Calls below 0.
    pub negative: i64,
}

/// One week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SentimentWeek {
    /// The ISO week, in UTC: `2024-W01`.
    pub week: String,
    /// The mean, -1 to 1.
    pub average: Option<Fraction>,
    /// Calls that have a sentiment.
    pub calls: i64,
}

/// One campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CampaignRow {
    /// The campaign.
    pub campaign_id: Uuid,
    /// Its name.
    pub campaign: String,
    /// Dial attempts.
    pub attempts: i64,
    /// Distinct leads among them.
    pub leads_dialed: i64,
    /// Attempts that a human answered.
    pub human: i64,
    /// human / attempts
    pub contact_reach_rate: Fraction,
    /// Attempts whose disposition is a sale.
    pub sales: i64,
    /// sales / human
    pub conversion_rate: Fraction,
    /// The codes of its attempts that have one, most frequent first.
    pub disposition_mix: Vec<Disposition>,
    /// The mood of its calls.
    pub sentiment: Sentiment,
    /// The same by week, in their order; weeks without a sentiment are left out.
    pub sentiment_trend: Vec<SentimentWeek>,
}

/// The data of `campaign_performance`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignPerformance {
    /// By name.
    pub campaigns: Vec<CampaignRow>,
}

impl CampaignPerformance {
    /// The report from its campaigns, in their order.
    pub fn new(campaigns: Vec<CampaignCounts>) -> Self {
        Self { campaigns: campaigns.into_iter().map(CampaignRow::from).collect() }
    }
}

impl From<CampaignCounts> for CampaignRow {
    fn from(counts: CampaignCounts) -> Self {
        let all: SentimentCounts = counts.weeks.iter().map(|(_, counts)| *counts).sum();
        let trend = counts.weeks.into_iter().map(|(monday, counts)| SentimentWeek {
            week: iso_week(monday),
            average: counts.average(),
            calls: counts.calls,
        });
        Self {
            campaign_id: counts.campaign_id,
            campaign: counts.campaign,
            attempts: counts.attempts,
            leads_dialed: counts.leads_dialed,
            human: counts.human,
            contact_reach_rate: Fraction::fraction_of(counts.human, counts.attempts),
            sales: counts.sales,
            conversion_rate: Fraction::fraction_of(counts.sales, counts.human),
            disposition_mix: dispositions(counts.codes),
            sentiment: Sentiment {
                average: all.average(),
                positive: all.positive,
                neutral: all.calls - all.positive - all.negative,
                negative: all.negative,
            },
            sentiment_trend: trend.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_in_full() {
        let monday = |text: &str| text.parse().expect("a date");
        let report = CampaignPerformance::new(vec![CampaignCounts {
            campaign_id: Uuid::nil(),
            campaign: "A".into(),
            attempts: 7,
            leads_dialed: 5,
            human: 3,
            sales: 1,
            codes: vec![CodeCounts { code: "SALE".into(), label: "Sale".into(), count: 1 }],
            weeks: vec![
                (monday("2026-02-23"), SentimentCounts { calls: 3, positive: 1, negative: 1, thousandths: 200 }),
                (monday("2026-03-02"), SentimentCounts { calls: 1, positive: 0, negative: 1, thousandths: -1_000 }),
            ],
        }]);
        assert_eq!(
            serde_json::to_string(&report).expect("json"),
            r#"{"campaigns":[{"campaign_id":"00000000-0000-0000-0000-000000000000","campaign":"A","attempts":7,"leads_dialed":5,"human":3,"contact_reach_rate":0.4286,"sales":1,"conversion_rate":0.3333,"disposition_mix":[{"code":"SALE","label":"Sale","count":1,"share":1}],"sentiment":{"average":-0.2,"positive":1,"neutral":1,"negative":2},"sentiment_trend":[{"week":"2026-W09","average":0.0667,"calls":3},{"week":"2026-W10","average":-1,"calls":1}]}]}"#
        );
    }

    #[test]
    fn without_anything_rates_are_0_and_the_mean_is_null() {
        let row = CampaignRow::from(CampaignCounts::default());
        assert_eq!((row.contact_reach_rate, row.conversion_rate), (Fraction::ZERO, Fraction::ZERO));
        assert_eq!((row.sentiment, row.sentiment_trend.len()), (Sentiment::default(), 0));
    }
}
