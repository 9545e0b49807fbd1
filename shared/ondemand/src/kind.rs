//! What reports are about, what their files are, and how far they are.

use serde::{Deserialize, Serialize};

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A summary of calls.
    CallSummary,
    /// What submitted evaluations say.
    QaPerformance,
    /// Compliance checks, and every violation.
    ComplianceAudit,
    /// Agents, the weakest first, and what costs them most.
    AgentCoaching,
    /// Campaigns: the funnel, how attempts ended, and the mood of calls.
    CampaignPerformance,
    /// Raw calls.
    CdrExport,
}

impl Kind {
    /// All of them, by their names.
    pub const CHOICES: [(&'static str, Self); 6] = [
        ("call_summary", Self::CallSummary),
        ("qa_performance", Self::QaPerformance),
        ("compliance_audit", Self::ComplianceAudit),
        ("agent_coaching", Self::AgentCoaching),
        ("campaign_performance", Self::CampaignPerformance),
        ("cdr_export", Self::CdrExport),
    ];

    /// Its name in requests, answers and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CallSummary => "call_summary",
            Self::QaPerformance => "qa_performance",
            Self::ComplianceAudit => "compliance_audit",
            Self::AgentCoaching => "agent_coaching",
            Self::CampaignPerformance => "campaign_performance",
            Self::CdrExport => "cdr_export",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::CallSummary => "Call summary",
            Self::QaPerformance => "QA performance",
            Self::ComplianceAudit => "Compliance audit",
            Self::AgentCoaching => "Agent coaching",
            Self::CampaignPerformance => "Campaign performance",
            Self::CdrExport => "Call records",
        }
    }

    /// What its files are called.
    pub fn file_stem(self) -> &'static str {
        match self {
            // As the export that answers at once calls them.
            Self::CdrExport => "cdrs",
            other => other.as_str(),
        }
    }
}

/// What a report's file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The data as an object.
    Json,
    /// One of its tables.
    Csv,
    /// A document.
    Pdf,
}

impl Format {
    /// All of them, by their names.
    pub const CHOICES: [(&'static str, Self); 3] = [("json", Self::Json), ("csv", Self::Csv), ("pdf", Self::Pdf)];

    /// Its name, which is the extension of a file too.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Pdf => "pdf",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::Pdf => "PDF",
        }
    }

    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => callmetry_render::csv::CONTENT_TYPE,
            Self::Pdf => "application/pdf",
        }
    }
}

/// How far a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being made, or about to be.
    Generating,
    /// There is a file.
    Completed,
    /// There will be none.
    Failed,
}

impl Status {
    /// All of them, by their names.
    pub const CHOICES: [(&'static str, Self); 3] =
        [("generating", Self::Generating), ("completed", Self::Completed), ("failed", Self::Failed)];

    /// Its name in requests, answers and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Generating => "generating",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }
}
