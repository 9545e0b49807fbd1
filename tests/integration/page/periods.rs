//! Which period an address and a choice stand for, and what it is compared with.

use callmetry_testing::{Centre, run, shared_stack};
use serde_json::{Value, json};

use super::{digits, enter, is_shown, visitor};

use crate::browser::{Browser, Device};

/// Rather nothing than another period than the one that a link means.
#[test]
fn odd_addresses() {
    run(async {
        let Some((browser, stack, key)) = visitor(Device::default()).await else { return };
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
