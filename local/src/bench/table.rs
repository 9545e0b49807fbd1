//! The figures for people.

use super::digests::DigestCost;
use super::export::ExportCost;
use super::measure::{FunctionCost, ReportTiming};

/// Prints all tables.
pub fn print(
    reports: &[ReportTiming],
    functions: &[FunctionCost],
    export: Option<&ExportCost>,
    digests: Option<&DigestCost>,
) {
    println!(
        "{:<22}{:>14}{:>14}{:>14}{:>14}{:>14}",
        "report (ms)", "gateway p50", "p95", "direct p50", "p95", "added p50"
    );
    for r in reports {
        println!(
            "{:<22}{:>14.1}{:>14.1}{:>14.1}{:>14.1}{:>14.1}",
            r.report, r.gateway_p50_ms, r.gateway_p95_ms, r.direct_p50_ms, r.direct_p95_ms, r.added_p50_ms
        );
    }
    println!("\n{:<22}{:>14}{:>14}{:>14}", "function", "ready (ms)", "memory (MB)", "binary (MB)");
    for f in functions {
        println!("{:<22}{:>14.1}{:>14.1}{:>14.1}", f.function, f.ready_ms, f.peak_memory_mb, f.binary_mb);
    }
    if let Some(e) = export {
        println!(
            "\nexport of {} calls, {:.0} MB: {:.1} s, {:.0} rows/s, {:.0} MB/s, {:.2} times \\copy ({:.1} s), memory {:.0} MB",
            e.calls,
            e.bytes as f64 / 1e6,
            e.export_secs,
            e.rows_per_sec,
            e.mb_per_sec,
            e.export_to_copy,
            e.copy_secs,
            e.peak_memory_mb
        );
    }
    if let Some(d) = digests {
        println!(
            "\n{} digests of {} schedules: {:.0} mails/s, {:.0} with {} ms for each in SES, {:.2} database calls a mail, memory {:.0} MB",
            d.mails,
            d.schedules,
            d.mails_per_sec,
            d.mails_per_sec_with_latency,
            d.latency_ms,
            d.database_calls_per_mail,
            d.peak_memory_mb
        );
    }
}
