//! Trusted issuers: which tokens are believed, and how far. Configuration only; a token cannot name its own.

use callmetry_access::Role;
use callmetry_database::Error;
use serde::Deserialize;
use url::Url;
use uuid::Uuid;

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
        let loopback = matches!(issuer.jwks_url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if issuer.jwks_url.scheme() != "https" && !loopback {
            return Err(refuse(format!("jwks_url of {} must be https", issuer.issuer)));
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
        assert!(parse("[]").expect("empty").is_empty());
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
