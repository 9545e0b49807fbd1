//! What the centres check: scorecards for people to fill in, rules for machines to apply.

use callmetry_metrics::score::QuestionKind::{self, Scale1To5, YesNo};

/// A scorecard and its versions, oldest first.
pub(super) struct Card {
    pub(super) versions: &'static [Version],
}

pub(super) struct Version {
    pub(super) name: &'static str,
    /// Days before today that it came into force.
    pub(super) age: i64,
    /// In percent.
    pub(super) pass_score: i64,
    pub(super) questions: &'static [Item],
}

pub(super) struct Item {
    pub(super) id: &'static str,
    pub(super) text: &'static str,
    pub(super) kind: QuestionKind,
    pub(super) weight: i64,
    pub(super) critical: bool,
    pub(super) allow_na: bool,
    /// How much harder than others, 0 to 1.
    pub(super) difficulty: f64,
}

const fn item(id: &'static str, text: &'static str, kind: QuestionKind, weight: i64, difficulty: f64) -> Item {
    Item { id, text, kind, weight, critical: false, allow_na: false, difficulty }
}

const fn critical(item: Item) -> Item {
    Item { critical: true, ..item }
}

const fn optional(item: Item) -> Item {
    Item { allow_na: true, ..item }
}

const DISCLOSURE: Item =
    critical(item("disclosure", "Says that the call is recorded and who is calling", YesNo, 20, 0.0));
const GREETING: Item = item("greeting", "Greets and introduces the company", Scale1To5, 10, 0.0);
const NEEDS: Item = item("needs", "Asks about the customer's needs before offering", Scale1To5, 20, 0.12);
const OBJECTIONS: Item = optional(item("objections", "Answers objections with facts", Scale1To5, 20, 0.18));
const CLOSE: Item = item("close", "Sums up and agrees on the next step", YesNo, 15, 0.1);
const TONE: Item = item("tone", "Is friendly and lets the customer finish", Scale1To5, 15, 0.0);
const IDENTITY: Item = critical(item("identity", "Verifies the customer's identity", YesNo, 20, 0.0));
const KNOWLEDGE: Item = item("knowledge", "Knows the product and the process", Scale1To5, 20, 0.08);
const SOLVED: Item = optional(item("solved", "Solves the matter or says who will", YesNo, 25, 0.15));

/// Acme: sales, revised twelve days ago to ask for more and pass at less, and service.
pub(super) const ACME_CARDS: [Card; 2] = [
    Card {
        versions: &[
            Version {
                name: "Sales conversation",
                age: 140,
                pass_score: 80,
                questions: &[DISCLOSURE, GREETING, NEEDS, OBJECTIONS, CLOSE],
            },
            Version {
                name: "Sales conversation",
                age: 12,
                pass_score: 75,
                questions: &[DISCLOSURE, GREETING, NEEDS, OBJECTIONS, TONE, CLOSE],
            },
        ],
    },
    Card {
        versions: &[Version {
            name: "Service conversation",
            age: 95,
            pass_score: 80,
            questions: &[IDENTITY, GREETING, KNOWLEDGE, SOLVED, TONE],
        }],
    },
];

/// Globex: one for every call.
pub(super) const GLOBEX_CARDS: [Card; 1] = [Card {
    versions: &[Version {
        name: "Call quality",
        age: 200,
        pass_score: 80,
        questions: &[DISCLOSURE, GREETING, NEEDS, KNOWLEDGE, OBJECTIONS, SOLVED, CLOSE],
    }],
}];

/// What an automatic check looks for.
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) severity: &'static str,
    /// How often an average agent fails it; none where the call itself decides.
    pub(super) fails: Option<f64>,
    pub(super) detail: &'static str,
}

const fn rule(name: &'static str, severity: &'static str, fails: f64, detail: &'static str) -> Rule {
    Rule { name, severity, fails: Some(fails), detail }
}

/// The only rule that the call itself decides.
const CALLING_HOURS: Rule = Rule {
    name: "calling_hours",
    severity: "high",
    fails: None,
    detail: "Dialed outside the campaign's hours, by the customer's clock",
};
const IDENTITY_RULE: Rule = rule("identity_verified", "low", 0.05, "Account data given before the identity check");

/// Acme's rules.
pub(super) const ACME_RULES: [Rule; 5] = [
    IDENTITY_RULE,
    rule("recording_notice", "medium", 0.03, "The recording notice was not read"),
    CALLING_HOURS,
    rule("card_data_paused", "high", 0.01, "The recording was not paused while a card number was read out"),
    rule("dnc_scrub", "critical", 0.008, "The number was on the do-not-call list when it was dialed"),
];

/// Globex's rules.
pub(super) const GLOBEX_RULES: [Rule; 5] = [
    IDENTITY_RULE,
    rule("mini_miranda", "medium", 0.03, "The debt collection disclosure was not read"),
    rule("recording_consent", "high", 0.012, "Recorded without consent in a two-party state"),
    CALLING_HOURS,
    rule("tcpa_consent", "critical", 0.012, "No consent on file for a call from an automatic dialer"),
];
