//! Text of anybody's choosing, made fit to stand in a line of ours.

/// How much of a name is shown, in characters.
pub const NAME_LENGTH: usize = 100;

/// One line of at most `length` characters that neither hides nor reorders what stands beside it. White space and control
/// characters become single spaces. What is cut ends with an ellipsis.
pub fn one_line(text: &str, length: usize) -> String {
    let visible: String =
        text.chars().filter(|&c| !is_invisible(c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= length {
        return line;
    }
    let kept: String = line.chars().take(length.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The name of something, or that it has none.
pub fn name(text: &str) -> String {
    let line = one_line(text, NAME_LENGTH);
    if line.is_empty() { "(no name)".into() } else { line }
}

/// Changes of direction (Bidi_Control, Unicode 9.1) and characters without width. Joiners stay: scripts and emoji need them.
fn is_invisible(c: char) -> bool {
    let is_direction =
        matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    is_direction || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_lines() {
        assert_eq!(one_line("Acme\r\nBcc: x@example.com\t\0 GmbH\u{2028}!", 100), "Acme Bcc: x@example.com GmbH !");
        assert_eq!(one_line("a\u{202E}cod.exe\u{2066}b", 100), "acod.exeb");
        assert_eq!(one_line("  東京  コール ", 100), "東京 コール");
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("äöü äöü", 5), "äöü…");
        assert_eq!(name(&"x".repeat(8_000)).chars().count(), NAME_LENGTH);
        assert_eq!(name("\u{200B}\n"), "(no name)");
    }
}
