//! Raw calls as CSV: in the answer while they fit into it, else as a report that is made in the background.

use std::sync::Arc;
use std::time::Duration;

use callmetry_exports::Export;
use callmetry_host::{Call, Error, Reply, Supervisor};
use callmetry_ondemand::{Format, Kind, Order, Placed};
use callmetry_render::csv;
use callmetry_worker::Desk;
use tokio::time::Instant;

use crate::inline;
use crate::parameters::Parameters;

/// How long an answer with the file may take, of the 30 seconds that API Gateway waits.
const PATIENCE: Duration = Duration::from_secs(20);
/// What making a job of it needs in any case.
const RESERVE: Duration = Duration::from_secs(6);

/// Answers with the file, or with the job that makes it.
pub async fn handle(mut call: Call<Supervisor>, desk: Arc<Desk>) -> Result<Reply, Error> {
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
    let report = match desk.order(&call.database, &order, &parameters.request_key(tenant), call.now).await? {
        Placed::New(report) | Placed::Known(report) => report,
        Placed::OtherContent => return Err(Error::Internal("a query with another content".into())),
    };
    Reply::accepted(&report.location(), &report.receipt())
}
