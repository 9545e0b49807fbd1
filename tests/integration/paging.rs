//! Reports past 1 MiB of result: pages by key, all of one moment.

use callmetry_access::{Caller, Identity, Role, Supervisor, TenantScope};
use callmetry_metrics::Window;
use callmetry_reports::{agents, campaigns, compliance, dispositions};
use callmetry_testing::{Centre, TestDatabase, run};

fn scope(centre: &Centre<'_>) -> TenantScope {
    let identity = Identity { tenant_id: centre.tenant, user_id: "test".into(), role: Role::Supervisor, exp: 0 };
    Caller::<Supervisor>::admit(identity).unwrap().own_tenant()
}

fn january() -> Window {
    Window::new("2026-01-01T00:00:00Z".parse().unwrap(), "2026-02-01T00:00:00Z".parse().unwrap()).unwrap()
}

#[test]
fn thousands_of_campaigns_agents_and_codes() {
    run(async {
        let database = TestDatabase::new().await;
        let centre = Centre::new(&database.client).await;
        let tenant = centre.tenant;
        // Names of 500 bytes make a page of 1,000 too large, equal names put the border into a tie.
        database
            .client
            .batch_execute(&format!(
                "insert into campaigns (tenant_id, name) select '{tenant}', repeat('n', 1500) || (n / 3) from generate_series(1, 2500) n;
                 insert into agents (tenant_id, name) select '{tenant}', 'agent ' || (n / 3) from generate_series(1, 2500) n;
                 insert into leads (tenant_id, phone) values ('{tenant}', '+1');
                 insert into dial_attempts (tenant_id, campaign_id, lead_id, attempted_at, disposition_code, abandoned)
                    select c.tenant_id, c.id, l.id, '2026-01-02', right(c.name, 3), true from campaigns c join leads l using (tenant_id)"
            ))
            .await
            .unwrap();
        let scope = scope(&centre);
        let funnel = campaigns::read(&database.database, scope, january(), None).await.unwrap();
        assert_eq!(
            (funnel.rows.len(), funnel.totals.counts.attempts, funnel.totals.counts.leads_dialed),
            (2500, 2500, 1)
        );
        assert!(funnel.rows.is_sorted_by_key(|row| (row.campaign.clone(), row.campaign_id)));
        let mut ids: Vec<_> = funnel.rows.iter().map(|row| row.campaign_id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 2500, "nothing is doubled or missed at a border");
        let agents = agents::read(&database.database, scope, january(), None).await.unwrap();
        assert_eq!(agents.rows.len(), 2500);
        let compliance = compliance::read(&database.database, scope, january(), None).await.unwrap();
        assert_eq!((compliance.abandonment.campaigns.len(), compliance.abandonment.breaches), (2500, 2500));
        let mix = dispositions::read(&database.database, scope, january(), None).await.unwrap();
        assert_eq!(mix.totals.count, 2500);
        assert!(mix.rows.is_sorted_by_key(|row| (-row.count, row.code.clone())));
    });
}
