//! The roles that functions log in as: their passwords are those of their secrets, so that a rotated secret needs only this
//! function.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use callmetry_database::{Database, Error, Params, Sql, sql};
use serde::Deserialize;

const REMEMBER_LOGIN: Sql = sql!("sql/remember_login.sql");
const ADMIT_LOGIN: Sql = sql!("sql/admit_login.sql");

/// The roles and their secrets.
pub struct Roles {
    /// To read the secrets.
    pub client: Client,
    /// The role of each secret, by the secret's ARN.
    pub secrets: Vec<(&'static str, String)>,
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

impl Roles {
    /// Lets all of them in.
    pub async fn admit(&self, database: &Database) -> Result<(), Error> {
        for (role, secret) in &self.secrets {
            let login = self.login(role, secret).await?;
            admit(database, role, &login).await?;
        }
        Ok(())
    }

    async fn login(&self, role: &str, secret: &str) -> Result<Login, Error> {
        let refused = |message: String| Error::Configuration(format!("the secret of {role}: {message}"));
        let value = self.client.get_secret_value().secret_id(secret).send().await;
        let value = value.map_err(|error| refused(DisplayErrorContext(error).to_string()))?;
        // The error of a malformed secret would quote it.
        serde_json::from_str(value.secret_string().unwrap_or_default())
            .map_err(|_| refused("is not a JSON object with username and password".into()))
    }
}

async fn admit(database: &Database, role: &str, login: &Login) -> Result<(), Error> {
    let transaction = database.begin().await?;
    let params = Params::new()
        .text("role", role)
        .text("username", login.username.as_str())
        .text("password", login.password.as_str());
    let outcome = async {
        transaction.run::<serde::de::IgnoredAny>(REMEMBER_LOGIN, params).await?;
        transaction.run::<()>(ADMIT_LOGIN, Params::new()).await
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
