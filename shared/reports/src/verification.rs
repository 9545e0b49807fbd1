//! Compares reports from folded counts with plain SQL.

use callmetry_access::TenantScope;
use callmetry_database::Database;
use callmetry_metrics::Window;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use futures::future::{BoxFuture, FutureExt};
use serde::Serialize;
use tokio::time::Instant;

use crate::ondemand::{Filter, agent_coaching, call_summary, campaign_performance};
use crate::{Counting, Result, agents, call_volume, campaigns, compliance, dispositions};

/// How often a report is read anew whose rows change while it is compared.
const TRIES: u32 = 3;

/// What was compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Reports that were the same, field for field.
    pub same: u64,
    /// Reports that were not.
    pub different: Vec<Compared>,
    /// Reports that changed each time they were looked at: nothing is known of them.
    pub changing: Vec<Compared>,
    /// Whether the time was up before all of the window was compared.
    pub is_unfinished: bool,
}

/// One report of one window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Its name.
    pub report: &'static str,
    /// The beginning of the window.
    pub from: DateTime<Utc>,
    /// Its end, excluded.
    pub to: DateTime<Utc>,
}

/// Compares all reports that have folded counts: over a window, and over each 24 hours of it, until the deadline.
pub async fn verify(
    database: &Database,
    tenant: TenantScope,
    window: Window,
    deadline: Instant,
) -> Result<Verification> {
    let mut found = Verification::default();
    for window in std::iter::once(window).chain(days(window)) {
        if Instant::now() >= deadline {
            found.is_unfinished = true;
            break;
        }
        match compare_all(database, tenant, window, &mut found).await {
            // In the middle of a window: what was compared is known.
            Err(_) if Instant::now() >= deadline => {
                found.is_unfinished = true;
                break;
            }
            outcome => outcome?,
        }
    }
    Ok(found)
}

/// The window in pieces of 24 hours, the last one shorter.
fn days(window: Window) -> impl Iterator<Item = Window> {
    std::iter::successors(Some(window.from()), |from| Some(*from + TimeDelta::days(1)))
        .take_while(move |from| *from < window.to())
        .filter_map(move |from| Window::new(from, window.to().min(from + TimeDelta::days(1))).ok())
}

async fn compare_all(database: &Database, tenant: TenantScope, window: Window, found: &mut Verification) -> Result<()> {
    // What depends on a zone counts dates that do not begin on whole hours.
    const ZONE: Tz = Tz::Asia__Kathmandu;
    let all = Filter::default();
    macro_rules! compare {
        ($name:literal, $read:path, $($arguments:expr),*) => {
            compare($name, window, found, |counting| $read(counting, database, tenant, window, $($arguments),*).boxed()).await?
        };
    }
    compare!("campaigns", campaigns::read_by, None);
    compare!("agents", agents::read_by, None);
    compare!("call-volume", call_volume::read_by, None, ZONE);
    compare!("compliance", compliance::read_by, None);
    compare!("dispositions", dispositions::read_by, None);
    compare!("call_summary", call_summary::read_by, all);
    compare!("agent_coaching", agent_coaching::read_by, all);
    compare!("campaign_performance", campaign_performance::read_by, all);
    Ok(())
}

/// Plain SQL before and after: what differs between the two changed meanwhile.
async fn compare<'a, T: PartialEq>(
    report: &'static str,
    window: Window,
    found: &mut Verification,
    read: impl Fn(Counting) -> BoxFuture<'a, Result<T>>,
) -> Result<()> {
    let compared = || Compared { report, from: window.from(), to: window.to() };
    let mut before = read(Counting::Plain).await?;
    for _ in 0..TRIES {
        let folded = read(Counting::Folded).await?;
        if folded == before {
            found.same += 1;
            return Ok(());
        }
        let after = read(Counting::Plain).await?;
        if after == before {
            found.different.push(compared());
            return Ok(());
        }
        before = after;
    }
    found.changing.push(compared());
    Ok(())
}
