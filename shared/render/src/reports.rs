//! The tables of the reports.

use callmetry_metrics::agent_scores::AgentScores;
use callmetry_metrics::agents::Agents;
use callmetry_metrics::call_volume::CallVolume;
use callmetry_metrics::campaigns::Campaigns;
use callmetry_metrics::compliance::Compliance;
use callmetry_metrics::dispositions::Dispositions;

use crate::Table;

/// A report that has tables. Totals are no rows of them: a spreadsheet makes its own.
pub trait Tabular {
    /// The names of its tables, the default first.
    const SECTIONS: &'static [&'static str];

    /// The table of one of [`SECTIONS`](Self::SECTIONS): rows, or an object's fields as one row.
    fn table(&self, section: &str) -> Result<Table, serde_json::Error>;

    /// The figures that stand beside the tables, as one row, where a document begins with them.
    fn summary(&self) -> Result<Option<Table>, serde_json::Error> {
        Ok(None)
    }
}

impl Tabular for Campaigns {
    const SECTIONS: &'static [&'static str] = &["campaigns"];

    fn table(&self, _: &str) -> Result<Table, serde_json::Error> {
        Table::new(&self.rows)
    }
}

impl Tabular for Agents {
    const SECTIONS: &'static [&'static str] = &["agents"];

    fn table(&self, _: &str) -> Result<Table, serde_json::Error> {
        Table::new(&self.rows)
    }
}

impl Tabular for AgentScores {
    const SECTIONS: &'static [&'static str] = &["agent_scores"];

    fn table(&self, _: &str) -> Result<Table, serde_json::Error> {
        Table::new(&self.rows)
    }
}

impl Tabular for Dispositions {
    const SECTIONS: &'static [&'static str] = &["dispositions"];

    fn table(&self, _: &str) -> Result<Table, serde_json::Error> {
        Table::new(&self.rows)
    }
}

impl Tabular for CallVolume {
    const SECTIONS: &'static [&'static str] = &["daily", "totals", "hangup_causes"];

    fn table(&self, section: &str) -> Result<Table, serde_json::Error> {
        match section {
            "totals" => Table::of_one(&self.totals),
            "hangup_causes" => Table::new(&self.hangup_causes),
            _ => Table::new(&self.daily),
        }
    }
}

impl Tabular for Compliance {
    const SECTIONS: &'static [&'static str] = &["abandonment", "dnc", "calling_hours"];

    fn table(&self, section: &str) -> Result<Table, serde_json::Error> {
        match section {
            "dnc" => Table::new(&self.dnc.by_source),
            "calling_hours" => Table::of_one(&self.calling_hours),
            _ => Table::new(&self.abandonment.campaigns),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_table_has_its_header() {
        let header =
            |table: Result<Table, serde_json::Error>| crate::csv::table(&table.expect("a table"), false).expect("csv");
        assert_eq!(
            header(Campaigns::new(vec![], 0).table("campaigns")),
            "campaign_id,campaign,attempts,leads_dialed,human,machine,sales,abandoned,contact_rate,conversion_rate,\
             abandonment_rate,abandonment_cap,abandonment_breach,live_abandonment_rate\r\n"
        );
        assert_eq!(
            header(Agents::new(vec![]).table("agents")),
            "agent_id,agent,state,state_since,calls,talk_secs,available_secs,busy_secs,wrap_secs,break_secs,offline_secs,\
             occupancy,qa_evaluations,qa_avg_score\r\n"
        );
        assert_eq!(
            header(AgentScores::new(vec![]).table("agent_scores")),
            "agent_id,agent,evaluations,submitted,drafts,avg_score,min_score,max_score,pass_rate\r\n"
        );
        assert_eq!(header(Dispositions::new(vec![]).table("dispositions")), "code,label,category,count,share\r\n");
        let volume = CallVolume::new(vec![], vec![]);
        assert_eq!(header(volume.table("daily")), "date,total_calls,answered,asr,acd_secs\r\n");
        assert_eq!(header(volume.table("hangup_causes")), "cause,calls,share\r\n");
        assert_eq!(header(volume.table("totals")), "total_calls,answered,asr,talk_secs,acd_secs\r\n0,0,0,0,0\r\n");
        let compliance = Compliance::new(vec![], vec![]);
        assert_eq!(header(compliance.table("dnc")), "source,total,additions\r\n");
    }
}
