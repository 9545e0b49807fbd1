//! Reads the action and carries it out.

use callmetry_host::Invocation;
use callmetry_tick::{State, Tick};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the actions need.
pub struct Admin {
    /// The tick.
    pub tick: Tick,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    action: String,
}

/// How the tick is now.
#[derive(Serialize)]
struct Answer {
    tick: &'static str,
}

impl Admin {
    /// Answers one event. Every action may be repeated.
    pub async fn handle(&self, event: Value, invocation: Invocation) -> Result<Value, String> {
        let event: Event = serde_json::from_value(event).map_err(|error| format!("the event: {error}"))?;
        let state = match event.action.as_str() {
            // Nothing is claimed and sent until it is resumed. What comes due meanwhile is late, not lost.
            "pause-tick" => self.tick.pause(invocation.now).await.map(|()| State::Paused),
            "resume-tick" => self.tick.resume(invocation.now).await.map(|()| State::Running),
            "tick-state" => self.tick.state().await,
            other => {
                return Err(format!("the event: action must be pause-tick, resume-tick or tick-state, not {other:?}"));
            }
        };
        let tick = match state.map_err(|error| error.to_string())? {
            State::Paused => "paused",
            State::Running => "running",
        };
        tracing::info!(outcome = "done", tick, request_id = invocation.request_id);
        serde_json::to_value(Answer { tick }).map_err(|error| error.to_string())
    }
}
