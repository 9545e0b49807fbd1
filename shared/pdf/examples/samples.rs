//! Writes documents of every type, with nothing, little and much in them, to a folder, and says how long each took.
//!
//! Usage: cargo run -p callmetry-pdf --example samples -- DIR [PART-OF-A-NAME]

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use callmetry_pdf::{Body, Header, render};
use samples::{Size, header, headlines};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: samples DIR")?;
    let folder = Path::new(&folder);
    for size in [Size::None, Size::Little, Size::Much] {
        let report = samples::call_summary(size);
        let header_of = header(headlines(&report, &samples::call_summary(Size::Little)), size);
        write(folder, "call_summary", size, &header_of, Body::CallSummary(&report))?;

        let report = samples::qa_performance(size);
        let header_of = header(headlines(&report, &samples::qa_performance(Size::Much)), size);
        write(folder, "qa_performance", size, &header_of, Body::QaPerformance(&report))?;

        let (summary, violations) = samples::compliance_audit(size);
        let header_of = header(headlines(&summary, &samples::compliance_audit(Size::Much).0), size);
        write(folder, "compliance_audit", size, &header_of, Body::ComplianceAudit(summary.with(&violations)))?;

        let report = samples::agent_coaching(size);
        let header_of = header(headlines(&report, &samples::agent_coaching(Size::Little)), size);
        write(folder, "agent_coaching", size, &header_of, Body::AgentCoaching(&report))?;

        let report = samples::campaign_performance(size);
        let header_of = header(headlines(&report, &samples::campaign_performance(Size::Much)), size);
        write(folder, "campaign_performance", size, &header_of, Body::CampaignPerformance(&report))?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, size: Size, header: &Header, body: Body<'_>) -> Result<(), Box<dyn Error>> {
    let file = format!("{name}-{size:?}.pdf").to_lowercase();
    if std::env::args().nth(2).is_some_and(|part| !file.contains(&part)) {
        return Ok(());
    }
    let start = Instant::now();
    let pdf = render(header, body)?;
    let (milliseconds, bytes) = (start.elapsed().as_millis(), pdf.bytes.len());
    println!("{file}: {} pages, {bytes} bytes, {milliseconds} ms", pdf.pages);
    std::fs::write(folder.join(file), pdf.bytes)?;
    Ok(())
}
