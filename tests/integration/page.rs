//! The page `/reports` in a real browser, against the API that it shows.

use callmetry_access::ApiKey;
use callmetry_local::stack::Stack;
use callmetry_testing::{Attempt, Call, Campaign, Centre, private_stack, run, shared_stack};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::browser::{Browser, Device};
use crate::http::{REPORTS, get, send};

const WINDOW: &str = "from=2026-03-01T00%3A00%3A00Z&to=2026-03-04T00%3A00%3A00Z";

/// A verifier and its challenge (RFC 7636, appendix B).
const PKCE: (&str, &str) =
    ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");

/// Lets a browser in without the form: the page finds the key where it keeps it itself.
async fn enter(browser: &Browser, stack: &Stack, key: &str, query: &str) {
    // A file of the page is of its origin, and runs nothing.
    browser.open(&format!("{}/reports/assets/none", stack.endpoints.api)).await;
    browser.run(&format!("sessionStorage.setItem('callmetry.token', {})", json!(key))).await;
    browser.open(&format!("{}/reports?{query}", stack.endpoints.api)).await;
}

async fn is_shown(browser: &Browser) {
    browser.until("return document.querySelector('section.table tbody tr')").await;
    browser.until("return !document.querySelector('.change') || [...document.querySelectorAll('.change')].every(change => change.children.length > 0)").await;
}

#[test]
fn a_key_lets_in_stays_in_the_tab_and_out_of_every_address() {
    run(async {
        let Some(browser) = Browser::start(Device::default()).await else { return };
        let stack = private_stack(&[("TrustedIssuers", "[]")]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = crate::reports::centre(&client).await;
        let page = format!("{}/reports?report=agents&{WINDOW}&timezone=UTC", stack.endpoints.api);
        browser.open(&page).await;
        browser.write("#key", "cm_mistyped").await;
        browser.click("button[type=submit]").await;
        assert!(browser.text("#key-problem").await.contains("no API key"));
        let unknown = ApiKey::generate().unwrap().reveal().to_owned();
        browser.write("#key", &unknown).await;
        browser.click("button[type=submit]").await;
        browser.until("return document.querySelector('#key-problem').innerText.includes('not known')").await;
        assert_eq!(browser.run("return sessionStorage.getItem('callmetry.token')").await, Value::Null);

        let key = centre.key("supervisor").await;
        browser.write("#key", &key).await;
        browser.click("button[type=submit]").await;
        is_shown(&browser).await;
        // Where it wanted to go is where it is.
        assert_eq!(browser.text("h1").await, "Agents");
        let name: String =
            client.query_one("select name from tenants where id = $1", &[&centre.tenant]).await.unwrap().get(0);
        assert_eq!(browser.text(".who").await, name);
        let addresses = browser
            .run("return JSON.stringify([location.href, performance.getEntries().map(entry => entry.name), document.cookie, Object.values(localStorage)])")
            .await;
        assert!(!addresses.as_str().unwrap().contains(&key), "{addresses}");
        let gateway_log = stack.endpoints_file.with_file_name("logs").join("gateway.log");
        assert!(!std::fs::read_to_string(gateway_log).unwrap().contains(&key));
        // It survives a reload, and no other tab has it.
        browser.client.refresh().await.unwrap();
        is_shown(&browser).await;
        let tab = browser.client.new_window(true).await.unwrap();
        let first = browser.client.window().await.unwrap();
        browser.client.switch_to_window(tab.handle).await.unwrap();
        browser.open(&page).await;
        assert_eq!(browser.text("h1").await, "Sign in");
        browser.client.close_window().await.unwrap();
        browser.client.switch_to_window(first).await.unwrap();

        // One that is good no longer leads back here, with a word.
        browser.run(&format!("sessionStorage.setItem('callmetry.token', {})", json!(unknown))).await;
        browser.client.refresh().await.unwrap();
        assert!(browser.text(".why").await.contains("Your session has ended"));
        assert_eq!(browser.text("h1").await, "Sign in");
        browser.nothing_is_wrong().await;
        browser.close().await;
    });
}

#[test]
fn an_issuer_lets_in_and_somebody_else_after_signing_out() {
    run(async {
        let Some(browser) = Browser::start(Device::default()).await else { return };
        let stack = shared_stack().await;
        let page = format!("{}/reports", stack.endpoints.api);
        // Nothing is asked: there is one issuer, and it knows who is here.
        browser.open(&format!("{page}?report=compliance&period=7d&timezone=Asia%2FTokyo")).await;
        assert_eq!(browser.text(".who").await, "Acme Contact S.L.");
        assert_eq!(browser.text("h1").await, "Compliance");
        let address = browser.client.current_url().await.unwrap();
        assert_eq!(address.query(), Some("report=compliance&period=7d&timezone=Asia%2FTokyo"), "no code is left in it");
        browser.click(".quiet").await;
        assert_eq!(browser.text(".why").await, "You have signed out.");
        assert_eq!(browser.run("return sessionStorage.getItem('callmetry.token')").await, Value::Null);
        // Nor is anybody signed in again without having asked for it.
        browser.client.refresh().await.unwrap();
        assert_eq!(browser.text("h1").await, "Sign in");
        browser.click("#content button").await;
        browser.click("a[href*='globex%2Dadmin']").await;
        assert_eq!(browser.text(".who").await, "Globex Services Inc.");
        browser.nothing_is_wrong().await;

        browser.click(".quiet").await;
        // Answers that this tab has not asked for.
        let plant = async |verifier: &str, nonce: &str| {
            let script = format!(
                "const issuer = JSON.parse(document.getElementById('settings').textContent).issuers[0];
                 sessionStorage.setItem('callmetry.pending', JSON.stringify({{ issuer: issuer.issuer, client_id: issuer.client_id,
                     verifier: '{verifier}', state: 'right', nonce: '{nonce}', search: '?report=agents' }}));
                 return issuer.issuer"
            );
            browser.run(&script).await.as_str().unwrap().to_owned()
        };
        let issuer = plant("v", "n").await;
        for (query, why) in [
            ("code=x&state=wrong".to_owned(), "does not belong to this tab"),
            ("code=x&state=right&iss=https%3A%2F%2Fevil.example".to_owned(), "does not belong to this tab"),
            ("error=access_denied&error_description=Not+you&state=right".to_owned(), "says: Not you."),
            (format!("code=unknown&state=right&iss={issuer}"), "refused the code"),
        ] {
            plant("v", "n").await;
            browser.open(&format!("{page}?{query}")).await;
            let said = browser.text(".why").await;
            assert!(said.contains(why), "{query}: {said}");
            assert_eq!(browser.run("return sessionStorage.getItem('callmetry.token')").await, Value::Null);
        }
        // A good code with the ID token of another question.
        let (verifier, challenge) = PKCE;
        let authorize = format!(
            "{issuer}/authorize?response_type=code&client_id=callmetry-page&redirect_uri={page}&state=right&nonce=theirs\
             &code_challenge={challenge}&code_challenge_method=S256"
        );
        for (nonce, why) in [("mine", Some("answered another question")), ("theirs", None)] {
            plant(verifier, nonce).await;
            browser.open(&authorize).await;
            match why {
                Some(why) => assert!(browser.text(".why").await.contains(why)),
                None => assert_eq!(browser.text("h1").await, "Agents"),
            }
        }

        // A token that is not good any more is renewed without a word, where there is one issuer, and not over and over.
        let spoil = "sessionStorage.setItem('callmetry.token', 'spoilt')";
        browser.run(spoil).await;
        browser.open(&format!("{page}?report=dispositions")).await;
        browser.until("return sessionStorage.getItem('callmetry.token') !== 'spoilt'").await;
        assert_eq!(browser.text(".who").await, "Acme Contact S.L.");
        assert_eq!(browser.text("h1").await, "Dispositions");
        browser.run(spoil).await;
        browser.client.refresh().await.unwrap();
        assert!(browser.text(".why").await.contains("Your session has ended"));
        browser.close().await;
    });
}

#[test]
fn codes_are_good_once_and_for_who_asked() {
    run(async {
        let stack = shared_stack().await;
        let html = get(&format!("{}/reports", stack.endpoints.api), None).await.text;
        let settings = html.split_once("id=\"settings\">").unwrap().1.split_once("</script>").unwrap().0;
        let issuer = serde_json::from_str::<Value>(settings).unwrap()["issuers"][0].clone();
        let of = |name: &str| issuer[name].as_str().unwrap().to_owned();
        let (authorize, token) = (of("authorization_endpoint"), of("token_endpoint"));
        let redirect = format!("{}/reports", stack.endpoints.api);
        let (verifier, challenge) = PKCE;
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let ask = async |redirect: &str, challenge: &str| {
            let query = [
                ("response_type", "code"),
                ("client_id", &of("client_id")),
                ("redirect_uri", redirect),
                ("state", "s"),
                ("code_challenge", challenge),
                ("code_challenge_method", "S256"),
            ];
            let url = reqwest::Url::parse_with_params(&authorize, query).unwrap();
            let response = http.get(url).send().await.unwrap();
            let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
            location.map(|location| {
                let url = url::Url::parse(&location).unwrap();
                url.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
            })
        };
        let exchange = async |code: &str, verifier: &str| {
            let form = [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", &redirect),
                ("client_id", &of("client_id")),
                ("code_verifier", verifier),
            ];
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
            let request = http.post(&token).header("content-type", "application/x-www-form-urlencoded").body(body);
            send(request, None).await
        };
        assert_eq!(ask("https://evil.example/reports", challenge).await, None);
        let code = ask(&redirect, challenge).await.unwrap();
        assert_eq!(exchange(&code, &"x".repeat(43)).await.status, 400);
        assert_eq!(exchange(&code, verifier).await.status, 400, "a code is gone with its first use");
        let code = ask(&redirect, challenge).await.unwrap();
        let tokens = exchange(&code, verifier).await.json();
        let url = format!("{}/api/v1/caller", stack.endpoints.api);
        let caller = get(&url, tokens["access_token"].as_str()).await;
        assert_eq!((caller.status, &caller.json()["role"]), (200, &json!("supervisor")));
        // Its audience is the page.
        assert_eq!(get(&url, tokens["id_token"].as_str()).await.status, 401);
    });
}

/// The cells of the page by table, row and field, as text without what only helps.
const CELLS: &str = "return [...document.querySelectorAll('section.table')].map(table =>
    [...table.querySelectorAll('tbody tr, tfoot tr')].map(row => Object.fromEntries([...row.children].map(cell => {
        const copy = cell.cloneNode(true); copy.querySelectorAll('small').forEach(help => help.remove());
        return [cell.dataset.key, copy.textContent] }))))";

/// A number of the page in the digits of JSON.
fn digits(text: &str, locale: &str) -> String {
    let (group, point) = if locale == "de-DE" { ('.', ',') } else { (',', '.') };
    let digits = text.chars().filter(|c| *c != group).map(|c| if c == point { '.' } else { c });
    digits.filter(|c| c.is_ascii_digit() || *c == '.' || *c == '-').collect()
}

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
        let Some(browser) = Browser::start(Device::default()).await else { return };
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = crate::reports::centre(&client).await;
        let key = centre.key("supervisor").await;
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

#[test]
fn a_database_that_sleeps_is_waited_for_with_a_word() {
    run(async {
        let Some(browser) = Browser::start(Device::default()).await else { return };
        let stack = private_stack(&[("TrustedIssuers", "[]")]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = crate::reports::centre(&client).await;
        let key = centre.key("supervisor").await;
        // Longer than a function waits: its answer is 503, and the page asks again by itself.
        for seconds in [15, 40] {
            stack.data_api.pause(std::time::Duration::from_secs(seconds));
            enter(&browser, &stack, &key, &format!("report=dispositions&{WINDOW}&timezone=UTC")).await;
            assert_eq!(browser.text("section.notice h2").await, "Waiting for the database");
            // Meanwhile it can be used: another report is a click away.
            browser.click("nav a[href*='report=campaigns']").await;
            assert_eq!(browser.text("h1").await, "Campaigns");
            let started = tokio::time::Instant::now();
            while browser.run("return document.querySelector('section.table tbody tr')").await.is_null() {
                assert!(started.elapsed().as_secs() < 120);
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
            is_shown(&browser).await;
        }
        browser.nothing_is_wrong().await;
        browser.close().await;
    });
}

/// What would do something if any of it became HTML, an attribute, an address or a script.
const HOSTILE: [&str; 12] = [
    "<script>window.harmed = 1</script>",
    "<img src=x onerror=window.harmed=1>",
    "\"><svg onload=window.harmed=1>",
    "' onmouseover='window.harmed=1",
    "javascript:window.harmed=1",
    "</title></textarea></style></script><script>window.harmed=1</script>",
    "<iframe srcdoc='<script>parent.harmed=1</script>'>",
    "{{constructor.constructor('window.harmed=1')()}}",
    "${window.harmed=1}",
    "\u{202e}<b>evil</b>\u{2066}",
    "<math><mtext></p><img src onerror=window.harmed=1>",
    "data:text/html,<script>window.harmed=1</script>",
];

#[test]
fn no_name_becomes_anything_but_text() {
    run(async {
        let Some(browser) = Browser::start(Device::default()).await else { return };
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        client.execute("update tenants set name = $2 where id = $1", &[&centre.tenant, &HOSTILE[0]]).await.unwrap();
        let lead = centre.lead(None).await;
        let at = "2026-03-02T12:00:00Z".parse().unwrap();
        for name in HOSTILE {
            let campaign = centre.campaign(Campaign { name, ..Campaign::default() }).await;
            let agent = centre.agent(name, None).await;
            client
                .execute("insert into dispositions (tenant_id, code, label, category, is_sale) values ($1, $2, $2, $2, true)", &[&centre.tenant, &name])
                .await
                .unwrap();
            centre.attempt(campaign, lead, at, Attempt { disposition: Some(name), ..Attempt::default() }).await;
            centre
                .call(at, Call { campaign: Some(campaign), agent: Some(agent), hangup_cause: name, ..Call::default() })
                .await;
            centre.interval(agent, "busy", at - TimeDelta::hours(1), Some(at)).await;
        }
        let key = centre.key("supervisor").await;
        for report in REPORTS {
            enter(&browser, stack, &key, &format!("report={report}&{WINDOW}&timezone=UTC")).await;
            is_shown(&browser).await;
            assert_eq!(browser.text(".who").await, HOSTILE[0]);
            let shown =
                browser.run("return [...document.querySelectorAll('tbody th')].map(cell => cell.textContent)").await;
            let shown: Vec<&str> = shown.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
            let all = if report == "call-volume" { 10 } else { HOSTILE.len() };
            assert!(shown.iter().filter(|name| HOSTILE.contains(name)).count() >= all, "{report}: {shown:?}");
            let made = "return document.querySelectorAll('main :is(script, img, svg, iframe, b, math)').length + document.scripts.length";
            assert_eq!(browser.run(made).await, json!(2), "the page's own settings and script");
            assert_eq!(browser.run("return window.harmed ?? null").await, Value::Null);
            browser.nothing_is_wrong().await;
        }
        browser.close().await;
    });
}

/// axe-core as npm has it.
fn axe() -> Option<String> {
    let file = callmetry_local::binaries::workspace().join("functions/reports-page/node_modules/axe-core/axe.min.js");
    let text = std::fs::read_to_string(file).ok();
    if text.is_none() {
        assert!(std::env::var_os("CI").is_none(), "there is no axe-core");
        say!("skipped: the page's accessibility needs axe-core (`npm ci --prefix functions/reports-page`)");
    }
    text
}

#[test]
fn axe_finds_nothing() {
    run(async {
        let Some(axe) = axe() else { return };
        let stack = private_stack(&[("TrustedIssuers", "[]")]).await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = crate::reports::centre(&client).await;
        let (key, agent_key) = (centre.key("platform_admin").await, centre.key("agent").await);
        let url = format!("{}/api/v1/reports", stack.endpoints.api);
        crate::http::request(
            "POST",
            &url,
            &key,
            Some(&json!({"type": "call_summary", "from": "2026-03-01", "to": "2026-03-03"})),
        )
        .await;
        for width in [1280, 360] {
            let Some(browser) = Browser::start(Device { width, ..Device::default() }).await else { return };
            let look = async |place: &str| {
                for is_dark in [false, true] {
                    browser.paint(is_dark).await;
                    browser.run(&axe).await;
                    let findings = browser
                        .wait_for("axe.run(document, { resultTypes: ['violations'] }).then(found => done(found.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')}`)), error => done(String(error)))", vec![])
                        .await;
                    assert_eq!(findings, json!([]), "{place}, {width} wide, dark: {is_dark}");
                }
                // Of the emulated device, whatever the page makes of its own width.
                let needed = browser.run("return document.documentElement.scrollWidth").await;
                assert!(needed.as_u64().unwrap() <= u64::from(width), "{place} needs {needed} of {width}");
                browser.nothing_is_wrong().await;
            };
            browser.open(&format!("{}/reports", stack.endpoints.api)).await;
            browser.text("h1").await;
            look("signing in").await;
            for report in REPORTS.into_iter().chain(["on-demand"]) {
                enter(&browser, &stack, &key, &format!("report={report}&{WINDOW}&timezone=UTC")).await;
                is_shown(&browser).await;
                look(report).await;
            }
            enter(&browser, &stack, &key, "report=campaigns&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z").await;
            assert_eq!(browser.text("section.notice h2").await, "No data in this period");
            look("no data").await;
            enter(&browser, &stack, &agent_key, "report=campaigns").await;
            assert_eq!(browser.text("section.notice h2").await, "This is not for your role");
            look("no permission").await;
            browser.close().await;
        }
    });
}

#[test]
fn it_is_light_still_and_asks_once() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = crate::reports::centre(&client).await;
        for (width, role) in [(1280, "supervisor"), (360, "platform_admin")] {
            let Some(browser) = Browser::start(Device { width, ..Device::default() }).await else { return };
            let key = centre.key(role).await;
            for report in REPORTS {
                // As on a first visit.
                browser.tools("Network.clearBrowserCache", json!({})).await;
                enter(&browser, stack, &key, &format!("report={report}&{WINDOW}&timezone=UTC")).await;
                is_shown(&browser).await;
                let entries = browser
                    .run("return performance.getEntries().filter(entry => ['resource', 'navigation'].includes(entry.entryType)).map(entry => [entry.name, entry.encodedBodySize])")
                    .await;
                let entries: Vec<(String, u64)> = serde_json::from_value(entries).unwrap();
                let own = format!("{}/", stack.endpoints.api);
                assert!(entries.iter().all(|(name, _)| name.starts_with(&own)), "{entries:?}");
                let asked = entries.iter().filter(|(name, _)| name.contains("/api/v1/reports/")).count();
                assert_eq!(asked, 2, "{report}: this period, and the one before");
                let bytes: u64 =
                    entries.iter().filter(|(name, _)| !name.contains("/api/")).map(|(_, bytes)| bytes).sum();
                assert!((10_000..150 * 1_024).contains(&bytes), "{report}: {bytes} bytes");
                let shift = browser.run("return window.shift").await;
                assert_eq!(shift.as_f64(), Some(0.0), "{report}, {width} wide");
            }
            browser.close().await;
        }
    });
}

/// Rather nothing than another period than the one that a link means.
#[test]
fn odd_addresses() {
    run(async {
        let Some(browser) = Browser::start(Device::default()).await else { return };
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = crate::reports::centre(&client).await;
        let key = centre.key("supervisor").await;
        for bad in [
            "period=toString",
            "period=",
            "from=2026-03-01T00:00:00Z",
            "from=2026-03-01&to=2026-03-04",
            "from=-271821-04-20T00:00:00Z&to=2026-03-01T00:00:00Z",
            "from=2026-03-04T00:00:00Z&to=2026-03-01T00:00:00Z",
            "from=2026-13-01T00:00:00Z&to=2027-03-01T00:00:00Z",
        ] {
            enter(&browser, stack, &key, bad).await;
            assert!(browser.text("section.notice h2").await.contains("no period that can be read"), "{bad}");
        }
        // An offset whose plus nobody encoded, a zone in lower case, and what is nothing.
        let odd = "report=call-volume&from=2026-03-01T01:00:00+01:00&to=2026-03-04T01:00:00+01:00&timezone=europe/madrid&tenant_id=&id=x";
        enter(&browser, stack, &key, odd).await;
        is_shown(&browser).await;
        assert!(browser.text(".period").await.contains("Europe/Madrid"));
        assert_eq!(digits(&browser.text(".card .value").await, "en-US"), "3");
        enter(&browser, stack, &key, "report=on-demand&id=campaigns").await;
        assert_eq!(browser.text("section.notice h2").await, "Nothing was ordered yet");
        browser.nothing_is_wrong().await;
        browser.close().await;
    });
}

#[test]
fn a_keyboard_is_enough() {
    run(async {
        let Some(browser) = Browser::start(Device::default()).await else { return };
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = crate::reports::centre(&client).await;
        let key = centre.key("supervisor").await;
        enter(&browser, stack, &key, &format!("report=campaigns&{WINDOW}&timezone=UTC")).await;
        is_shown(&browser).await;
        let press = async |text: &str| {
            browser.client.active_element().await.unwrap().send_keys(text).await.unwrap();
        };
        // Through everything that can be used, from the top: the skip link first.
        let mut visited = Vec::new();
        for _ in 0..40 {
            press("\u{e004}").await;
            let what = browser.run("const at = document.activeElement; return at === document.body ? null : at.id || at.textContent.trim().slice(0, 40)").await;
            let Some(what) = what.as_str() else { break };
            visited.push(what.to_owned());
        }
        assert_eq!(visited[0], "Skip to the report");
        for wanted in ["Agents", "On demand", "Sign out", "Last 7 days", "first", "zone", "Campaign", "Attempts", "CSV"]
        {
            assert!(visited.iter().any(|name| name == wanted), "{wanted}: {visited:?}");
        }
        // The skip link leads past all that, and asks for nothing again.
        browser
            .run("document.querySelector('.skip').focus(); window.marked = document.querySelector('tbody tr')")
            .await;
        press("\u{e007}").await;
        assert_eq!(
            browser.run("return [document.activeElement.id, window.marked.isConnected]").await,
            json!(["content", true])
        );
        // What is pressed keeps the focus, also when everything around it is drawn anew.
        for (css, name) in
            [(".csv", "csv By campaign"), ("button[data-focus='show']", "show"), ("button[data-focus='7d']", "7d")]
        {
            browser.run(&format!("document.querySelector(\"{css}\").focus()")).await;
            press("\u{e007}").await;
            browser.until("return !document.querySelector('[aria-disabled], .skeleton')").await;
            assert_eq!(browser.run("return document.activeElement.dataset.focus").await, json!(name));
        }
        // Another zone is only taken when it is shown.
        browser.run("document.querySelector('#zone').focus()").await;
        press("\u{e015}").await;
        assert_eq!(
            browser.run("return [document.activeElement.id, location.search.includes('timezone=UTC')]").await,
            json!(["zone", true])
        );
        enter(&browser, stack, &key, &format!("report=campaigns&{WINDOW}&timezone=UTC")).await;
        is_shown(&browser).await;
        // A heading sorts its column, and says so.
        browser.run("document.querySelector('th[data-key=attempts] button').focus()").await;
        let names = "return [...document.querySelectorAll('tbody [data-key=attempts]')].map(cell => +cell.textContent)";
        for (order, sorted) in [("descending", [4, 3, 2, 0]), ("ascending", [0, 2, 3, 4])] {
            press("\u{e007}").await;
            let state = browser.run("return document.querySelector('th[data-key=attempts]').ariaSort").await;
            assert_eq!((state.as_str(), browser.run(names).await), (Some(order), json!(sorted)));
        }
        // Another period: typed, not picked.
        browser.run("document.getElementById('last').focus()").await;
        press("03022026").await;
        press("\u{e007}").await;
        browser.until("return location.search.includes('to=2026-03-03T00')").await;
        assert!(browser.text(".period").await.starts_with("Mar 1 – 2, 2026, UTC"), "{}", browser.text(".period").await);
        // Back is back.
        browser.client.back().await.unwrap();
        browser.until("return location.search.includes('to=2026-03-04')").await;
        browser.nothing_is_wrong().await;
        browser.close().await;
    });
}

#[test]
fn a_platform_admin_chooses_the_tenant() {
    run(async {
        let Some(browser) = Browser::start(Device::default()).await else { return };
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let (own, other) = (Centre::new(&client).await, crate::reports::centre(&client).await);
        let key = own.key("platform_admin").await;
        enter(&browser, stack, &key, &format!("report=campaigns&{WINDOW}&timezone=UTC")).await;
        browser.until("return document.querySelector('#tenant option')").await;
        assert_eq!(browser.run("return document.querySelector('#tenant').value").await, json!(own.tenant));
        let choose = format!(
            "const list = document.querySelector('#tenant'); list.value = '{}'; list.dispatchEvent(new Event('change', {{ bubbles: true }}))",
            other.tenant
        );
        browser.run(&choose).await;
        browser.until(&format!("return location.search.includes('{}')", other.tenant)).await;
        browser.until("return document.querySelector('tbody')?.innerText.includes('Día')").await;
        // Nobody else is offered any, nor gets one that a link names.
        let supervisor = own.key("supervisor").await;
        enter(&browser, stack, &supervisor, &format!("report=campaigns&tenant_id={}", other.tenant)).await;
        assert_eq!(browser.text("section.notice h2").await, "This is not for your role");
        browser.nothing_is_wrong().await;
        browser.close().await;
    });
}

#[test]
fn a_report_is_ordered_and_fetched() {
    run(async {
        let Some(browser) = Browser::start(Device::default()).await else { return };
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = crate::reports::centre(&client).await;
        let key = centre.key("supervisor").await;
        enter(&browser, stack, &key, "report=on-demand").await;
        assert_eq!(browser.text("section.notice h2").await, "Nothing was ordered yet");
        let fill = |from: &str, to: &str, format: &str| {
            format!("const set = (id, value) => {{ const input = document.getElementById(id); input.value = value; input.dispatchEvent(new Event('change', {{ bubbles: true }})) }};
                set('order-type', 'call_summary'); set('order-from', '{from}'); set('order-to', '{to}'); set('order-format', '{format}')")
        };
        // What is wrong is said beside the form, and nothing is lost.
        browser.run(&fill("2026-03-03", "2026-03-01", "csv")).await;
        browser.click(".order button").await;
        assert!(browser.text(".order .problem").await.contains("to"));
        assert_eq!(browser.run("return document.getElementById('order-from').value").await, json!("2026-03-03"));
        for format in ["csv", "json"] {
            browser.run(&fill("2026-03-01", "2026-03-03", format)).await;
            browser.click(".order button").await;
            browser.until(&format!("const row = document.querySelector('tbody tr'); return row?.children[2].innerText === '{}' && row.querySelector('.completed')", format.to_uppercase())).await;
            browser.click("tbody tr:first-child .csv").await;
            let (name, bytes) = browser.download().await;
            assert!(name.ends_with(&format!(".{format}")), "{name}");
            let text = String::from_utf8(bytes).unwrap();
            let part = if format == "csv" {
                "date,total_calls,connected_calls,average_duration_secs\r\n2026-03-01,1,1,"
            } else {
                "\"total_calls\": 3"
            };
            assert!(text.contains(part), "{text}");
        }
        // One that a mail's link names is marked.
        let id = browser.run("return document.querySelector('tbody tr').dataset.id").await;
        enter(&browser, stack, &key, &format!("report=on-demand&id={}", id.as_str().unwrap())).await;
        browser.until("return document.querySelector('tr.named')").await;
        browser.nothing_is_wrong().await;
        browser.close().await;
    });
}

/// The page's own arithmetic of days, against that of schedules, where clocks change and where midnight does not exist.
#[test]
fn days_begin_where_the_product_says() {
    run(async {
        let Some(browser) = Browser::start(Device::default()).await else { return };
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        enter(&browser, stack, &centre.key("supervisor").await, "").await;
        // The modules as they are written, one after the other.
        let folder = callmetry_local::binaries::workspace().join("functions/reports-page/page");
        let source = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let sources = (source("zones.js") + &source("periods.js")).replace("export ", "");
        let sources: String =
            sources.lines().filter(|line| !line.starts_with("import ")).map(|line| format!("{line}\n")).collect();
        let mut cases = Vec::new();
        for (zone, first) in [
            ("Europe/Madrid", "2026-03-26"),
            ("Europe/Madrid", "2026-10-22"),
            ("Africa/Cairo", "2026-04-20"),
            ("America/Santiago", "2026-09-01"),
            ("America/Havana", "2026-10-28"),
            ("America/St_Johns", "2010-11-04"),
            ("Asia/Kathmandu", "2026-01-01"),
            ("Pacific/Apia", "2011-12-27"),
            ("Pacific/Kiritimati", "1994-12-29"),
            ("Australia/Lord_Howe", "2026-04-02"),
            ("America/Sao_Paulo", "2018-11-01"),
            ("UTC", "2026-02-26"),
        ] {
            let first: chrono::NaiveDate = first.parse().unwrap();
            let tz: chrono_tz::Tz = zone.parse().unwrap();
            for date in first.iter_days().take(9) {
                cases.push((zone, date.to_string(), callmetry_schedules::midnight(tz, date).timestamp_millis()));
            }
        }
        let questions: Vec<Value> = cases.iter().map(|(zone, date, _)| json!([zone, date])).collect();
        let script = format!("{sources} done(arguments[0].map(([zone, date]) => midnight(date, zone)))");
        let answers: Vec<i64> =
            serde_json::from_value(browser.wait_for(&script, vec![json!(questions)]).await).unwrap();
        for ((zone, date, expected), answer) in cases.iter().zip(answers) {
            assert_eq!(answer, *expected, "{zone} {date}");
        }
        // What each choice is compared with.
        let script = format!(
            "{sources} done(arguments[0].map(([from, to, choice, now]) => {{
                 const compared = before({{ from, to, zone: 'Europe/Madrid' }}, choice, Date.parse(now)); return [compared.from, compared.to] }}))"
        );
        let of = |from: &str, to: &str| json!([from, to, null, "2026-12-31T00:00:00Z"]);
        let on = |from: &str, to: &str, choice: &str| json!([from, to, choice, to]);
        let is = |from: &str, to: &str| json!([from, to]);
        let (questions, expected): (Vec<Value>, Vec<Value>) = [
            // A whole month, over a change of clocks: the month before.
            (of("2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"), is("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z")),
            // A week over it: seven days, which were an hour longer.
            (of("2026-10-25T23:00:00Z", "2026-11-01T23:00:00Z"), is("2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z")),
            // A month that is not over: as much of the one before, which may be shorter.
            (
                on("2026-10-31T23:00:00Z", "2026-11-10T09:30:00Z", "month"),
                is("2026-09-30T22:00:00Z", "2026-10-10T08:30:00Z"),
            ),
            (
                on("2026-02-28T23:00:00Z", "2026-03-31T09:30:00Z", "month"),
                is("2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z"),
            ),
            // Days that are not over: as many before them, also when they begin with a month.
            (
                on("2026-11-04T23:00:00Z", "2026-11-10T09:30:00Z", "7d"),
                is("2026-10-29T23:00:00Z", "2026-11-04T09:30:00Z"),
            ),
            (
                on("2026-10-31T23:00:00Z", "2026-11-07T09:30:00Z", "7d"),
                is("2026-10-24T22:00:00Z", "2026-10-31T09:30:00Z"),
            ),
            (
                on("2026-10-31T23:00:00Z", "2026-11-30T09:30:00Z", "30d"),
                is("2026-10-01T22:00:00Z", "2026-10-31T09:30:00Z"),
            ),
            // Days of which the last has just begun.
            (
                json!(["2026-11-01T23:00:00Z", "2026-11-20T23:00:00Z", null, "2026-11-20T11:00:00Z"]),
                is("2026-10-13T22:00:00Z", "2026-11-01T11:00:00Z"),
            ),
            // Anything else: as long, right before it.
            (of("2026-11-04T10:00:00Z", "2026-11-04T12:00:00Z"), is("2026-11-04T08:00:00Z", "2026-11-04T10:00:00Z")),
        ]
        .into_iter()
        .unzip();
        assert_eq!(browser.wait_for(&script, vec![json!(questions)]).await, json!(expected));
        browser.close().await;
    });
}

#[test]
fn files_are_kept_for_ever_and_the_page_is_asked_for_again() {
    run(async {
        let stack = shared_stack().await;
        let http = reqwest::Client::new();
        let page = format!("{}/reports", stack.endpoints.api);
        let answer = send(http.get(&page), None).await;
        assert_eq!((answer.status, answer.content_type()), (200, "text/html; charset=utf-8"));
        assert_eq!(answer.headers["cache-control"], "no-cache");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        for part in
            ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "base-uri 'none'"]
        {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        let again = send(http.get(&page).header("if-none-match", answer.headers["etag"].clone()), None).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        let names: Vec<&str> = answer.text.split('"').filter(|part| part.starts_with("reports/assets/")).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        for name in names {
            let url = format!("{}/{name}", stack.endpoints.api);
            let file = send(http.get(&url).header("accept-encoding", "gzip"), None).await;
            assert_eq!(
                (file.status, &file.headers["cache-control"]),
                (200, &"public, max-age=31536000, immutable".parse().unwrap()),
                "{name}"
            );
            assert_eq!(file.headers["x-content-type-options"], "nosniff");
        }
        let none = send(http.get(format!("{}/reports/assets/main.js", stack.endpoints.api)), None).await;
        assert_eq!((none.status, none.content_type()), (404, "application/problem+json"));
    });
}

/// What is served is what is written: `npm run build` makes nothing else of it.
#[test]
fn what_was_built_is_of_these_sources() {
    let folder = callmetry_local::binaries::workspace().join("functions/reports-page");
    let esbuild = folder.join("node_modules/.bin/esbuild");
    if !esbuild.exists() {
        assert!(std::env::var_os("CI").is_none(), "there is no esbuild");
        say!(
            "skipped: what was built of the page is compared with its sources (`npm ci --prefix functions/reports-page`)"
        );
        return;
    }
    let package: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("package.json")).unwrap()).unwrap();
    let built = callmetry_testing::scratch_dir("page");
    let command = package["scripts"]["build"]
        .as_str()
        .unwrap()
        .replace("--outdir=dist", &format!("--outdir={}", built.display()));
    let mut words = command.split(' ');
    assert_eq!(words.next(), Some("esbuild"));
    let output = std::process::Command::new(esbuild).args(words).current_dir(&folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["page.js", "page.css"] {
        let is_same =
            std::fs::read(built.join(name)).unwrap() == std::fs::read(folder.join("dist").join(name)).unwrap();
        assert!(is_same, "dist/{name} is not of these sources: npm run build --prefix functions/reports-page");
    }
}

/// What README shows and links to in this repository is there.
#[test]
fn the_readmes_own_links_lead_somewhere() {
    let root = callmetry_local::binaries::workspace();
    let text = std::fs::read_to_string(root.join("README.md")).unwrap();
    let links = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap().split('#').next().unwrap());
    let local: Vec<&str> = links.filter(|link| !link.is_empty() && !link.contains("://")).collect();
    assert!(local.len() > 5, "{local:?}");
    for link in local {
        assert!(root.join(link).exists(), "{link}");
    }
}
