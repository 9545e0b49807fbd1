//! Raw calls as CSV: in the answer while they fit into it, else as a report that is made in the background.

use std::sync::Arc;

use callmetry_exports::Export;
use callmetry_host::{Call, Error, Reply, Supervisor};
use callmetry_ondemand::{Format, Kind, Order, Worker};
use callmetry_render::csv;

use crate::inline;
use crate::parameters::Parameters;

/// Answers with the file, or with the job that makes it.
pub async fn handle(mut call: Call<Supervisor>, worker: Arc<Worker>) -> Result<Reply, Error> {
    let parameters = Parameters::read(std::mem::take(&mut call.query), call.now)?;
    let tenant = call.tenant(parameters.tenant_id).await?;
    let (window, filter) = (parameters.window, parameters.filter);
    let export = Export::new(call.database.clone(), tenant, window, filter);
    let first = export.begin().await?;
    // So many calls fit into no answer: each has an id of its own, which no compression makes smaller.
    if !first.is_full() {
        let gzip = call.accepts_gzip;
        let body = inline::write(&export, first, parameters.byte_order_mark, gzip, call.deadline).await?;
        if let Some(bytes) = body {
            return Ok(Reply::csv_bytes(bytes, gzip, &csv::file_name("cdrs", window.from(), window.to())));
        }
    }
    let order = Order {
        tenant: call.caller.own_tenant(),
        user_id: call.caller.user_id(),
        subject: tenant,
        kind: Kind::CdrExport,
        format: Format::Csv,
        window,
        filter,
        byte_order_mark: parameters.byte_order_mark,
    };
    let report = order.place(&call.database, &parameters.request_key).await?;
    if report.is_idle {
        worker.start(&report.id).await.map_err(|error| Error::Unavailable(error.to_string()))?;
    }
    Reply::accepted(&report.location(), &report.receipt())
}
