//! The figures for people.

use super::measure::{FunctionCost, ReportTiming};

/// Prints both tables.
pub fn print(reports: &[ReportTiming], functions: &[FunctionCost]) {
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
}
