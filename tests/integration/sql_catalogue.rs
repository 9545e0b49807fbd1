//! Every statement is planned on the real schema, and its `:names` are those that the Rust binds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use callmetry_database::{Params, Sql};
use callmetry_local::binaries::workspace;
use callmetry_testing::{TestDatabase, run};

/// The statements of all crates that report them, with what they are bound with.
fn bound() -> Vec<(Sql, Params)> {
    let mut statements = callmetry_reports::statements();
    statements.extend(callmetry_exports::statements());
    statements.extend(callmetry_folds::statements());
    statements.extend(callmetry_ondemand::statements());
    statements.extend(callmetry_qa::statements());
    statements.extend(callmetry_schedules::statements());
    statements.extend(callmetry_access::operator::statements());
    statements.push((callmetry_access::FIND_API_KEY, Params::new().bytes("key_hash", None)));
    statements.push((callmetry_access::FIND_TENANT, Params::new().text("tenant_id", None)));
    statements
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "sql") {
            found.push(entry);
        }
    }
}

fn all_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["shared", "functions"] {
        files(&workspace().join(folder), &mut found);
    }
    found
}

/// `:name`, but not `::type`.
fn names(sql: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let code: String = sql
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .collect::<Vec<_>>()
        .join("\n")
        .replace("::", " ");
    for (at, _) in code.match_indices(':') {
        let name: String = code[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if !name.is_empty() {
            names.insert(name);
        }
    }
    names
}

#[test]
fn names_and_files_follow_the_rules() {
    for path in all_files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let name =
            first.strip_prefix("-- ").unwrap_or_else(|| panic!("{}: the first line is its name", path.display()));
        assert_eq!(name.split_once('.').map(|(_, name)| name), Some(stem), "{}", path.display());
        assert!(
            text.lines().nth(1).is_some_and(|line| line.starts_with("-- ")),
            "{}: says what it returns",
            path.display()
        );
        for line in text.lines().filter(|line| !line.trim_start().starts_with("--")) {
            assert!(!line.contains("--"), "{}: comments have lines of their own, which are not sent", path.display());
        }
        // Nothing is cast silently: every parameter says its type.
        for name in names(&text) {
            for (at, _) in text.match_indices(&format!(":{name}")) {
                let rest = &text[at + 1 + name.len()..];
                let is_name =
                    rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') || text[..at].ends_with(':');
                assert!(is_name || rest.starts_with("::"), "{}: :{name} is cast", path.display());
            }
        }
    }
}

#[test]
fn every_query_is_bound_by_its_names() {
    let bound = bound();
    for (sql, params) in &bound {
        let expected: BTreeSet<String> = params.names().map(str::to_owned).collect();
        assert_eq!(names(&sql.text()), expected, "{}", sql.name());
    }
    // The statements of migrations, and of migrate itself, are private there and run by their tests and by every stack.
    for path in all_files().iter().filter(|path| {
        !path.starts_with(workspace().join("functions")) && !path.starts_with(workspace().join("shared/database"))
    }) {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            bound.iter().any(|(sql, _)| sql.name().ends_with(&format!(".{stem}"))),
            "{} is not listed",
            path.display()
        );
    }
}

#[test]
fn every_statement_that_has_a_plan_is_planned() {
    run(async {
        let database = TestDatabase::new().await;
        let mut without_plan = Vec::new();
        for path in all_files() {
            let text = std::fs::read_to_string(&path).unwrap();
            let sql = Sql::new(Box::leak(text.into_boxed_str()));
            let statement = sql.text();
            let (_, body) = statement.split_once('\n').unwrap();
            let verb = body.split_whitespace().next().unwrap().to_owned();
            if !["select", "with", "insert", "update", "delete"].contains(&verb.as_str()) {
                without_plan.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
                continue;
            }
            let params = names(&statement).iter().fold(Params::new(), |params, name| params.text(name, None));
            let explain = Sql::new(Box::leak(format!("-- t\nexplain {body}").into_boxed_str()));
            database
                .master
                .write::<serde::de::IgnoredAny>(explain, params)
                .await
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        without_plan.sort();
        assert_eq!(
            without_plan,
            ["admit_login", "begin_fold", "begin_snapshot", "create_migrations", "lock_migrations"]
        );
    });
}

#[derive(serde::Deserialize)]
struct Line {
    #[serde(rename = "QUERY PLAN")]
    line: String,
}

/// How the database would run a statement, as the application's role.
async fn plan(database: &TestDatabase, sql: Sql, params: Params) -> String {
    let text = sql.text();
    let explain: &'static str =
        Box::leak(format!("-- t\nexplain {}", text.split_once('\n').unwrap().1).into_boxed_str());
    let plan: Vec<Line> = database.database.write(Sql::new(explain), params).await.unwrap();
    plan.into_iter().map(|line| line.line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_lists_use_their_indexes() {
    run(async {
        let database = TestDatabase::new().await;
        database
            .client
            .batch_execute(
                "insert into tenants (slug, name) values ('a', 'A'), ('b', 'B');
                 insert into agents (tenant_id, name) select id, n::text from tenants, generate_series(1, 50) n;
                 insert into cdrs (tenant_id, agent_id, direction, from_number, to_number, started_at, ended_at, hangup_cause)
                    select tenant_id, id, 'inbound', '', '', now(), now(), '' from agents, generate_series(1, 100);
                 insert into qa_scorecards (tenant_id, created_at)
                    select id, timestamptz '2026-01-01' + n * interval '1 hour' from tenants, generate_series(1, 500) n;
                 insert into qa_scorecard_versions (tenant_id, scorecard_id, version, name, pass_score, questions)
                    select tenant_id, id, 1, 'n', 80, '[]' from qa_scorecards;
                 insert into qa_evaluations (tenant_id, call_id, agent_id, evaluator_id, scorecard_id, scorecard_version, status,
                        answers, points, created_at, submitted_at)
                    select tenant_id, c.id, agent_id, 'e', s.id, 1, status, '{}', '[]', timestamptz '2026-01-01' + n * interval '1 minute',
                        case status when 'submitted' then now() end
                    from (select *, row_number() over () as n from cdrs) c
                    join (select tenant_id, min(id::text)::uuid as id from qa_scorecards group by tenant_id) s using (tenant_id),
                        lateral (select case when n % 100 = 0 then 'draft' else 'submitted' end as status) as status",
            )
            .await
            .unwrap();
        database.client.batch_execute("vacuum analyze").await.unwrap();
        let row = database.client.query_one("select tenant_id, id, agent_id from cdrs limit 1", &[]).await.unwrap();
        let [tenant, call, agent]: [uuid::Uuid; 3] = [row.get(0), row.get(1), row.get(2)];
        let at: chrono::DateTime<chrono::Utc> = "2026-01-06T00:00:00Z".parse().unwrap();
        let (by_call, by_creation) =
            ("qa_evaluations_tenant_id_call_id_evaluator_id_key", "qa_evaluations_by_creation");
        for (sql, filter, index) in [
            ("list_scorecards", "", "qa_scorecards_by_creation"),
            ("list_scorecards", "after_at", "qa_scorecards_by_creation"),
            ("list_evaluations", "", by_creation),
            ("list_evaluations", "after_at", by_creation),
            ("list_evaluations", "agent_id", "qa_evaluations_by_agent"),
            ("list_evaluations", "call_id", by_call),
            ("list_evaluations", "status", "qa_evaluations_drafts"),
            ("sum_agent_scores", "", by_creation),
        ] {
            let statements = callmetry_qa::statements();
            let (sql, _) = statements.iter().find(|(found, _)| found.name().ends_with(sql)).unwrap();
            let params = names(&sql.text()).iter().fold(Params::new(), |params, name| match name.as_str() {
                "tenant_id" => params.uuid(name, tenant),
                "page_size" => params.integer(name, 20),
                "from" | "to" if filter.is_empty() && sql.name() == "qa.sum_agent_scores" => {
                    params.instant(name, at + chrono::TimeDelta::hours(i64::from(name == "to")))
                }
                "after_at" => params.instant(name, (filter == name).then_some(at)),
                "after_id" => params.uuid(name, (filter == "after_at").then_some(call)),
                "agent_id" => params.uuid(name, (filter == name).then_some(agent)),
                "call_id" => params.uuid(name, (filter == name).then_some(call)),
                "status" => params.text(name, (filter == name).then_some("draft")),
                other => params.text(other, None),
            });
            let plan = plan(&database, *sql, params).await;
            assert!(plan.contains(index), "{} by {filter}:\n{plan}", sql.name());
        }
    });
}

#[test]
fn the_claim_uses_its_indexes() {
    run(async {
        let database = TestDatabase::new().await;
        database
            .client
            .batch_execute(
                "insert into tenants (slug, name) values ('a', 'A'), ('b', 'B');
                 insert into report_schedules (id, tenant_id, report, cadence, day_of_week, local_time, timezone, by_hour_utc, enabled,
                        next_run_at)
                    select gen_random_uuid(), id, 'agents', 'weekly', 1, '06:00', 'UTC', true, n % 10 > 0, now() + n * interval '1 hour'
                    from tenants, generate_series(1, 1000) n;
                 insert into schedule_recipients (tenant_id, schedule_id, address, address_key, position)
                    select tenant_id, id, 'a', 'a', 1 from report_schedules;
                 insert into report_runs (id, tenant_id, schedule_id, kind, scheduled_for, report, rhythm, timezone, from_at, to_at,
                        previous_from_at, status, available_at, created_at, closed_at)
                    select gen_random_uuid(), tenant_id, id, 'regular', now() - n * interval '1 week', 'agents', '', 'UTC', now(),
                        now() + interval '1 day', now() - interval '1 day', 'closed', now(), now(), now()
                    from report_schedules, generate_series(1, 10) n;
                 update report_runs set status = 'open', closed_at = null, lease_token = gen_random_uuid(),
                        available_at = now() + interval '1 hour'
                    where scheduled_for > now() - interval '8 days';
                 insert into report_deliveries (tenant_id, run_id, schedule_id, recipient_id, recipient, status, created_at, updated_at)
                    select tenant_id, r.id, r.schedule_id, p.id, 'a', 'failed', now(), now()
                    from report_runs r join schedule_recipients p using (tenant_id, schedule_id);",
            )
            .await
            .unwrap();
        database.client.batch_execute("vacuum analyze").await.unwrap();
        for (sql, indexes) in [
            ("find_due_schedules", &["report_schedules_due"][..]),
            ("find_next_due", &["report_schedules_due", "report_runs_available"]),
            (
                "take_over_runs",
                &["report_runs_available", "report_deliveries_run_id_recipient_key", "report_runs_by_lease"],
            ),
            ("finish_runs", &["report_runs_by_lease", "report_deliveries_run_id_recipient_key"]),
            ("begin_delivery", &["report_deliveries_pkey", "schedule_recipients_pkey", "report_schedules_pkey"]),
            ("settle_delivery", &["report_deliveries_pkey"]),
            ("list_deliveries", &["report_deliveries_by_creation"]),
            ("list_schedules", &["report_schedules_by_creation", "report_runs_by_creation"]),
            ("unsubscribe_recipient", &["schedule_recipients_pkey", "report_deliveries_by_recipient"]),
        ] {
            let statements = callmetry_schedules::statements();
            let (sql, _) = statements.iter().find(|(found, _)| found.name().ends_with(sql)).unwrap();
            let params = names(&sql.text()).iter().fold(Params::new(), |params, name| match name.as_str() {
                "page_size" => params.integer(name, 20),
                "id" | "tenant_id" | "recipient_id" | "lease_token" | "send_token" => {
                    params.uuid(name, uuid::Uuid::new_v4())
                }
                "stuck" => params.text(name, "[]"),
                other => params.text(other, None),
            });
            let plan = plan(&database, *sql, params).await;
            for index in indexes {
                assert!(plan.contains(index), "{} without {index}:\n{plan}", sql.name());
            }
        }
    });
}

#[test]
fn the_reports_use_their_indexes() {
    run(async {
        let database = TestDatabase::new().await;
        database
            .client
            .batch_execute(
                "insert into tenants (id, slug, name) select gen_random_uuid(), 't' || n, 't' from generate_series(1, 20) n;
                 insert into campaigns (tenant_id, name) select id, 'c' from tenants;
                 insert into leads (tenant_id, phone) select t.id, '+' || n from tenants t, generate_series(1, 100) n;
                 insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at)
                    select l.tenant_id, c.id, l.id, timestamptz '2026-01-01' + n * interval '1 hour'
                    from leads l join campaigns c using (tenant_id), generate_series(1, 20) n;
                 insert into agents (tenant_id, name) select id, 'a' from tenants, generate_series(1, 5);
                 insert into cdrs (tenant_id, agent_id, direction, from_number, to_number, started_at, ended_at, hangup_cause)
                    select t.id, a.id, 'inbound', '', '', at, at, '' from tenants t join agents a on a.tenant_id = t.id,
                        generate_series(timestamptz '2026-01-01', '2026-02-01', '100 minutes') at;",
            )
            .await
            .unwrap();
        database.client.batch_execute("vacuum analyze").await.unwrap();
        let tenant: uuid::Uuid = database.client.query_one("select id from tenants limit 1", &[]).await.unwrap().get(0);
        for (sql, index) in [
            ("campaign_funnel", "dial_attempts_by_"),
            ("disposition_mix", "dial_attempts_by_"),
            ("campaign_compliance", "dial_attempts_by_"),
            ("call_volume", "cdrs_by_time"),
            ("agent_activity", "cdrs_by_time"),
            ("plan_pages", "cdrs_by_time"),
        ] {
            let statements = [callmetry_reports::statements(), callmetry_exports::statements()].concat();
            let (sql, _) = statements.iter().find(|(found, _)| found.name().ends_with(sql)).unwrap();
            let mut params = Params::new();
            for name in names(&sql.text()) {
                params =
                    match name.as_str() {
                        "tenant_id" => params.uuid("tenant_id", tenant),
                        "from" => params
                            .instant("from", "2026-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()),
                        "to" => params
                            .instant("to", "2026-01-02T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()),
                        "page_size" => params.integer("page_size", 1000),
                        "page_rows" | "chunk_rows" => params.integer(&name, 1000),
                        "timezone" => params.text("timezone", "UTC"),
                        other => params.text(other, None),
                    };
            }
            let plan = plan(&database, *sql, params).await;
            assert!(plan.contains(&format!("Index Only Scan using {index}")), "{}:\n{plan}", sql.name());
        }
    });
}
