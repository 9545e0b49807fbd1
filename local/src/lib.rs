//! The whole of Callmetry on one machine: an embedded PostgreSQL, stand-ins of the AWS services, and the production
//! binaries of the functions behind Lambda's Runtime API. `template.yaml` is the configuration; nothing is declared twice.
#![warn(missing_docs)]

pub mod aws;
pub mod bench;
pub mod binaries;
pub mod cold;
pub mod data_api;
pub mod demo;
pub mod events;
pub mod gateway;
pub mod iam;
pub mod identity;
pub mod lambda;
pub mod load;
pub mod postgres;
pub mod s3;
pub mod scheduler;
pub mod secrets;
pub mod serve;
pub mod ses;
pub mod stack;
pub mod template;
pub mod tokens;
