//! Using the page: by keyboard, while the database sleeps, to order reports.

use callmetry_testing::{private_stack, run};
use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::json;

use super::{WINDOW, enter, is_shown, visitor};

use crate::browser::{Browser, Device};

#[test]
fn a_keyboard_is_enough() {
    run(async {
        let Some((browser, stack, key)) = visitor(Device::default()).await else { return };
        enter(&browser, stack, &key, &format!("report=campaigns&{WINDOW}&timezone=UTC")).await;
        is_shown(&browser).await;
        // As a keyboard does, to whatever has the focus.
        let press = async |text: &str| {
            let keys = text.chars().fold(KeyActions::new("keyboard".into()), |keys, value| {
                keys.then(KeyAction::Down { value }).then(KeyAction::Up { value })
            });
            browser.client.perform_actions(keys).await.unwrap();
        };
        // Through everything that can be used, from the top, wherever the browser would begin: the skip link first.
        browser
            .run("const top = document.createElement('span'); top.tabIndex = -1; top.textContent = 'top'; document.body.prepend(top); top.focus()")
            .await;
        let mut visited = Vec::new();
        for _ in 0..60 {
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

#[test]
fn a_report_is_ordered_and_fetched() {
    run(async {
        let Some((browser, stack, key)) = visitor(Device::default()).await else { return };
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
        // Another table than a CSV's first.
        browser.run(&fill("2026-03-01", "2026-03-03", "csv")).await;
        let table = browser.client.find(Locator::Id("order-section")).await.unwrap();
        table.select_by_value("dispositions").await.unwrap();
        browser.click(".order button").await;
        browser.until("return document.querySelectorAll('tbody .completed').length === 3").await;
        browser.click("tbody tr:first-child .csv").await;
        let (_, bytes) = browser.download().await;
        assert!(bytes.starts_with(b"code,label,count,share"), "{}", String::from_utf8_lossy(&bytes));
        // One that a mail's link names is marked.
        let id = browser.run("return document.querySelector('tbody tr').dataset.id").await;
        enter(&browser, stack, &key, &format!("report=on-demand&id={}", id.as_str().unwrap())).await;
        browser.until("return document.querySelector('tr.named')").await;
        browser.nothing_is_wrong().await;
        browser.close().await;
    });
}
