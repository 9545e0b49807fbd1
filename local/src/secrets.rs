//! Secrets Manager: the secrets of `template.yaml`, generated once and kept, and `GetSecretValue`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::aws::error;
use crate::iam::{Caller, Iam};
use crate::template::Template;

/// Secrets by ARN.
#[derive(Clone, Debug, Default)]
pub struct Secrets(BTreeMap<String, String>);

/// User and password of a database secret.
#[derive(Clone, Debug, Deserialize)]
pub struct Credentials {
    /// The role.
    pub username: String,
    /// Its password.
    pub password: String,
}

/// Letters and digits, as `ExcludePunctuation` has them.
pub fn random_password() -> Result<String> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Secrets {
    /// The template's secrets, with the values that the file has or new ones.
    pub fn open(template: &Template, file: &Path) -> Result<Self> {
        let mut kept: BTreeMap<String, String> = match fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", file.display()))?,
            Err(_) => BTreeMap::new(),
        };
        for (arn, generate) in template.secrets()? {
            if kept.contains_key(&arn) {
                continue;
            }
            let mut secret: Value =
                serde_json::from_str(&generate.template).context("SecretStringTemplate is no JSON")?;
            secret[generate.key] = Value::String(random_password()?);
            kept.insert(arn, secret.to_string());
        }
        crate::stack::write_private(file, &serde_json::to_vec_pretty(&kept)?)?;
        Ok(Self(kept))
    }

    /// A database secret.
    pub fn credentials(&self, arn: &str) -> Option<Credentials> {
        serde_json::from_str(self.0.get(arn)?).ok()
    }

    /// The ARN of the secret of a database user.
    pub fn arn_of(&self, username: &str) -> Option<&str> {
        self.0
            .keys()
            .map(String::as_str)
            .find(|arn| self.credentials(arn).is_some_and(|found| found.username == username))
    }

    /// All database secrets.
    pub fn all(&self) -> impl Iterator<Item = Credentials> {
        self.0.values().filter_map(|text| serde_json::from_str(text).ok())
    }

    /// Answers a call of the JSON 1.1 protocol.
    pub fn answer(&self, iam: &Iam, caller: &Caller, headers: &HeaderMap, body: &[u8]) -> Response {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Request {
            secret_id: String,
            #[serde(default)]
            version_stage: Option<String>,
        }
        let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if target != "secretsmanager.GetSecretValue" {
            return error(StatusCode::BAD_REQUEST, "UnknownOperationException", "Only GetSecretValue is known here.");
        }
        let Ok(request) = serde_json::from_slice::<Request>(body) else {
            return error(StatusCode::BAD_REQUEST, "ValidationException", "SecretId is missing.");
        };
        if let Err(denied) = iam.check(caller, "secretsmanager:GetSecretValue", &request.secret_id, &[]) {
            return error(StatusCode::BAD_REQUEST, "AccessDeniedException", &denied.to_string());
        }
        // Nothing is rotated here, so there is no version before the current one.
        let is_current = request.version_stage.is_none_or(|stage| stage == "AWSCURRENT");
        match self.0.get(&request.secret_id).filter(|_| is_current) {
            Some(text) => {
                let body = json!({"ARN": request.secret_id, "Name": request.secret_id, "SecretString": text, "VersionStages": ["AWSCURRENT"]});
                ([("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
            }
            None => error(
                StatusCode::BAD_REQUEST,
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret.",
            ),
        }
    }
}
