//! What the template has to say, and no linter sees. Each rule is one that the code, or whoever operates it, relies on.

use std::collections::{BTreeMap, BTreeSet};

use callmetry_database::migrations::ALL;
use callmetry_local::binaries::workspace;
use callmetry_local::template::Template;
use sha2::{Digest, Sha256};
use yaml_serde::Value;

/// The document, and what the local stack makes of it.
pub struct Subject {
    document: Value,
    template: Template,
}

/// What is wrong, in words; `Ok` where a rule holds.
type Verdict = Result<(), String>;
type Rule = fn(&Subject) -> Verdict;

/// All rules by name.
pub const RULES: [(&str, Rule); 13] = [
    ("functions", functions),
    ("routes", routes),
    ("variables", variables),
    ("times", times),
    ("authorizer", authorizer),
    ("database", database),
    ("migrations", migrations),
    ("tick", tick),
    ("policies", policies),
    ("bucket", bucket),
    ("mail", mail),
    ("alarms", alarms),
    ("names", names),
];

/// What the rules say of a template; that it cannot be read is the only thing then.
pub fn broken_rules(text: &str) -> Vec<String> {
    let subject = match read(text) {
        Ok(subject) => subject,
        Err(problem) => return vec![format!("unreadable: {problem}")],
    };
    let broken = RULES.iter().filter_map(|(name, rule)| Some(format!("{name}: {}", rule(&subject).err()?)));
    broken.collect()
}

fn read(text: &str) -> Result<Subject, String> {
    let document = yaml_serde::from_str(text).map_err(|error| error.to_string())?;
    let template = Template::parse(text, &[]).map_err(|error| format!("{error:#}"))?;
    template.functions().and(template.roles()).map_err(|error| format!("{error:#}"))?;
    Ok(Subject { document, template })
}

fn check(holds: bool, why: impl Into<String>) -> Verdict {
    if holds { Ok(()) } else { Err(why.into()) }
}

impl Subject {
    fn resources(&self, kind: &str) -> Vec<(&str, &Value)> {
        let all = self.document["Resources"].as_mapping().into_iter().flatten();
        all.filter(|(_, resource)| resource["Type"].as_str() == Some(kind))
            .filter_map(|(id, resource)| Some((id.as_str()?, resource)))
            .collect()
    }

    fn only(&self, kind: &str) -> Result<&Value, String> {
        match self.resources(kind).as_slice() {
            [(_, resource)] => Ok(resource),
            found => Err(format!("there are {} of {kind}", found.len())),
        }
    }

    fn resource(&self, id: &str) -> &Value {
        &self.document["Resources"][id]["Properties"]
    }

    fn functions(&self) -> Vec<callmetry_local::template::FunctionSettings> {
        self.template.functions().unwrap()
    }
}

fn functions(subject: &Subject) -> Verdict {
    let functions = subject.functions();
    let binaries: BTreeSet<String> = functions.iter().map(|function| function.name.clone()).collect();
    check(binaries.len() == functions.len(), "two functions have one binary")?;
    let folders = std::fs::read_dir(workspace().join("functions")).unwrap();
    let folders: BTreeSet<String> = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let differ: Vec<_> = binaries.symmetric_difference(&folders).collect();
    check(differ.is_empty(), format!("of the template or of functions/ alone: {differ:?}"))?;
    for function in &functions {
        check(
            function.full_name == format!("callmetry-local-{}", function.name),
            format!("{}: its name", function.name),
        )?;
    }
    for (id, resource) in subject.resources("AWS::Serverless::Function") {
        let waits = resource["DependsOn"].as_str() == Some("Migrations") || id == "MigrateFunction";
        check(waits, format!("{id} does not wait for the schema that it needs"))?;
        check(
            resource["Metadata"]["BuildMethod"].as_str() == Some("rust-cargolambda"),
            format!("{id}: how it is built"),
        )?;
        check(
            !resource["Properties"]["LoggingConfig"]["LogGroup"].is_null(),
            format!("{id} keeps its lines for ever"),
        )?;
    }
    Ok(())
}

fn routes(subject: &Subject) -> Verdict {
    let routes: BTreeSet<(String, String)> =
        subject.functions().into_iter().flat_map(|function| function.routes).collect();
    let text = std::fs::read_to_string(workspace().join("openapi.yaml")).unwrap();
    let openapi: Value = yaml_serde::from_str(&text).unwrap();
    let mut described = BTreeSet::new();
    for (path, operations) in openapi["paths"].as_mapping().unwrap() {
        for (method, _) in operations.as_mapping().unwrap() {
            let method = method.as_str().unwrap();
            if ["get", "post", "put", "delete"].contains(&method) {
                described.insert((method.to_uppercase(), path.as_str().unwrap().to_owned()));
            }
        }
    }
    let differ: Vec<_> = routes.symmetric_difference(&described).collect();
    check(differ.is_empty(), format!("a route alone, or described alone: {differ:?}"))
}

/// Every variable is asked for by the code of its function, or by what all functions share. One that is missing stops the function
/// when it starts.
fn variables(subject: &Subject) -> Verdict {
    let text =
        |path: std::path::PathBuf| std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()));
    let host = workspace().join("shared/host/src");
    let shared = text(host.join("environment.rs")) + &text(host.join("run.rs"));
    for function in subject.functions() {
        let own = text(workspace().join("functions").join(&function.name).join("src/main.rs"));
        for name in function.environment.keys() {
            let quoted = format!("\"{name}\"");
            check(
                shared.contains(&quoted) || own.contains(&quoted),
                format!("{}: nobody reads {name}", function.name),
            )?;
        }
        for (_, rest) in own.match_indices("environment.").map(|(at, _)| own[at..].split_at("environment.".len())) {
            let Some(name) = rest.strip_prefix("required(\"").or(rest.strip_prefix("switch(\"")) else { continue };
            let name = name.split('"').next().unwrap();
            check(function.environment.contains_key(name), format!("{}: nobody sets {name}", function.name))?;
        }
    }
    Ok(())
}

/// API Gateway waits 30 seconds for a function and 10 for an authorizer.
fn times(subject: &Subject) -> Verdict {
    for function in subject.functions() {
        let most = if function.name == "authorizer" { 9 } else { 29 };
        let is_asked = !function.routes.is_empty() || function.name == "authorizer";
        let seconds = function.time_out.as_secs();
        check(
            !is_asked || (1..=most).contains(&seconds),
            format!("{}: API Gateway does not wait {seconds} s", function.name),
        )?;
        check((1..=900).contains(&seconds), format!("{}: Lambda gives nobody {seconds} s", function.name))?;
        check((128..=10_240).contains(&function.memory_mb), format!("{}: memory", function.name))?;
    }
    Ok(())
}

fn authorizer(subject: &Subject) -> Verdict {
    let api = &subject.only("AWS::Serverless::HttpApi")?["Properties"]["Auth"];
    let name = api["DefaultAuthorizer"].as_str().ok_or("there is none by default")?;
    let authorizer = &api["Authorizers"][name];
    check(authorizer["AuthorizerPayloadFormatVersion"].as_str() == Some("2.0"), "the version of its events")?;
    check(authorizer["EnableSimpleResponses"].as_bool() == Some(true), "its answers are simple")?;
    check(authorizer["EnableFunctionDefaultPermissions"].as_bool() == Some(true), "API Gateway may not invoke it")?;
    let known = [
        "FunctionArn",
        "AuthorizerPayloadFormatVersion",
        "EnableSimpleResponses",
        "EnableFunctionDefaultPermissions",
        "Identity",
    ];
    for (property, _) in authorizer.as_mapping().into_iter().flatten() {
        check(known.contains(&property.as_str().unwrap_or_default()), format!("{property:?} is unknown to SAM"))?;
    }
    let identity = &authorizer["Identity"];
    check(identity["ReauthorizeEvery"].as_u64() == Some(60), "a revoked key is honoured for a minute at most")?;
    check(identity["Headers"][0].as_str() == Some("Authorization"), "who is judged")?;
    let open: BTreeSet<(String, String)> = subject.functions().into_iter().flat_map(|one| one.open_routes).collect();
    let expected = [
        ("GET", "/reports"),
        ("GET", "/reports/assets/{file}"),
        ("GET", "/signed/{file}"),
        ("GET", "/unsubscribe"),
        ("POST", "/unsubscribe"),
    ];
    let expected = expected.map(|(method, path)| (method.to_owned(), path.to_owned())).into();
    check(open == expected, format!("open routes: {open:?}"))
}

fn database(subject: &Subject) -> Verdict {
    let cluster = subject.only("AWS::RDS::DBCluster")?;
    let properties = &cluster["Properties"];
    let scaling = &properties["ServerlessV2ScalingConfiguration"];
    check(scaling["MinCapacity"].as_u64() == Some(0), "it has to be able to pause")?;
    check(scaling["SecondsUntilAutoPause"].as_u64() == Some(300), "it pauses after five minutes")?;
    check(properties["EnableHttpEndpoint"].as_bool() == Some(true), "without the Data API")?;
    check(properties["StorageEncrypted"].as_bool() == Some(true), "not encrypted")?;
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        check(cluster[policy].as_str() == Some("Snapshot"), format!("{policy}: what becomes of the calls"))?;
    }
    let instance = subject.only("AWS::RDS::DBInstance")?;
    check(instance["Properties"]["DBInstanceClass"].as_str() == Some("db.serverless"), "its instance is serverless")?;
    check(instance["Properties"]["PubliclyAccessible"].as_bool() == Some(false), "it is public")
}

fn migrations(subject: &Subject) -> Verdict {
    let resource = subject.only("Custom::Migrations")?;
    let mut digest = Sha256::new();
    ALL.iter().for_each(|migration| digest.update(migration.text));
    let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    check(
        resource["Properties"]["Digest"].as_str() == Some(&digest),
        format!("Digest of Migrations has to be {digest}, or new migrations are not applied"),
    )?;
    let waits = resource["DependsOn"].as_sequence().is_some_and(|ids| ids.iter().any(|id| id == "DatabaseInstance"));
    check(waits, "the database has to be there first")?;
    let migrate = subject.functions().into_iter().find(|function| function.name == "migrate");
    let seconds = migrate.ok_or("there is no migrate")?.time_out.as_secs();
    let patience = resource["Properties"]["ServiceTimeout"].as_u64().unwrap_or_default();
    check(patience > seconds, "CloudFormation gives up before the function does")
}

fn tick(subject: &Subject) -> Verdict {
    let tick = &subject.only("AWS::Scheduler::Schedule")?["Properties"];
    check(tick["ScheduleExpression"].as_str() == Some("rate(1 minute)"), "it fires every minute")?;
    check(tick["Name"].is_null(), "two stacks would collide")?;
    // Without quotes YAML 1.1 would have `OFF` as false.
    check(tick["FlexibleTimeWindow"]["Mode"].as_str() == Some("OFF"), "it fires on time")?;
    check(tick["Target"]["Input"].as_str() == Some("{}"), "claim refuses what it does not know")?;
    check(tick["Target"]["RetryPolicy"]["MaximumRetryAttempts"].as_u64() == Some(0), "the next minute comes anyway")?;
    let claim = subject.functions().into_iter().find(|function| function.name == "claim").ok_or("there is no claim")?;
    check(claim.retries == 0, "claim is not run again by Lambda")
}

/// Nobody gets more than is named: no wildcard in an action, none for a whole service, and only who needs it has a secret.
fn policies(subject: &Subject) -> Verdict {
    let secrets = subject.template.secrets().map_err(|error| error.to_string())?;
    let secret = |username: &str| secrets.iter().find(|(_, one)| one.template.contains(username)).map(|(arn, _)| arn);
    let (master, admin) = (secret("callmetry_master"), secret("callmetry_admin"));
    check(master.is_some() && admin.is_some(), "there is no secret of the master or the admin role")?;
    for function in subject.functions().iter().filter(|function| function.name != "migrate") {
        let names_master = function.environment.values().any(|value| Some(value) == master);
        check(!names_master, format!("{} is told of the master secret", function.name))?;
    }
    for role in subject.template.roles().map_err(|error| error.to_string())? {
        let function = role.name.trim_start_matches("callmetry-local-");
        for statement in &role.statements {
            check(
                !statement.actions.iter().any(|action| action.contains('*')),
                format!("{function}: an action with *"),
            )?;
            for resource in &statement.resources {
                // Of SES's identities only in its sandbox, which the account is not in by default.
                let is_wide = resource.contains('*') && !resource.ends_with("/reports/*");
                check(!is_wide, format!("{function}: {resource} is too wide"))?;
                let may_migrate = Some(resource) == master && function != "migrate";
                check(!may_migrate, format!("{function} reads the master secret"))?;
                let may_admin = Some(resource) == admin && !["migrate", "admin"].contains(&function);
                check(!may_admin, format!("{function} reads the admin secret"))?;
            }
        }
    }
    Ok(())
}

fn bucket(subject: &Subject) -> Verdict {
    let bucket = subject.only("AWS::S3::Bucket")?;
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        check(bucket[policy].as_str() == Some("Retain"), format!("{policy}: what becomes of the files"))?;
    }
    let properties = &bucket["Properties"];
    check(properties["BucketName"].is_null(), "two stacks would collide")?;
    for block in ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"] {
        let is_blocked = properties["PublicAccessBlockConfiguration"][block].as_bool() == Some(true);
        check(is_blocked, format!("{block}: files are public"))?;
    }
    check(!properties["BucketEncryption"].is_null(), "not encrypted")?;
    let rules: BTreeMap<&str, &Value> = properties["LifecycleConfiguration"]["Rules"]
        .as_sequence()
        .into_iter()
        .flatten()
        .filter_map(|rule| Some((rule["Id"].as_str()?, rule)))
        .collect();
    let rule = |id: &str| rules.get(id).copied().unwrap_or(&Value::Null);
    check(rule("files-are-kept-90-days")["ExpirationInDays"].as_u64() == Some(91), "how long files are kept")?;
    let days = rule("unfinished-uploads")["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"].as_u64();
    check(days == Some(1), "what is left of uploads")?;
    let policy = &subject.only("AWS::S3::BucketPolicy")?["Properties"]["PolicyDocument"]["Statement"][0];
    let is_denied = policy["Effect"].as_str() == Some("Deny")
        && policy["Condition"]["Bool"]["aws:SecureTransport"].as_str() == Some("false");
    check(is_denied, "connections without TLS")
}

fn mail(subject: &Subject) -> Verdict {
    let set = &subject.only("AWS::SES::ConfigurationSet")?["Properties"];
    check(set["TrackingOptions"].is_null(), "recipients are watched")?;
    let events = subject.template.mail_events().map_err(|error| format!("{error:#}"))?;
    let types: BTreeSet<&str> = events.iter().flat_map(|(_, types)| types.iter().map(String::as_str)).collect();
    check(types == ["bounce", "complaint"].into(), format!("SES tells of {types:?}"))
}

fn alarms(subject: &Subject) -> Verdict {
    let alarms = subject.resources("AWS::CloudWatch::Alarm");
    let page = std::fs::read_to_string(workspace().join("docs/OPERATIONS.md")).unwrap();
    for (id, alarm) in &alarms {
        check(page.contains(&format!("`{id}`")), format!("docs/OPERATIONS.md does not say what to do about {id}"))?;
        let missing = if *id == "ClaimMissingAlarm" { "breaching" } else { "notBreaching" };
        check(
            alarm["Properties"]["TreatMissingData"].as_str() == Some(missing),
            format!("{id}: data that are missing"),
        )?;
        check(!alarm["Properties"]["AlarmActions"].is_null(), format!("{id} tells nobody"))?;
    }
    check(alarms.len() == 8, format!("{} alarms", alarms.len()))
}

/// A second stack in the account, or in another Region of it, does not collide.
fn names(subject: &Subject) -> Verdict {
    let dashboard = &subject.resource("Dashboard")["DashboardName"];
    let text = yaml_serde::to_string(dashboard).map_err(|error| error.to_string())?;
    check(
        text.contains("AWS::StackName") && text.contains("AWS::Region"),
        "dashboards are named in the whole account",
    )?;
    for kind in ["AWS::IAM::Role", "AWS::SQS::Queue", "AWS::SES::ConfigurationSet", "AWS::SecretsManager::Secret"] {
        for (id, resource) in subject.resources(kind) {
            for name in ["RoleName", "QueueName", "Name"] {
                check(resource["Properties"][name].is_null(), format!("{id} has a name of its own"))?;
            }
        }
    }
    Ok(())
}

#[test]
fn the_template_keeps_all_rules() {
    let text = std::fs::read_to_string(workspace().join("template.yaml")).unwrap();
    assert_eq!(broken_rules(&text), [""; 0]);
}
