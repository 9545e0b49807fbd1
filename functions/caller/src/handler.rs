//! Who calls: what a token stands for, for programs that show it to people.

use callmetry_access::{Role, Tenant};
use callmetry_host::{Agent, Call, Error, Reply};
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
struct Answer<'a> {
    user_id: &'a str,
    role: Role,
    tenant: Named,
    /// Of a platform admin: the tenants whose reports may be asked for.
    tenants: Option<Vec<Named>>,
}

#[derive(Serialize)]
struct Named {
    id: Uuid,
    slug: Option<String>,
    name: Option<String>,
}

impl From<Tenant> for Named {
    fn from(Tenant { id, slug, name, .. }: Tenant) -> Self {
        Self { id, slug: Some(slug), name: Some(name) }
    }
}

/// Answers whoever has a good token.
pub async fn handle(mut call: Call<Agent>) -> Result<Reply, Error> {
    call.without_query()?;
    let (own, others) = tokio::try_join!(
        call.caller.tenant_by_name(&call.database),
        call.caller.tenants_to_choose_from(&call.database)
    )?;
    let unnamed = Named { id: call.caller.own_tenant().id(), slug: None, name: None };
    Reply::json(&Answer {
        user_id: call.caller.user_id(),
        role: call.caller.role(),
        tenant: own.map_or(unnamed, Named::from),
        tenants: others.map(|tenants| tenants.into_iter().map(Named::from).collect()),
    })
}
