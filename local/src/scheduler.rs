//! EventBridge Scheduler: the schedules of `template.yaml`, `GetSchedule`, `UpdateSchedule`, and the ticking itself.
//!
//! Sources: the EventBridge Scheduler API reference and its user guide. Rates of whole minutes are known, and functions as
//! targets; retries of the Scheduler itself are not imitated, since here an asynchronous invocation is always taken.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::body::Bytes;
use axum::extract::{Path as UrlPath, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::aws::error;
use crate::iam::{AccessDenied, Caller, Iam};
use crate::lambda::Lambda;
use crate::template::{ACCOUNT, REGION, Template};

const MINUTE: Duration = Duration::from_secs(60);
/// How far back a `StartDate` may lie, in seconds.
const LATEST_START: f64 = 300.0;
/// A schedule that names no group is in this one.
const DEFAULT_GROUP: &str = "default";

/// The stand-in.
pub struct Scheduler {
    file: PathBuf,
    iam: Arc<Iam>,
    schedules: Mutex<BTreeMap<String, Schedule>>,
}

/// A schedule as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Schedule {
    /// As the template had it when this was last taken from there.
    template: Settings,
    /// As it is now.
    current: Settings,
    created: f64,
    modified: f64,
}

/// What can be set of a schedule; what is not set has a default. Instants are seconds since 1970.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Settings {
    #[serde(default = "no_action")]
    action_after_completion: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end_date: Option<f64>,
    flexible_time_window: FlexibleTimeWindow,
    #[serde(default = "default_group")]
    group_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kms_key_arn: Option<String>,
    schedule_expression: String,
    #[serde(default = "utc")]
    schedule_expression_timezone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start_date: Option<f64>,
    #[serde(default)]
    state: Activity,
    target: Target,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FlexibleTimeWindow {
    mode: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maximum_window_in_minutes: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Activity {
    #[default]
    Enabled,
    Disabled,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Target {
    arn: String,
    role_arn: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    /// Kept and given back.
    #[serde(flatten)]
    more: Map<String, Value>,
}

fn no_action() -> String {
    "NONE".into()
}

fn default_group() -> String {
    DEFAULT_GROUP.into()
}

fn utc() -> String {
    "UTC".into()
}

#[allow(clippy::disallowed_methods, reason = "the Scheduler's own clock")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

fn seconds(at: DateTime<Utc>) -> f64 {
    at.timestamp_millis() as f64 / 1000.0
}

impl Scheduler {
    /// The template's schedules. What `UpdateSchedule` made of one is kept in the file, until the template says something
    /// else about it: that, as with CloudFormation, sets all of it anew.
    pub fn open(template: &Template, file: &Path, iam: Arc<Iam>) -> Result<Self> {
        let kept: BTreeMap<String, Schedule> = match fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", file.display()))?,
            Err(_) => BTreeMap::new(),
        };
        let functions: Vec<String> = template.functions()?.into_iter().map(|function| function.full_name).collect();
        let at = seconds(now());
        let mut schedules = BTreeMap::new();
        for (name, settings) in template.schedules()? {
            let settings: Settings = serde_json::from_value(settings).with_context(|| format!("schedule {name}"))?;
            settings.check(at).map_err(anyhow::Error::msg).with_context(|| format!("schedule {name}"))?;
            let target = settings.target.arn.rsplit(':').next().unwrap_or_default();
            ensure!(functions.iter().any(|function| function == target), "schedule {name}: its target is no function");
            let unchanged = kept.get(&name).filter(|kept| kept.template == settings).cloned();
            let anew = || Schedule { template: settings.clone(), current: settings, created: at, modified: at };
            schedules.insert(name, unchanged.unwrap_or_else(anew));
        }
        let scheduler = Self { file: file.to_owned(), iam, schedules: Mutex::new(schedules) };
        scheduler.keep(&scheduler.schedules())?;
        Ok(scheduler)
    }

    fn schedules(&self) -> MutexGuard<'_, BTreeMap<String, Schedule>> {
        self.schedules.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn keep(&self, schedules: &BTreeMap<String, Schedule>) -> Result<()> {
        crate::stack::write_private(&self.file, &serde_json::to_vec_pretty(schedules)?)
    }

    /// Invokes what is due now, and then each minute, until the task is aborted.
    pub fn tick(self: &Arc<Self>, lambda: Arc<Lambda>) -> JoinHandle<()> {
        let scheduler = self.clone();
        tokio::spawn(async move {
            let mut minutes = tokio::time::interval(MINUTE);
            // A machine that slept does not make up for it.
            minutes.set_missed_tick_behavior(MissedTickBehavior::Skip);
            let started = minutes.tick().await;
            let mut at = started;
            loop {
                scheduler.fire((at - started).as_secs() / MINUTE.as_secs(), &lambda);
                at = minutes.tick().await;
            }
        })
    }

    /// Invokes, asynchronously, the functions whose schedules are due in this minute; minute 0 is when rates begin.
    pub fn fire(&self, minute: u64, lambda: &Arc<Lambda>) {
        let at = now();
        for (name, schedule) in self.schedules().iter().filter(|(_, schedule)| schedule.current.is_due(minute, at)) {
            let target = &schedule.current.target;
            let role = target.role_arn.rsplit('/').next().unwrap_or_default();
            if let Err(denied) = self.iam.check_named(role, "lambda:InvokeFunction", &target.arn) {
                eprintln!("schedule {name}: {denied}");
                continue;
            }
            match lambda.find(&target.arn) {
                Some(function) => lambda.invoke_later(function, event(target, &schedule.current.arn(name), at)),
                None => eprintln!("schedule {name}: there is no function {}", target.arn),
            }
        }
    }

    /// The role of a target is handed over to the service, which the caller has to be allowed as well.
    fn check(&self, caller: &Caller, action: &str, arn: &str, passed: Option<&str>) -> Result<(), AccessDenied> {
        self.iam.check(caller, action, arn, &[])?;
        let service = [("iam:PassedToService", "scheduler.amazonaws.com")];
        passed.map_or(Ok(()), |role| self.iam.check(caller, "iam:PassRole", role, &service))
    }

    fn get(&self, caller: &Caller, name: &str, group: &str) -> Response {
        if let Err(denied) = self.check(caller, "scheduler:GetSchedule", &arn(group, name), None) {
            return refused(&denied);
        }
        let schedules = self.schedules();
        let Some(schedule) = schedules.get(name).filter(|schedule| schedule.current.group_name == group) else {
            return not_found(name);
        };
        let mut body = json!(schedule.current);
        body["Arn"] = schedule.current.arn(name).into();
        body["Name"] = name.into();
        body["CreationDate"] = schedule.created.into();
        body["LastModificationDate"] = schedule.modified.into();
        Json(body).into_response()
    }

    fn update(&self, caller: &Caller, name: &str, body: &[u8]) -> Response {
        let settings: Settings = match serde_json::from_slice(body) {
            Ok(settings) => settings,
            Err(problem) => return invalid(&format!("1 validation error detected: {problem}")),
        };
        let role = Some(settings.target.role_arn.as_str());
        if let Err(denied) = self.check(caller, "scheduler:UpdateSchedule", &settings.arn(name), role) {
            return refused(&denied);
        }
        let at = seconds(now());
        if let Err(problem) = settings.check(at) {
            return invalid(&problem);
        }
        let mut schedules = self.schedules();
        let found = schedules.get_mut(name).filter(|schedule| schedule.current.group_name == settings.group_name);
        let Some(schedule) = found else {
            return not_found(name);
        };
        let arn = settings.arn(name);
        schedule.current = settings;
        schedule.modified = at;
        match self.keep(&schedules) {
            Ok(()) => Json(json!({ "ScheduleArn": arn })).into_response(),
            Err(problem) => {
                error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerException", &format!("{problem:#}"))
            }
        }
    }
}

impl Settings {
    fn arn(&self, name: &str) -> String {
        arn(&self.group_name, name)
    }

    /// Says what the service would refuse, or what is not imitated.
    fn check(&self, now: f64) -> Result<(), String> {
        if self.minutes().is_none() {
            return Err(format!(
                "Invalid Schedule Expression {}. Only rates of minutes are known here.",
                self.schedule_expression
            ));
        }
        if self.flexible_time_window.mode != "OFF" {
            return Err("Only the FlexibleTimeWindow with the mode OFF is known here.".into());
        }
        if self.start_date.is_some_and(|start| start < now - LATEST_START) {
            return Err("The StartDate you specify cannot be earlier than 5 minutes ago.".into());
        }
        if self.target.input.as_ref().is_some_and(|input| serde_json::from_str::<Value>(input).is_err()) {
            return Err("The Input of a Lambda target must be JSON.".into());
        }
        Ok(())
    }

    /// Of `rate(1 minute)` or `rate(N minutes)`.
    fn minutes(&self) -> Option<u64> {
        let (number, unit) = self.schedule_expression.strip_prefix("rate(")?.strip_suffix(')')?.split_once(' ')?;
        let number = number.parse().ok().filter(|number| *number > 0)?;
        (unit == if number == 1 { "minute" } else { "minutes" }).then_some(number)
    }

    fn is_due(&self, minute: u64, at: DateTime<Utc>) -> bool {
        let begun = self.start_date.is_none_or(|start| start <= seconds(at));
        let ended = self.end_date.is_some_and(|end| end <= seconds(at));
        let is_on_time = self.minutes().is_some_and(|minutes| minute.is_multiple_of(minutes));
        self.state == Activity::Enabled && begun && !ended && is_on_time
    }
}

/// The input with its context attributes, or the notification that a target without input gets.
fn event(target: &Target, arn: &str, at: DateTime<Utc>) -> Bytes {
    #[allow(clippy::disallowed_methods, reason = "execution ids are the Scheduler's to make")]
    let execution = uuid::Uuid::new_v4().to_string();
    let time = at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let Some(input) = &target.input else {
        let notification = json!({
            "version": "0",
            "id": execution,
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": ACCOUNT,
            "time": time,
            "region": REGION,
            "resources": [arn],
            "detail": "{}",
        });
        return notification.to_string().into();
    };
    let attributes =
        [("schedule-arn", arn), ("scheduled-time", &time), ("execution-id", &execution), ("attempt-number", "1")];
    let with = |text: String, (name, value): (&str, &str)| text.replace(&format!("<aws.scheduler.{name}>"), value);
    attributes.into_iter().fold(input.clone(), with).into()
}

fn arn(group: &str, name: &str) -> String {
    format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group}/{name}")
}

fn refused(denied: &AccessDenied) -> Response {
    error(StatusCode::FORBIDDEN, "AccessDeniedException", &denied.to_string())
}

fn invalid(message: &str) -> Response {
    error(StatusCode::BAD_REQUEST, "ValidationException", message)
}

fn not_found(name: &str) -> Response {
    error(StatusCode::NOT_FOUND, "ResourceNotFoundException", &format!("Schedule {name} does not exist."))
}

/// Serves `GET` and `PUT /schedules/{name}`.
pub fn router(scheduler: Arc<Scheduler>) -> Router {
    Router::new().route("/schedules/{name}", get(get_schedule).put(update_schedule)).with_state(scheduler)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    #[serde(default = "default_group")]
    group_name: String,
}

async fn get_schedule(
    State(scheduler): State<Arc<Scheduler>>,
    Extension(caller): Extension<Caller>,
    UrlPath(name): UrlPath<String>,
    Query(group): Query<Group>,
) -> Response {
    scheduler.get(&caller, &name, &group.group_name)
}

async fn update_schedule(
    State(scheduler): State<Arc<Scheduler>>,
    Extension(caller): Extension<Caller>,
    UrlPath(name): UrlPath<String>,
    body: Bytes,
) -> Response {
    scheduler.update(&caller, &name, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(more: Value) -> Settings {
        let mut all = json!({
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ScheduleExpression": "rate(1 minute)",
            "Target": {"Arn": "arn", "RoleArn": "role"},
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            all[name] = value.clone();
        }
        serde_json::from_value(all).expect("settings")
    }

    #[test]
    fn rates_of_minutes_are_known() {
        let minutes = |expression: &str| settings(json!({ "ScheduleExpression": expression })).minutes();
        assert_eq!((minutes("rate(1 minute)"), minutes("rate(15 minutes)")), (Some(1), Some(15)));
        for unknown in ["rate(1 minutes)", "rate(2 minute)", "rate(0 minutes)", "rate(1 hour)", "cron(* * * * ? *)"] {
            assert_eq!(minutes(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn what_is_due() {
        let at = DateTime::from_timestamp(1_000_000, 0).expect("an instant");
        let due = |minute, more| settings(more).is_due(minute, at);
        let every_five = || json!({"ScheduleExpression": "rate(5 minutes)"});
        assert!(due(0, every_five()) && due(5, every_five()) && !due(4, every_five()));
        assert!(!due(0, json!({"State": "DISABLED"})));
        assert!(due(0, json!({"StartDate": 1_000_000})) && !due(0, json!({"StartDate": 1_000_001})));
        assert!(!due(0, json!({"EndDate": 1_000_000})) && due(0, json!({"EndDate": 1_000_001})));
    }

    #[test]
    fn context_attributes_are_put_into_the_input() {
        let at = DateTime::from_timestamp(1_000_000, 0).expect("an instant");
        let with = |input: Value| {
            let target = settings(json!({"Target": {"Arn": "a", "RoleArn": "r", "Input": input}})).target;
            let event = event(&target, "the-schedule", at);
            serde_json::from_slice::<Value>(&event).expect("JSON")
        };
        assert_eq!(with(json!("{}")), json!({}));
        let input = r#"{"at": "<aws.scheduler.scheduled-time>", "of": "<aws.scheduler.schedule-arn>"}"#;
        assert_eq!(with(json!(input)), json!({"at": "1970-01-12T13:46:40Z", "of": "the-schedule"}));
        assert_eq!(with(Value::Null)["source"], "aws.scheduler");
    }
}
