//! What a browser may do on the page (Content Security Policy, level 3): load its own files, ask its own API, and send a code to the
//! issuers that visitors sign in at. Nothing else, from nowhere else.

use callmetry_access::TrustedIssuer;

/// Nothing of the device is needed.
pub const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/// The policy of the page of a deployment that trusts these issuers.
pub fn content(issuers: &[TrustedIssuer]) -> String {
    let mut origins: Vec<String> = issuers
        .iter()
        .filter_map(|issuer| issuer.sign_in.as_ref())
        .map(|sign_in| sign_in.token_endpoint.origin().ascii_serialization())
        .collect();
    origins.sort();
    origins.dedup();
    let connect = std::iter::once("'self'".to_owned()).chain(origins).collect::<Vec<_>>().join(" ");
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        &format!("connect-src {connect}"),
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        // Text can become neither HTML nor a script, whoever writes such code later.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    .join("; ")
}

#[cfg(test)]
mod tests {
    use callmetry_access::issuers;

    use super::*;

    #[test]
    fn only_token_endpoints_may_be_asked_beside_the_page_itself() {
        let issuer = |path: &str| {
            format!(
                r#"{{"issuer": "https://id.example", "audience": "a", "jwks_url": "https://keys.example/keys", "highest_role":
                    "admin", "sign_in": {{"client_id": "a", "authorization_endpoint": "https://id.example/authorize",
                    "token_endpoint": "https://tokens.example:8443/{path}"}}}}"#
            )
        };
        let issuers = issuers::parse(&format!("[{}, {}]", issuer("a?x"), issuer("b"))).expect("issuers");
        let policy = content(&issuers);
        assert!(policy.contains("; connect-src 'self' https://tokens.example:8443; "), "{policy}");
        assert!(content(&[]).contains("; connect-src 'self'; "));
    }
}
