//! Takes an order: the row first, then the function that makes the file is started.

use std::sync::Arc;

use callmetry_gate::Gate;
use callmetry_host::{Admin, Call, Error, FieldError, Reply, Supervisor};
use callmetry_ondemand::{Order, Placed, RequestKey};
use callmetry_worker::Worker;

use crate::order_form::OrderForm;

/// What taking an order needs beside the database.
pub struct Shared {
    /// Who makes files.
    pub worker: Worker,
    /// What lets the tick look after it.
    pub gate: Gate,
}

/// Answers with the receipt.
pub async fn handle(mut call: Call<Supervisor>, shared: Arc<Shared>) -> Result<Reply, Error> {
    call.without_query()?;
    if call.body.has("schedule") {
        call.caller.promote::<Admin>()?;
    }
    let form = OrderForm::read(&call.body)?;
    let tenant = call.caller.own_tenant();
    let request = match call.idempotency_key.read()? {
        Some(key) => RequestKey::of_client(key, form.content().iter().map(String::as_str)),
        None => RequestKey::once(call.new_id()),
    };
    // Something will be due: the tick has to look. Before the commit, or nothing is committed.
    shared.gate.keep_awake(call.now).await.map_err(|error| Error::Unavailable(error.to_string()))?;
    let order = Order {
        tenant,
        user_id: call.caller.user_id(),
        subject: tenant,
        kind: form.kind,
        format: form.format,
        section: form.section,
        window: form.window,
        days: Some((chrono_tz::Tz::UTC, form.previous_from)),
        filter: form.filter,
        byte_order_mark: false,
        schedule: form.schedule.as_ref().map(|plan| (call.new_id(), plan)),
    };
    let report = match order.place(&call.database, &request, call.now).await? {
        Placed::New(report) => {
            // Where it cannot be started now, the tick does so in a minute: the order stands.
            if let Err(error) = shared.worker.start(&report.id).await {
                tracing::warn!(%error, report_id = report.id, "not started at once");
            }
            report
        }
        Placed::Known(report) => report,
        Placed::OtherContent => {
            let message = "was used within the last 24 hours for another order; choose a new one";
            return Err(Error::Unprocessable(vec![FieldError::new("Idempotency-Key", message)]));
        }
    };
    Reply::accepted(&report.location(), &report.receipt())
}
