//! OIDC JWTs: signature, issuer, audience and times, then tenant and role.

use callmetry_access::{Identity, Role, TrustedIssuer};
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, dangerous, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::jwks::Keys;

/// For `nbf` of an issuer whose clock is a little ahead. `exp` is checked again, without it, by the host.
const LEEWAY_SECS: u64 = 5;
const LONGEST_USER_ID: usize = 255;

/// Verifies tokens of trusted issuers.
#[derive(Debug)]
pub struct Jwt {
    issuers: Vec<(TrustedIssuer, Keys)>,
}

/// Why a token has no identity. The reason is for logs and has nothing of the token in it.
#[derive(Debug, PartialEq, Eq)]
pub enum JwtError {
    /// It is not believed.
    Refused(&'static str),
    /// It cannot be judged now.
    KeysUnavailable(String),
}

#[derive(Deserialize)]
struct Issuer {
    iss: String,
}

impl Jwt {
    /// Of these issuers.
    pub fn new(issuers: Vec<TrustedIssuer>) -> Self {
        let issuers = issuers.into_iter().map(|issuer| {
            let keys = Keys::new(issuer.jwks_url.clone());
            (issuer, keys)
        });
        Self { issuers: issuers.collect() }
    }

    /// The identity in a token.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Identity, JwtError> {
        use JwtError::Refused;
        let header = decode_header(token).map_err(|_| Refused("malformed"))?;
        // Read before the signature is checked, only to know whose keys to check it with.
        let claimed: Issuer = dangerous::insecure_decode_claims(token).map_err(|_| Refused("malformed"))?;
        let mut last = Refused("unknown issuer");
        for (issuer, keys) in self.issuers.iter().filter(|(issuer, _)| issuer.issuer == claimed.iss) {
            let key = keys.find(header.kid.as_deref(), now).await.map_err(JwtError::KeysUnavailable)?;
            let outcome = key.ok_or(Refused("unknown key")).and_then(|key| {
                let claims = claims(token, header.alg, &key, issuer)?;
                identity(&claims, issuer, now)
            });
            match outcome {
                Ok(identity) => return Ok(identity),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

/// The algorithm is the key's, never the header's: no `none`, no HMAC with a public key.
fn algorithm(key: &Jwk) -> Option<Algorithm> {
    if key.common.public_key_use.as_ref().is_some_and(|usage| *usage != PublicKeyUse::Signature) {
        return None;
    }
    let (algorithm, named) = match &key.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(curve) if curve.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    key.common.key_algorithm.as_ref().is_none_or(|own| *own == named).then_some(algorithm)
}

fn claims(token: &str, claimed: Algorithm, key: &Jwk, issuer: &TrustedIssuer) -> Result<Map<String, Value>, JwtError> {
    let algorithm = algorithm(key).filter(|own| *own == claimed).ok_or(JwtError::Refused("algorithm"))?;
    let decoding_key = DecodingKey::from_jwk(key).map_err(|_| JwtError::Refused("unusable key"))?;
    let mut validation = Validation::new(algorithm);
    validation.leeway = LEEWAY_SECS;
    validation.validate_nbf = true;
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[&issuer.issuer]);
    validation.set_audience(&[&issuer.audience]);
    let token = decode(token, &decoding_key, &validation)
        .map_err(|_| JwtError::Refused("signature, issuer, audience or time"))?;
    Ok(token.claims)
}

fn identity(claims: &Map<String, Value>, issuer: &TrustedIssuer, now: DateTime<Utc>) -> Result<Identity, JwtError> {
    use JwtError::Refused;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let exp = claims.get("exp").and_then(Value::as_f64).ok_or(Refused("exp"))? as i64;
    if exp <= now.timestamp() {
        return Err(Refused("expired"));
    }
    let user_id = text(&issuer.user_claim)
        .filter(|id| !id.is_empty() && id.len() <= LONGEST_USER_ID && !id.contains('\0'))
        .ok_or(Refused("user claim"))?;
    let tenant = match (issuer.tenant_id, claims.get(&issuer.tenant_claim)) {
        (Some(own), None) => own,
        (own, Some(claimed)) => claimed
            .as_str()
            .and_then(|id| Uuid::parse_str(id).ok())
            .filter(|id| own.is_none_or(|own| own == *id))
            .ok_or(Refused("tenant claim"))?,
        (None, None) => return Err(Refused("tenant claim")),
    };
    let role = highest_role(claims.get(&issuer.role_claim)).ok_or(Refused("role claim"))?;
    Ok(Identity { tenant_id: tenant, user_id: user_id.to_owned(), role: role.min(issuer.highest_role), exp })
}

fn highest_role(claim: Option<&Value>) -> Option<Role> {
    match claim? {
        Value::String(role) => role.parse().ok(),
        Value::Array(roles) => roles.iter().filter_map(|role| role.as_str()?.parse().ok()).max(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::json;

    use super::*;

    const TENANT: &str = "7d7cbe1e-1c5c-4a55-9a34-4e1c3a1f8f10";

    struct Signer {
        key: EncodingKey,
        jwk: Jwk,
    }

    fn signer() -> Signer {
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &aws_lc_rs::rand::SystemRandom::new())
                .unwrap();
        let key = EncodingKey::from_ec_der(pkcs8.as_ref());
        let jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        Signer { key, jwk }
    }

    fn issuer() -> TrustedIssuer {
        let list = r#"[{"issuer": "https://id.example", "audience": "callmetry", "jwks_url": "https://id.example/keys", "highest_role": "admin"}]"#;
        callmetry_access::issuers::parse(list).unwrap().remove(0)
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(jsonwebtoken::get_current_timestamp() as i64, 0).unwrap()
    }

    fn good() -> Value {
        let now = now().timestamp();
        json!({"iss": "https://id.example", "aud": "callmetry", "sub": "u1", "exp": now + 60, "nbf": now, "tenant_id": TENANT, "role": "supervisor"})
    }

    fn read(signer: &Signer, payload: &Value, issuer: &TrustedIssuer) -> Result<Identity, JwtError> {
        let token = encode(&Header::new(Algorithm::ES256), payload, &signer.key).unwrap();
        identity(&claims(&token, Algorithm::ES256, &signer.jwk, issuer)?, issuer, now())
    }

    #[test]
    fn a_good_token_is_a_caller() {
        let identity = read(&signer(), &good(), &issuer()).unwrap();
        assert_eq!(
            (identity.user_id.as_str(), identity.role, identity.tenant_id.to_string().as_str()),
            ("u1", Role::Supervisor, TENANT)
        );
    }

    #[test]
    fn every_required_claim_and_every_wrong_one() {
        let signer = signer();
        for claim in ["iss", "aud", "sub", "exp", "tenant_id", "role"] {
            let mut payload = good();
            payload.as_object_mut().unwrap().remove(claim);
            assert!(read(&signer, &payload, &issuer()).is_err(), "without {claim}");
        }
        let past = now().timestamp() - 1;
        for (claim, value) in [
            ("iss", json!("https://evil.example")),
            ("aud", json!("other")),
            ("exp", json!(past)),
            ("exp", json!("soon")),
            ("nbf", json!(now().timestamp() + 60)),
            ("tenant_id", json!("acme")),
            ("tenant_id", json!(1)),
            ("role", json!("king")),
            ("role", json!([])),
            ("sub", json!("")),
            ("sub", json!("a\u{0}b")),
        ] {
            let mut payload = good();
            payload[claim] = value;
            assert!(read(&signer, &payload, &issuer()).is_err(), "{claim}: {}", payload[claim]);
        }
    }

    #[test]
    fn another_key_or_algorithm_is_refused() {
        let (ours, theirs) = (signer(), signer());
        let token = encode(&Header::new(Algorithm::ES256), &good(), &theirs.key).unwrap();
        assert!(claims(&token, Algorithm::ES256, &ours.jwk, &issuer()).is_err());
        // HMAC with the public key as its secret, the classic confusion.
        let hmac = encode(&Header::new(Algorithm::HS256), &good(), &EncodingKey::from_secret(b"public")).unwrap();
        assert_eq!(claims(&hmac, Algorithm::HS256, &ours.jwk, &issuer()).unwrap_err(), JwtError::Refused("algorithm"));
    }

    #[test]
    fn roles_are_lowered_to_the_issuers_highest_and_tenants_kept_to_its_own() {
        let signer = signer();
        let mut payload = good();
        payload["role"] = json!(["agent", "platform_admin"]);
        assert_eq!(read(&signer, &payload, &issuer()).unwrap().role, Role::Admin);
        let own = TrustedIssuer { tenant_id: Some(Uuid::nil()), ..issuer() };
        assert_eq!(read(&signer, &payload, &own).unwrap_err(), JwtError::Refused("tenant claim"));
        payload.as_object_mut().unwrap().remove("tenant_id");
        assert_eq!(read(&signer, &payload, &own).unwrap().tenant_id, Uuid::nil());
    }
}
