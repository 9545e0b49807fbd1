//! The data of the on-demand reports.
//!
//! A filter narrows what each part is about: calls by their own campaign and agent, attempts too, evaluations by the campaign
//! of their call and by their own agent, compliance checks by their own. Time in state is of no campaign.

pub mod agent_coaching;
pub mod call_summary;
pub mod campaign_performance;
pub mod compliance_audit;
pub mod qa_performance;

use callmetry_access::TenantScope;
use callmetry_database::{Params, Sql};
use callmetry_metrics::Window;
use uuid::Uuid;

use crate::{Counting, window_params};

/// Only what is of these, where it says so. Of one that is unknown there is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this campaign.
    pub campaign_id: Option<Uuid>,
    /// Of this agent.
    pub agent_id: Option<Uuid>,
}

pub(crate) fn statements() -> Vec<(Sql, Params)> {
    let names = |names: &[&str]| {
        let all = ["tenant_id", "from", "to", "campaign_id", "agent_id", "page_size"];
        all.iter().chain(names).fold(Params::new(), |params, name| params.text(name, None))
    };
    vec![
        (call_summary::SUMMARIZE_CALLS, names(&["plain", "after_number"])),
        (qa_performance::SUMMARIZE_QUALITY, names(&["after_number"])),
        (compliance_audit::SUM_COMPLIANCE_CHECKS, names(&["after_rule", "after_severity"])),
        (compliance_audit::LIST_VIOLATIONS, names(&["after_at", "after_id"])),
        (agent_coaching::COACH_AGENTS, names(&["plain", "after_name", "after_id"])),
        (campaign_performance::SUMMARIZE_CAMPAIGNS, names(&["plain", "after_number"])),
    ]
}

fn params(tenant: TenantScope, window: Window, filter: Filter) -> Params {
    window_params(tenant, window).uuid("campaign_id", filter.campaign_id).uuid("agent_id", filter.agent_id)
}

/// Those of a report that has folded counts.
fn counted_params(tenant: TenantScope, window: Window, filter: Filter, counting: Counting) -> Params {
    params(tenant, window, filter).flag("plain", counting == Counting::Plain)
}

/// Adds the number of the last row and the page size, for statements that number their rows. All pages are of one snapshot,
/// so a row has the same number in each.
fn numbered(params: Params, last: Option<i64>, page_size: i64) -> Params {
    params.integer("after_number", last).integer("page_size", page_size)
}
