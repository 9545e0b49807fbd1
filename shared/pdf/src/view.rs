//! What a document shows, as the template reads it. Every text is written for people; numbers without a text are lengths, as
//! parts of the room that there is, 0 to 1.

use serde::Serialize;

/// A document.
#[derive(Debug, Serialize)]
pub struct View {
    pub title: &'static str,
    pub tenant: String,
    /// Below the title: what it is about.
    pub period: String,
    pub previous: Option<String>,
    /// Name and value of each.
    pub facts: Vec<(String, String)>,
    pub headlines: Vec<Headline>,
    pub sections: Vec<Section>,
    /// Each figure and what it means.
    pub definitions: Vec<(&'static str, &'static str)>,
}

/// A figure of the first page.
#[derive(Debug, Serialize)]
pub struct Headline {
    pub label: String,
    pub current: String,
    pub previous: String,
    pub change: String,
    /// `better`, `worse` or nothing.
    pub word: &'static str,
}

/// A heading and what stands below it.
#[derive(Debug, Default, Serialize)]
pub struct Section {
    pub title: String,
    /// 1, or 2 for a part of the section before it.
    pub level: usize,
    /// A page of its own, on its side: for tables that are wide.
    pub landscape: bool,
    /// A sentence about it, or that there is nothing.
    pub note: Option<String>,
    pub chart: Option<Chart>,
    pub table: Option<Table>,
}

/// Rows and columns.
#[derive(Debug, Default, Serialize)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Above the rows, where it is found however many pages they fill.
    pub total: Option<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Serialize)]
pub struct Column {
    pub title: &'static str,
    pub kind: ColumnKind,
    /// Its part of the page's width, in proportion to those of the others.
    pub width: f64,
}

/// What a column has.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Anybody's text.
    Text,
    /// Numbers, which line up at the right.
    Number,
    /// Numbers with a bar beside them.
    Bar,
}

/// A cell of a table.
#[derive(Debug, Default, Serialize)]
pub struct Cell {
    pub text: String,
    /// How long its bar is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bar: Option<f64>,
    /// How many rows it stands beside, if more than one. Those after the first do not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
}

/// A drawing.
#[derive(Debug, Serialize)]
pub struct Chart {
    pub kind: ChartKind,
    pub title: &'static str,
    /// What it shows, for whoever does not see it.
    pub alt: String,
    /// Names of the series, the one in front last.
    pub legend: Vec<&'static str>,
    pub ticks: Vec<Tick>,
    pub points: Vec<Point>,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// A column for each point, the series in front of one another.
    Columns,
    /// A line through the points.
    Line,
}

/// A line of the axis.
#[derive(Debug, PartialEq, Serialize)]
pub struct Tick {
    pub at: f64,
    pub label: String,
}

/// A place on the other axis.
#[derive(Debug, Serialize)]
pub struct Point {
    /// Shown below it; not every one has room for it.
    pub label: Option<String>,
    /// The height in each series; none where there is no value.
    pub at: Vec<Option<f64>>,
    /// The value, where there is room for it.
    pub value: Option<String>,
}

impl Section {
    /// A section that is yet to get something to show.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), level: 1, ..Self::default() }
    }

    /// With this table, or with this sentence if it has no rows.
    pub fn with(self, table: Table, when_empty: &str) -> Self {
        if table.rows.is_empty() {
            return Self { note: Some(when_empty.to_owned()), chart: None, table: None, landscape: false, ..self };
        }
        Self { table: Some(table), ..self }
    }
}

impl Table {
    /// Leaves out the rows after so many.
    pub fn shorten(&mut self, rows: usize) {
        self.rows.truncate(rows);
        let left = self.rows.len();
        for (index, row) in self.rows.iter_mut().enumerate() {
            for cell in row {
                // Nothing stands beside more rows than there are.
                cell.rows = cell.rows.map(|beside| beside.min(left - index));
            }
        }
    }
}

impl Column {
    /// Anybody's text.
    pub fn text(title: &'static str, width: f64) -> Self {
        Self { title, kind: ColumnKind::Text, width }
    }

    /// Numbers.
    pub fn number(title: &'static str) -> Self {
        Self { title, kind: ColumnKind::Number, width: 1.0 }
    }

    /// Numbers with bars.
    pub fn bar(title: &'static str) -> Self {
        Self { title, kind: ColumnKind::Bar, width: 2.0 }
    }
}

impl Cell {
    /// A number with a bar that is `part / whole` long.
    pub fn bar(text: String, part: i64, whole: i64) -> Self {
        let length = if whole > 0 { (part as f64 / whole as f64).clamp(0.0, 1.0) } else { 0.0 };
        Self { text, bar: Some(length), rows: None }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, bar: None, rows: None }
    }
}
