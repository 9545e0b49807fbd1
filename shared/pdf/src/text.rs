//! Texts of anybody's choosing.

use callmetry_render::plain;

use crate::fonts::FONTS;

/// How much of a rule or a detail is shown, in characters.
pub const DETAIL_LENGTH: usize = 300;

/// A name.
pub fn name(text: &str) -> String {
    visible(&plain::name(text))
}

/// The name of what may be none of those that have a name.
pub fn name_or(text: Option<&str>, none: &str) -> String {
    text.map_or_else(|| none.to_owned(), name)
}

/// A text of at most [`DETAIL_LENGTH`] characters.
pub fn detail(text: &str) -> String {
    visible(&plain::one_line(text, DETAIL_LENGTH))
}

/// Whether [`detail`] shows less than all of it.
pub fn is_cut(text: &str) -> bool {
    plain::one_line(text, usize::MAX).chars().count() > DETAIL_LENGTH
}

/// What no font has a glyph for becomes the replacement character: PDF/UA allows no text that has no glyph, and a reader who
/// copies the name sees that there was something.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| if c == ' ' || FONTS.has(c) || is_joiner(c) { c } else { char::REPLACEMENT_CHARACTER })
        .collect()
}

/// Joiners and variation selectors are never shown; they change what stands before them.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_shown_is_replaced() {
        assert_eq!(name("Zoë\n李 \u{10FFFF}!"), "Zoë 李 \u{FFFD}!");
        assert_eq!(name_or(None, "No campaign"), "No campaign");
        assert_eq!(name_or(Some(""), "No campaign"), "(no name)");
    }

    #[test]
    fn details_are_cut() {
        let long = "x".repeat(DETAIL_LENGTH + 1);
        assert!(is_cut(&long) && !is_cut(&long[1..]));
        assert_eq!(detail(&long).chars().count(), DETAIL_LENGTH);
    }
}
