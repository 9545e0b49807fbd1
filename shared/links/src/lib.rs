//! Signed links: good without a bearer token, for one file and until one moment.
//!
//! A token is a key id, the tenant, and an HMAC-SHA-256 over purpose, tenant, file and expiry, each with its length in front,
//! so that no two of them can be confused. Each purpose has a key of its own, derived by HKDF (RFC 5869) from the deployment's
//! secret, so that a link of one purpose is nothing to another.
#![warn(missing_docs)]

mod keys;
mod token;

pub use keys::Keys;
pub use token::{BadLink, File, Link};
