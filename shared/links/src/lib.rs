//! Signed links: good without a bearer token, for one file and until one moment, or for one recipient who leaves a schedule.
//!
//! A token is a key id, the tenant, and an HMAC-SHA-256 over purpose, tenant and what the link is about, each with its length in
//! front, so that no two of them can be confused. Each purpose has a key of its own, derived by HKDF (RFC 5869) from the
//! deployment's secret, so that a link of one purpose is nothing to another.
#![warn(missing_docs)]

mod file;
mod key;
mod keys;
mod page;
mod unsubscribe;

pub use file::{File, Link};
pub use key::BadLink;
pub use keys::{Keys, Unreadable};
pub use page::{on_demand_page, report_page};
pub use unsubscribe::Unsubscription;
