//! Raw calls as CSV: in the answer while they fit into it, else as a report that is made in the background.

use std::sync::Arc;
use std::time::Duration;

use callmetry_exports::Export;
use callmetry_gate::Gate;
use callmetry_host::{Call, Error, Reply, Supervisor};
use callmetry_ondemand::{Format, Kind, Order, Placed};
use callmetry_render::csv;
use callmetry_worker::Worker;
use tokio::time::Instant;

use crate::inline;
use crate::parameters::Parameters;

/// How long an answer with the file may take, of the 30 seconds that API Gateway waits.
const PATIENCE: Duration = Duration::from_secs(20);
/// What making a job of it needs in any case.
const RESERVE: Duration = Duration::from_secs(6);

/// What making a job of it needs beside the database.
pub struct Shared {
    /// Who makes files.
    pub worker: Worker,
    /// What lets the tick look after it.
    pub gate: Gate,
}

/// Answers with the file, or with the job that makes it.
pub async fn handle(mut call: Call<Supervisor>, shared: Arc<Shared>) -> Result<Reply, Error> {
    let until = (Instant::now() + PATIENCE).min(call.deadline - RESERVE);
    let parameters = Parameters::read(std::mem::take(&mut call.query), call.now)?;
    let tenant = call.tenant(parameters.tenant_id).await?;
    let (window, filter) = (parameters.window, parameters.filter);
    let export = Export::new(call.database.clone(), tenant, window, filter);
    let planned = tokio::time::timeout_at(until, export.begin()).await;
    // More than a chunk is more than an answer carries; so is what takes too long to plan.
    if let Some(first) = planned.ok().transpose()?.filter(|first| !first.is_full()) {
        let gzip = call.accepts_gzip;
        if let Some(bytes) = inline::write(&export, first, parameters.byte_order_mark, gzip, until).await? {
            return Ok(Reply::csv_bytes(bytes, gzip, &csv::file_name("cdrs", window.from(), window.to())));
        }
    }
    let order = Order {
        tenant: call.caller.own_tenant(),
        user_id: call.caller.user_id(),
        subject: tenant,
        kind: Kind::CdrExport,
        format: Format::Csv,
        section: None,
        window,
        days: None,
        filter,
        byte_order_mark: parameters.byte_order_mark,
        schedule: None,
    };
    // Something will be due: the tick has to look. Before the commit, or nothing is committed.
    shared.gate.keep_awake(call.now).await.map_err(|error| Error::Unavailable(error.to_string()))?;
    let report = match order.place(&call.database, &parameters.request_key(tenant), call.now).await? {
        Placed::New(report) => {
            // Where it cannot be started now, the tick does so in a minute: the order stands.
            if let Err(error) = shared.worker.start(&report.id).await {
                tracing::warn!(%error, report_id = report.id, "not started at once");
            }
            report
        }
        Placed::Known(report) => report,
        Placed::OtherContent => return Err(Error::Internal("a query with another content".into())),
    };
    Reply::accepted(&report.location(), &report.receipt())
}
