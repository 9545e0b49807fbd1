//! The numbers of digests: one tenant, report and period is computed once a turn, whoever is to get it.

use std::collections::HashMap;
use std::sync::Arc;

use callmetry_access::TenantScope;
use callmetry_database::{Database, Error};
use callmetry_links::report_page;
use callmetry_mail::{Letter, Summary};
use callmetry_metrics::headlines::{Headline, Headlines};
use callmetry_metrics::{ReportName, Window};
use callmetry_render::Period as Days;
use callmetry_reports::{agents, call_volume, campaigns, compliance, dispositions};
use callmetry_schedules::{Period, Run, Subject};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures::{StreamExt, stream};

use crate::REPORTS_AT_ONCE;

/// What numbers are of.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    tenant: TenantScope,
    report: ReportName,
    previous_from: DateTime<Utc>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// What was computed so far. What failed is not here, and is tried again with the next run that needs it.
#[derive(Default)]
pub(crate) struct Numbers(HashMap<Key, Vec<Headline>>);

impl Key {
    /// None where the run sends no digest.
    fn of(run: &Run) -> Option<Self> {
        let Subject::Digest(report) = run.subject else { return None };
        let Period { previous_from, from, to } = run.period;
        Some(Self { tenant: run.tenant, report, previous_from, from, to })
    }
}

impl Numbers {
    /// Computes what these runs need and is not known.
    pub async fn compute(&mut self, database: &Database, runs: &[&Run]) {
        let mut wanted: Vec<(Key, Period)> = Vec::new();
        for run in runs {
            let Some(key) = Key::of(run) else { continue };
            if !self.0.contains_key(&key) && !wanted.iter().any(|(known, _)| *known == key) {
                wanted.push((key, run.period));
            }
        }
        let computed: Vec<_> = stream::iter(wanted)
            .map(|(key, period)| async move { (key, headlines(database, key.tenant, key.report, period).await) })
            .buffer_unordered(REPORTS_AT_ONCE)
            .collect()
            .await;
        for (key, outcome) in computed {
            match outcome {
                Ok(headlines) => drop(self.0.insert(key, headlines)),
                Err(error) => {
                    tracing::error!(%error, tenant_id = %key.tenant, report = %key.report, "no numbers for a digest");
                }
            }
        }
    }

    /// A run's digest; none where its numbers could not be had.
    pub fn digest(&self, run: &Run, public_url: &str) -> Option<Arc<Letter>> {
        let key = Key::of(run)?;
        let headlines = self.0.get(&key)?;
        Some(Arc::new(Letter::digest(Summary {
            title: key.report.title(),
            tenant: run.tenant_name.clone(),
            headlines: headlines.iter().cloned().map(Into::into).collect(),
            period: Days::of_window(run.zone, run.period.from, run.period.to),
            previous: Some(Days::of_window(run.zone, run.period.previous_from, run.period.from)),
            zone: run.zone.name().to_owned(),
            cadence: run.rhythm.clone(),
            reports_url: report_page(public_url, key.report.as_str(), key.from, key.to, run.zone.name()),
        })))
    }
}

/// The headlines of a report beside those of the period before, both read at the same time.
async fn headlines(
    database: &Database,
    tenant: TenantScope,
    report: ReportName,
    period: Period,
) -> Result<Vec<Headline>, Error> {
    let window = |window: Result<Window, _>| window.map_err(|_| Error::Decode("a run without a window".into()));
    let (now, before) = (window(period.window())?, window(period.previous_window())?);
    match report {
        ReportName::Campaigns => {
            compare(campaigns::read(database, tenant, now, None), campaigns::read(database, tenant, before, None)).await
        }
        ReportName::Agents => {
            compare(agents::read(database, tenant, now, None), agents::read(database, tenant, before, None)).await
        }
        ReportName::CallVolume => {
            // The zone is that of the daily trend, which is no headline.
            let read = |window| call_volume::read(database, tenant, window, None, Tz::UTC);
            compare(read(now), read(before)).await
        }
        ReportName::Compliance => {
            compare(compliance::read(database, tenant, now, None), compliance::read(database, tenant, before, None))
                .await
        }
        ReportName::Dispositions => {
            compare(dispositions::read(database, tenant, now, None), dispositions::read(database, tenant, before, None))
                .await
        }
    }
}

async fn compare<R: Headlines>(
    current: impl Future<Output = Result<R, Error>>,
    previous: impl Future<Output = Result<R, Error>>,
) -> Result<Vec<Headline>, Error> {
    let (current, previous) = tokio::try_join!(current, previous)?;
    Ok(current.headlines(&previous))
}
