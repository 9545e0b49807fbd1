//! SES v2: `SendEmail`, which keeps each message as a file instead of handing it on. Addresses of the mailbox simulator bounce
//! and complain.
//!
//! It listens at an address of its own, so that it can refuse connections while everything else goes on. Sources: the SES
//! API v2 reference (`SendEmail`, `Message`, `MessageHeader`) and the developer guide's pages on quotas, on email address
//! formats and on sending errors. Names and statuses of errors are the documented ones. So are the texts on unverified
//! identities and exceeded rates; other texts are as users of the service report them, or say plainly what is wrong.

mod behaviour;
mod feedback;
mod message;
mod refusal;
mod request;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::{Context, Result};
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::net::TcpSocket;
use tokio::task::JoinHandle;

use crate::events::EventBridge;
use crate::iam::{Caller, Iam};
use crate::serve::{NoAnswer, serve};
use crate::template::{ACCOUNT, REGION, Template};
pub use behaviour::{Behaviour, Fault};
use refusal::Refusal;
use request::SendEmail;

/// The stand-in.
pub struct Ses {
    account: Account,
    iam: Arc<Iam>,
    bus: Arc<EventBridge>,
    folder: PathBuf,
    /// Where it listens, or would.
    pub address: SocketAddr,
    /// Keeps the port ours while nothing listens there.
    _place: TcpSocket,
    server: Mutex<Option<JoinHandle<()>>>,
    behaviour: Mutex<Behaving>,
    calls: AtomicU64,
    accepted: AtomicU64,
}

/// What the account has.
#[derive(Debug)]
struct Account {
    /// Verified domains and addresses.
    identities: Vec<String>,
    configuration_sets: Vec<String>,
    /// Whether recipients are identities that the caller needs the action on as well. All of them are verified.
    is_in_sandbox: bool,
    /// The types of events that EventBridge is told of, by configuration set.
    events: Vec<(String, Vec<String>)>,
}

/// How it behaves, and how many calls it has had since it does.
#[derive(Default)]
struct Behaving {
    behaviour: Behaviour,
    calls: u32,
}

/// What has come in so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Calls of `SendEmail`, whatever became of them.
    pub calls: u64,
    /// Messages that were kept.
    pub accepted: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Ses {
    /// Listens, with the identities and configuration sets of the template. Messages go into the folder.
    pub fn start(template: &Template, folder: &Path, iam: Arc<Iam>, bus: Arc<EventBridge>) -> Result<Arc<Self>> {
        let account = Account {
            identities: template.mail_identities()?,
            configuration_sets: template.configuration_sets()?,
            is_in_sandbox: template.is_in_mail_sandbox(),
            events: template.mail_events()?,
        };
        let place = socket(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let ses = Arc::new(Self {
            account,
            iam,
            bus,
            folder: folder.to_owned(),
            address: place.local_addr()?,
            _place: place,
            server: Mutex::default(),
            behaviour: Mutex::default(),
            calls: AtomicU64::new(0),
            accepted: AtomicU64::new(0),
        });
        ses.listen()?;
        Ok(ses)
    }

    fn listen(self: &Arc<Self>) -> Result<()> {
        let mut server = lock(&self.server);
        if server.is_none() {
            let listener = socket(self.address)?.listen(1024).context("SES cannot listen")?;
            let router = Router::new().route("/v2/email/outbound-emails", post(send_email)).with_state(self.clone());
            *server = Some(serve(listener, crate::aws::as_service(router)));
        }
        Ok(())
    }

    /// Closes the listener and its connections, so that new ones are refused, or listens again at the same address. What
    /// was taken before is still carried out.
    pub async fn refuse_connections(self: &Arc<Self>, refuse: bool) -> Result<()> {
        if !refuse {
            return self.listen();
        }
        if let Some(server) = self.stop() {
            // Until the listener is gone.
            server.await.ok();
        }
        Ok(())
    }

    /// Listens no more, soon.
    pub(crate) fn stop(&self) -> Option<JoinHandle<()>> {
        let server = lock(&self.server).take()?;
        server.abort();
        Some(server)
    }

    /// Behaves so from the next call on.
    pub fn behave(&self, behaviour: Behaviour) {
        *lock(&self.behaviour) = Behaving { behaviour, calls: 0 };
    }

    /// What has come in so far.
    pub fn counts(&self) -> Counts {
        Counts { calls: self.calls.load(Ordering::Relaxed), accepted: self.accepted.load(Ordering::Relaxed) }
    }

    /// Carries out one call and answers it, or not at all.
    async fn answer(&self, caller: &Caller, body: &[u8]) -> Option<Response> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let (behaviour, fault) = {
            let mut behaving = lock(&self.behaviour);
            behaving.calls += 1;
            (behaving.behaviour.clone(), behaving.behaviour.fault_of(behaving.calls))
        };
        tokio::time::sleep(behaviour.delay).await;
        if fault == Some(Fault::HangsUnsent) {
            return None;
        }
        if let Some(refusal) = fault.and_then(Fault::refusal) {
            return Some(refusal.into_response());
        }
        let id = match self.send(caller, body, &behaviour) {
            Ok(id) => id,
            Err(refusal) => return Some(refusal.into_response()),
        };
        match fault {
            Some(Fault::HangsSent) => None,
            Some(Fault::LosesAnswer) => Some(NoAnswer.into_response()),
            Some(Fault::FailsSent) => Some(Refusal::internal().into_response()),
            _ => Some(Json(json!({ "MessageId": id })).into_response()),
        }
    }

    /// Keeps the message, if it is one, and returns its id.
    fn send(&self, caller: &Caller, body: &[u8], behaviour: &Behaviour) -> Result<String, Refusal> {
        let request = SendEmail::parse(body)?;
        let recipients = request.check(&self.account)?;
        self.admit(caller, &request, &recipients)?;
        if recipients.iter().any(|recipient| behaviour.rejects.contains(recipient)) {
            return Err(Refusal::rejected("Address blacklisted."));
        }
        #[allow(clippy::disallowed_methods, reason = "SES dates messages and makes their ids")]
        let (now, unique) = (Utc::now(), uuid::Uuid::new_v4());
        // As SES's ids are in eu-west-1.
        let id = format!("0102{:012x}-{unique}-000000", now.timestamp_millis());
        let message = message::write(&request, &id, now)?;
        self.keep(&message, &id, now).map_err(|error| Refusal::unavailable(&format!("{error:#}")))?;
        self.accepted.fetch_add(1, Ordering::Relaxed);
        let told = self.account.events.iter().filter(|(set, _)| request.configuration_set_name.as_ref() == Some(set));
        for event in told.flat_map(|(_, types)| feedback::events(&request, &recipients, types, &id, now)) {
            self.bus.publish(&event);
        }
        Ok(id)
    }

    /// The sender's identity and the configuration set are each a resource that the caller needs the action on, and in the sandbox so
    /// is each recipient.
    fn admit(&self, caller: &Caller, request: &SendEmail, recipients: &[String]) -> Result<(), Refusal> {
        let sender = request.sender()?;
        let identity = self.account.identity_of(sender).unwrap_or(sender);
        let set = request.configuration_set_name.as_deref();
        let resources = [Some(format!("identity/{identity}")), set.map(|set| format!("configuration-set/{set}"))];
        let recipients = recipients.iter().filter(|_| self.account.is_in_sandbox);
        let recipients = recipients.map(|recipient| format!("identity/{recipient}"));
        for resource in resources.into_iter().flatten().chain(recipients) {
            let arn = format!("arn:aws:ses:{REGION}:{ACCOUNT}:{resource}");
            let context = [("ses:FromAddress", sender)];
            self.iam
                .check(caller, "ses:SendEmail", &arn, &context)
                .map_err(|denied| Refusal::new(403, "AccessDeniedException", denied.to_string()))?;
        }
        Ok(())
    }

    /// A listing of the folder is in the order of time.
    fn keep(&self, message: &[u8], id: &str, now: DateTime<Utc>) -> Result<()> {
        let name = format!("{}-{id}.eml", now.format("%Y%m%dT%H%M%S%.6fZ"));
        crate::stack::write_private(&self.folder.join(name), message)
    }
}

/// Bound and not yet listening. Several such sockets may share a port while no more than one of them listens.
fn socket(address: SocketAddr) -> Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address).with_context(|| format!("SES cannot have {address}"))?;
    Ok(socket)
}

/// The part of a message's id after the `@`.
fn id_domain() -> String {
    format!("{REGION}.amazonses.com")
}

/// What was taken is carried out even if the caller goes away.
async fn send_email(State(ses): State<Arc<Ses>>, Extension(caller): Extension<Caller>, body: Bytes) -> Response {
    match tokio::spawn(async move { ses.answer(&caller, &body).await }).await {
        Ok(Some(answer)) => answer,
        Ok(None) => std::future::pending().await,
        Err(_) => Refusal::internal().into_response(),
    }
}
