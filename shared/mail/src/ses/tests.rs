//! Against a server that says what SES says, or nothing.

use std::sync::{Arc, Mutex};

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::provider::{SharedCredentialsProvider, error::CredentialsError, future};
use aws_sdk_sesv2::config::{Credentials, ProvideCredentials};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::*;

/// What the server does once it has read a request.
#[derive(Clone, Copy)]
enum Then {
    /// Answers: status, `x-amzn-errortype`, body.
    Answer(u16, &'static str, &'static str),
    /// Answers with less than it announces.
    BreakOff,
    /// Closes the connection.
    Close,
    /// Never answers.
    Hang,
}

/// A server, and what it saw.
struct Server {
    url: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    requests: Vec<Value>,
}

impl Server {
    async fn start(then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (server, state) = (Self { url, seen: seen.clone() }, seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                state.lock().expect("what was seen").connections += 1;
                tokio::spawn(serve(stream, then, state.clone()));
            }
        });
        server
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().expect("what was seen")
    }
}

async fn serve(stream: TcpStream, then: Then, seen: Arc<Mutex<Seen>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        seen.lock().expect("what was seen").requests.push(serde_json::from_slice(&body).expect("JSON"));
        match then {
            Then::Close => return Ok(()),
            Then::Hang => std::future::pending().await,
            Then::BreakOff => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"Mess").await?;
                return Ok(());
            }
            Then::Answer(status, code, body) => {
                let code = if code.is_empty() { "".into() } else { format!("x-amzn-errortype: {code}\r\n") };
                let length = body.len();
                let head = format!("HTTP/1.1 {status} X\r\n{code}content-length: {length}\r\n\r\n");
                stream.write_all(format!("{head}{body}").as_bytes()).await?;
            }
        }
    }
}

fn config(url: &str, credentials: SharedCredentialsProvider) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .endpoint_url(url)
        .credentials_provider(credentials)
        .build()
}

fn some_credentials() -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::new("id", "secret", None, None, "tests"))
}

fn mailer_of(config: &SdkConfig) -> Mailer {
    let sender = Sender::new("Büro <reports@example.com>", Some("digests".into())).expect("a sender");
    Mailer::with_patience(config, sender, Duration::from_secs(2), Duration::from_millis(500))
}

fn mailer(url: &str) -> Mailer {
    mailer_of(&config(url, some_credentials()))
}

fn message() -> Message {
    Message {
        to: "to@example.com".into(),
        subject: "2–8 Nov".into(),
        text: "text".into(),
        html: "<p>html".into(),
        unsubscribe_url: "https://example.com/unsubscribe?token=t".into(),
        attachment: None,
        tags: vec![("delivery", "d-1".to_owned())],
    }
}

/// What becomes of a message, and how often the server was asked.
async fn outcome(then: Then) -> (Result<String, Failure>, usize) {
    let server = Server::start(then).await;
    let result = mailer(&server.url).send(&message()).await;
    let requests = server.seen().requests.len();
    (result, requests)
}

#[tokio::test]
async fn a_message_is_handed_over() {
    let server = Server::start(Then::Answer(200, "", r#"{"MessageId":"0102-x"}"#)).await;
    assert_eq!(mailer(&server.url).send(&message()).await, Ok("0102-x".into()));
    let utf8 = |text: &str| json!({ "Data": text, "Charset": "UTF-8" });
    let expected = json!({
        "FromEmailAddress": "=?utf-8?b?QsO8cm8=?= <reports@example.com>",
        "Destination": { "ToAddresses": ["to@example.com"] },
        "Content": { "Simple": {
            "Subject": utf8("2–8 Nov"),
            "Body": { "Text": utf8("text"), "Html": utf8("<p>html") },
            "Headers": [
                { "Name": "List-Unsubscribe", "Value": "<https://example.com/unsubscribe?token=t>" },
                { "Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click" },
            ],
        } },
        "ConfigurationSetName": "digests",
        "EmailTags": [{ "Name": "delivery", "Value": "d-1" }],
    });
    assert_eq!(server.seen().requests, [expected]);
}

#[tokio::test]
async fn an_attachment_goes_with_it() {
    let server = Server::start(Then::Answer(200, "", "{}")).await;
    let attachment = Attachment {
        file_name: "report\r\nBcc: x@example.com.pdf".into(),
        content_type: "application/pdf",
        bytes: b"%PDF\xff\0".as_slice().into(),
    };
    let message = Message { attachment: Some(attachment), ..message() };
    mailer(&server.url).send(&message).await.expect("sent");
    let expected = json!([{
        "FileName": "report Bcc: x@example.com.pdf",
        "ContentType": "application/pdf",
        "ContentDisposition": "ATTACHMENT",
        "ContentTransferEncoding": "BASE64",
        "RawContent": "JVBERv8A",
    }]);
    assert_eq!(server.seen().requests[0]["Content"]["Simple"]["Attachments"], expected);
}

#[test]
fn an_attachment_is_not_copied() {
    let bytes = bytes::Bytes::from(vec![0; 1_000]);
    let file = Attachment { file_name: "x.csv".into(), content_type: "text/csv", bytes: bytes.clone() };
    let part = super::attachment(&file).expect("an attachment");
    assert_eq!(part.raw_content().as_ref().as_ptr(), bytes.as_ptr());
}

#[tokio::test]
async fn each_mailer_has_connections_of_its_own() {
    let server = Server::start(Then::Answer(200, "", "{}")).await;
    let config = config(&server.url, some_credentials());
    for _ in 0..2 {
        let mailer = mailer_of(&config);
        for _ in 0..3 {
            mailer.send(&message()).await.expect("sent");
        }
    }
    let seen = server.seen();
    assert_eq!((seen.connections, seen.requests.len()), (2, 6));
}

#[tokio::test]
async fn refusals_are_told_apart_and_never_repeated() {
    let refusal = |status, code| outcome(Then::Answer(status, code, r#"{"message":"Because."}"#));
    let told = |code: &str| format!("{code}: Because.");
    let throttled = "TooManyRequestsException";
    assert_eq!(refusal(429, throttled).await, (Err(Failure::NotSent(told(throttled))), 1));
    let paused = "SendingPausedException";
    assert_eq!(refusal(400, paused).await, (Err(Failure::Account(told(paused))), 1));
    let denied = "AccessDeniedException";
    assert_eq!(refusal(403, denied).await, (Err(Failure::Account(told(denied))), 1));
    let rejected = "MessageRejected";
    assert_eq!(refusal(400, rejected).await, (Err(Failure::Refused(told(rejected))), 1));
    let broken = "InternalFailure";
    assert_eq!(refusal(500, broken).await, (Err(Failure::Unknown(told(broken))), 1));
}

#[tokio::test]
async fn answers_that_nobody_can_read_are_judged_by_their_status() {
    let page = |status| outcome(Then::Answer(status, "", "<html>"));
    assert!(matches!(page(502).await, (Err(Failure::Unknown(_)), 1)));
    assert!(matches!(page(403).await, (Err(Failure::Account(_)), 1)));
    assert!(matches!(page(200).await, (Err(Failure::Unknown(_)), 1)));
}

#[tokio::test]
async fn silence_after_the_request_is_unknown() {
    let late = Failure::Unknown("SES did not answer in time".into());
    assert_eq!(outcome(Then::Hang).await, (Err(late), 1));
    let lost = Failure::Unknown("the connection to SES was lost".into());
    assert_eq!(outcome(Then::Close).await, (Err(lost), 1));
    assert!(matches!(outcome(Then::BreakOff).await, (Err(Failure::Unknown(_)), 1)));
}

#[tokio::test]
async fn what_never_connects_is_not_sent() {
    let not_sent = Err(Failure::NotSent("no connection to SES".into()));

    let port = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("its address");
    assert_eq!(mailer(&format!("http://{port}")).send(&message()).await, not_sent, "refused");

    assert_eq!(mailer("http://nowhere.invalid").send(&message()).await, not_sent, "no such name");

    let server = Server::start(Then::Close).await;
    let https = server.url.replace("http:", "https:");
    assert_eq!(mailer(&https).send(&message()).await, not_sent, "no TLS");
}

#[tokio::test]
async fn a_connection_that_takes_too_long_is_not_sent() {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let listener = socket.listen(1).expect("a listener");
    let address = listener.local_addr().expect("its address");
    // Nobody accepts: once the queue is full, the kernel drops whoever knocks.
    let mut waiting = vec![];
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        waiting.push(stream);
    }
    let sent = mailer(&format!("http://{address}")).send(&message()).await;
    assert_eq!(sent, Err(Failure::NotSent("no connection to SES".into())));
}

#[derive(Debug)]
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("none here")))
    }
}

#[tokio::test]
async fn credentials_are_the_accounts() {
    let server = Server::start(Then::Answer(200, "", "{}")).await;
    let nobody = config(&server.url, SharedCredentialsProvider::new(NoCredentials));
    assert!(matches!(mailer_of(&nobody).send(&message()).await, Err(Failure::Account(_))));
    assert!(server.seen().requests.is_empty());
}
