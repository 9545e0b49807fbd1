//! Ends the schedule of a report.

use callmetry_host::{Admin, Call, Error, Reply};
use callmetry_ondemand as ondemand;
use serde::Serialize;

#[derive(Serialize)]
struct Answer<'a> {
    report_id: &'a str,
    scheduled: bool,
    message: &'static str,
}

/// Ends it. Reports that were made stay; done twice the answer is the same.
pub async fn handle(mut call: Call<Admin>) -> Result<Reply, Error> {
    call.without_query()?;
    call.without_body()?;
    let report_id = call.path.text("id");
    if !ondemand::cancel(&call.database, call.caller.own_tenant(), report_id).await? {
        return Err(Error::NotFound("report with a schedule"));
    }
    let message = "Recurring schedule cancelled. Previously generated reports remain accessible.";
    Reply::json(&Answer { report_id, scheduled: false, message })
}
