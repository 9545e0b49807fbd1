//! What every function shares: start-up, the caller, the query, replies and problems, logs.
//!
//! A route's `main.rs` is one line, `host::serve(|call| Box::pin(handler::handle(call)))`, and its handler reads from top
//! to bottom: the query struct, the answer, `handle()`. The handler's [`Call<R>`](Call) says by its type which role it
//! needs; nothing of it runs for a caller with a lower one.
//!
//! Nothing here is generic over the handler: it is boxed at the edge, so that a change in a shared crate relinks the
//! functions instead of compiling the runtime again for each.
#![warn(missing_docs)]

mod call;
pub mod door;
mod environment;
mod error;
mod event;
mod problem;
mod query;
mod reply;
mod report_query;
mod run;
mod serve;

pub use call::Call;
pub use callmetry_access::{Admin, Agent, Supervisor};
pub use environment::Environment;
pub use error::{Error, FieldError};
pub use query::Query;
pub use reply::Reply;
pub use report_query::{Format, ReportQuery};
pub use run::{Handler, Invocation, run};
pub use serve::serve;

/// A boxed future, as handlers return it.
pub type BoxFuture<'a, T> = futures::future::BoxFuture<'a, T>;
