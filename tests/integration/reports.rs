//! What each report says of a small centre, in full.

use callmetry_testing::{Attempt, Call, Campaign, Centre, run, shared_stack};
use chrono::{DateTime, NaiveTime, Utc};

use crate::http::get;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-03-{text}Z").parse().unwrap()
}

fn time(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
}

/// A centre in March 2026, with everything at a border somewhere.
pub async fn centre(client: &tokio_postgres::Client) -> Centre<'_> {
    let centre = Centre::new(client).await;
    let madrid = centre
        .campaign(Campaign {
            name: "Día",
            hours: Some((time(9), time(18))),
            timezone: "Europe/Madrid",
            abandonment_cap: "20.00",
        })
        .await;
    let night =
        centre.campaign(Campaign { name: "Night", hours: Some((time(22), time(2))), ..Default::default() }).await;
    let never = centre.campaign(Campaign { name: "a lower-case name comes last", ..Default::default() }).await;
    centre.campaign(Campaign { name: "Empty", ..Default::default() }).await;
    let (lead, far) = (centre.lead(None).await, centre.lead(Some("America/New_York")).await);
    centre.disposition("SALE", true).await;
    centre.disposition("NI", false).await;
    let human = Attempt { answered_by: Some("human"), ..Default::default() };
    // 09:00 in Madrid is the first instant inside, 18:00 the first outside; in New York it is five hours earlier.
    centre.attempt(madrid, lead, at("02T08:00:00"), Attempt { disposition: Some("SALE"), ..human.clone() }).await;
    centre.attempt(madrid, lead, at("02T17:00:00"), Attempt { disposition: Some("NI"), ..human.clone() }).await;
    centre
        .attempt(madrid, far, at("02T16:59:59.999999"), Attempt { answered_by: Some("machine"), ..Default::default() })
        .await;
    centre.attempt(madrid, far, at("02T08:00:00"), Attempt { abandoned: true, ..human.clone() }).await;
    centre.attempt(night, lead, at("02T22:00:00"), human.clone()).await;
    centre
        .attempt(night, lead, at("03T01:59:59"), Attempt { disposition: Some("INVENTED"), ..Default::default() })
        .await;
    centre.attempt(night, lead, at("03T02:00:00"), Attempt { disposition: Some("NI"), ..Default::default() }).await;
    centre.attempt(never, far, at("03T03:00:00"), Attempt::default()).await;
    // The window's end is outside, its beginning inside.
    centre.attempt(never, lead, at("01T00:00:00"), Attempt::default()).await;
    centre.attempt(never, lead, at("04T00:00:00"), human).await;

    let ana = centre.agent("Ana", Some("north")).await;
    let bob = centre.agent("Bob", Some("south")).await;
    centre.interval(ana, "available", at("02T08:00:00"), Some(at("02T08:45:00.4"))).await;
    centre.interval(ana, "busy", at("02T08:45:00.4"), Some(at("02T10:15:00.8"))).await;
    centre.interval(ana, "wrap", at("02T10:15:00.8"), Some(at("02T10:30:00.8"))).await;
    centre.interval(ana, "break", at("02T10:30:00.8"), None).await;
    // It began before the window and ended in it: all of it counts. It ended at the window's end: nothing does.
    centre.interval(bob, "busy", at("01T00:00:00") - chrono::TimeDelta::hours(1), Some(at("01T01:00:00"))).await;
    centre.interval(bob, "available", at("03T23:00:00"), Some(at("04T00:00:00"))).await;

    let answered = Call {
        campaign: Some(madrid),
        agent: Some(ana),
        answered: true,
        talk_secs: 61,
        hangup_cause: "NORMAL_CLEARING",
    };
    centre.call(at("01T23:30:00"), answered.clone()).await;
    centre.call(at("02T09:00:00"), Call { talk_secs: 40, agent: Some(bob), ..answered }).await;
    centre.call(at("03T09:00:00"), Call { hangup_cause: "USER_BUSY", ..Default::default() }).await;
    centre.dnc("+1", "national", at("01T00:00:00")).await;
    centre.dnc("+1", "internal", at("02T00:00:00")).await;
    centre.dnc("+2", "internal", at("01T00:00:00") - chrono::TimeDelta::days(300)).await;
    centre.dnc("+3", "state", at("04T00:00:00")).await;
    centre
}

#[test]
fn the_five_reports_of_a_small_centre() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = centre(&client).await;
        // Somebody else's rows change nothing.
        self::centre(&client).await;
        let key = centre.key("supervisor").await;
        for report in ["campaigns", "agents", "call-volume", "compliance", "dispositions"] {
            let zone = if report == "call-volume" { "&timezone=Europe/Madrid" } else { "" };
            let url = format!(
                "{}/api/v1/reports/{report}?from=2026-03-01T00:00:00Z&to=2026-03-04T00:00:00Z{zone}",
                stack.endpoints.api
            );
            let answer = get(&url, Some(&key)).await;
            assert_eq!((answer.status, answer.content_type()), (200, "application/json"), "{}", answer.text);
            insta::with_settings!({filters => vec![
                (r#"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"#, "[id]"),
                (r#""(generated_at|state_since)": "[^"]+""#, r#""$1": "[now]""#),
            ]}, {
                insta::assert_snapshot!(report, indented(&answer.text));
            });
        }
    });
}

/// The answer with its fields in the order in which they were sent.
fn indented(text: &str) -> String {
    let (mut out, mut depth, mut quoted, mut previous) = (String::new(), 0_usize, false, ' ');
    for c in text.chars() {
        if c == '"' && previous != '\\' {
            quoted = !quoted;
        }
        let new_line = |out: &mut String, depth: usize| {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        };
        match c {
            '{' | '[' if !quoted => {
                depth += 1;
                out.push(c);
                new_line(&mut out, depth);
            }
            '}' | ']' if !quoted => {
                depth -= 1;
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' if !quoted => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' if !quoted => out.push_str(": "),
            _ => out.push(c),
        }
        previous = c;
    }
    out
}

/// In IANA's zones these four change their clocks; PostgreSQL also has them as abbreviations of a fixed offset.
#[test]
fn zones_that_postgresql_takes_for_abbreviations() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let known: Vec<String> = client
            .query(
                "select abbrev from pg_timezone_abbrevs where abbrev not in ('UTC', 'GMT', 'EST', 'MST', 'HST', 'UCT')",
                &[],
            )
            .await
            .unwrap()
            .iter()
            .map(|row| row.get(0))
            .collect();
        for zone in chrono_tz::TZ_VARIANTS {
            let name = callmetry_reports::call_volume::postgres_name(zone).to_uppercase();
            assert!(!known.contains(&name) || name == "ZULU", "{name}");
        }
        let centre = Centre::new(&client).await;
        let summer_night: DateTime<Utc> = "2026-07-01T22:30:00Z".parse().unwrap();
        centre.call(summer_night, Call { hangup_cause: "X", ..Default::default() }).await;
        let key = centre.key("supervisor").await;
        let url = format!(
            "{}/api/v1/reports/call-volume?from=2026-07-01T00:00:00Z&to=2026-07-02T12:00:00Z&timezone=CET",
            stack.endpoints.api
        );
        let report = get(&url, Some(&key)).await.json();
        assert_eq!(
            (&report["daily"][1]["date"], &report["daily"][1]["total_calls"]),
            (&"2026-07-02".into(), &1.into())
        );
        assert_eq!(report["timezone"], "CET");
    });
}

/// In Newfoundland clocks went back from 00:01 to 23:01 of the day before.
#[test]
fn a_call_before_the_first_local_date_is_counted() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = Centre::new(&client).await;
        let after_the_change: DateTime<Utc> = "2010-11-07T02:45:00Z".parse().unwrap();
        centre.call(after_the_change, Call { hangup_cause: "X", ..Default::default() }).await;
        let key = centre.key("supervisor").await;
        let url = format!(
            "{}/api/v1/reports/call-volume?from=2010-11-07T02:30:30Z&to=2010-11-07T12:00:00Z&timezone=America/St_Johns",
            stack.endpoints.api
        );
        let report = get(&url, Some(&key)).await.json();
        assert_eq!((&report["totals"]["total_calls"], &report["daily"][0]["date"]), (&1.into(), &"2010-11-06".into()));
    });
}

#[test]
fn filters_leave_the_rest_out() {
    run(async {
        let stack = shared_stack().await;
        let client = stack.postgres.connect(&stack.database).await.unwrap();
        let centre = centre(&client).await;
        let key = centre.key("supervisor").await;
        let report = async |path: &str| {
            let window = "from=2026-03-01T00:00:00Z&to=2026-03-04T00:00:00Z";
            get(&format!("{}/api/v1/reports/{path}&{window}", stack.endpoints.api), Some(&key)).await.json()
        };
        let all = report("campaigns?format=json").await;
        let madrid = all["rows"][0]["campaign_id"].as_str().unwrap().to_owned();
        let one = report(&format!("campaigns?campaign_id={madrid}")).await;
        assert_eq!(one["rows"], serde_json::json!([all["rows"][0]]));
        assert_eq!((&one["totals"]["attempts"], &one["totals"]["leads_dialed"]), (&4.into(), &2.into()));
        let calls = report(&format!("call-volume?campaign_id={madrid}")).await;
        assert_eq!(calls["totals"]["total_calls"], 2);
        let compliance = report(&format!("compliance?campaign_id={madrid}")).await;
        assert_eq!(compliance["calling_hours"]["campaigns"], 1);
        assert_eq!(compliance["dnc"]["total"], 3, "the list is the tenant's");
        let north = report("agents?team=north").await;
        assert_eq!((north["rows"].as_array().unwrap().len(), &north["totals"]["talk_secs"]), (1, &61.into()));
        let nobody = format!("campaign_id={}", uuid::Uuid::new_v4());
        let campaigns = report(&format!("campaigns?{nobody}")).await;
        assert_eq!((&campaigns["rows"], &campaigns["totals"]["attempts"]), (&serde_json::json!([]), &0.into()));
        let calls = report(&format!("call-volume?{nobody}")).await;
        assert_eq!((&calls["totals"]["total_calls"], &calls["daily"].as_array().unwrap().len()), (&0.into(), &3));
        let dispositions = report(&format!("dispositions?{nobody}")).await;
        assert_eq!((&dispositions["rows"], &dispositions["totals"]["count"]), (&serde_json::json!([]), &0.into()));
        let compliance = report(&format!("compliance?{nobody}")).await;
        assert_eq!(
            (&compliance["abandonment"]["campaigns"], &compliance["calling_hours"]["campaigns"]),
            (&serde_json::json!([]), &0.into())
        );
        assert_eq!(report("agents?team=unknown").await["totals"]["calls"], 0);
    });
}
