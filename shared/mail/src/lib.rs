//! Mails: the digest of a report, the mail that comes with a report's file, and SES, which sends them.
//!
//! A [`Letter`] is rendered once and addressed to each of its recipients:
//!
//! ```
//! use callmetry_mail::{Letter, Summary};
//! use callmetry_render::Period;
//! use chrono::NaiveDate;
//!
//! let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap_or_default();
//! let digest = Letter::digest(Summary {
//!     title: "Campaigns",
//!     tenant: "Acme GmbH".into(),
//!     headlines: vec![], // Headlines::headlines of the report, in words
//!     period: Period { first: day(9), last: day(15) },
//!     previous: Some(Period { first: day(2), last: day(8) }),
//!     zone: "Europe/Madrid".into(),
//!     cadence: "every Monday at 06:00 (Europe/Madrid)".into(),
//!     reports_url: "https://reports.example.com/reports".into(),
//! });
//! let message = digest.message("manager@example.com", "https://reports.example.com/unsubscribe?token=...");
//! assert_eq!(message.subject, "Campaigns: 9–15 Nov 2026 (Europe/Madrid) – Acme GmbH");
//! ```
//!
//! and handed to SES, once:
//!
//! ```no_run
//! # async fn send(config: aws_config::SdkConfig, message: callmetry_mail::Message) -> Result<(), &'static str> {
//! use callmetry_mail::{Failure, Mailer, Sender};
//!
//! let sender = Sender::new("Callmetry <reports@example.com>", Some("digests".into()))?;
//! let mailer = Mailer::new(&config, sender); // once per invocation
//! match mailer.send(&message).await {
//!     Ok(message_id) => { /* sent */ }
//!     Err(Failure::NotSent(why)) => { /* again, soon */ }
//!     Err(Failure::Account(why)) => { /* again, much later; somebody must look at the account */ }
//!     Err(Failure::Refused(why)) => { /* failed */ }
//!     Err(Failure::Unknown(why)) => { /* never again */ }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! How to add a mail:
//! 1. Its texts are templates, `templates/{name}.txt` and `.html`, which fill the blocks of `letter.txt` and `letter.html`: what
//!    all mails have is there. The HTML ones escape every value by themselves.
//! 2. What anybody wrote, such as a name, passes through `callmetry_render::plain::one_line` before it gets there: escaping keeps it from being
//!    markup, that keeps it from being a second line.
//! 3. Numbers are written by `callmetry_render::figures`, and only there.
//! 4. It has snapshots of subject, text and HTML, one of them with hostile names.
#![warn(missing_docs)]

mod attachment;
mod digest;
mod failure;
mod letter;
mod message;
mod report;
mod sender;
mod ses;
mod summary;

pub use attachment::Attachment;
pub use failure::Failure;
pub use letter::Letter;
pub use message::Message;
pub use report::Download;
pub use sender::Sender;
pub use ses::Mailer;
pub use summary::Summary;
