//! What every function shares: start-up, the caller, the query, replies and problems, logs.
//!
//! The `main.rs` of a report is one line, `host::serve_report(|call| Box::pin(handler::handle(call)))`, and its handler reads from
//! top to bottom: the query struct, the answer, `handle()`. The handler's [`Call<R>`](Call) says by its type which role it
//! needs; nothing of it runs for a caller with a lower one. [`Routes`] is for a function with several routes, or one that
//! needs more than the database, [`serve_site`] for one that serves a page.
//!
//! Nothing here is generic over the handler: it is boxed at the edge, so that a change in a shared crate relinks the
//! functions instead of compiling the runtime again for each.
#![warn(missing_docs)]

mod accept;
mod body;
mod call;
pub mod door;
mod environment;
mod error;
mod event;
mod field_errors;
mod idempotency_key;
mod line;
mod notice;
mod page;
mod problem;
mod query;
mod reply;
mod report_query;
mod run;
mod serve;
mod site;
mod static_file;

pub use body::{Body, Fields};
pub use call::{Call, Open, Path};
pub use callmetry_access::{Admin, Agent, Supervisor};
pub use environment::Environment;
pub use error::{Error, FieldError, StartError};
pub use idempotency_key::IdempotencyKey;
pub use line::{Done, Line};
pub use notice::Notice;
pub use page::{Cursor, Key, Page, RowId};
pub use query::Query;
pub use reply::Reply;
pub use report_query::{Format, ReportQuery};
pub use run::{Handler, Invocation, run};
pub use serve::{Routes, serve_report};
pub use site::{Site, serve_site};
pub use static_file::{Keep, StaticFile, fingerprint};

/// A boxed future, as handlers return it.
pub type BoxFuture<'a, T> = futures::future::BoxFuture<'a, T>;
