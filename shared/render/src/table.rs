//! Rows of one kind under the names of their columns.

use serde::Serialize;
use serde_json::{Map, Value};

/// Rows as JSON objects, and the columns in the order in which the row's type declares them.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Map<String, Value>>,
}

/// One value, by what a spreadsheet may take it for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// Text of anybody's choosing: guarded against being taken for a formula.
    Text(&'a str),
    /// A number, boolean, time or id that we wrote ourselves: never guarded.
    Typed(&'a str),
}

impl Table {
    /// A table of rows. The columns are those of the row's type, also without any row.
    ///
    /// A field that is itself a list or an object is no column.
    pub fn new<'a, R: Serialize + Default + 'a>(
        rows: impl IntoIterator<Item = &'a R>,
    ) -> Result<Self, serde_json::Error> {
        let columns =
            object(&R::default())?.into_iter().filter(|(_, value)| !is_nested(value)).map(|(name, _)| name).collect();
        let rows = rows.into_iter().map(object).collect::<Result<_, _>>()?;
        Ok(Self { columns, rows })
    }

    /// An object's fields as one row.
    pub fn of_one<R: Serialize + Default>(row: &R) -> Result<Self, serde_json::Error> {
        Self::new([row])
    }

    /// The names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// The rows as JSON has them.
    pub fn rows(&self) -> &[Map<String, Value>] {
        &self.rows
    }
}

fn is_nested(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

fn object<R: Serialize>(row: &R) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::to_value(row)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(serde::ser::Error::custom("a row is a struct")),
    }
}
