//! Dispositions of dial attempts.

use callmetry_access::TenantScope;
use callmetry_database::{Database, Sql, sql};
use callmetry_metrics::Window;
use callmetry_metrics::dispositions::{DispositionCounts, Dispositions};
use uuid::Uuid;

use crate::{Counting, Result, counted_params};

pub(crate) const DISPOSITION_MIX: Sql = sql!("sql/disposition_mix.sql");

/// The codes of every campaign of the tenant, or of one.
pub async fn read(
    database: &Database,
    tenant: TenantScope,
    window: Window,
    campaign: Option<Uuid>,
) -> Result<Dispositions> {
    read_by(Counting::Folded, database, tenant, window, campaign).await
}

/// The same, counted as is said.
pub async fn read_by(
    counting: Counting,
    database: &Database,
    tenant: TenantScope,
    window: Window,
    campaign: Option<Uuid>,
) -> Result<Dispositions> {
    let codes = database
        .read_pages(DISPOSITION_MIX, |last: Option<&DispositionCounts>, page_size| {
            counted_params(tenant, window, counting)
                .uuid("campaign_id", campaign)
                .integer("after_count", last.map(|row| row.count))
                .text("after_code", last.map(|row| row.code.as_str()))
                .integer("page_size", page_size)
        })
        .await?;
    Ok(Dispositions::new(codes))
}
