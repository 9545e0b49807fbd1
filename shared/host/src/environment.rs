//! What the template gives a function, read once at start-up.

use aws_config::{BehaviorVersion, SdkConfig};
use callmetry_database::{Error, Settings};

/// The environment variables. Nothing else of the product reads them.
#[derive(Clone, Copy, Debug)]
pub struct Environment(());

impl Environment {
    pub(crate) fn new() -> Self {
        Self(())
    }

    /// A variable that has to be there.
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn required(&self, name: &str) -> Result<String, Error> {
        std::env::var(name)
            .ok()
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Error::Configuration(format!("the environment variable {name} is missing")))
    }

    /// A variable that is `on` or `off`.
    pub fn switch(&self, name: &str) -> Result<bool, Error> {
        match self.required(name)?.as_str() {
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err(Error::Configuration(format!("the environment variable {name} is neither on nor off"))),
        }
    }

    /// Region, credentials and endpoints, as every AWS SDK finds them.
    pub async fn aws() -> SdkConfig {
        aws_config::load_defaults(BehaviorVersion::latest()).await
    }

    /// Where the database is: `DATABASE_CLUSTER_ARN`, `DATABASE_SECRET_ARN`, `DATABASE_NAME`.
    pub fn database(&self) -> Result<Settings, Error> {
        Ok(Settings {
            cluster_arn: self.required("DATABASE_CLUSTER_ARN")?,
            secret_arn: self.required("DATABASE_SECRET_ARN")?,
            database: self.required("DATABASE_NAME")?,
        })
    }
}
