//! How calls end: dispositions, what they mean for a conversation, and hangup causes.

/// A disposition of the tenant's list.
pub(super) struct Disposition {
    pub(super) code: &'static str,
    pub(super) label: &'static str,
    pub(super) category: &'static str,
    pub(super) is_sale: bool,
}

const fn disposition(code: &'static str, label: &'static str, category: &'static str) -> Disposition {
    Disposition { code, label, category, is_sale: false }
}

const fn sale(code: &'static str, label: &'static str) -> Disposition {
    Disposition { code, label, category: "sale", is_sale: true }
}

/// The codes that both centres have defined. `TPV_HOLD` and `XFER_2` are used without: dialers invent codes.
pub(super) const DISPOSITIONS: [Disposition; 16] = [
    sale("SALE", "Sale"),
    sale("RENEW", "Contract renewed"),
    sale("PAID", "Paid on the call"),
    disposition("PTP", "Promise to pay", "contact"),
    disposition("INFO", "Information sent", "contact"),
    disposition("SURVEY", "Survey completed", "contact"),
    disposition("SERV", "Service request solved", "contact"),
    disposition("NI", "Not interested", "contact"),
    disposition("CB", "Callback requested", "callback"),
    disposition("DNC", "Do not call again", "do_not_call"),
    disposition("WN", "Wrong number", "invalid"),
    disposition("INV", "Number not in service", "invalid"),
    disposition("NA", "No answer", "no_contact"),
    disposition("BUSY", "Busy", "no_contact"),
    disposition("AM", "Answering machine", "no_contact"),
    disposition("DROP", "Dropped by the dialer", "no_contact"),
];

/// How a call to the centre ends, with weights.
pub(super) const INBOUND_OUTCOMES: [(u32, &str); 5] =
    [(60, "SERV"), (18, "INFO"), (12, "CB"), (6, "SALE"), (4, "XFER_2")];

/// Whether the dialer leaves a lead alone after this code.
pub(super) fn closes_lead(code: &str) -> bool {
    matches!(code, "SALE" | "RENEW" | "PAID" | "SURVEY" | "DNC" | "WN" | "INV")
}

/// How long such a conversation is, beside the campaign's usual one.
pub(super) fn talk_factor(code: &str) -> f64 {
    match code {
        "SALE" | "RENEW" | "PAID" | "TPV_HOLD" => 1.7,
        "SURVEY" | "SERV" | "PTP" => 1.2,
        "CB" => 0.7,
        "DNC" | "WN" => 0.3,
        _ => 0.9,
    }
}

/// The customer's mood in thousandths, -1000 to 1000, before chance and the agent's skill.
pub(super) fn mood(code: &str) -> i64 {
    match code {
        "SALE" | "RENEW" => 450,
        "SURVEY" | "SERV" | "PAID" => 250,
        "NI" | "PTP" => -150,
        "DNC" => -600,
        _ => 50,
    }
}

/// Why a call ended: FreeSWITCH's name and the Q.850 number. A few are FreeSWITCH's own and have no such number.
pub(super) type Cause = (&'static str, Option<i16>);

pub(super) const NORMAL_CLEARING: Cause = ("NORMAL_CLEARING", Some(16));
pub(super) const ORIGINATOR_CANCEL: Cause = ("ORIGINATOR_CANCEL", None);
pub(super) const NO_ANSWER: Cause = ("NO_ANSWER", Some(19));

/// How a conversation ends: nearly always because somebody hangs up.
pub(super) const AFTER_TALK: [(u32, Cause); 4] = [
    (970, NORMAL_CLEARING),
    (14, ("NORMAL_UNSPECIFIED", Some(31))),
    (9, ("MEDIA_TIMEOUT", None)),
    (7, ("RECOVERY_ON_TIMER_EXPIRE", Some(102))),
];

/// How an attempt ends that nobody answered.
#[derive(Clone, Copy)]
pub(super) struct Failure {
    pub(super) cause: Cause,
    /// The longest time it rings, in seconds.
    pub(super) ring: i64,
    pub(super) code: Option<&'static str>,
}

const fn failure(cause: &'static str, q850: i16, ring: i64, code: Option<&'static str>) -> Failure {
    Failure { cause: (cause, Some(q850)), ring, code }
}

/// The endings of unanswered attempts, with their weights.
pub(super) const FAILURES: [(u32, Failure); 12] = [
    (480, Failure { cause: NO_ANSWER, ring: 35, code: Some("NA") }),
    (170, failure("USER_BUSY", 17, 3, Some("BUSY"))),
    (110, failure("CALL_REJECTED", 21, 12, Some("NA"))),
    (80, failure("NO_USER_RESPONSE", 18, 20, Some("NA"))),
    (40, Failure { cause: ORIGINATOR_CANCEL, ring: 30, code: Some("NA") }),
    (35, failure("SUBSCRIBER_ABSENT", 20, 4, Some("NA"))),
    (35, failure("UNALLOCATED_NUMBER", 1, 2, Some("INV"))),
    (20, failure("NORMAL_TEMPORARY_FAILURE", 41, 2, None)),
    (12, failure("DESTINATION_OUT_OF_ORDER", 27, 3, Some("INV"))),
    (8, failure("INVALID_NUMBER_FORMAT", 28, 1, Some("INV"))),
    (6, failure("NETWORK_OUT_OF_ORDER", 38, 2, None)),
    (4, failure("NORMAL_CIRCUIT_CONGESTION", 34, 2, None)),
];
