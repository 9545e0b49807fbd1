//! Applies `migrations/` with the master secret, and lets the application role in with the application secret.

use aws_sdk_secretsmanager::Client;
use callmetry_database::{Database, Error, Params, Sql, migrations, sql};
use callmetry_host::Invocation;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const REMEMBER_PASSWORD: Sql = sql!("sql/remember_password.sql");
const ADMIT_APPLICATION: Sql = sql!("sql/admit_application.sql");

/// What `migrate` needs.
pub struct Migrate {
    /// As the master user.
    pub database: Database,
    /// To read the application secret.
    pub secrets: Client,
    /// ARN of the application role's secret.
    pub application_secret: String,
}

/// What was done.
#[derive(Serialize)]
struct Answer {
    applied: Vec<&'static str>,
}

#[derive(Deserialize)]
struct Secret {
    username: String,
    password: String,
}

impl Migrate {
    /// Answers one event; what is in it does not matter. Safe to repeat and to run twice at once.
    pub async fn handle(&self, invocation: Invocation) -> Result<Value, String> {
        let database = self.database.until(invocation.deadline);
        let applied = migrations::apply(&database, migrations::ALL).await.map_err(|error| error.to_string())?;
        self.admit_application(&database).await.map_err(|error| format!("the application role: {error}"))?;
        tracing::info!(outcome = "migrated", applied = applied.len(), request_id = invocation.request_id);
        serde_json::to_value(Answer { applied }).map_err(|error| error.to_string())
    }

    /// Sets the application role's password to that of its secret, so that a rotated secret needs only this function.
    async fn admit_application(&self, database: &Database) -> Result<(), Error> {
        let secret = self.application_secret().await?;
        let transaction = database.begin().await?;
        let params =
            Params::new().text("username", secret.username.as_str()).text("password", secret.password.as_str());
        let outcome = async {
            transaction.run::<serde::de::IgnoredAny>(REMEMBER_PASSWORD, params).await?;
            transaction.run::<()>(ADMIT_APPLICATION, Params::new()).await
        }
        .await;
        match outcome {
            Ok(_) => transaction.commit().await,
            Err(error) => {
                transaction.rollback().await;
                Err(error)
            }
        }
    }

    async fn application_secret(&self) -> Result<Secret, Error> {
        let refused = |message: String| Error::Configuration(format!("APPLICATION_SECRET_ARN: {message}"));
        let value = self
            .secrets
            .get_secret_value()
            .secret_id(&self.application_secret)
            .send()
            .await
            .map_err(|error| refused(error.into_service_error().to_string()))?;
        // The error of a malformed secret would quote it.
        serde_json::from_str(value.secret_string().unwrap_or_default())
            .map_err(|_| refused("is not a JSON object with username and password".into()))
    }
}
