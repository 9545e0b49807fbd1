//! Documents of every type are read back: what they say, how many pages they have, that their fonts are in them.

mod samples;

use callmetry_pdf::{Body, Header, Pdf, render};
use lopdf::{Dictionary, Document, Object};
use samples::{HOSTILE, Size, header, headlines};

/// The documents of a size, by type.
fn documents(size: Size) -> Vec<(&'static str, Pdf)> {
    let document = |headlines, body| render(&header(headlines, size), body).expect("a document");
    let calls = samples::call_summary(size);
    let quality = samples::qa_performance(size);
    let (audit, violations) = samples::compliance_audit(size);
    let coaching = samples::agent_coaching(size);
    let campaigns = samples::campaign_performance(size);
    vec![
        ("Call summary", document(headlines(&calls, &calls), Body::CallSummary(&calls))),
        ("QA performance", document(headlines(&quality, &quality), Body::QaPerformance(&quality))),
        ("Compliance audit", document(headlines(&audit, &audit), Body::ComplianceAudit(audit.with(&violations)))),
        ("Agent coaching", document(headlines(&coaching, &coaching), Body::AgentCoaching(&coaching))),
        ("Campaign performance", document(headlines(&campaigns, &campaigns), Body::CampaignPerformance(&campaigns))),
    ]
}

fn read(pdf: &Pdf) -> Document {
    Document::load_mem(&pdf.bytes).expect("a PDF")
}

/// What the document says, all white space as single spaces. The reader takes the room after a minus for one, too.
fn said(pdf: &Pdf) -> String {
    let document = read(pdf);
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).expect("text");
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("− ", "−")
}

#[track_caller]
fn assert_says(text: &str, expected: &[&str]) {
    for part in expected {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
}

/// The names of its fonts, after making sure that all of them are in it.
#[track_caller]
fn embedded_fonts(pdf: &Pdf) -> Vec<String> {
    let document = read(pdf);
    let descriptors = document.objects.values().filter_map(|object| object.as_dict().ok());
    let descriptors = descriptors.filter(|dictionary| dictionary.has_type(b"FontDescriptor"));
    let name = |descriptor: &Dictionary| {
        assert!(descriptor.has(b"FontFile2") || descriptor.has(b"FontFile3"), "{descriptor:?}");
        let name = descriptor.get(b"FontName").and_then(Object::as_name).expect("a name");
        String::from_utf8_lossy(name).into_owned()
    };
    descriptors.map(name).collect()
}

/// Its pages are as many as it says, and its fonts are in it.
#[track_caller]
fn assert_whole(title: &str, pdf: &Pdf) {
    assert_eq!(read(pdf).get_pages().len(), pdf.pages, "{title}");
    assert!(embedded_fonts(pdf).len() >= 2, "{title}");
}

#[test]
fn pages_are_counted_and_fonts_are_embedded() {
    for size in [Size::None, Size::Little] {
        for (title, pdf) in documents(size) {
            assert_whole(title, &pdf);
        }
    }
}

#[test]
fn much_is_shown_too() {
    let calls = samples::call_summary(Size::Much);
    let quality = samples::qa_performance(Size::Much);
    let coaching = samples::agent_coaching(Size::Much);
    let campaigns = samples::campaign_performance(Size::Much);
    let header = header(headlines(&coaching, &coaching), Size::Much);
    for body in [
        Body::CallSummary(&calls),
        Body::QaPerformance(&quality),
        Body::AgentCoaching(&coaching),
        Body::CampaignPerformance(&campaigns),
    ] {
        let pdf = render(&header, body).expect("a document");
        assert_whole("much", &pdf);
        assert!(pdf.pages >= 10, "{}", pdf.pages);
    }
}

#[test]
fn the_first_page_says_what_the_report_is_about() {
    let report = samples::call_summary(Size::Little);
    let header = header(headlines(&report, &samples::call_summary(Size::None)), Size::Little);
    let text = said(&render(&header, Body::CallSummary(&report)).expect("a document"));
    assert_says(&text, &["Acme Contact GmbH", "Call summary", "1–31 Oct 2026", "UTC", "Campaign", "Spring sale"]);
    assert_says(
        &text,
        &["21 Nov 2026, 09:30 UTC", &header.report_id, "Compared with 31 Aug – 30 Sep 2026.", "page 1 of 2"],
    );
    for headline in &header.headlines {
        assert_says(&text, &[&headline.label, &headline.current, &headline.change, headline.word()]);
    }
}

#[test]
fn numbers_are_those_of_the_report() {
    let calls = samples::call_summary(Size::Little);
    let text = said(&render(&header(vec![], Size::Little), Body::CallSummary(&calls)).expect("a document"));
    assert_says(&text, &["Thu 1 Oct 2026 390 198 221.36", "Total 23,085 12,017 190.10", "Sale SALE 2,080 35.71%"]);
    assert_eq!(calls.totals.average_duration_secs.map(|mean| mean.to_string()).as_deref(), Some("190.1"));
    assert_eq!(calls.dispositions[0].share.to_string(), "0.3571");

    let campaigns = samples::campaign_performance(Size::Little);
    let text = said(&render(&header(vec![], Size::Little), Body::CampaignPerformance(&campaigns)).expect("a document"));
    assert_says(&text, &["Ana García 990 690 590 59.60% 13 2.20%", "2026-W02 −0.0830 37", "No call has a sentiment."]);
    assert_eq!(
        campaigns.campaigns[0].sentiment_trend[1].average.map(|mean| mean.to_string()).as_deref(),
        Some("-0.083")
    );
}

#[test]
fn nothing_is_a_sentence() {
    let sentences = [
        "No call started in this period.",
        "No evaluation was submitted in this period.",
        "No check failed in this period.",
        "There are no agents.",
        "There are no campaigns.",
    ];
    for ((title, pdf), sentence) in documents(Size::None).iter().zip(sentences) {
        let text = said(pdf);
        assert_says(&text, &[title, sentence, "What the figures mean"]);
        assert!(!text.contains("Compared with"), "there is no period before: {text}");
    }
}

#[test]
fn an_audit_lists_the_first_violations_and_says_how_many_there_are() {
    let (audit, violations) = samples::compliance_audit(Size::Much);
    assert_eq!((violations.len(), audit.totals.violations()), (callmetry_pdf::MOST_VIOLATIONS, 2_164));
    let text = said(
        &render(&header(vec![], Size::Little), Body::ComplianceAudit(audit.with(&violations))).expect("a document"),
    );
    assert_says(&text, &["The first 500 of 2,164 violations", "The CSV of this report has all of them."]);
    assert_says(&text, &["Details of more than 300 characters end with an ellipsis"]);

    let (audit, violations) = samples::compliance_audit(Size::Little);
    let text = said(
        &render(&header(vec![], Size::Little), Body::ComplianceAudit(audit.with(&violations))).expect("a document"),
    );
    assert_says(
        &text,
        &["All 10 violations of the period", "1 Oct 2026 08:00:00 critical Recording disclosure Ana García"],
    );
}

#[test]
fn whatever_a_text_says_is_shown() {
    let report = samples::call_summary(Size::Much);
    let named = |name: &str| Header {
        tenant: name.into(),
        zone: name.into(),
        report_id: name.into(),
        filters: vec![(name.into(), name.into())],
        ..header(vec![], Size::Little)
    };
    let text = said(&render(&named(HOSTILE[0]), Body::CallSummary(&report)).expect("a document"));
    assert_says(
        &text,
        &["#panic(\"never\")", "$x^2$ *bold* _it_ `raw` <label> @ref \\ // comment /* x */ [c] {d}", "Doe Jane"],
    );
    assert_says(
        &text,
        &["Łukasz Żółć", "Ελένη Παπαδοπούλου", "Наталья Щербакова", "김민수 고객센터", "コールセンター"],
    );
    let small = samples::call_summary(Size::None);
    for name in HOSTILE {
        render(&named(name), Body::CallSummary(&small)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// Also a mark that has a glyph only beside letters that are not there: the document then makes no claim.
#[test]
fn every_character_can_be_in_a_name() {
    let report = samples::call_summary(Size::None);
    let all: Vec<char> =
        ('\u{0}'..='\u{2FFF}').chain('\u{A640}'..='\u{ABFF}').chain('\u{F900}'..='\u{1F02F}').collect();
    let filters = all.chunks(90).map(|part| ("Name".to_owned(), part.iter().collect())).collect();
    let header = Header { filters, ..header(vec![], Size::None) };
    render(&header, Body::CallSummary(&report)).expect("a document");
}

/// The Korean font has empty glyphs for Chinese and Japanese.
#[test]
fn each_script_has_its_font() {
    let report = samples::call_summary(Size::None);
    let fonts = |tenant: &str| {
        let header = Header { tenant: tenant.into(), ..header(vec![], Size::None) };
        embedded_fonts(&render(&header, Body::CallSummary(&report)).expect("a document")).join(" ")
    };
    let (japanese, korean) = (fonts("株式会社東京コールセンター"), fonts("김민수"));
    assert!(japanese.contains("DroidSansFallback") && !japanese.contains("Nanum"), "{japanese}");
    assert!(korean.contains("NanumSquare"), "{korean}");
    assert!(fonts("محمد").contains("NotoSansArabic"));
}

#[test]
fn the_same_report_is_the_same_bytes() {
    for ((title, one), (_, other)) in documents(Size::Little).iter().zip(&documents(Size::Little)) {
        assert!(one.bytes == other.bytes, "{title}");
    }
}

#[test]
fn documents_are_accessible() {
    let (_, pdf) = documents(Size::Little).swap_remove(0);
    let document = read(&pdf);
    let catalog = document.catalog().expect("a catalog");
    assert_eq!(catalog.get(b"Lang").and_then(Object::as_str).expect("a language"), b"en");
    assert!(catalog.has(b"StructTreeRoot") && catalog.has(b"MarkInfo"), "tagged");
    let text = String::from_utf8_lossy(&pdf.bytes);
    assert_says(&text, &["<pdfuaid:part>1</pdfuaid:part>", "Call summary · Acme Contact GmbH"]);
}
