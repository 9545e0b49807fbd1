//! The fonts: names of people and campaigns come in any script.
//!
//! The first family is that of our own text. What it has no glyph for is shown in another that has one. Scripts come in one
//! weight: in a bold line they are a little lighter, and no megabytes larger.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Their sources and licences are in `fonts/README.md`.
const FILES: [&[u8]; 24] = [
    include_bytes!("../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../fonts/NotoSans-Bold.ttf"),
    include_bytes!("../fonts/NotoSansArabic-Regular.ttf"),
    include_bytes!("../fonts/NotoSansArmenian-Regular.ttf"),
    include_bytes!("../fonts/NotoSansBengali-Regular.ttf"),
    include_bytes!("../fonts/NotoSansDevanagari-Regular.ttf"),
    include_bytes!("../fonts/NotoSansEthiopic-Regular.ttf"),
    include_bytes!("../fonts/NotoSansGeorgian-Regular.ttf"),
    include_bytes!("../fonts/NotoSansGujarati-Regular.ttf"),
    include_bytes!("../fonts/NotoSansGurmukhi-Regular.ttf"),
    include_bytes!("../fonts/NotoSansHebrew-Regular.ttf"),
    include_bytes!("../fonts/NotoSansKannada-Regular.ttf"),
    include_bytes!("../fonts/NotoSansKhmer-Regular.ttf"),
    include_bytes!("../fonts/NotoSansLao-Regular.ttf"),
    include_bytes!("../fonts/NotoSansMalayalam-Regular.ttf"),
    include_bytes!("../fonts/NotoSansMyanmar-Regular.ttf"),
    include_bytes!("../fonts/NotoSansOriya-Regular.ttf"),
    include_bytes!("../fonts/NotoSansSinhala-Regular.ttf"),
    include_bytes!("../fonts/NotoSansTamil-Regular.ttf"),
    include_bytes!("../fonts/NotoSansTelugu-Regular.ttf"),
    include_bytes!("../fonts/NotoSansThai-Regular.ttf"),
    include_bytes!("../fonts/NotoSansSymbols2-Regular.ttf"), // arrows, dingbats, some emoji
    include_bytes!("../fonts/NanumSquareR.ttf"),             // Korean
    include_bytes!("../fonts/DroidSansFallbackFull.ttf"),    // Chinese, Japanese
];

/// Fonts that are read, and what typst chooses among them by.
pub struct Fonts {
    /// Their names and what they cover.
    pub book: LazyHash<FontBook>,
    /// In the order of the book.
    pub all: Vec<Font>,
}

/// Read once in a process; the files themselves are not copied.
pub static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let all: Vec<Font> = FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&all)), all }
});

impl Fonts {
    /// Whether there is a glyph for this character.
    pub fn has(&self, c: char) -> bool {
        self.all.iter().any(|font| font.info().coverage.contains(c.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_font() {
        assert_eq!(FONTS.all.len(), FILES.len());
        assert_eq!(FONTS.all[0].info().family, "Noto Sans");
    }

    #[test]
    fn scripts_are_covered() {
        for c in "añßŁΩЖשعकไবதఅกមລმԱአ東あ한−–…→✓\u{fffd}".chars() {
            assert!(FONTS.has(c), "{c}");
        }
    }
}
