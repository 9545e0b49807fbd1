//! What a dialer writes, with defaults for what a test does not care about.

use callmetry_access::ApiKey;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use tokio_postgres::Client;
use uuid::Uuid;

/// A tenant and the rows that a test gives it.
pub struct Centre<'a> {
    /// The database.
    pub client: &'a Client,
    /// The tenant.
    pub tenant: Uuid,
}

/// A campaign to be made.
#[derive(Clone, Debug)]
pub struct Campaign<'a> {
    /// Its name.
    pub name: &'a str,
    /// In percent.
    pub abandonment_cap: &'a str,
    /// Opening and closing, local time.
    pub hours: Option<(NaiveTime, NaiveTime)>,
    /// Its zone.
    pub timezone: &'a str,
}

impl Default for Campaign<'_> {
    fn default() -> Self {
        Self { name: "Campaign", abandonment_cap: "3.00", hours: None, timezone: "UTC" }
    }
}

/// A dial attempt to be made.
#[derive(Clone, Debug, Default)]
pub struct Attempt<'a> {
    /// human or machine.
    pub answered_by: Option<&'a str>,
    /// Whether it was abandoned.
    pub abandoned: bool,
    /// How it ended.
    pub disposition: Option<&'a str>,
}

/// A call to be made.
#[derive(Clone, Debug, Default)]
pub struct Call<'a> {
    /// Its campaign.
    pub campaign: Option<Uuid>,
    /// Its agent.
    pub agent: Option<Uuid>,
    /// Whether it was answered.
    pub answered: bool,
    /// Talk seconds.
    pub talk_secs: i32,
    /// Why it ended.
    pub hangup_cause: &'a str,
}

impl<'a> Centre<'a> {
    /// A new tenant.
    pub async fn new(client: &'a Client) -> Self {
        let tenant = Uuid::new_v4();
        client
            .execute("insert into tenants (id, slug, name) values ($1, $2, $2)", &[&tenant, &format!("t-{tenant}")])
            .await
            .unwrap();
        Self { client, tenant }
    }

    /// An API key of this tenant.
    pub async fn key(&self, role: &str) -> String {
        let key = ApiKey::generate().unwrap();
        callmetry_local::tokens::store(self.client, self.tenant, &format!("user-{role}"), role, key.reveal())
            .await
            .unwrap();
        key.reveal().to_owned()
    }

    async fn id(&self, sql: &str, parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)]) -> Uuid {
        self.client.query_one(sql, parameters).await.unwrap().get(0)
    }

    /// A campaign.
    pub async fn campaign(&self, campaign: Campaign<'_>) -> Uuid {
        let (start, end) = campaign.hours.unzip();
        self.id(
            "insert into campaigns (tenant_id, name, abandonment_cap, calling_hours_start, calling_hours_end, timezone)
             values ($1, $2, ($3::text)::numeric, $4, $5, $6) returning id",
            &[&self.tenant, &campaign.name, &campaign.abandonment_cap, &start, &end, &campaign.timezone],
        )
        .await
    }

    /// A lead, in this zone or in none.
    pub async fn lead(&self, timezone: Option<&str>) -> Uuid {
        self.id(
            "insert into leads (tenant_id, phone, timezone) values ($1, '+34000000000', $2) returning id",
            &[&self.tenant, &timezone],
        )
        .await
    }

    /// An agent.
    pub async fn agent(&self, name: &str, team: Option<&str>) -> Uuid {
        self.id(
            "insert into agents (tenant_id, name, team) values ($1, $2, $3) returning id",
            &[&self.tenant, &name, &team],
        )
        .await
    }

    /// A disposition.
    pub async fn disposition(&self, code: &str, is_sale: bool) {
        self.client
            .execute(
                "insert into dispositions (tenant_id, code, label, category, is_sale) values ($1, $2, 'Label ' || $2, 'contact', $3)",
                &[&self.tenant, &code, &is_sale],
            )
            .await
            .unwrap();
    }

    /// A dial attempt.
    pub async fn attempt(&self, campaign: Uuid, lead: Uuid, at: DateTime<Utc>, attempt: Attempt<'_>) {
        self.client
            .execute(
                "insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at, answered_by, abandoned, disposition_code)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                &[&self.tenant, &campaign, &lead, &at, &attempt.answered_by, &attempt.abandoned, &attempt.disposition],
            )
            .await
            .unwrap();
    }

    /// A call.
    pub async fn call(&self, at: DateTime<Utc>, call: Call<'_>) -> Uuid {
        let answered_at = call.answered.then_some(at);
        let ended_at = at + TimeDelta::seconds(i64::from(call.talk_secs) + 5);
        self.id(
            "insert into cdrs (tenant_id, campaign_id, agent_id, direction, from_number, to_number, started_at, answered_at,
                 ended_at, talk_secs, hangup_cause)
             values ($1, $2, $3, 'outbound', '+1', '+2', $4, $5, $6, $7, $8) returning id",
            &[&self.tenant, &call.campaign, &call.agent, &at, &answered_at, &ended_at, &call.talk_secs, &call.hangup_cause],
        )
        .await
    }

    /// A call of an agent that was recorded, as evaluations need it.
    pub async fn recorded_call(&self, agent: Uuid) -> Uuid {
        let call = self.call(Utc::now(), Call { agent: Some(agent), answered: true, ..Default::default() }).await;
        self.client
            .execute("update cdrs set recording_url = 'https://recordings.example/' || id where id = $1", &[&call])
            .await
            .unwrap();
        call
    }

    /// A state interval; without an end it is still going on.
    pub async fn interval(&self, agent: Uuid, state: &str, entered: DateTime<Utc>, left: Option<DateTime<Utc>>) {
        self.client
            .execute(
                "insert into agent_state_intervals (tenant_id, agent_id, state, entered_at, left_at) values ($1, $2, $3, $4, $5)",
                &[&self.tenant, &agent, &state, &entered, &left],
            )
            .await
            .unwrap();
    }

    /// A do-not-call entry.
    pub async fn dnc(&self, phone: &str, source: &str, added: DateTime<Utc>) {
        self.client
            .execute(
                "insert into dnc_entries (tenant_id, phone, source, added_at) values ($1, $2, $3, $4)",
                &[&self.tenant, &phone, &source, &added],
            )
            .await
            .unwrap();
    }
}
