//! What a client accepts (RFC 9110, 12.5).

/// The quality that a header such as `Accept` or `Accept-Encoding` gives to something by its name, if it names it.
fn quality(header: &str, wanted: &str) -> Option<f32> {
    header.split(',').find_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        parts.next().filter(|name| name.eq_ignore_ascii_case(wanted))?;
        let given = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some(given.map_or(1.0, |q| q.parse().unwrap_or(0.0)))
    })
}

/// Whether an `Accept` header asks for CSV and does not prefer JSON. A star asks for nothing in particular.
pub(crate) fn csv(header: &str) -> bool {
    let json = quality(header, "application/json");
    quality(header, "text/csv").is_some_and(|csv| csv > 0.0 && json.is_none_or(|json| csv >= json))
}

/// Whether an `Accept` header names HTML, as a browser's does.
pub(crate) fn html(header: &str) -> bool {
    quality(header, "text/html").is_some_and(|html| html > 0.0)
}

/// Whether an `Accept-Encoding` header takes gzip.
pub(crate) fn gzip(header: &str) -> bool {
    quality(header, "gzip").or_else(|| quality(header, "*")).is_some_and(|quality| quality > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_by_its_name_or_by_a_star() {
        for taken in ["gzip", "deflate, GZIP", "br;q=1.0, gzip;Q=0.5", "*"] {
            assert!(gzip(taken), "{taken}");
        }
        for refused in ["", "br", "gzip;q=0", "gzip;q=0, *", "identity"] {
            assert!(!gzip(refused), "{refused}");
        }
    }
}
