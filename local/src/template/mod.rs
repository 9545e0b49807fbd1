//! `template.yaml` is the local stack's configuration: routes, environment, time-outs, memory, the authorizer, secrets.
//!
//! Only what is needed of CloudFormation is resolved, and what is not understood is an error, never a guess.

mod parameter;
mod resolve;
mod role;
mod yaml;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use yaml_serde::Value;

pub use role::{Role, Statement};
use yaml::{entries, one_or_more, scalar};

/// The account that everything local is said to be of.
pub const ACCOUNT: &str = "000000000000";
/// The Region that everything local is said to be in.
pub const REGION: &str = "eu-west-1";
/// The name of the local stack.
pub const STACK: &str = "callmetry-local";

/// The template and the values of its parameters.
#[derive(Clone, Debug)]
pub struct Template {
    document: Value,
    parameters: BTreeMap<String, String>,
}

/// One function.
#[derive(Clone, Debug)]
pub struct FunctionSettings {
    /// Its folder under `functions/`, which is also its binary.
    pub name: String,
    /// Its full name: stack and folder.
    pub full_name: String,
    /// After which it is killed.
    pub time_out: Duration,
    /// In MB.
    pub memory_mb: u64,
    /// Its environment variables.
    pub environment: BTreeMap<String, String>,
    /// How often an asynchronous event is run again after an error.
    pub retries: u32,
    /// The queue of asynchronous events that it failed on for good.
    pub dead_letters: Option<String>,
    /// Patterns of the events that it is started by.
    pub rules: Vec<serde_json::Value>,
    /// Method in upper case and path of each route.
    pub routes: Vec<(String, String)>,
    /// Those of them that ask no authorizer.
    pub open_routes: Vec<(String, String)>,
}

/// The API's authorizer.
#[derive(Clone, Debug)]
pub struct AuthorizerSettings {
    /// The function's folder.
    pub function: String,
    /// The header that is the identity source, in lower case.
    pub header: String,
    /// How long a verdict is kept.
    pub ttl: Duration,
}

/// How a secret is generated.
#[derive(Clone, Debug)]
pub struct GeneratedSecret {
    /// The JSON that the generated value is put into.
    pub template: String,
    /// Under this key.
    pub key: String,
}

impl Template {
    /// Reads a template; `overrides` are values of its parameters.
    pub fn read(file: &Path, overrides: &[(String, String)]) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text, overrides).with_context(|| file.display().to_string())
    }

    /// Reads the text of a template.
    pub fn parse(text: &str, overrides: &[(String, String)]) -> Result<Self> {
        let document: Value = yaml_serde::from_str(text)?;
        let mut parameters = BTreeMap::new();
        for (name, parameter) in entries(&document["Parameters"]) {
            if let Some(default) = scalar(&parameter["Default"]) {
                parameters.insert(name.to_owned(), default);
            }
        }
        for (name, value) in overrides {
            let parameter =
                document["Parameters"].get(name).with_context(|| format!("the template has no parameter {name}"))?;
            parameter::check(parameter, value).with_context(|| format!("parameter {name}"))?;
            parameters.insert(name.clone(), value.clone());
        }
        Ok(Self { document, parameters })
    }

    fn resources(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        entries(&self.document["Resources"]).filter(move |(_, resource)| resource["Type"].as_str() == Some(kind))
    }

    /// Every function, with the settings of `Globals` where it has none of its own.
    pub fn functions(&self) -> Result<Vec<FunctionSettings>> {
        self.resources("AWS::Serverless::Function")
            .map(|(id, resource)| self.function(id, resource).context(id.to_owned()))
            .collect()
    }

    fn function(&self, id: &str, resource: &Value) -> Result<FunctionSettings> {
        let global = &self.document["Globals"]["Function"];
        let own = &resource["Properties"];
        let number = |name: &str| -> Result<u64> {
            let value = if own[name].is_null() { &global[name] } else { &own[name] };
            self.text(value)?.parse().with_context(|| format!("{name} is no number"))
        };
        let retries = match &own["EventInvokeConfig"]["MaximumRetryAttempts"] {
            Value::Null => 2, // Lambda's own default
            value => self.text(value)?.parse().context("MaximumRetryAttempts is no number")?,
        };
        let dead_letters = match &own["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"] {
            Value::Null => None,
            queue => Some(self.text(queue)?.rsplit(':').next().unwrap_or_default().to_owned()),
        };
        let mut environment = BTreeMap::new();
        for variables in [&global["Environment"]["Variables"], &own["Environment"]["Variables"]] {
            for (name, value) in entries(variables) {
                environment.insert(name.to_owned(), self.text(value).with_context(|| format!("variable {name}"))?);
            }
        }
        let (mut routes, mut open_routes) = (Vec::new(), Vec::new());
        for (_, event) in entries(&own["Events"]).filter(|(_, event)| event["Type"].as_str() == Some("HttpApi")) {
            let properties = &event["Properties"];
            let route = (self.text(&properties["Method"])?.to_uppercase(), self.text(&properties["Path"])?);
            match &properties["Auth"] {
                Value::Null => {}
                auth if auth["Authorizer"].as_str() == Some("NONE") => open_routes.push(route.clone()),
                _ => bail!("another authorizer of a single route than NONE is not known here"),
            }
            routes.push(route);
        }
        let rules = entries(&own["Events"])
            .filter(|(_, event)| event["Type"].as_str() == Some("EventBridgeRule"))
            .map(|(_, event)| self.json(&event["Properties"]["Pattern"]))
            .collect::<Result<_>>()?;
        if let Some((_, path)) = routes.iter().find(|(_, path)| path.contains("+}") || path.contains("$default")) {
            bail!("{path}: greedy and default routes are not known here");
        }
        Ok(FunctionSettings {
            name: self.folder(id)?,
            full_name: self.text(&own["FunctionName"])?,
            time_out: Duration::from_secs(number("Timeout")?),
            memory_mb: number("MemorySize")?,
            environment,
            retries,
            dead_letters,
            rules,
            routes,
            open_routes,
        })
    }

    fn folder(&self, id: &str) -> Result<String> {
        let binary = &self.document["Resources"][id]["Metadata"]["BuildProperties"]["Binary"];
        binary.as_str().map(str::to_owned).ok_or_else(|| anyhow!("{id} has no Metadata.BuildProperties.Binary"))
    }

    /// The default authorizer of the API.
    pub fn authorizer(&self) -> Result<AuthorizerSettings> {
        let (_, api) = self.resources("AWS::Serverless::HttpApi").next().context("there is no HttpApi")?;
        let auth = &api["Properties"]["Auth"];
        let name = auth["DefaultAuthorizer"].as_str().context("there is no DefaultAuthorizer")?;
        let authorizer = &auth["Authorizers"][name];
        let arn = self.text(&authorizer["FunctionArn"])?;
        let full_name = arn.rsplit(':').next().unwrap_or_default();
        let function = self
            .functions()?
            .into_iter()
            .find(|function| function.full_name == full_name)
            .with_context(|| format!("no function {full_name}"))?;
        let header = self.text(&authorizer["Identity"]["Headers"][0])?.to_lowercase();
        let ttl = self.text(&authorizer["Identity"]["ReauthorizeEvery"])?.parse().context("ReauthorizeEvery")?;
        Ok(AuthorizerSettings { function: function.name, header, ttl: Duration::from_secs(ttl) })
    }

    /// Secrets by ARN.
    pub fn secrets(&self) -> Result<Vec<(String, GeneratedSecret)>> {
        self.resources("AWS::SecretsManager::Secret")
            .map(|(id, resource)| {
                let generate = &resource["Properties"]["GenerateSecretString"];
                let template = self.text(&generate["SecretStringTemplate"])?;
                let key = self.text(&generate["GenerateStringKey"])?;
                Ok((self.reference(id)?, GeneratedSecret { template, key }))
            })
            .collect()
    }

    /// The buckets' names.
    pub fn buckets(&self) -> Result<Vec<String>> {
        self.resources("AWS::S3::Bucket").map(|(id, _)| self.reference(id)).collect()
    }

    /// The schedules of EventBridge Scheduler by name, with their properties.
    pub fn schedules(&self) -> Result<Vec<(String, serde_json::Value)>> {
        self.resources("AWS::Scheduler::Schedule")
            .map(|(id, resource)| {
                let properties = self.json(&resource["Properties"]).with_context(|| id.to_owned())?;
                Ok((self.reference(id)?, properties))
            })
            .collect()
    }

    /// The verified identities of SES that functions may send as: they exist in the account, and policies name them.
    pub fn mail_identities(&self) -> Result<Vec<String>> {
        let mut identities = Vec::new();
        for (id, resource) in self.resources("AWS::Serverless::Function") {
            let policies = one_or_more(&resource["Properties"]["Policies"]);
            let statements = policies.iter().flat_map(|policy| one_or_more(&policy["Statement"]));
            let sends = |statement: &&Value| {
                one_or_more(&statement["Action"]).iter().any(|action| action.as_str() == Some("ses:SendEmail"))
            };
            for statement in statements.filter(sends) {
                let arns = self.texts(&statement["Resource"]).context(id.to_owned())?;
                let named = arns.iter().filter_map(|arn| arn.split_once(":identity/"));
                identities.extend(named.map(|(_, identity)| identity.to_owned()).filter(|identity| identity != "*"));
            }
        }
        Ok(identities)
    }

    /// Whether SES has the account in its sandbox, as far as the template's parameter says.
    pub fn is_in_mail_sandbox(&self) -> bool {
        self.parameters.get("MailSandbox").is_some_and(|value| value == "on")
    }

    /// The names of SES's configuration sets.
    pub fn configuration_sets(&self) -> Result<Vec<String>> {
        self.resources("AWS::SES::ConfigurationSet").map(|(id, _)| self.reference(id)).collect()
    }

    /// The configuration sets of SES that tell EventBridge of events, with the types of these.
    pub fn mail_events(&self) -> Result<Vec<(String, Vec<String>)>> {
        self.resources("AWS::SES::ConfigurationSetEventDestination")
            .filter(|(_, resource)| resource["Properties"]["EventDestination"]["Enabled"].as_bool() == Some(true))
            .map(|(id, resource)| {
                let properties = &resource["Properties"];
                let destination = &properties["EventDestination"];
                let bus = self.text(&destination["EventBridgeDestination"]["EventBusArn"]).context(id.to_owned())?;
                ensure!(
                    bus.ends_with(":event-bus/default"),
                    "{id}: another bus than the default one is not known here"
                );
                Ok((self.text(&properties["ConfigurationSetName"])?, self.texts(&destination["MatchingEventTypes"])?))
            })
            .collect()
    }

    /// ARN and database name of the cluster.
    pub fn cluster(&self) -> Result<(String, String)> {
        let (id, cluster) = self.resources("AWS::RDS::DBCluster").next().context("there is no DBCluster")?;
        Ok((self.attribute(id, "DBClusterArn")?, self.text(&cluster["Properties"]["DatabaseName"])?))
    }

    /// The database's parameters that are PostgreSQL's own.
    pub fn database_parameters(&self) -> Result<Vec<(String, String)>> {
        let (_, group) = self
            .resources("AWS::RDS::DBClusterParameterGroup")
            .next()
            .context("there is no DBClusterParameterGroup")?;
        entries(&group["Properties"]["Parameters"])
            .filter(|(name, _)| !name.starts_with("rds."))
            .map(|(name, value)| Ok((name.to_owned(), self.text(value)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
Parameters:
  Issuers: {Type: String, Default: '[]'}
Conditions:
  None: !Equals [!Ref Issuers, '[]']
Globals:
  Function:
    Timeout: 29
    MemorySize: 256
    Environment: {Variables: {CLUSTER: !GetAtt Db.DBClusterArn}}
Resources:
  Db: {Type: 'AWS::RDS::DBCluster', Properties: {DatabaseName: callmetry}}
  AFunction:
    Type: AWS::Serverless::Function
    Metadata: {BuildProperties: {Binary: a}}
    Properties:
      FunctionName: !Sub '${AWS::StackName}-a'
      Timeout: 9
      Environment: {Variables: {ISSUERS: !Ref Issuers, NONE: !If [None, 'yes', 'no']}}
      Events: {Get: {Type: HttpApi, Properties: {Method: get, Path: /a}}}
"#;

    #[test]
    fn own_settings_come_over_global_ones() {
        let template = Template::parse(TEXT, &[]).expect("a template");
        let function = template.functions().expect("functions").remove(0);
        assert_eq!(function.full_name, "callmetry-local-a");
        assert_eq!((function.time_out, function.memory_mb), (Duration::from_secs(9), 256));
        assert_eq!(function.routes, [("GET".to_owned(), "/a".to_owned())]);
        assert_eq!(function.environment["CLUSTER"], "arn:aws:rds:eu-west-1:000000000000:cluster:callmetry-local");
        assert_eq!((function.environment["ISSUERS"].as_str(), function.environment["NONE"].as_str()), ("[]", "yes"));
    }

    #[test]
    fn overrides_must_name_a_parameter() {
        let template = Template::parse(TEXT, &[("Issuers".into(), "[1]".into())]).expect("a template");
        assert_eq!(template.functions().expect("functions")[0].environment["NONE"], "no");
        assert!(Template::parse(TEXT, &[("Issuer".into(), "[]".into())]).is_err());
    }

    #[test]
    fn parameters_are_checked_as_cloudformation_checks_them() {
        let text = TEXT.replace(
            "Default: '[]'}",
            r"Default: '[]', AllowedPattern: '\[.*\]', ConstraintDescription: must be a list, MaxLength: 5}",
        );
        let with = |value: &str| {
            Template::parse(&text, &[("Issuers".into(), value.into())]).map(drop).map_err(|error| format!("{error:#}"))
        };
        assert_eq!(with("[1]"), Ok(()));
        assert_eq!(with("xx"), Err("parameter Issuers: must be a list".into()));
        assert_eq!(with("[1234]"), Err("parameter Issuers: is longer than 5 characters".into()));
    }

    #[test]
    fn a_part_of_a_text_can_be_selected() {
        let with = |value: &str| {
            let template = Template::parse(&TEXT.replace("!Ref Issuers,", value), &[]).expect("a template");
            template.functions().map(|mut functions| functions.remove(0).environment.remove("ISSUERS"))
        };
        assert_eq!(with("!Select [1, !Split ['@', a@b.c]],").expect("functions").as_deref(), Some("b.c"));
        assert!(with("!Select [1, !Split ['@', a]],").is_err());
        assert!(with("!Select [0, !GetAZs ''],").is_err());
    }

    #[test]
    fn identities_of_mail_are_those_that_a_policy_names() {
        let policy = "
      Policies: [{Statement: [{Action: [ses:SendEmail], Resource: [
        !Sub 'arn:aws:ses:${AWS::Region}:${AWS::AccountId}:identity/example.com', 'arn:aws:ses:x:y:configuration-set/z']}]}]
      Timeout: 9";
        let template = Template::parse(&TEXT.replace("\n      Timeout: 9", policy), &[]).expect("a template");
        assert_eq!(template.mail_identities().expect("identities"), ["example.com"]);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        let text = TEXT.replace("!Ref Issuers,", "!ImportValue x,");
        assert!(Template::parse(&text, &[]).expect("a template").functions().is_err());
    }
}
