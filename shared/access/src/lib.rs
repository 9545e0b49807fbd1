//! Who is calling, and which tenant's rows that lets them read.
//!
//! Permission is carried by types. A [`Caller<Supervisor>`](Caller) exists only for somebody who is one, and a query takes
//! a [`TenantScope`], which no request parameter can make: it comes from a caller.
#![warn(missing_docs)]

mod api_key;
mod caller;
pub mod issuers;
pub mod operator;
mod request_key;
mod resolve;
mod role;
mod tenants;

pub use api_key::{ApiKey, random_base62};
pub use caller::{Caller, Forbidden, Identity, ScopeError, TenantScope};
pub use issuers::TrustedIssuer;
pub use operator::NewKey;
pub use request_key::request_key;
pub use resolve::{FIND_API_KEY, resolve_api_key};
pub use role::{Admin, Agent, PlatformAdmin, Rank, Role, Supervisor};
pub use tenants::{FIND_TENANT, Tenant};
