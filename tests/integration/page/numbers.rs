//! What the page says is what the API says.

use callmetry_testing::{Attempt, Call, Campaign, Centre, private_stack, run, shared_stack};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use super::{WINDOW, digits, enter, is_shown, visitor};

use crate::browser::{Browser, Device};
use crate::http::{REPORTS, get};

/// The cells of the page by table, row and field, as text without what only helps.
const CELLS: &str = "return [...document.querySelectorAll('section.table')].map(table =>
    [...table.querySelectorAll('tbody tr, tfoot tr')].map(row => Object.fromEntries([...row.children].map(cell => {
        const copy = cell.cloneNode(true); copy.querySelectorAll('small').forEach(help => help.remove());
        return [cell.dataset.key, copy.textContent] }))))";

/// The tables of an answer, in the order of the page: rows, then totals.
fn tables(report: &str, answer: &Value) -> Vec<Vec<Value>> {
    let rows = |value: &Value| value.as_array().unwrap().clone();
    let with = |mut rows: Vec<Value>, total: &Value| {
        rows.push(total.clone());
        rows
    };
    match report {
        "call-volume" => vec![vec![answer["totals"].clone()], rows(&answer["hangup_causes"]), rows(&answer["daily"])],
        "compliance" => vec![
            rows(&answer["abandonment"]["campaigns"]),
            vec![answer["calling_hours"].clone()],
            with(rows(&answer["dnc"]["by_source"]), &answer["dnc"]),
        ],
        _ => vec![with(rows(&answer["rows"]), &answer["totals"])],
    }
}

/// Where an answer has its headlines.
fn headlines(report: &str) -> &'static [&'static str] {
    match report {
        "campaigns" => &["totals/attempts", "totals/contact_rate", "totals/conversion_rate", "totals/abandonment_rate"],
        "agents" => &["totals/calls", "totals/talk_secs", "totals/occupancy", "totals/qa_avg_score"],
        "call-volume" => &["totals/total_calls", "totals/answered", "totals/asr", "totals/acd_secs"],
        "compliance" => &["dnc/additions", "dnc/total", "abandonment/breaches", "calling_hours/coverage"],
        _ => &["totals/count"],
    }
}

/// The cards of the page, and what they say of the period before; how many numbers that were.
async fn compare_headlines(browser: &Browser, report: &str, answer: &Value, before: &Value, locale: &str) -> usize {
    let script = "return [...document.querySelectorAll('.card')].map(card => [card.querySelector('.value').firstChild.textContent,
        card.querySelector('.before').textContent.split(': ')[1]])";
    let cards: Vec<[String; 2]> = serde_json::from_value(browser.run(script).await).unwrap();
    let number = |value: &Value| match value {
        Value::Null => String::new(),
        number => number.to_string().trim_end_matches(".0").to_owned(),
    };
    let shown = |text: &str| digits(text, locale);
    for (place, card) in headlines(report).iter().zip(&cards) {
        let expected = [answer, before].map(|answer| number(answer.pointer(&format!("/{place}")).unwrap()));
        assert_eq!([shown(&card[0]), shown(&card[1])], expected, "{report} {place} ({locale})");
    }
    // A code: how many, and their share.
    for (row, card) in answer["rows"].as_array().into_iter().flatten().zip(cards.iter().skip(headlines(report).len())) {
        let (count, share) = card[0].split_once(" (").unwrap();
        assert_eq!([shown(count), shown(share)], [number(&row["count"]), number(&row["share"])]);
        assert!(card[1].starts_with("0 (0"), "{card:?}");
    }
    2 * cards.len()
}

#[test]
fn every_number_is_the_apis_digit_for_digit() {
    run(async {
        for locale in ["en-US", "de-DE"] {
            let Some(browser) = Browser::start(Device { locale, ..Device::default() }).await else { return };
            let stack = shared_stack().await;
            let client = stack.postgres.connect(&stack.database).await.unwrap();
            let centre = crate::reports::centre(&client).await;
            // Numbers that are long enough to be grouped, and one that JavaScript would round if it were divided again.
            let lead = centre.lead(None).await;
            let large = centre.campaign(Campaign { name: "Large", ..Campaign::default() }).await;
            client
                .execute(
                    "insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at, answered_by)
                     select $1, $2, $3, '2026-03-02T12:00:00Z', case when n = 1 then 'human' end from generate_series(1, 1234) n",
                    &[&centre.tenant, &large, &lead],
                )
                .await
                .unwrap();
            let key = centre.key("supervisor").await;
            let mut compared = 0;
            for report in REPORTS {
                enter(&browser, stack, &key, &format!("report={report}&{WINDOW}&timezone=UTC")).await;
                is_shown(&browser).await;
                let zone = if report == "call-volume" { "&timezone=UTC" } else { "" };
                let url = format!("{}/api/v1/reports/{report}?{WINDOW}{zone}", stack.endpoints.api);
                let answer = get(&url, Some(&key)).await.json();
                // The three days before.
                let url = url.replace(WINDOW, "from=2026-02-26T00%3A00%3A00Z&to=2026-03-01T00%3A00%3A00Z");
                let before = get(&url, Some(&key)).await.json();
                let shown = browser.run(CELLS).await;
                let expected = tables(report, &answer);
                assert_eq!(shown.as_array().unwrap().len(), expected.len(), "{report}");
                for (shown, expected) in shown.as_array().unwrap().iter().zip(expected) {
                    let shown = shown.as_array().unwrap();
                    assert_eq!(shown.len(), expected.len(), "{report}");
                    for (cells, fields) in shown.iter().zip(&expected) {
                        for (field, text) in cells.as_object().unwrap() {
                            let (value, text) = (&fields[field.as_str()], text.as_str().unwrap());
                            match value {
                                Value::Number(number) => {
                                    let number = number.to_string();
                                    let number = number.strip_suffix(".0").unwrap_or(&number);
                                    assert_eq!(digits(text, locale), number, "{report} {field}: {text}");
                                    compared += 1;
                                }
                                Value::Bool(flag) => assert_eq!(text, if *flag { "Yes" } else { "No" }),
                                Value::String(name) if !["date", "state_since"].contains(&field.as_str()) => {
                                    assert_eq!(text, name)
                                }
                                // What has no value in the API: a dash, or nothing in a row of totals.
                                Value::Null => assert!(
                                    text == "–" || text.is_empty() || text.starts_with("All"),
                                    "{report} {field}: {text}"
                                ),
                                _ => assert!(!text.is_empty(), "{report} {field}"),
                            }
                        }
                    }
                }
                compared += compare_headlines(&browser, report, &answer, &before, locale).await;
                browser.nothing_is_wrong().await;
            }
            assert!(compared > 190, "{compared}");
            browser.close().await;
        }
    });
}

/// What a digest says of each metric, and how that changed, is what the page says that its link leads to.
#[test]
fn a_digests_link_opens_its_report_and_period_with_the_same_headlines() {
    run(async {
        let Some(browser) = Browser::start(Device { zone: "America/New_York", ..Device::default() }).await else {
            return;
        };
        let stack = private_stack(&[]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let (campaign, lead) = (centre.campaign(Campaign::default()).await, centre.lead(None).await);
        let agent = centre.agent("Ana", None).await;
        for (code, is_sale) in [("SALE", true), ("NI", false), ("BUSY", false)] {
            centre.disposition(code, is_sale).await;
        }
        // Two weeks and more, so that the week before this one has something, and the one before that has something else.
        for days in 1..22_i64 {
            let at = Utc::now() - TimeDelta::days(days);
            for n in 0..days % 5 + 2 {
                let human = Attempt {
                    answered_by: Some("human"),
                    abandoned: n == 0 && days % 3 == 0,
                    disposition: Some(["SALE", "NI", "BUSY"][(n % 3) as usize]),
                };
                centre
                    .attempt(
                        campaign,
                        lead,
                        at,
                        if n % 2 == 0 { human } else { Attempt { disposition: Some("NI"), ..Attempt::default() } },
                    )
                    .await;
                let call = Call {
                    campaign: Some(campaign),
                    agent: Some(agent),
                    answered: n % 3 > 0,
                    talk_secs: (61 * n + days) as i32,
                    hangup_cause: "NORMAL_CLEARING",
                };
                centre.call(at, call).await;
            }
            centre.interval(agent, "busy", at - TimeDelta::minutes(9 * days), Some(at)).await;
            centre.interval(agent, "available", at - TimeDelta::minutes(5), Some(at)).await;
            centre.dnc(&format!("+{days}"), "internal", at).await;
        }
        crate::mails::due_schedules(&client, centre.tenant, &REPORTS, 5, 1).await;
        crate::mails::claim(&stack).await;
        let mails = crate::mails::messages(&stack.endpoints.mail_dir);
        assert_eq!(mails.len(), 5);
        let key = centre.key("supervisor").await;
        enter(&browser, &stack, &key, "").await;
        for mail in mails {
            let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
            let link = text.lines().find(|line| line.contains("/reports?")).unwrap();
            browser.open(link).await;
            is_shown(&browser).await;
            let subject = mail.subject().unwrap();
            assert!(subject.starts_with(&browser.text("h1").await), "{subject}");
            // `Call volume: 16–22 Nov 2026 (UTC) – ...`, `Nov 16 – 22, 2026`.
            let days =
                subject.split_once(": ").unwrap().1.split_once(" (").unwrap().0.split(|c: char| !c.is_ascii_digit());
            let days: Vec<&str> = days.filter(|day| !day.is_empty() && day.len() < 3).collect();
            let period = browser.text(".period").await;
            assert!(days.iter().all(|day| period.contains(day)) && period.contains("UTC"), "{period}: {subject}");
            let cards = browser
                .run(
                    "return [...document.querySelectorAll('.card')].map(card => [card.querySelector('dt').innerText,
                    (card.querySelector('.difference') ?? card.querySelector('.delta')).innerText])",
                )
                .await;
            let mut said = Vec::new();
            let mut lines = text.lines();
            while let Some(line) = lines.next() {
                if let Some(before) = lines.clone().next().filter(|next| next.starts_with("  before: ")) {
                    let change = lines.clone().nth(1).unwrap().trim_start_matches("  change: ").replace('−', "-");
                    let change = change.split(", ").next().unwrap().to_owned();
                    said.push(json!([line.rsplit_once(": ").unwrap().0, change]));
                    assert!(!before.is_empty());
                }
            }
            assert_eq!(said.len(), 4, "{text}");
            assert_eq!(cards.as_array().unwrap(), &said, "{subject}");
        }
        browser.nothing_is_wrong().await;
        browser.close().await;
    });
}

#[test]
fn every_table_is_downloaded_as_the_apis_csv() {
    run(async {
        let Some((browser, stack, key)) = visitor(Device::default()).await else { return };
        for (report, sections) in [
            ("campaigns", &[""][..]),
            ("agents", &[""]),
            ("call-volume", &["totals", "hangup_causes", "daily"]),
            ("compliance", &["abandonment", "calling_hours", "dnc"]),
            ("dispositions", &[""]),
        ] {
            enter(&browser, stack, &key, &format!("report={report}&{WINDOW}&timezone=UTC")).await;
            is_shown(&browser).await;
            for (index, section) in sections.iter().enumerate() {
                browser.run(&format!("document.querySelectorAll('section.table .csv')[{index}].click()")).await;
                let (name, bytes) = browser.download().await;
                let section = if section.is_empty() { String::new() } else { format!("&section={section}") };
                let url =
                    format!("{}/api/v1/reports/{report}?{WINDOW}&format=csv&bom=true{section}", stack.endpoints.api);
                let answer = reqwest::Client::new().get(&url).bearer_auth(&key).send().await.unwrap();
                let disposition = answer.headers().clone();
                assert!(
                    bytes.starts_with("\u{feff}".as_bytes()) && bytes == answer.bytes().await.unwrap(),
                    "{report}{section}"
                );
                let disposition = disposition["content-disposition"].to_str().unwrap();
                assert!(disposition.contains(&format!("\"{name}\"")), "{name}: {disposition}");
            }
        }
        browser.nothing_is_wrong().await;
        browser.close().await;
    });
}
