//! SES's stand-in: what it writes, what it refuses, and how it fails.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{
    Attachment, AttachmentContentDisposition, AttachmentContentTransferEncoding, Body, Content, Destination,
    EmailContent, Message, MessageHeader, RawMessage,
};
use callmetry_local::binaries::workspace;
use callmetry_local::events::EventBridge;
use callmetry_local::iam::Iam;
use callmetry_local::ses::{Behaviour, Counts, Fault, Ses};
use callmetry_local::template::Template;
use callmetry_testing::{run, scratch_dir};
use mail_parser::{MessageParser, MimeHeaders};

const SENDER: &str = "Callmetry <reports@example.com>";
const CONFIGURATION_SET: &str = "callmetry-local-mailconfigurationset";

/// SES alone, without the rest of the stack.
struct Mail {
    ses: Arc<Ses>,
    client: Client,
    folder: PathBuf,
}

impl Mail {
    async fn start(parameters: &[(&str, &str)]) -> Self {
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let template = Template::read(&workspace().join("template.yaml"), &parameters).unwrap();
        let folder = scratch_dir("mail");
        let ses = Ses::start(
            &template,
            &folder,
            Arc::new(Iam::new(&template).unwrap()),
            Arc::new(EventBridge::new(&template).unwrap()),
        )
        .unwrap();
        let client = client(&ses).await;
        Self { ses, client, folder }
    }

    /// A message that is accepted.
    fn message(&self) -> SendEmailFluentBuilder {
        self.client
            .send_email()
            .from_email_address(SENDER)
            .destination(to(["ana@example.org"]))
            .content(content("Weekly report"))
            .configuration_set_name(CONFIGURATION_SET)
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(&self.folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    async fn refused(&self, request: SendEmailFluentBuilder) -> (u16, String, String) {
        refusal(&request.send().await.unwrap_err())
    }
}

/// With connections of its own.
async fn client(ses: &Ses) -> Client {
    let config = crate::http::aws(&format!("http://{}", ses.address)).await;
    let config = aws_sdk_sesv2::config::Builder::from(&config)
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(2)).build())
        .build();
    Client::from_conf(config)
}

fn refusal(error: &SdkError<SendEmailError>) -> (u16, String, String) {
    let status = error.raw_response().unwrap_or_else(|| panic!("{error:?}")).status().as_u16();
    (status, error.code().unwrap_or_default().to_owned(), error.message().unwrap_or_default().to_owned())
}

fn to<const N: usize>(addresses: [&str; N]) -> Destination {
    Destination::builder().set_to_addresses(Some(addresses.map(str::to_owned).to_vec())).build()
}

fn text(text: &str) -> Content {
    Content::builder().data(text).charset("UTF-8").build().unwrap()
}

fn body() -> Body {
    Body::builder().text(text("Grüße\n.\nA line")).html(text("<p>Grüße</p>")).build()
}

fn content(subject: &str) -> EmailContent {
    EmailContent::builder().simple(Message::builder().subject(text(subject)).body(body()).build()).build()
}

fn with_header(name: &str, value: &str) -> EmailContent {
    let header = MessageHeader::builder().name(name).value(value).build().unwrap();
    EmailContent::builder().simple(Message::builder().subject(text("x")).body(body()).headers(header).build()).build()
}

#[test]
fn an_accepted_message_is_a_file() {
    run(async {
        let mail = Mail::start(&[]).await;
        let header = |name: &str, value: &str| MessageHeader::builder().name(name).value(value).build().unwrap();
        let attachment = Attachment::builder()
            .file_name("report.csv")
            .content_type("text/csv")
            .content_disposition(AttachmentContentDisposition::Attachment)
            .content_transfer_encoding(AttachmentContentTransferEncoding::Base64)
            .raw_content(Blob::new("a,b\r\n1,é"));
        let message = Message::builder()
            .subject(text("Kampagnenübersicht für die Woche vom 16. bis zum 22. November, Europe/Madrid 🎉"))
            .body(body())
            .headers(header("List-Unsubscribe", "<https://example.com/unsubscribe?token=abc>"))
            .headers(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
            .attachments(attachment.build().unwrap());
        let destination = Destination::builder()
            .to_addresses("=?utf-8?q?J=C3=BCrgen?= <j@example.org>")
            .bcc_addresses("b@example.org");
        let sent = mail
            .message()
            .destination(destination.build())
            .reply_to_addresses("help@example.com")
            .content(EmailContent::builder().simple(message.build()).build());
        let id = sent.send().await.unwrap().message_id.unwrap();
        // Such as 0102018f3a5c7e21-1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed-000000.
        let (time, rest) = id.split_once('-').unwrap();
        assert!(time.len() == 16 && time.starts_with("0102"), "{id}");
        assert!(rest.len() == 43 && rest.ends_with("-000000"), "{id}");

        let files = mail.files();
        assert_eq!(files.len(), 1);
        let name = files[0].file_name().unwrap().to_str().unwrap();
        assert!(name.ends_with(&format!("Z-{id}.eml")) && name.find('T') == Some(8), "{name}");
        let raw = std::fs::read(&files[0]).unwrap();
        assert!(raw.is_ascii(), "everything is encoded");
        assert!(!String::from_utf8_lossy(&raw).contains("b@example.org"), "blind copies stay blind");
        let message = MessageParser::new().parse(&raw).unwrap();
        let text = |name: &str| message.header_raw(name).unwrap_or_else(|| panic!("{name}")).trim().to_owned();
        assert_eq!(text("From"), SENDER);
        assert_eq!(message.to().unwrap().first().unwrap().name(), Some("Jürgen"));
        assert_eq!(text("Reply-To"), "help@example.com");
        assert_eq!(
            message.subject(),
            Some("Kampagnenübersicht für die Woche vom 16. bis zum 22. November, Europe/Madrid 🎉")
        );
        assert_eq!(message.message_id(), Some(format!("{id}@eu-west-1.amazonses.com").as_str()));
        assert!((chrono::Utc::now().timestamp() - message.date().unwrap().to_timestamp()).abs() < 60);
        assert_eq!(text("MIME-Version"), "1.0");
        assert_eq!(text("List-Unsubscribe"), "<https://example.com/unsubscribe?token=abc>");
        assert_eq!(text("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert_eq!(message.body_text(0).unwrap().replace('\r', ""), "Grüße\n.\nA line");
        assert_eq!(message.body_html(0).unwrap(), "<p>Grüße</p>");
        let parts: Vec<_> = message.parts.iter().filter_map(|part| part.content_type()?.subtype()).collect();
        assert_eq!(parts, ["mixed", "alternative", "plain", "html", "csv"]);
        let attached = message.attachment(0).unwrap();
        assert_eq!((attached.attachment_name(), attached.contents()), (Some("report.csv"), "a,b\r\n1,é".as_bytes()));
    });
}

#[test]
fn what_is_no_message_is_a_bad_request() {
    run(async {
        let mail = Mail::start(&[]).await;
        let simple = |message: Message| EmailContent::builder().simple(message).build();
        let without_body = Message::builder().subject(text("x")).body(Body::builder().build()).build();
        let with_headers = |count: usize| {
            let header = |n| MessageHeader::builder().name(format!("X-{n}")).value("x").build().unwrap();
            let message = Message::builder().subject(text("x")).body(body());
            simple(message.set_headers(Some((0..count).map(header).collect())).build())
        };
        let raw = EmailContent::builder().raw(RawMessage::builder().data(Blob::new("x")).build().unwrap()).build();
        let seven_bit = Attachment::builder()
            .file_name("x.csv")
            .content_transfer_encoding(AttachmentContentTransferEncoding::SevenBit)
            .raw_content(Blob::new("x"))
            .build()
            .unwrap();
        let with_seven_bit = Message::builder().subject(text("x")).body(body()).attachments(seven_bit).build();
        let many: Vec<String> = (0..51).map(|n| format!("r{n}@example.org")).collect();
        let many = |count: usize| Destination::builder().set_bcc_addresses(Some(many[..count].to_vec())).build();
        for (request, part) in [
            (mail.message().set_from_email_address(None), "FromEmailAddress is missing"),
            (mail.message().set_content(None), "Content is missing"),
            (mail.message().set_destination(None), "no recipient"),
            (mail.message().destination(many(51)), "Recipient count exceeds 50."),
            (mail.message().destination(to(["jürgen@example.org"])), "Local address"),
            (mail.message().destination(to(["Jürgen <j@example.org>"])), "Local address"),
            (mail.message().destination(to(["nobody"])), "Missing final '@domain'"),
            (mail.message().destination(to(["a@b@example.org"])), "Illegal address"),
            (mail.message().destination(to(["a@localhost"])), "Illegal address"),
            (mail.message().reply_to_addresses("x"), "Missing final '@domain'"),
            (mail.message().content(raw), "Only Simple content"),
            (mail.message().content(simple(without_body)), "neither Text nor Html"),
            (mail.message().content(simple(with_seven_bit)), "expected `BASE64`"),
            (mail.message().content(with_headers(16)), "more than 15 headers"),
            (mail.message().content(with_header("X-Name:", "x")), "header's name"),
            (mail.message().content(with_header(&"X".repeat(127), "x")), "header's name"),
            (mail.message().content(with_header("X-Name", &"x".repeat(871))), "header X-Name"),
            (mail.message().content(with_header("X-Name", "Grüße")), "header X-Name"),
            (mail.message().content(with_header("X-Name", "a\r\nBcc: x@example.org")), "header X-Name"),
            (mail.message().content(with_header("From", "x@example.org")), "made of other fields"),
        ] {
            let (status, code, message) = mail.refused(request).await;
            assert_eq!((status, code.as_str()), (400, "BadRequestException"), "{message}");
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(mail.files(), Vec::<PathBuf>::new());
        mail.message().destination(many(50)).send().await.unwrap();
        mail.message().content(with_headers(15)).send().await.unwrap();
        mail.message().content(with_header(&"X".repeat(126), &"x".repeat(870))).send().await.unwrap();
        assert_eq!(mail.ses.counts(), Counts { calls: 23, accepted: 3 });
        let unsigned = reqwest::Client::new().post(format!("http://{}/v2/email/outbound-emails", mail.ses.address));
        assert_eq!(unsigned.body("{}").send().await.unwrap().status(), 403);
    });
}

#[test]
fn a_message_has_at_most_40_mb() {
    run(async {
        let mail = Mail::start(&[]).await;
        let with = |bytes: usize| {
            let file = Attachment::builder()
                .file_name("x.bin")
                .content_transfer_encoding(AttachmentContentTransferEncoding::Base64)
                .raw_content(Blob::new(vec![0; bytes]))
                .build()
                .unwrap();
            let message = Message::builder().subject(text("x")).body(body()).attachments(file).build();
            mail.message().content(EmailContent::builder().simple(message).build())
        };
        // Base64 with its line ends makes 1.37 bytes of each.
        let config = TimeoutConfig::builder().operation_timeout(Duration::from_secs(60)).build();
        let patient = aws_sdk_sesv2::config::Config::builder().timeout_config(config);
        with(30 << 20).customize().config_override(patient.clone()).send().await.unwrap_err();
        with(28 << 20).customize().config_override(patient).send().await.unwrap();
        assert_eq!(mail.ses.counts(), Counts { calls: 2, accepted: 1 });
    });
}

#[test]
fn only_what_the_template_declares_may_send() {
    run(async {
        let mail = Mail::start(&[]).await;
        let not_verified = |address: &str| {
            let message = format!(
                "Email address is not verified. The following identities failed the check in region EU-WEST-1: {address}"
            );
            (400, "MessageRejected".to_owned(), message)
        };
        let from = |address: &str| mail.message().from_email_address(address);
        assert_eq!(mail.refused(from("a@example.net")).await, not_verified("a@example.net"));
        assert_eq!(mail.refused(from("a@notexample.com")).await, not_verified("a@notexample.com"));
        from("a@sub.example.com").send().await.unwrap();
        assert_eq!(
            mail.refused(mail.message().configuration_set_name("another")).await,
            (404, "NotFoundException".into(), "Configuration set <another> does not exist.".into())
        );

        let mail = Mail::start(&[("MailSender", "a@example.net"), ("MailIdentity", "a@example.net")]).await;
        let from = |address: &str| mail.message().from_email_address(address);
        from("Callmetry <A@example.net>").send().await.unwrap();
        assert_eq!(mail.refused(from("b@example.net")).await, not_verified("b@example.net"));
    });
}

#[test]
fn it_fails_as_it_is_told() {
    run(async {
        let mail = Mail::start(&[]).await;
        for (fault, status, code) in [
            (Fault::Throttled, 429, "TooManyRequestsException"),
            (Fault::QuotaUsedUp, 429, "TooManyRequestsException"),
            (Fault::LimitExceeded, 400, "LimitExceededException"),
            (Fault::SendingPaused, 400, "SendingPausedException"),
            (Fault::AccountSuspended, 400, "AccountSuspendedException"),
            (Fault::MailFromNotVerified, 400, "MailFromDomainNotVerifiedException"),
            (Fault::AccessDenied, 403, "AccessDeniedException"),
            (Fault::FailsUnsent, 500, "InternalFailure"),
        ] {
            mail.ses.behave(Behaviour::every(1, fault));
            let (found_status, found_code, _) = mail.refused(mail.message()).await;
            assert_eq!((found_status, found_code.as_str()), (status, code));
        }
        assert_eq!(mail.ses.counts().accepted, 0);

        mail.ses.behave(Behaviour::every(2, Fault::FailsSent));
        mail.message().send().await.unwrap();
        assert_eq!(mail.refused(mail.message()).await.0, 500);
        assert_eq!((mail.ses.counts().accepted, mail.files().len()), (2, 2));

        for (fault, accepted) in [(Fault::HangsUnsent, 2), (Fault::HangsSent, 3)] {
            mail.ses.behave(Behaviour::every(1, fault));
            let error = mail.message().send().await.unwrap_err();
            assert!(matches!(error, SdkError::TimeoutError(_)), "{error:?}");
            assert_eq!(mail.ses.counts().accepted, accepted);
        }
        mail.ses.behave(Behaviour::every(1, Fault::LosesAnswer));
        let error = mail.message().send().await.unwrap_err();
        assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
        assert_eq!(mail.ses.counts().accepted, 4);

        // A caller that gave up does not keep a slow message from being accepted.
        mail.ses.behave(Behaviour { delay: Duration::from_secs(3), ..Behaviour::default() });
        assert!(matches!(mail.message().send().await.unwrap_err(), SdkError::TimeoutError(_)));
        assert_eq!(mail.ses.counts().accepted, 4);
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(mail.ses.counts().accepted, 5);

        let rejects = BTreeSet::from(["ana@example.org".to_owned()]);
        mail.ses.behave(Behaviour { rejects, ..Behaviour::default() });
        let rejected = mail.refused(mail.message().destination(to(["Ana <Ana@example.org>"]))).await;
        assert_eq!((rejected.0, rejected.1.as_str()), (400, "MessageRejected"));
        mail.message().destination(to(["bob@example.org"])).send().await.unwrap();
        mail.ses.behave(Behaviour::default());
        mail.message().send().await.unwrap();
    });
}

#[test]
fn it_can_be_away() {
    run(async {
        let mut mail = Mail::start(&[]).await;
        mail.message().send().await.unwrap();
        for _ in 0..3 {
            mail.ses.refuse_connections(true).await.unwrap();
            mail.client = client(&mail.ses).await;
            let error = format!("{:?}", mail.message().send().await.unwrap_err());
            assert!(error.contains("ConnectionRefused"), "{error}");
            mail.ses.refuse_connections(false).await.unwrap();
            mail.message().send().await.unwrap();
        }
        assert_eq!(mail.ses.counts(), Counts { calls: 4, accepted: 4 });
        let files = mail.files();
        assert_eq!(files.len(), 4, "one of each name");
    });
}
