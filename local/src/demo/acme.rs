//! Acme: telecommunications, in Madrid. The figures are tuned so that its reports look like a centre's; see the tests.

use chrono_tz::{Atlantic, Europe, Tz};

use super::TENANTS;
use super::centre::{Centre, Crew, Numbers, Plan, Shift, at, shift};
use super::scorecards::{ACME_CARDS, ACME_RULES};

const OFFICE_WEEK: [f64; 7] = [0.92, 0.90, 0.90, 0.88, 0.80, 0.30, 0.0];
const EVENING_WEEK: [f64; 7] = [0.80, 0.80, 0.80, 0.85, 0.85, 0.60, 0.35];

/// Mornings and afternoons leave the dip at lunch.
const SHIFTS: &[Shift] = &[shift(at(9, 0), 270), shift(at(15, 0), 270), shift(at(10, 0), 270), shift(at(16, 0), 285)];

/// Those in other zones are now and then called outside the campaign's hours.
const SPAIN: &[(u32, Option<Tz>)] = &[(90, None), (7, Some(Atlantic::Canary)), (3, Some(Europe::Lisbon))];

pub(super) const ACME: Centre = Centre {
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
            abandoned: 0.0265,
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
            abandoned: 0.038,
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
            shifts: SHIFTS,
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
            shifts: SHIFTS,
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
