//! The page itself: its files' names, what it has to know of the deployment, and what the browser may do on it.

use std::collections::BTreeMap;

use callmetry_access::TrustedIssuer;
use callmetry_host::{Keep, Site, StaticFile};
use serde::Serialize;

use crate::assets::{ICON, LATER, LIBRARY, MAIN, MODULES, STYLES};
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
    client_id: &'a str,
    authorization_endpoint: &'a str,
    token_endpoint: &'a str,
    scope: &'a str,
    audience: &'a str,
    takes_id_token: bool,
}

/// `<script type="importmap">`: modules call each other by names without a fingerprint.
#[derive(Serialize)]
struct ImportMap {
    imports: BTreeMap<String, String>,
}

impl<'a> SignIn<'a> {
    /// None where nobody signs in at the issuer.
    fn at(issuer: &'a TrustedIssuer) -> Option<Self> {
        let sign_in = issuer.sign_in.as_ref()?;
        Some(Self {
            issuer: &issuer.issuer,
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
    let modules = MODULES.iter().chain(&LATER);
    let mut imports: BTreeMap<String, String> =
        modules.clone().map(|module| (module.module_url(), format!("./{}", module.url()))).collect();
    let (name, file) = LIBRARY;
    imports.extend(
        LATER.iter().filter(|module| module.is(file)).map(|module| (name.into(), format!("./{}", module.url()))),
    );
    let import_map = inline(&ImportMap { imports })?;
    let main = MODULES.iter().find(|module| module.is(MAIN)).map(|module| module.url()).unwrap_or_default();
    let preload = |url: String| format!("<link rel=\"modulepreload\" href=\"{url}\">");
    let preloads: Vec<String> = MODULES.iter().map(|module| preload(module.url())).collect();
    let [style, library_style] = STYLES.each_ref().map(|style| style.url());
    let settings = inline(&Settings { issuers: issuers.iter().filter_map(SignIn::at).collect() })?;
    let page = include_str!("../page/index.html")
        .replace("{icon}", &ICON.url())
        .replace("{style}", &style)
        .replace("{uplot_style}", &library_style)
        .replace("{preloads}", &preloads.join("\n"))
        .replace("{main}", &main)
        .replace("{import_map}", &import_map)
        .replace("{settings}", &settings);
    let page = StaticFile::new("text/html; charset=utf-8", Keep::WhileItIsTheSame, &page)
        .with("content-security-policy", policy::content(&import_map, issuers))
        .with("cross-origin-opener-policy", "same-origin".into())
        .with("permissions-policy", policy::PERMISSIONS.into())
        .with("referrer-policy", "no-referrer".into());
    let files = modules
        .chain(&STYLES)
        .chain([&ICON])
        .map(|asset| (asset.served_name(), StaticFile::new(asset.content_type(), Keep::ForAYear, asset.text)));
    Ok(Site { page, files: files.collect() })
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
