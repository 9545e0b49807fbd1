//! From a view to a PDF, by typst.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Timelike, Utc};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::error::messages;
use crate::fonts::FONTS;
use crate::{Error, Header, Pdf};

/// The name by which the template reads the view.
const VIEW: &str = "view.json";

/// What a template may read: the templates. There are no other files, and no packages.
struct Templates {
    library: LazyHash<Library>,
    /// The first is the one that is typeset.
    sources: Vec<Source>,
    view: FileId,
}

static TEMPLATES: LazyLock<Result<Templates, String>> = LazyLock::new(|| {
    let files = [
        ("report.typ", include_str!("../templates/report.typ")),
        ("charts.typ", include_str!("../templates/charts.typ")),
        ("tables.typ", include_str!("../templates/tables.typ")),
        ("style.typ", include_str!("../templates/style.typ")),
    ];
    let sources = files.map(|(name, text)| Ok(Source::new(id(name)?, text.to_owned())));
    Ok(Templates {
        library: LazyHash::new(Library::default()),
        sources: sources.into_iter().collect::<Result<_, String>>()?,
        view: id(VIEW)?,
    })
});

fn id(name: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(name).map_err(|error| format!("{error:?}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The templates and one view.
struct OneReport {
    templates: &'static Templates,
    view: Bytes,
}

impl World for OneReport {
    fn library(&self) -> &LazyHash<Library> {
        &self.templates.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.templates.sources[0].id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.templates.sources.iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.templates.view { Ok(self.view.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.all.get(index).cloned()
    }

    /// Templates have no clock: the same view is the same document.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The document of a view, which is JSON.
pub fn typeset(view: Vec<u8>, header: &Header) -> Result<Pdf, Error> {
    let templates = TEMPLATES.as_ref().map_err(|error| Error::Template(error.clone()))?;
    let world = OneReport { templates, view: Bytes::new(view) };
    let pdf = compile(&world, header);
    // What typst remembers to be faster the next time is of this view, and would stay for as long as the process lives.
    comemo::evict(0);
    pdf
}

fn compile(world: &OneReport, header: &Header) -> Result<Pdf, Error> {
    let document =
        typst::compile::<PagedDocument>(world).output.map_err(|errors| Error::Template(messages(&errors)))?;
    let options = |standards| PdfOptions {
        ident: Smart::Custom(header.report_id.clone()),
        creator: Smart::Custom(Some("Callmetry".into())),
        timestamp: timestamp(header.created_at),
        standards,
        ..PdfOptions::default()
    };
    let accessible =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| Error::Export(error.message().to_string()))?;
    // PDF/UA forbids a character without a glyph, which some marks have only beside the letters of their script. A document
    // that such a name is in has the same tags and does not claim to conform.
    let bytes = typst_pdf::pdf(&document, &options(accessible))
        .or_else(|_| typst_pdf::pdf(&document, &options(PdfStandards::default())))
        .map_err(|errors| Error::Export(messages(&errors)))?;
    Ok(Pdf { bytes, pages: document.pages().len() })
}

/// None for what no PDF can say.
fn timestamp(at: DateTime<Utc>) -> Option<Timestamp> {
    let part = |number: u32| u8::try_from(number).ok();
    let datetime = Datetime::from_ymd_hms(
        at.year(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )?;
    Some(Timestamp::new_utc(datetime))
}
