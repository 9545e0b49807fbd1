//! What a page is held to whatever it shows: no text becomes a script, everybody can use it, it is light and keeps still.

use callmetry_testing::{Attempt, Call, Campaign, Centre, private_stack, run, shared_stack};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{WINDOW, enter, is_shown};

use crate::browser::{Browser, Device};
use crate::http::REPORTS;

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
                // Nor does anything come late that moves the rest.
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
                assert_eq!(browser.run("return window.shifts").await, json!([]), "{report}, {width} wide");
            }
            browser.close().await;
        }
    });
}
