//! Pauses and resumes the tick: the schedule of EventBridge Scheduler that starts `claim` every minute.
#![warn(missing_docs)]

use aws_config::SdkConfig;
use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::error::{DisplayErrorContext, SdkError};
use aws_sdk_scheduler::operation::get_schedule::GetScheduleOutput;
use aws_sdk_scheduler::types::ScheduleState;
use chrono::{DateTime, Utc};

/// The tick's schedule.
#[derive(Clone, Debug)]
pub struct Tick {
    client: Client,
    schedule: String,
}

/// Whether it fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It does not fire until it is resumed.
    Paused,
    /// It fires every minute.
    Running,
}

/// The schedule could not be read or changed. The text is for logs.
#[derive(Debug, thiserror::Error)]
#[error("the schedule {schedule}: {problem}")]
pub struct Error {
    schedule: String,
    problem: String,
}

impl Tick {
    /// The schedule of this name, in the default group.
    pub fn new(config: &SdkConfig, schedule: String) -> Self {
        Self { client: Client::new(config), schedule }
    }

    /// Whether it fires now.
    pub async fn state(&self) -> Result<State, Error> {
        Ok(state(&self.read().await?))
    }

    /// Lets it fire no more. It may be paused already.
    pub async fn pause(&self, now: DateTime<Utc>) -> Result<(), Error> {
        self.set(State::Paused, now).await
    }

    /// Lets it fire again. It may be running already.
    pub async fn resume(&self, now: DateTime<Utc>) -> Result<(), Error> {
        self.set(State::Running, now).await
    }

    async fn read(&self) -> Result<GetScheduleOutput, Error> {
        self.client.get_schedule().name(&self.schedule).send().await.map_err(|error| self.failed(error))
    }

    /// `UpdateSchedule` sets what it is not told to its default. So everything that was read is written back.
    async fn set(&self, wanted: State, now: DateTime<Utc>) -> Result<(), Error> {
        let read = self.read().await?;
        if state(&read) == wanted {
            return Ok(());
        }
        // A start that has passed no longer matters, and one more than 5 minutes ago would be refused.
        let start = read.start_date.filter(|start| start.secs() > now.timestamp());
        self.client
            .update_schedule()
            .name(&self.schedule)
            .state(match wanted {
                State::Paused => ScheduleState::Disabled,
                State::Running => ScheduleState::Enabled,
            })
            .set_start_date(start)
            .set_group_name(read.group_name)
            .set_description(read.description)
            .set_schedule_expression(read.schedule_expression)
            .set_schedule_expression_timezone(read.schedule_expression_timezone)
            .set_end_date(read.end_date)
            .set_flexible_time_window(read.flexible_time_window)
            .set_target(read.target)
            .set_kms_key_arn(read.kms_key_arn)
            .set_action_after_completion(read.action_after_completion)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failed(error))
    }

    fn failed<E, R>(&self, error: SdkError<E, R>) -> Error
    where
        SdkError<E, R>: std::error::Error + Send + Sync + 'static,
    {
        Error { schedule: self.schedule.clone(), problem: DisplayErrorContext(error).to_string() }
    }
}

fn state(schedule: &GetScheduleOutput) -> State {
    if schedule.state == Some(ScheduleState::Disabled) { State::Paused } else { State::Running }
}
