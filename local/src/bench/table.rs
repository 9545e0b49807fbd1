//! The figures for people.

use super::Figures;
use super::folding::{FoldingCost, SizeCost};
use super::ondemand::{OndemandCost, ReportCost};

/// Prints all tables.
pub fn print(figures: &Figures) {
    println!(
        "{:<22}{:>14}{:>14}{:>14}{:>14}{:>14}",
        "report (ms)", "gateway p50", "p95", "direct p50", "p95", "added p50"
    );
    for r in &figures.reports {
        println!(
            "{:<22}{:>14.1}{:>14.1}{:>14.1}{:>14.1}{:>14.1}",
            r.report, r.gateway_p50_ms, r.gateway_p95_ms, r.direct_p50_ms, r.direct_p95_ms, r.added_p50_ms
        );
    }
    println!("\n{:<22}{:>14}{:>14}{:>14}", "function", "ready (ms)", "memory (MB)", "binary (MB)");
    for f in &figures.functions {
        println!("{:<22}{:>14.1}{:>14.1}{:>14.1}", f.function, f.ready_ms, f.peak_memory_mb, f.binary_mb);
    }
    if let Some(o) = &figures.ondemand {
        print_ondemand(o, figures.calls);
    }
    if let Some(e) = &figures.export {
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
    if let Some(d) = &figures.digests {
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
    if let Some(f) = &figures.folding {
        print_folding(f);
    }
}

fn print_folding(f: &FoldingCost) {
    for size in [&f.small, &f.large] {
        print_size(size);
    }
    let sizes = [f.small.attempts, f.large.attempts].map(|attempts| format!("{attempts} p50"));
    println!("\n{:<40}{:>14}{:>14}{:>14}", "attempts, in turns (ms)", sizes[0], sizes[1], "ratio");
    for g in &f.growth {
        let name = format!("{}, {}", g.report, g.window);
        println!("{name:<40}{:>14.1}{:>14.1}{:>14.2}", g.small_p50_ms, g.large_p50_ms, g.ratio);
    }
    println!(
        "\ncopying {} attempts: {:.1} s without triggers, {:.1} s with them, {:.2} times as long; {:.1} s without the index of \
         leads either, {:.2} times",
        f.copying.attempts,
        f.copying.without_triggers_secs,
        f.copying.with_triggers_secs,
        f.copying.with_to_without,
        f.copying.bare_secs,
        f.copying.with_to_bare
    );
    println!("\n{:<40}{:>14}{:>14}{:>14}", "touched since (ms)", "as asked p50", "plain p50", "ratio");
    for m in &f.marked {
        println!(
            "{:<40}{:>14.1}{:>14.1}{:>14.2}",
            format!("{}: {}", m.touched, m.report),
            m.asked_p50_ms,
            m.plain_p50_ms,
            m.asked_to_plain
        );
    }
}

fn print_size(size: &SizeCost) {
    println!(
        "\nfolding {} attempts from nothing: {:.1} s, {} steps, the slowest {:.1} s; {:.1} MB beside {:.0} MB: {:.2} %, \
         and {:.0} MB of indexes",
        size.attempts,
        size.folding.secs,
        size.folding.steps,
        size.folding.slowest_step_secs,
        size.room.folded_bytes as f64 / 1e6,
        size.room.dialer_bytes as f64 / 1e6,
        size.room.folded_percent,
        size.room.index_bytes as f64 / 1e6
    );
    println!(
        "{:<40}{:>14}{:>14}{:>14}{:>16}",
        "report, window (ms)", "gateway p50", "p95", "plain p50", "plain / gateway"
    );
    for r in &size.reports {
        println!(
            "{:<40}{:>14.1}{:>14.1}{:>14.1}{:>16.1}",
            format!("{}, {}", r.report, r.window),
            r.gateway_p50_ms,
            r.gateway_p95_ms,
            r.plain_p50_ms,
            r.plain_p50_ms / r.gateway_p50_ms
        );
    }
}

fn print_ondemand(o: &OndemandCost, calls: u64) {
    print_reports(&format!("on demand, a month of {calls} calls"), &o.month);
    println!("memory of one process that made all of these warm: {:.0} MB", o.month_peak_memory_mb);
    if !o.audits.is_empty() {
        print_reports(&format!("on demand, {} violations", o.violations), &o.audits);
    }
    print_reports("on demand, a day of 100 calls", &o.day);
}

fn print_reports(title: &str, reports: &[ReportCost]) {
    println!(
        "\n{title:<40}{:>11}{:>11}{:>11}{:>11}{:>11}{:>11}{:>13}{:>8}{:>13}",
        "cold (ms)", "warm p50", "slowest", "database", "PDF cold", "PDF p50", "file (KB)", "pages", "memory (MB)"
    );
    let optional = |ms: Option<f64>| ms.map_or_else(String::new, |ms| format!("{ms:.1}"));
    for r in reports {
        println!(
            "{:<40}{:>11.0}{:>11.0}{:>11.0}{:>11.0}{:>11}{:>11}{:>13.1}{:>8}{:>13.1}",
            format!("{} {}", r.r#type, r.format),
            r.cold_ms,
            r.warm_ms,
            r.slowest_warm_ms,
            r.database_ms,
            optional(r.cold_pdf_ms),
            optional(r.pdf_ms),
            r.bytes as f64 / 1e3,
            r.pages.map_or_else(String::new, |pages| pages.to_string()),
            r.peak_memory_mb
        );
    }
}
