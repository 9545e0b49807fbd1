//! OIDC tokens end to end: the authorizer fetches the issuer's keys from a server of the test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Router, routing::get as route};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callmetry_local::serve;
use callmetry_testing::{private_stack, run};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use serde_json::{Value, json};

use crate::http::get;

struct Signer {
    key: EncodingKey,
    jwk: Value,
    kid: String,
}

impl Signer {
    fn new(algorithm: Algorithm, kid: &str) -> Self {
        let random = aws_lc_rs::rand::SystemRandom::new();
        let mut ed25519 = None;
        let key = match algorithm {
            Algorithm::ES256 => EncodingKey::from_ec_der(
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap().as_ref(),
            ),
            Algorithm::EdDSA => {
                use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
                let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
                let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
                let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
                ed25519 = Some(json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "x": x}));
                EncodingKey::from_ed_der(pkcs8.as_ref())
            }
            _ => {
                use aws_lc_rs::encoding::AsDer;
                let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
                let pkcs8: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
                // The inner RSAPrivateKey follows the 26 bytes of PKCS#8's frame for 2048 bits.
                EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..])
            }
        };
        let mut jwk =
            ed25519.unwrap_or_else(|| serde_json::to_value(Jwk::from_encoding_key(&key, algorithm).unwrap()).unwrap());
        jwk["kid"] = kid.into();
        Self { key, jwk, kid: kid.into() }
    }

    fn sign(&self, algorithm: Algorithm, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(algorithm) };
        encode(&header, claims, &self.key).unwrap()
    }
}

struct Issuer {
    keys: Mutex<Option<Value>>,
    fetched: AtomicU32,
}

async fn keys(State(issuer): State<Arc<Issuer>>) -> (StatusCode, String) {
    issuer.fetched.fetch_add(1, Ordering::Relaxed);
    match &*issuer.keys.lock().unwrap() {
        Some(set) => (StatusCode::OK, set.to_string()),
        None => (StatusCode::SERVICE_UNAVAILABLE, String::new()),
    }
}

fn claims(tenant: &str) -> Value {
    json!({"iss": "https://id.example", "aud": ["other", "callmetry"], "sub": "u-1", "exp": get_current_timestamp() + 300,
        "tenant_id": tenant, "role": "supervisor"})
}

#[test]
fn tokens_of_a_trusted_issuer() {
    run(async {
        let signers = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA]
            .map(|algorithm| (algorithm, Signer::new(algorithm, &format!("{algorithm:?}"))));
        let set = json!({"keys": signers.each_ref().map(|(_, signer)| signer.jwk.clone())});
        let issuer = Arc::new(Issuer { keys: Mutex::new(None), fetched: AtomicU32::new(0) });
        let (listener, address) = serve::listen(0).await.unwrap();
        serve::serve(listener, Router::new().route("/keys", route(keys)).with_state(issuer.clone()));
        let trusted = json!([{"issuer": "https://id.example", "audience": "callmetry", "jwks_url": format!("http://{address}/keys"), "highest_role": "admin"}]);
        let stack = private_stack(&[("TrustedIssuers", &trusted.to_string())]).await;
        let url = format!("{}/api/v1/reports/campaigns", stack.endpoints.api);
        let tenant = "0b8a51d4-4d9e-4c07-8d2f-5b0d0c1a2b3c";
        let status = async |token: String| get(&url, Some(&token)).await.status;
        let (_, es256) = &signers[1];

        // The issuer is down: nobody can tell, so 503 and not 401.
        let early = get(&url, Some(&es256.sign(Algorithm::ES256, &claims(tenant)))).await;
        assert_eq!((early.status, early.content_type()), (503, "application/problem+json"));
        *issuer.keys.lock().unwrap() = Some(set.clone());

        for (algorithm, signer) in &signers {
            let mut fresh = claims(tenant);
            fresh["jti"] = "1".into();
            let answer = get(&url, Some(&signer.sign(*algorithm, &fresh))).await;
            assert_eq!(answer.status, 200, "{algorithm:?}: {}", answer.text);
            assert_eq!(answer.json()["tenant_id"], tenant);
        }
        assert!(issuer.fetched.load(Ordering::Relaxed) <= 3, "the set is kept");

        // Forged: another key under a known id, HMAC with the public key, no signature, an unknown key id.
        let forger = Signer::new(Algorithm::ES256, "ES256");
        assert_eq!(status(forger.sign(Algorithm::ES256, &claims(tenant))).await, 401);
        let public = es256.jwk["x"].as_str().unwrap().as_bytes().to_vec();
        let header = Header { kid: Some("ES256".into()), ..Header::new(Algorithm::HS256) };
        assert_eq!(status(encode(&header, &claims(tenant), &EncodingKey::from_secret(&public)).unwrap()).await, 401);
        let good = es256.sign(Algorithm::ES256, &claims(tenant));
        let mut parts = good.split('.');
        let (_, payload) = (parts.next().unwrap(), parts.next().unwrap());
        assert_eq!(status(format!("eyJhbGciOiJub25lIiwia2lkIjoiRVMyNTYifQ.{payload}.")).await, 401);
        assert_eq!(status(Signer::new(Algorithm::ES256, "unknown").sign(Algorithm::ES256, &claims(tenant))).await, 401);

        // Claims.
        for (claim, value) in [
            ("exp", json!(get_current_timestamp() - 1)),
            ("exp", Value::Null),
            ("iss", json!("https://evil.example")),
            ("aud", json!("other")),
            ("sub", Value::Null),
            ("nbf", json!(get_current_timestamp() + 600)),
            ("tenant_id", json!("acme")),
            ("tenant_id", Value::Null),
            ("role", json!("owner")),
            ("role", Value::Null),
        ] {
            let mut changed = claims(tenant);
            changed[claim] = value;
            if changed[claim].is_null() {
                changed.as_object_mut().unwrap().remove(claim);
            }
            assert_eq!(status(es256.sign(Algorithm::ES256, &changed)).await, 401, "{claim}");
        }
        let mut agent = claims(tenant);
        agent["role"] = "agent".into();
        assert_eq!(status(es256.sign(Algorithm::ES256, &agent)).await, 403);
        // The issuer's highest role is admin: its platform admins are none.
        let mut platform = claims(tenant);
        platform["role"] = "platform_admin".into();
        let token = es256.sign(Algorithm::ES256, &platform);
        let other = format!("{url}?tenant_id={}", uuid::Uuid::new_v4());
        assert_eq!(get(&other, Some(&token)).await.status, 403);
    });
}
