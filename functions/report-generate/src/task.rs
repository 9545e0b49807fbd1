//! What making any file needs.

use std::time::Duration;

use callmetry_database::{Database, Error};
use callmetry_metrics::Window;
use callmetry_metrics::headlines::Headlines;
use callmetry_ondemand::{Format, Work};
use callmetry_pdf::{Body, Header};
use callmetry_render::{HeadlineText, Period};
use callmetry_reports::ondemand::Filter;
use tokio::time::Instant;

use crate::draft::Draft;
use crate::failure::Failure;

/// One file to be made.
pub struct Task<'a> {
    pub database: &'a Database,
    pub report_id: &'a str,
    pub work: &'a Work,
    pub window: Window,
}

/// What is known of a file beside its bytes.
#[derive(Default)]
pub struct Facts {
    pub document: Option<Document>,
    pub headlines: Option<Vec<HeadlineText>>,
}

/// What is known of a document.
#[derive(Clone, Copy)]
pub struct Document {
    pub pages: usize,
    /// What laying it out took.
    pub took: Duration,
}

impl<'a> Task<'a> {
    pub fn new(database: &'a Database, report_id: &'a str, work: &'a Work) -> Result<Self, Failure> {
        let window = window(work.contents.from, work.contents.to)?;
        Ok(Self { database, report_id, work, window })
    }

    /// Which rows.
    pub fn filter(&self) -> Filter {
        let filters = self.work.contents.filters;
        Filter { campaign_id: filters.campaign_id, agent_id: filters.agent_id }
    }

    /// The table of a CSV; the empty name is the first.
    pub fn section(&self) -> &str {
        self.work.contents.section.as_deref().unwrap_or_default()
    }

    /// Headlines, where a document or a mail shows them; compared with the days before, which `read` reads.
    pub async fn headlines<R: Headlines>(
        &self,
        report: &R,
        read: impl AsyncFnOnce(Window) -> Result<R, Error>,
    ) -> Result<Option<Vec<HeadlineText>>, Failure> {
        let is_shown = self.work.is_mailed || self.work.contents.format == Format::Pdf;
        let Some(previous_from) = self.work.previous_from.filter(|_| is_shown) else { return Ok(None) };
        let previous = read(window(previous_from, self.window.from())?).await?;
        Ok(Some(report.headlines(&previous).into_iter().map(HeadlineText::from).collect()))
    }

    /// Writes a document.
    pub async fn write_document(
        &self,
        draft: &mut Draft<'_>,
        headlines: Option<&[HeadlineText]>,
        body: Body<'_>,
    ) -> Result<Document, Failure> {
        let started = Instant::now();
        let pdf = callmetry_pdf::render(&self.header(headlines), body)?;
        let took = started.elapsed();
        draft.write(&pdf.bytes).await?;
        Ok(Document { pages: pdf.pages, took })
    }

    /// What stands on the first page.
    fn header(&self, headlines: Option<&[HeadlineText]>) -> Header {
        let work = self.work;
        let named = |name: &str, value: &Option<String>, is_asked: bool| {
            // One that is unknown has no rows either.
            is_asked.then(|| (name.to_owned(), value.clone().unwrap_or_else(|| "(unknown)".into())))
        };
        let filters = work.contents.filters;
        let filters = [
            named("Campaign", &work.campaign, filters.campaign_id.is_some()),
            named("Agent", &work.agent, filters.agent_id.is_some()),
        ];
        let utc_days = Period { first: self.window.from().date_naive(), last: self.window.to().date_naive() };
        Header {
            report_id: self.report_id.to_owned(),
            tenant: work.tenant.clone(),
            period: work.contents.days().unwrap_or(utc_days),
            previous: work.previous_days(),
            zone: work.contents.zone().map_or("UTC", |zone| zone.name()).to_owned(),
            filters: filters.into_iter().flatten().collect(),
            created_at: work.created_at,
            headlines: headlines.unwrap_or_default().to_vec(),
        }
    }
}

fn window(from: chrono::DateTime<chrono::Utc>, to: chrono::DateTime<chrono::Utc>) -> Result<Window, Failure> {
    Ok(Window::new(from, to).map_err(|error| Error::Decode(format!("a report's window: {error}")))?)
}
