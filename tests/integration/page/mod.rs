//! The page `/reports` in a real browser, against the API that it shows.

mod files;
mod numbers;
mod periods;
mod signing_in;
mod standards;
mod using;

use callmetry_local::stack::Stack;
use callmetry_testing::shared_stack;
use serde_json::json;

use crate::browser::{Browser, Device};

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

/// A browser, the stack, and the key of a supervisor of the small centre of `reports.rs`; none where there is no browser.
async fn visitor(device: Device) -> Option<(Browser, &'static Stack, String)> {
    let browser = Browser::start(device).await?;
    let stack = shared_stack().await;
    let client = stack.postgres.connect(&stack.database).await.unwrap();
    let key = crate::reports::centre(&client).await.key("supervisor").await;
    Some((browser, stack, key))
}

async fn is_shown(browser: &Browser) {
    browser.until("return document.querySelector('section.table tbody tr')").await;
    browser.until("return !document.querySelector('.change') || [...document.querySelectorAll('.change')].every(change => change.children.length > 0)").await;
}

/// A number of the page in the digits of JSON.
fn digits(text: &str, locale: &str) -> String {
    let (group, point) = if locale == "de-DE" { ('.', ',') } else { (',', '.') };
    let digits = text.chars().filter(|c| *c != group).map(|c| if c == point { '.' } else { c });
    digits.filter(|c| c.is_ascii_digit() || *c == '.' || *c == '-').collect()
}
