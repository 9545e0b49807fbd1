//! What the two centres are. The figures are tuned so that the reports show a plausible centre; see the tests.

use chrono_tz::{America, Atlantic, Europe, Tz};

use super::scorecards::{ACME_CARDS, ACME_RULES, Card, GLOBEX_CARDS, GLOBEX_RULES, Rule};
use super::{TENANTS, Tenant};

/// A call centre.
pub(super) struct Centre {
    pub(super) tenant: Tenant,
    pub(super) zone: Tz,
    pub(super) numbers: Numbers,
    pub(super) campaigns: &'static [Plan],
    pub(super) crews: &'static [Crew],
    pub(super) cards: &'static [Card],
    pub(super) rules: &'static [Rule],
    /// The share of agents' calls that somebody evaluates.
    pub(super) evaluated: f64,
    pub(super) evaluators: &'static [&'static str],
    /// Entries of the do-not-call list that came from outside in the half year before.
    pub(super) old_dnc_entries: i64,
}

/// Telephone numbers that nobody has: `prefix` and then a number from `low` on, of which there are `span`.
pub(super) struct Numbers {
    pub(super) prefix: &'static str,
    pub(super) low: u64,
    pub(super) span: u64,
}

/// A campaign.
pub(super) struct Plan {
    pub(super) name: &'static str,
    /// In hundredths of a percent.
    pub(super) cap: i64,
    /// Local minutes of the day; the end may be before the start: over midnight.
    pub(super) hours: Option<(i64, i64)>,
    /// Days before today that it was created.
    pub(super) age: i64,
    pub(super) leads: usize,
    /// The zones of its leads; none is the campaign's own.
    pub(super) zones: &'static [(u32, Option<Tz>)],
    /// Shares of all attempts: a person answers, the dialer drops that person, a machine answers.
    pub(super) contact: f64,
    pub(super) abandoned: f64,
    pub(super) machine: f64,
    /// The mean length of a conversation, in seconds.
    pub(super) talk: i64,
    /// What an average agent sells, and in which share of conversations.
    pub(super) sale: Option<(&'static str, f64)>,
    /// How the other conversations end.
    pub(super) others: &'static [(u32, &'static str)],
}

/// Agents of one team who work the same campaigns.
pub(super) struct Crew {
    pub(super) team: Option<&'static str>,
    pub(super) members: &'static [&'static str],
    /// Dealt to the members in turn.
    pub(super) shifts: &'static [Shift],
    /// The shift of everybody on Saturday, where it is another one.
    pub(super) saturday: Option<Shift>,
    /// How likely a member works, Monday to Sunday.
    pub(super) presence: [f64; 7],
    /// Weights and indexes of `campaigns`.
    pub(super) campaigns: &'static [(u32, usize)],
    /// The share of inbound calls among the agents' calls.
    pub(super) inbound: f64,
    /// Index of `cards`.
    pub(super) card: usize,
    /// Mean seconds between two calls, and of the work after one.
    pub(super) wait: i64,
    pub(super) wrap: i64,
}

/// Local minute of the day, and length in minutes.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    pub(super) start: i64,
    pub(super) length: i64,
}

const fn shift(start: i64, length: i64) -> Shift {
    Shift { start, length }
}

const fn at(hour: i64, minute: i64) -> i64 {
    hour * 60 + minute
}

const OFFICE_WEEK: [f64; 7] = [0.92, 0.90, 0.90, 0.88, 0.80, 0.30, 0.0];
const EVENING_WEEK: [f64; 7] = [0.80, 0.80, 0.80, 0.85, 0.85, 0.60, 0.35];

/// A morning and an afternoon half leave the dip at lunch.
const ACME_SHIFTS: &[Shift] =
    &[shift(at(9, 0), 270), shift(at(15, 0), 270), shift(at(10, 0), 270), shift(at(16, 0), 285)];
const GLOBEX_SHIFTS: &[Shift] =
    &[shift(at(9, 0), 240), shift(at(13, 30), 270), shift(at(9, 30), 240), shift(at(14, 0), 300)];

const SPAIN: &[(u32, Option<Tz>)] = &[(90, None), (7, Some(Atlantic::Canary)), (3, Some(Europe::Lisbon))];
const UNITED_STATES: &[(u32, Option<Tz>)] = &[
    (80, None),
    (6, Some(America::New_York)),
    (8, Some(America::Chicago)),
    (3, Some(America::Denver)),
    (3, Some(America::Los_Angeles)),
];

/// The two centres, in the order of [`TENANTS`].
pub(super) const CENTRES: [Centre; 2] = [ACME, GLOBEX];

const ACME: Centre = Centre {
    tenant: TENANTS[0],
    zone: Europe::Madrid,
    // Spain has reserved no numbers for fiction, but its subscribers' numbers begin with 5 to 9, so these reach nobody.
    numbers: Numbers { prefix: "+342", low: 0, span: 100_000_000 },
    campaigns: &[
        // Close below its cap.
        Plan {
            name: "Fibre sales",
            cap: 300,
            hours: Some((at(9, 0), at(21, 0))),
            age: 210,
            leads: 4_200,
            zones: SPAIN,
            contact: 0.215,
            abandoned: 0.0275,
            machine: 0.23,
            talk: 410,
            sale: Some(("SALE", 0.10)),
            others: &[(57, "NI"), (17, "CB"), (12, "INFO"), (7, "WN"), (4, "DNC"), (2, "TPV_HOLD")],
        },
        Plan {
            name: "Mobile retention",
            cap: 300,
            hours: Some((at(9, 0), at(21, 0))),
            age: 320,
            leads: 2_200,
            zones: SPAIN,
            contact: 0.27,
            abandoned: 0.018,
            machine: 0.2,
            talk: 470,
            sale: Some(("RENEW", 0.17)),
            others: &[(48, "NI"), (22, "CB"), (20, "INFO"), (3, "WN"), (3, "DNC"), (2, "TPV_HOLD")],
        },
        Plan {
            name: "Customer survey",
            cap: 200,
            hours: None,
            age: 75,
            leads: 1_900,
            zones: SPAIN,
            contact: 0.25,
            abandoned: 0.012,
            machine: 0.21,
            talk: 280,
            sale: None,
            others: &[(46, "SURVEY"), (32, "NI"), (13, "CB"), (5, "WN"), (4, "DNC")],
        },
        // Breaches its cap.
        Plan {
            name: "Early collections",
            cap: 300,
            hours: Some((at(9, 0), at(19, 0))),
            age: 160,
            leads: 1_700,
            zones: SPAIN,
            contact: 0.2,
            abandoned: 0.037,
            machine: 0.25,
            talk: 440,
            sale: Some(("PAID", 0.09)),
            others: &[(46, "PTP"), (20, "CB"), (18, "NI"), (12, "WN"), (2, "DNC")],
        },
        // Runs over midnight.
        Plan {
            name: "Late callbacks",
            cap: 150,
            hours: Some((at(20, 0), at(2, 0))),
            age: 48,
            leads: 800,
            zones: SPAIN,
            contact: 0.34,
            abandoned: 0.009,
            machine: 0.16,
            talk: 460,
            sale: Some(("SALE", 0.14)),
            others: &[(40, "SERV"), (25, "INFO"), (20, "NI"), (12, "CB"), (2, "WN"), (1, "DNC")],
        },
        // New: nobody calls it yet.
        Plan {
            name: "Business fibre launch",
            cap: 300,
            hours: None,
            age: 1,
            leads: 400,
            zones: SPAIN,
            contact: 0.2,
            abandoned: 0.0,
            machine: 0.2,
            talk: 400,
            sale: None,
            others: &[],
        },
    ],
    crews: &[
        Crew {
            team: Some("Sales"),
            members: &[
                "Lucía Romero",
                "Hugo Navarro",
                "Martina Gil",
                "Daniel Ortega",
                "Paula Serrano",
                "Álvaro Molina",
                "Carmen Vidal",
                "Sergio Cano",
                "Elena Prieto",
                "Iván Rubio",
            ],
            shifts: ACME_SHIFTS,
            saturday: Some(shift(at(9, 30), 240)),
            presence: OFFICE_WEEK,
            campaigns: &[(88, 0), (12, 2)],
            inbound: 0.06,
            card: 0,
            wait: 205,
            wrap: 105,
        },
        Crew {
            team: Some("Retention"),
            members: &["Nuria Campos", "Óscar Peña", "Irene Lozano", "Marcos Soler", "Alba Cruz", "Rubén Pastor"],
            shifts: ACME_SHIFTS,
            saturday: Some(shift(at(9, 30), 240)),
            presence: OFFICE_WEEK,
            campaigns: &[(75, 1), (25, 2)],
            inbound: 0.25,
            card: 1,
            wait: 215,
            wrap: 115,
        },
        Crew {
            team: Some("Retention"),
            members: &["Julia Bravo", "Adrián Reyes", "Sofía Marín"],
            shifts: &[shift(at(20, 0), 330)],
            saturday: None,
            presence: EVENING_WEEK,
            campaigns: &[(1, 4)],
            inbound: 0.12,
            card: 1,
            wait: 330,
            wrap: 120,
        },
        Crew {
            team: Some("Collections"),
            members: &["Víctor Ibáñez", "Clara Fuentes", "Gonzalo Herrero", "Marta Lara", "Diego Santos"],
            shifts: &[shift(at(9, 0), 270), shift(at(14, 30), 270)],
            saturday: Some(shift(at(9, 30), 210)),
            presence: OFFICE_WEEK,
            campaigns: &[(1, 3)],
            inbound: 0.12,
            card: 1,
            wait: 215,
            wrap: 125,
        },
        // A trainee, not yet in a team.
        Crew {
            team: None,
            members: &["Noa Esteban"],
            shifts: &[shift(at(10, 0), 240)],
            saturday: None,
            presence: [0.9, 0.9, 0.9, 0.9, 0.9, 0.0, 0.0],
            campaigns: &[(1, 2)],
            inbound: 0.0,
            card: 1,
            wait: 280,
            wrap: 150,
        },
    ],
    cards: &ACME_CARDS,
    rules: &ACME_RULES,
    evaluated: 0.031,
    evaluators: &["qa.rivas", "qa.montero"],
    old_dnc_entries: 640,
};

const GLOBEX: Centre = Centre {
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
            abandoned: 0.0275,
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
            shifts: GLOBEX_SHIFTS,
            saturday: Some(shift(at(10, 0), 180)),
            presence: [0.85, 0.85, 0.85, 0.82, 0.75, 0.25, 0.0],
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
            shifts: GLOBEX_SHIFTS,
            saturday: Some(shift(at(10, 0), 180)),
            presence: [0.85, 0.85, 0.85, 0.82, 0.75, 0.25, 0.0],
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
