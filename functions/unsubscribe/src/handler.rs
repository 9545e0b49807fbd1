//! Takes a recipient off a schedule: a page with a button, and what the button, or a mail program (RFC 8058), does.

use std::sync::Arc;

use callmetry_host::{Error, Notice, Open, Reply};
use callmetry_links::{Keys, Unsubscription};

const QUESTION: Notice<'static> = Notice {
    title: "Stop these e-mails?",
    text: "You will no longer get this scheduled report. Whoever set it up sees that you left, and cannot put you back on it.",
    button: Some("Stop sending it to me"),
};

const DONE: Notice<'static> = Notice {
    title: "You have unsubscribed",
    text: "You will not get this report any more. A message that is being sent in this moment may still arrive.",
    button: None,
};

/// Answers with the page. Whatever looks at the links of a mail before its reader does gets this far: nothing is changed, and the
/// database is not asked.
pub async fn ask(mut call: Open, keys: Arc<Keys>) -> Result<Reply, Error> {
    unsubscription(&mut call, &keys).await?;
    Ok(Reply::page(&QUESTION))
}

/// Takes the recipient off. Done twice it is the same. The body is not read: RFC 8058 leaves no choice to it.
pub async fn unsubscribe(mut call: Open, keys: Arc<Keys>) -> Result<Reply, Error> {
    let Unsubscription { tenant, recipient_id } = unsubscription(&mut call, &keys).await?;
    // Whether there is such a recipient is nothing to tell: without one, there is nobody to send to.
    callmetry_schedules::unsubscribe(&call.database, tenant, recipient_id).await?;
    Ok(Reply::page(&DONE))
}

async fn unsubscription(call: &mut Open, keys: &Keys) -> Result<Unsubscription, Error> {
    // A link that is not whole is not good. Whatever else programs add to it is left alone: leaving has to work.
    let token = call.query.text("token").unwrap_or_default();
    keys.check_unsubscribe(&token).await.map_err(|_| Error::BadLink)
}
