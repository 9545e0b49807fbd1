//! Who is let in, how, and who is not.

use callmetry_access::ApiKey;
use callmetry_testing::{Centre, private_stack, run, shared_stack};
use serde_json::{Value, json};

use super::{PKCE, WINDOW, enter, is_shown};

use crate::browser::{Browser, Device};
use crate::http::{get, send};

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
        assert_eq!(browser.run("return document.activeElement.id").await, json!("tenant"));
        // Nobody else is offered any, nor gets one that a link names.
        let supervisor = own.key("supervisor").await;
        enter(&browser, stack, &supervisor, &format!("report=campaigns&tenant_id={}", other.tenant)).await;
        assert_eq!(browser.text("section.notice h2").await, "This is not for your role");
        browser.nothing_is_wrong().await;
        browser.close().await;
    });
}
