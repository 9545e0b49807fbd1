//! Trusted issuers: which tokens are believed, and how far, and where people sign in for one. Configuration only; a token
//! cannot name its own.

use callmetry_database::Error;
use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use crate::Role;

/// One OIDC issuer, an element of the JSON list in `TRUSTED_ISSUERS`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedIssuer {
    /// The `iss` claim, exactly.
    pub issuer: String,
    /// What `aud` has to contain.
    pub audience: String,
    /// Where the issuer's keys are.
    pub jwks_url: Url,
    /// The claim with the user's id.
    #[serde(default = "sub")]
    pub user_claim: String,
    /// The claim with the tenant's id.
    #[serde(default = "tenant_id")]
    pub tenant_claim: String,
    /// The claim with the role, or a list of them of which the highest counts.
    #[serde(default = "role")]
    pub role_claim: String,
    /// The highest role that this issuer can give; higher ones are lowered to it.
    pub highest_role: Role,
    /// The one tenant that a tenant's own issuer speaks for.
    pub tenant_id: Option<Uuid>,
    /// How people sign in there in a browser; without it the page `/reports` does not offer this issuer.
    pub sign_in: Option<SignIn>,
}

/// Signing in with the authorization code and PKCE (RFC 7636), as a client without a secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// What visitors know the issuer by; its host, if there is none.
    pub name: Option<String>,
    /// The client, whose redirect address is that of the page.
    pub client_id: String,
    /// Where the browser is sent.
    pub authorization_endpoint: Url,
    /// Where the code is exchanged for a token. It has to allow requests from the page's origin (CORS).
    pub token_endpoint: Url,
    /// Scopes that are asked for.
    #[serde(default = "openid")]
    pub scope: String,
}

impl TrustedIssuer {
    /// Whether it is the ID token that the API takes, because that is the one whose audience is the client; else it is the access
    /// token. None where nobody signs in.
    pub fn takes_id_token(&self) -> Option<bool> {
        self.sign_in.as_ref().map(|sign_in| sign_in.client_id == self.audience)
    }
}

fn openid() -> String {
    "openid".into()
}

fn sub() -> String {
    "sub".into()
}

fn tenant_id() -> String {
    "tenant_id".into()
}

fn role() -> String {
    "role".into()
}

/// Reads and checks the list.
pub fn parse(json: &str) -> Result<Vec<TrustedIssuer>, Error> {
    let refuse = |reason: String| Error::Configuration(format!("TRUSTED_ISSUERS: {reason}"));
    let issuers: Vec<TrustedIssuer> = serde_json::from_str(json).map_err(|error| refuse(error.to_string()))?;
    for issuer in &issuers {
        let sign_in = issuer.sign_in.iter().flat_map(|sign_in| {
            [("authorization_endpoint", &sign_in.authorization_endpoint), ("token_endpoint", &sign_in.token_endpoint)]
        });
        for (name, url) in sign_in.chain([("jwks_url", &issuer.jwks_url)]) {
            let is_local =
                url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
            if url.scheme() != "https" && !is_local {
                return Err(refuse(format!("{name} of {} must be https", issuer.issuer)));
            }
        }
        if issuer.tenant_id.is_some() && issuer.highest_role == Role::PlatformAdmin {
            return Err(refuse(format!("{} speaks for one tenant and cannot make platform admins", issuer.issuer)));
        }
    }
    Ok(issuers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(extra: &str) -> Result<Vec<TrustedIssuer>, Error> {
        parse(&format!(r#"[{{"issuer": "https://id.example", "audience": "callmetry"{extra}}}]"#))
    }

    #[test]
    fn defaults_and_refusals() {
        let good = with(r#", "jwks_url": "https://id.example/keys", "highest_role": "admin""#).expect("good");
        assert_eq!((good[0].tenant_claim.as_str(), good[0].role_claim.as_str()), ("tenant_id", "role"));
        assert_eq!(good[0].takes_id_token(), None);
        assert!(parse("[]").expect("empty").is_empty());
        let sign_in = |client: &str, token_endpoint: &str| {
            with(&format!(
                r#", "jwks_url": "https://id.example/keys", "highest_role": "admin", "sign_in": {{"client_id": "{client}",
                    "authorization_endpoint": "https://id.example/authorize", "token_endpoint": "{token_endpoint}"}}"#
            ))
        };
        let good = sign_in("page", "http://127.0.0.1:1/token").expect("good");
        assert_eq!(good[0].takes_id_token(), Some(false));
        assert_eq!(good[0].sign_in.as_ref().expect("it is there").scope, "openid");
        assert_eq!(sign_in("callmetry", "https://id.example/token").expect("good")[0].takes_id_token(), Some(true));
        assert!(sign_in("page", "http://id.example/token").is_err());
        assert!(sign_in("page", "javascript://localhost/%0aalert(1)").is_err());
        for bad in [
            r#", "jwks_url": "http://id.example/keys", "highest_role": "admin""#,
            r#", "jwks_url": "https://id.example/keys", "highest_role": "king""#,
            r#", "jwks_url": "https://id.example/keys""#,
            r#", "jwks_url": "https://id.example/keys", "highest_role": "admin", "algorithm": "none""#,
            r#", "jwks_url": "https://id.example/keys", "highest_role": "platform_admin", "tenant_id": "7d7cbe1e-1c5c-4a55-9a34-4e1c3a1f8f10""#,
        ] {
            assert!(with(bad).is_err(), "{bad}");
        }
    }
}
