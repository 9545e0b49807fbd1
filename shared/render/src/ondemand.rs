//! The tables of the on-demand reports, and the JSON of one that may be larger than memory.

use callmetry_metrics::ondemand::agent_coaching::{AgentCoaching, AgentRow};
use callmetry_metrics::ondemand::call_summary::CallSummary;
use callmetry_metrics::ondemand::campaign_performance::{CampaignPerformance, CampaignRow};
use callmetry_metrics::ondemand::compliance_audit::{AuditSummary, ComplianceAudit, Violation};
use callmetry_metrics::ondemand::qa_performance::QaPerformance;
use callmetry_metrics::{Fraction, Mean};
use serde::Serialize;
use serde_json::Error;
use uuid::Uuid;

use crate::{Table, Tabular};

impl Tabular for CallSummary {
    const SECTIONS: &'static [&'static str] = &["by_date", "by_campaign", "dispositions"];

    fn table(&self, section: &str) -> Result<Table, Error> {
        match section {
            "by_campaign" => Table::new(&self.by_campaign),
            "dispositions" => Table::new(&self.dispositions),
            _ => Table::new(&self.by_date),
        }
    }

    fn summary(&self) -> Result<Option<Table>, Error> {
        Table::of_one(&self.totals).map(Some)
    }
}

impl Tabular for QaPerformance {
    const SECTIONS: &'static [&'static str] = &["parameter_breakdown", "trend", "by_agent", "by_campaign"];

    fn table(&self, section: &str) -> Result<Table, Error> {
        match section {
            "trend" => Table::new(&self.trend),
            "by_agent" => Table::new(&self.by_agent),
            "by_campaign" => Table::new(&self.by_campaign),
            _ => Table::new(&self.parameter_breakdown),
        }
    }

    fn summary(&self) -> Result<Option<Table>, Error> {
        Table::of_one(&self.totals).map(Some)
    }
}

/// Violations that come page by page: the table of an audit without any has the header, and
/// [`csv::rows`](crate::csv::rows) of one with a page's violations are those that follow.
impl Tabular for ComplianceAudit<'_> {
    const SECTIONS: &'static [&'static str] = &["violations", "by_rule", "by_severity"];

    fn table(&self, section: &str) -> Result<Table, Error> {
        match section {
            "by_rule" => Table::new(self.by_rule),
            "by_severity" => Table::new(self.by_severity),
            _ => Table::new(self.violations),
        }
    }

    fn summary(&self) -> Result<Option<Table>, Error> {
        Table::of_one(&self.totals).map(Some)
    }
}

/// An agent's parameters as columns, and the areas as one cell.
#[derive(Default, Serialize)]
struct CoachingLine<'a> {
    agent_id: Uuid,
    agent: &'a str,
    calls: i64,
    talk_secs: i64,
    occupancy: Fraction,
    calls_evaluated: i64,
    overall_score: Option<Mean>,
    pass_rate: Fraction,
    lowest_parameter_1: Option<&'a str>,
    lowest_parameter_2: Option<&'a str>,
    lowest_parameter_3: Option<&'a str>,
    focus_areas: Option<String>,
}

impl<'a> From<&'a AgentRow> for CoachingLine<'a> {
    fn from(row: &'a AgentRow) -> Self {
        let mut lowest = row.lowest_parameters.iter().map(|parameter| parameter.parameter.as_str());
        Self {
            agent_id: row.agent_id,
            agent: &row.agent,
            calls: row.calls,
            talk_secs: row.talk_secs,
            occupancy: row.occupancy,
            calls_evaluated: row.calls_evaluated,
            overall_score: row.overall_score,
            pass_rate: row.pass_rate,
            lowest_parameter_1: lowest.next(),
            lowest_parameter_2: lowest.next(),
            lowest_parameter_3: lowest.next(),
            focus_areas: (!row.focus_areas.is_empty()).then(|| row.focus_areas.join("; ")),
        }
    }
}

impl Tabular for AgentCoaching {
    const SECTIONS: &'static [&'static str] = &["agents"];

    fn table(&self, _: &str) -> Result<Table, Error> {
        let lines: Vec<CoachingLine<'_>> = self.agents.iter().map(CoachingLine::from).collect();
        Table::new(&lines)
    }
}

/// A campaign with its sentiment as columns.
#[derive(Default, Serialize)]
struct CampaignLine<'a> {
    campaign_id: Uuid,
    campaign: &'a str,
    attempts: i64,
    leads_dialed: i64,
    human: i64,
    contact_reach_rate: Fraction,
    sales: i64,
    conversion_rate: Fraction,
    sentiment_average: Option<Fraction>,
    sentiment_positive: i64,
    sentiment_neutral: i64,
    sentiment_negative: i64,
}

impl<'a> From<&'a CampaignRow> for CampaignLine<'a> {
    fn from(row: &'a CampaignRow) -> Self {
        Self {
            campaign_id: row.campaign_id,
            campaign: &row.campaign,
            attempts: row.attempts,
            leads_dialed: row.leads_dialed,
            human: row.human,
            contact_reach_rate: row.contact_reach_rate,
            sales: row.sales,
            conversion_rate: row.conversion_rate,
            sentiment_average: row.sentiment.average,
            sentiment_positive: row.sentiment.positive,
            sentiment_neutral: row.sentiment.neutral,
            sentiment_negative: row.sentiment.negative,
        }
    }
}

/// A row of a list that each campaign has.
#[derive(Default, Serialize)]
struct OfCampaign<'a, T> {
    campaign_id: Uuid,
    campaign: &'a str,
    #[serde(flatten)]
    row: T,
}

impl Tabular for CampaignPerformance {
    const SECTIONS: &'static [&'static str] = &["campaigns", "disposition_mix", "sentiment_trend"];

    fn table(&self, section: &str) -> Result<Table, Error> {
        match section {
            "disposition_mix" => of_each(self, |campaign| &campaign.disposition_mix),
            "sentiment_trend" => of_each(self, |campaign| &campaign.sentiment_trend),
            _ => {
                let lines: Vec<CampaignLine<'_>> = self.campaigns.iter().map(CampaignLine::from).collect();
                Table::new(&lines)
            }
        }
    }
}

/// The lists of all campaigns as one table.
fn of_each<'a, T: Clone + Default + Serialize + 'a>(
    report: &'a CampaignPerformance,
    list: impl Fn(&'a CampaignRow) -> &'a [T],
) -> Result<Table, Error> {
    let mut lines = Vec::new();
    for campaign in &report.campaigns {
        let (campaign_id, name) = (campaign.campaign_id, campaign.campaign.as_str());
        lines.extend(list(campaign).iter().map(|row| OfCampaign { campaign_id, campaign: name, row: row.clone() }));
    }
    Table::new(&lines)
}

/// The JSON of an audit whose violations come page by page: the same text as that of the whole.
#[derive(Debug)]
pub struct AuditJson {
    tail: String,
    is_first: bool,
}

impl AuditJson {
    /// What comes before the violations.
    pub fn begin(summary: &AuditSummary) -> Result<(Self, String), Error> {
        const LIST: &str = "\"violations\":[";
        let mut head = serde_json::to_string(&summary.with(&[]))?;
        // Only numbers come before it, so the first is the list.
        let at = head.find(LIST).ok_or_else(|| serde::ser::Error::custom("an audit has violations"))? + LIST.len();
        let tail = head.split_off(at);
        Ok((Self { tail, is_first: true }, head))
    }

    /// The violations of a page.
    pub fn page(&mut self, violations: &[Violation]) -> Result<String, Error> {
        let mut out = String::new();
        for violation in violations {
            if !std::mem::take(&mut self.is_first) {
                out.push(',');
            }
            out.push_str(&serde_json::to_string(violation)?);
        }
        Ok(out)
    }

    /// What comes after them.
    pub fn end(self) -> String {
        self.tail
    }
}

#[cfg(test)]
mod tests {
    use callmetry_metrics::ondemand::agent_coaching::AgentCounts;
    use callmetry_metrics::ondemand::campaign_performance::{CampaignCounts, SentimentCounts};
    use callmetry_metrics::ondemand::compliance_audit::RuleCounts;
    use callmetry_metrics::ondemand::qa_performance::QaCounts;
    use callmetry_metrics::ondemand::{CodeCounts, ParameterCounts};

    use super::*;
    use crate::csv;

    fn text<T: Tabular>(report: &T, section: &str) -> String {
        csv::table(&report.table(section).expect("a table"), false).expect("csv")
    }

    #[test]
    fn an_empty_table_has_its_header() {
        let calls = CallSummary::new(vec![], vec![], vec![]);
        assert_eq!(text(&calls, "by_date"), "date,total_calls,connected_calls,average_duration_secs\r\n");
        assert_eq!(
            text(&calls, "by_campaign"),
            "campaign_id,campaign,total_calls,connected_calls,average_duration_secs\r\n"
        );
        assert_eq!(text(&calls, "dispositions"), "code,label,count,share\r\n");
        let quality = QaPerformance::from(QaCounts::default());
        assert_eq!(text(&quality, "parameter_breakdown"), "parameter,avg_score,max_score,pass_rate\r\n");
        assert_eq!(text(&quality, "trend"), "week,overall_score,calls_evaluated\r\n");
        assert_eq!(text(&quality, "by_agent"), "agent_id,agent,calls_evaluated,overall_score,pass_rate\r\n");
        assert_eq!(text(&quality, "by_campaign"), "campaign_id,campaign,calls_evaluated,overall_score,pass_rate\r\n");
        let audit = AuditSummary::default();
        assert_eq!(
            text(&audit.with(&[]), "violations"),
            "check_id,call_id,agent,campaign,rule,severity,detail,checked_at\r\n"
        );
        assert_eq!(text(&audit.with(&[]), "by_rule"), "rule,checks,violations,pass_rate\r\n");
        assert_eq!(text(&audit.with(&[]), "by_severity"), "severity,violations\r\n");
        assert_eq!(
            text(&AgentCoaching::new(vec![]), "agents"),
            "agent_id,agent,calls,talk_secs,occupancy,calls_evaluated,overall_score,pass_rate,lowest_parameter_1,\
             lowest_parameter_2,lowest_parameter_3,focus_areas\r\n"
        );
        let campaigns = CampaignPerformance::new(vec![]);
        assert_eq!(
            text(&campaigns, "campaigns"),
            "campaign_id,campaign,attempts,leads_dialed,human,contact_reach_rate,sales,conversion_rate,sentiment_average,\
             sentiment_positive,sentiment_neutral,sentiment_negative\r\n"
        );
        assert_eq!(text(&campaigns, "disposition_mix"), "campaign_id,campaign,code,label,count,share\r\n");
        assert_eq!(text(&campaigns, "sentiment_trend"), "campaign_id,campaign,week,average,calls\r\n");
    }

    #[test]
    fn figures_beside_the_tables_are_one_row() {
        let calls = CallSummary::new(vec![], vec![], vec![]).summary().expect("a table").expect("figures");
        assert_eq!(
            csv::table(&calls, false).expect("csv"),
            "total_calls,connected_calls,connect_rate,average_duration_secs\r\n0,0,0,\r\n"
        );
        assert_eq!(AgentCoaching::new(vec![]).summary().expect("no table"), None);
    }

    #[test]
    fn what_an_agent_has_several_of_becomes_columns_and_one_cell() {
        let parameter = |name: &str| ParameterCounts {
            parameter: name.into(),
            answered: 1,
            weight_hundredths: 1_000,
            ..Default::default()
        };
        let lowest = vec![parameter("=Pitch"), parameter("Greeting")];
        let report = AgentCoaching::new(vec![AgentCounts { agent: "Ana".into(), lowest, ..Default::default() }]);
        assert_eq!(
            text(&report, "agents").lines().nth(1),
            Some(
                "00000000-0000-0000-0000-000000000000,Ana,0,0,0,0,,0,'=Pitch,Greeting,,\"'=Pitch: 10 of 10 points lost per \
                 call, 0 % of calls pass; Greeting: 10 of 10 points lost per call, 0 % of calls pass\""
            )
        );
    }

    #[test]
    fn lists_of_campaigns_are_tables_of_their_own() {
        let report = CampaignPerformance::new(vec![CampaignCounts {
            campaign: "A".into(),
            codes: vec![CodeCounts { code: "X".into(), label: "Ex".into(), count: 3 }],
            weeks: vec![(
                "2026-03-02".parse().expect("a date"),
                SentimentCounts { calls: 2, positive: 1, negative: 0, thousandths: 500 },
            )],
            ..Default::default()
        }]);
        let nil = Uuid::nil();
        assert_eq!(text(&report, "campaigns").lines().nth(1), Some(format!("{nil},A,0,0,0,0,0,0,0.25,1,1,0").as_str()));
        assert_eq!(text(&report, "disposition_mix").lines().nth(1), Some(format!("{nil},A,X,Ex,3,1").as_str()));
        assert_eq!(text(&report, "sentiment_trend").lines().nth(1), Some(format!("{nil},A,2026-W10,0.25,2").as_str()));
    }

    #[test]
    fn an_audit_in_pages_is_the_audit() {
        let rule = RuleCounts { rule: "\"violations\":[".into(), severity: "low".into(), checks: 3, violations: 3 };
        let summary = AuditSummary::new(vec![rule]);
        let violation = |n: u128| Violation {
            check_id: Uuid::from_u128(n),
            rule: "\"violations\":[".into(),
            detail: Some("=1\r\n".into()),
            ..Default::default()
        };
        let all = [violation(1), violation(2), violation(3)];
        for pages in [vec![], vec![&all[..]], vec![&all[..1], &all[1..]], vec![&all[..2], &[], &all[2..]]] {
            let (mut json, mut out) = AuditJson::begin(&summary).expect("json");
            let header = summary.with(&[]).table("violations").expect("a table");
            let mut lines = csv::table(&header, true).expect("csv");
            for page in &pages {
                out.push_str(&json.page(page).expect("json"));
                lines.push_str(&csv::rows(&summary.with(page).table("violations").expect("a table")).expect("csv"));
            }
            out.push_str(&json.end());
            let found = if pages.is_empty() { &[][..] } else { &all[..] };
            assert_eq!(out, serde_json::to_string(&summary.with(found)).expect("json"));
            let whole = summary.with(found).table("violations").expect("a table");
            assert_eq!(lines, csv::table(&whole, true).expect("csv"));
        }
    }
}
