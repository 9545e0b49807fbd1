//! Globex: home services, in New York. The figures are tuned so that its reports look like a centre's; see the tests.

use chrono_tz::{America, Tz};

use super::TENANTS;
use super::centre::{Centre, Crew, Numbers, Plan, Shift, at, shift};
use super::scorecards::{GLOBEX_CARDS, GLOBEX_RULES};

const WEEK: [f64; 7] = [0.85, 0.85, 0.85, 0.82, 0.75, 0.25, 0.0];

/// Mornings and afternoons leave the dip at lunch.
const SHIFTS: &[Shift] = &[shift(at(9, 0), 240), shift(at(13, 30), 270), shift(at(9, 30), 240), shift(at(14, 0), 300)];

/// Those in other zones are now and then called outside the campaign's hours.
const UNITED_STATES: &[(u32, Option<Tz>)] = &[
    (80, None),
    (6, Some(America::New_York)),
    (8, Some(America::Chicago)),
    (3, Some(America::Denver)),
    (3, Some(America::Los_Angeles)),
];

pub(super) const GLOBEX: Centre = Centre {
    tenant: TENANTS[1],
    zone: America::New_York,
    // There is no area code 555; the hundred numbers reserved for fiction (555-0100 to 0199) would be too few.
    numbers: Numbers { prefix: "+1555", low: 2_000_000, span: 8_000_000 },
    campaigns: &[
        // Close below its cap.
        Plan {
            name: "Home warranty sales",
            cap: 300,
            hours: Some((at(9, 0), at(20, 0))),
            age: 150,
            leads: 2_600,
            zones: UNITED_STATES,
            contact: 0.21,
            abandoned: 0.0265,
            machine: 0.27,
            talk: 430,
            sale: Some(("SALE", 0.08)),
            others: &[(60, "NI"), (16, "CB"), (10, "INFO"), (7, "WN"), (5, "DNC"), (2, "TPV_HOLD")],
        },
        Plan {
            name: "Account retention",
            cap: 200,
            hours: None,
            age: 260,
            leads: 1_300,
            zones: UNITED_STATES,
            contact: 0.29,
            abandoned: 0.014,
            machine: 0.22,
            talk: 520,
            sale: Some(("RENEW", 0.16)),
            others: &[(46, "NI"), (24, "INFO"), (22, "CB"), (4, "WN"), (3, "DNC")],
        },
        // Breaches its cap.
        Plan {
            name: "Past-due accounts",
            cap: 300,
            hours: Some((at(8, 0), at(21, 0))),
            age: 190,
            leads: 1_200,
            zones: UNITED_STATES,
            contact: 0.2,
            abandoned: 0.036,
            machine: 0.28,
            talk: 460,
            sale: Some(("PAID", 0.10)),
            others: &[(45, "PTP"), (20, "CB"), (16, "NI"), (14, "WN"), (3, "DNC")],
        },
        Plan {
            name: "Guest satisfaction survey",
            cap: 300,
            hours: None,
            age: 60,
            leads: 700,
            zones: UNITED_STATES,
            contact: 0.24,
            abandoned: 0.011,
            machine: 0.25,
            talk: 280,
            sale: None,
            others: &[(42, "SURVEY"), (36, "NI"), (12, "CB"), (5, "WN"), (5, "DNC")],
        },
    ],
    crews: &[
        Crew {
            team: Some("Growth"),
            members: &[
                "Ashley Monroe",
                "Brandon Tate",
                "Caitlin Doyle",
                "Derek Walsh",
                "Erin Calloway",
                "Felix Grant",
                "Grace Holloway",
            ],
            shifts: SHIFTS,
            saturday: Some(shift(at(10, 0), 180)),
            presence: WEEK,
            campaigns: &[(86, 0), (14, 3)],
            inbound: 0.07,
            card: 0,
            wait: 230,
            wrap: 125,
        },
        Crew {
            team: Some("Customer care"),
            members: &[
                "Hannah Pike",
                "Isaac Boone",
                "Jenna Marsh",
                "Kyle Benson",
                "Lauren Frost",
                "Miles Archer",
                "Natalie Quinn",
                "Owen Stark",
            ],
            shifts: SHIFTS,
            saturday: Some(shift(at(10, 0), 180)),
            presence: WEEK,
            campaigns: &[(48, 1), (40, 2), (12, 3)],
            inbound: 0.24,
            card: 0,
            wait: 240,
            wrap: 135,
        },
    ],
    cards: &GLOBEX_CARDS,
    rules: &GLOBEX_RULES,
    evaluated: 0.048,
    evaluators: &["qa.lund", "qa.okafor"],
    old_dnc_entries: 420,
};
