//! Where reports are ordered: the row first, then its making is started.

use callmetry_database::{Database, Error};
use callmetry_gate::Gate;
use callmetry_ondemand::{Order, Placed, RequestKey};
use chrono::{DateTime, Utc};

use crate::Worker;

/// What taking an order needs beside the database.
#[derive(Clone)]
pub struct Desk {
    /// Who makes files.
    pub worker: Worker,
    /// What lets the tick look after what is ordered.
    pub gate: Gate,
}

impl Desk {
    /// Makes the report of an order, unless the same request got one before, and starts its making. After an error nothing was
    /// ordered, but where the database's answer was lost.
    pub async fn order(
        &self,
        database: &Database,
        order: &Order<'_>,
        request: &RequestKey,
        now: DateTime<Utc>,
    ) -> Result<Placed, Error> {
        // Something will be due: the tick has to look. Before the commit, or nothing is committed.
        self.gate.keep_awake(now).await.map_err(|error| Error::Unavailable(error.to_string()))?;
        let placed = order.place(database, request, now).await?;
        if let Placed::New(report) = &placed
            && let Err(error) = self.worker.start(&report.id).await
        {
            // The order stands: the tick starts it in a minute.
            tracing::warn!(%error, report_id = report.id, "not started at once");
        }
        Ok(placed)
    }
}
