//! The page itself: its files' names, what it has to know of the deployment, and what the browser may do on it.

use callmetry_access::TrustedIssuer;
use callmetry_host::{Keep, Site, StaticFile};
use serde::Serialize;

use crate::assets::{ICON, SCRIPT, STYLE};
use crate::policy;

/// What the page is told, in the page. Nothing of it is a secret.
#[derive(Serialize)]
struct Settings<'a> {
    /// Where visitors sign in; if nowhere, they need an API key.
    issuers: Vec<SignIn<'a>>,
}

#[derive(Serialize)]
struct SignIn<'a> {
    issuer: &'a str,
    name: Option<&'a str>,
    client_id: &'a str,
    authorization_endpoint: &'a str,
    token_endpoint: &'a str,
    scope: &'a str,
    audience: &'a str,
    takes_id_token: bool,
}

impl<'a> SignIn<'a> {
    /// None where nobody signs in at the issuer.
    fn at(issuer: &'a TrustedIssuer) -> Option<Self> {
        let sign_in = issuer.sign_in.as_ref()?;
        Some(Self {
            issuer: &issuer.issuer,
            name: sign_in.name.as_deref(),
            client_id: &sign_in.client_id,
            authorization_endpoint: sign_in.authorization_endpoint.as_str(),
            token_endpoint: sign_in.token_endpoint.as_str(),
            scope: &sign_in.scope,
            audience: &issuer.audience,
            takes_id_token: issuer.takes_id_token()?,
        })
    }
}

/// The page and its files, for a deployment that trusts these issuers.
pub fn site(issuers: &[TrustedIssuer]) -> Result<Site, serde_json::Error> {
    let settings = inline(&Settings { issuers: issuers.iter().filter_map(SignIn::at).collect() })?;
    let page = include_str!("../page/index.html")
        .replace("{icon}", &ICON.url())
        .replace("{style}", &STYLE.url())
        .replace("{script}", &SCRIPT.url())
        .replace("{settings}", &settings);
    let page = StaticFile::new("text/html; charset=utf-8", Keep::WhileItIsTheSame, &page)
        .with("content-security-policy", policy::content(issuers))
        .with("cross-origin-opener-policy", "same-origin".into())
        .with("permissions-policy", policy::PERMISSIONS.into())
        .with("referrer-policy", "no-referrer".into());
    Ok(Site { page, files: [ICON, STYLE, SCRIPT].map(|asset| asset.serve()).into() })
}

/// JSON that can stand in an element of HTML: nothing of it ends the element.
fn inline(value: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

#[cfg(test)]
mod tests {
    use callmetry_access::issuers;

    use super::*;

    #[test]
    fn nothing_of_a_setting_ends_its_element() {
        let list = r#"[{"issuer": "https://id.example/</script><script>", "audience": "a", "jwks_url": "https://id.example/keys",
            "highest_role": "admin", "sign_in": {"client_id": "a", "authorization_endpoint": "https://id.example/authorize",
            "token_endpoint": "https://id.example/token"}}]"#;
        let issuers = issuers::parse(list).expect("issuers");
        let settings = Settings { issuers: issuers.iter().filter_map(SignIn::at).collect() };
        let text = inline(&settings).expect("JSON");
        assert!(!text.contains('<') && text.contains(r#""takes_id_token":true"#), "{text}");
        let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read["issuers"][0]["issuer"], "https://id.example/</script><script>");
    }
}
