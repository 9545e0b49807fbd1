//! What a browser may do on the page (Content Security Policy, level 3): load its own files, ask its own API, and send a code to the
//! issuers that visitors sign in at. Nothing else, from nowhere else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use callmetry_access::TrustedIssuer;
use sha2::{Digest, Sha256};

/// Nothing of the device is needed.
pub const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/// The policy of a page with this import map, the only script that is in the page itself.
pub fn content(import_map: &str, issuers: &[TrustedIssuer]) -> String {
    let hash = STANDARD.encode(Sha256::digest(import_map));
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
        &format!("script-src 'self' 'sha256-{hash}'"),
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
        let policy = content("{}", &issuers);
        assert!(policy.contains("; connect-src 'self' https://tokens.example:8443; "), "{policy}");
        assert!(content("{}", &[]).contains("; connect-src 'self'; "));
        // The digest of `{}`.
        assert!(policy.contains("script-src 'self' 'sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o='"), "{policy}");
    }
}
