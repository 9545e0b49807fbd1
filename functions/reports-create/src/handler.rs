//! Takes an order: the row first, then the function that makes the file is started.

use std::sync::Arc;

use callmetry_host::{Admin, Call, Error, FieldError, Reply, Supervisor};
use callmetry_ondemand::{Order, Placed, RequestKey};
use callmetry_worker::Desk;

use crate::order_form::OrderForm;

/// Answers with the receipt.
pub async fn handle(mut call: Call<Supervisor>, desk: Arc<Desk>) -> Result<Reply, Error> {
    call.without_query()?;
    if call.body.has("schedule") {
        let admin = call.caller.promote::<Admin>();
        admin.map_err(|denied| Error::FieldNeedsRole("schedule", denied.needed))?;
    }
    let form = OrderForm::read(&call.body)?;
    let tenant = call.caller.own_tenant();
    let request = match call.idempotency_key.read()? {
        Some(key) => RequestKey::of_client(key, form.content().iter().map(String::as_str)),
        None => RequestKey::once(call.new_id()),
    };
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
    let report = match desk.order(&call.database, &order, &request, call.now).await? {
        Placed::New(report) | Placed::Known(report) => report,
        Placed::OtherContent => {
            let message = "was used within the last 24 hours for another order; choose a new one";
            return Err(Error::Unprocessable(vec![FieldError::new("Idempotency-Key", message)]));
        }
    };
    Reply::accepted(&report.location(), &report.receipt())
}
