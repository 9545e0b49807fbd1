//! An identity provider for the page `/reports`: the part of OpenID Connect that it and the authorizer use. It is configuration like
//! any other issuer's; neither knows that this one is local.
//!
//! Nobody has a password here. Whoever comes is the first user, a supervisor of the first demo tenant, as if signed in already;
//! with `prompt=select_account` there is a choice.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Result, anyhow};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callmetry_access::{Role, random_base62};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::demo::TENANTS;

const CLIENT: &str = "callmetry-page";
const AUDIENCE: &str = "callmetry-api";
const KEY_ID: &str = "1";
/// How long a code may be exchanged, and how long a token is good.
const CODE_LIFETIME: Duration = Duration::from_secs(60);
const TOKEN_LIFETIME: Duration = Duration::from_secs(8 * 3_600);

/// The provider.
pub struct Identity {
    issuer: String,
    /// The page that may be sent back to, by either name of this machine.
    redirect_uris: [String; 2],
    key: EncodingKey,
    codes: Mutex<HashMap<String, Granted>>,
}

struct User {
    name: String,
    tenant: Uuid,
    role: Role,
}

/// What a code stands for.
struct Granted {
    user: User,
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
    at: Instant,
}

/// A request to sign in.
#[derive(Clone, Deserialize)]
struct Asked {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    state: String,
    nonce: Option<String>,
    code_challenge: String,
    code_challenge_method: String,
    prompt: Option<String>,
    login_hint: Option<String>,
}

#[derive(Deserialize)]
struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    client_id: String,
    code_verifier: String,
}

impl Identity {
    /// One at this address, for the page of the API on this port. Its key is a new one at each start.
    pub fn new(address: SocketAddr, api_port: u16) -> Result<Self> {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| anyhow!("no randomness"))?;
        Ok(Self {
            issuer: format!("http://{address}"),
            redirect_uris: ["127.0.0.1", "localhost"].map(|host| format!("http://{host}:{api_port}/reports")),
            key: EncodingKey::from_ec_der(pkcs8.as_ref()),
            codes: Mutex::default(),
        })
    }

    /// The parameter of the template that trusts it.
    pub fn trusted_issuers(&self) -> String {
        let issuer = &self.issuer;
        json!([{
            "issuer": issuer, "audience": AUDIENCE, "jwks_url": format!("{issuer}/keys"), "highest_role": Role::PlatformAdmin,
            "sign_in": {
                "client_id": CLIENT, "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
            },
        }])
        .to_string()
    }

    fn keys(&self) -> Result<Value> {
        let mut key = serde_json::to_value(Jwk::from_encoding_key(&self.key, Algorithm::ES256)?)?;
        key["kid"] = KEY_ID.into();
        Ok(json!({ "keys": [key] }))
    }

    /// Why a request to sign in is none of the page's. Such a request is never sent back anywhere.
    fn refusal(&self, asked: &Asked) -> Option<&'static str> {
        let wrong = [
            (asked.client_id != CLIENT, "unknown client_id"),
            (!self.redirect_uris.contains(&asked.redirect_uri), "this is not the redirect_uri of the client"),
            (asked.response_type != "code", "response_type must be code"),
            (asked.code_challenge_method != "S256" || asked.code_challenge.len() != 43, "PKCE with S256 is needed"),
        ];
        wrong.into_iter().find_map(|(is_wrong, why)| is_wrong.then_some(why))
    }

    fn grant(&self, asked: Asked, user: User) -> Result<String> {
        let code = random_base62(32).map_err(|error| anyhow!("no randomness: {error}"))?;
        let location =
            form_urlencoded(&asked.redirect_uri, &[("code", &code), ("state", &asked.state), ("iss", &self.issuer)]);
        let Asked { redirect_uri, code_challenge: challenge, nonce, .. } = asked;
        let granted = Granted { user, redirect_uri, challenge, nonce, at: Instant::now() };
        self.codes.lock().map_err(|_| anyhow!("a panic before"))?.insert(code, granted);
        Ok(location)
    }

    /// The tokens of a code, which is good once.
    fn exchange(&self, exchange: &Exchange) -> Option<Value> {
        let granted = self.codes.lock().ok()?.remove(&exchange.code)?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&exchange.code_verifier));
        let is_good = exchange.grant_type == "authorization_code"
            && exchange.client_id == CLIENT
            && exchange.redirect_uri == granted.redirect_uri
            && challenge == granted.challenge
            && granted.at.elapsed() < CODE_LIFETIME;
        if !is_good {
            return None;
        }
        #[allow(clippy::disallowed_methods, reason = "tokens are of now")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        let Granted { user, nonce, .. } = granted;
        let mut claims = json!({
            "iss": self.issuer, "sub": user.name, "iat": now, "exp": now + TOKEN_LIFETIME.as_secs(), "aud": AUDIENCE,
            "tenant_id": user.tenant, "role": user.role,
        });
        let header = Header { kid: Some(KEY_ID.into()), ..Header::new(Algorithm::ES256) };
        let sign = |claims: &Value| encode(&header, claims, &self.key).ok();
        let access_token = sign(&claims)?;
        claims["aud"] = CLIENT.into();
        claims["nonce"] = nonce.into();
        Some(json!({
            "access_token": access_token, "id_token": sign(&claims)?, "token_type": "Bearer",
            "expires_in": TOKEN_LIFETIME.as_secs(),
        }))
    }
}

/// Everybody, by tenant and role; whoever comes is the first.
fn users() -> Vec<User> {
    let of_tenants = TENANTS.iter().flat_map(|tenant| {
        [Role::Supervisor, Role::Admin, Role::Agent].map(|role| User {
            name: format!("{}-{role}", tenant.slug),
            tenant: tenant.id,
            role,
        })
    });
    let platform = User { name: "platform-admin".into(), tenant: TENANTS[0].id, role: Role::PlatformAdmin };
    of_tenants.chain([platform]).collect()
}

/// The provider's routes.
pub fn router(identity: Arc<Identity>) -> Router {
    Router::new()
        .route("/authorize", get(authorize))
        .route("/token", post(token))
        .route("/keys", get(keys))
        .with_state(identity)
}

async fn authorize(State(identity): State<Arc<Identity>>, Query(asked): Query<Asked>) -> Response {
    if let Some(why) = identity.refusal(&asked) {
        return (StatusCode::BAD_REQUEST, why).into_response();
    }
    let user = match (&asked.login_hint, asked.prompt.as_deref()) {
        (Some(hint), _) => users().into_iter().find(|user| user.name == *hint),
        (None, Some("select_account" | "login")) => return Html(choice(&asked)).into_response(),
        (None, _) => users().into_iter().next(),
    };
    match user.map(|user| identity.grant(asked, user)) {
        Some(Ok(location)) => Redirect::to(&location).into_response(),
        Some(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        None => (StatusCode::BAD_REQUEST, "unknown login_hint").into_response(),
    }
}

/// A page with everybody's name, each a link that signs in.
fn choice(asked: &Asked) -> String {
    let link = |user: User| {
        let again = [
            ("response_type", asked.response_type.as_str()),
            ("client_id", &asked.client_id),
            ("redirect_uri", &asked.redirect_uri),
            ("state", &asked.state),
            ("nonce", asked.nonce.as_deref().unwrap_or_default()),
            ("code_challenge", &asked.code_challenge),
            ("code_challenge_method", &asked.code_challenge_method),
            ("login_hint", &user.name),
        ];
        // Percent-encoded, so nothing of it is HTML.
        let href = form_urlencoded("/authorize", &again).replace('&', "&amp;");
        format!("<li><a href=\"{href}\">{}</a></li>", user.name)
    };
    let links: String = users().into_iter().map(link).collect();
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <meta name=color-scheme content='light dark'><title>Who are you?</title>\
         <body style='font:1.1rem/2 system-ui;max-width:24rem;margin:10vh auto;padding:0 1rem'><h1>Who are you?</h1>\
         <p>The local stack's identity provider knows no passwords.</p><ul>{links}</ul>"
    )
}

async fn token(State(identity): State<Arc<Identity>>, Form(exchange): Form<Exchange>) -> Response {
    // The page is of another origin. Without a cookie or a header of its own its request needs no asking before.
    let headers = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CACHE_CONTROL, "no-store")];
    match identity.exchange(&exchange) {
        Some(tokens) => (headers, Json(tokens)).into_response(),
        None => (StatusCode::BAD_REQUEST, headers, Json(json!({"error": "invalid_grant"}))).into_response(),
    }
}

async fn keys(State(identity): State<Arc<Identity>>) -> Response {
    match identity.keys() {
        Ok(keys) => Json(keys).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn form_urlencoded(address: &str, parameters: &[(&str, &str)]) -> String {
    let encode =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    format!("{address}?{}", pairs.join("&"))
}
