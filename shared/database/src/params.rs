//! Named parameters of a statement.

use aws_sdk_rdsdata::types::{Field, SqlParameter};
use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

/// Named parameters, each to be cast in the SQL. Values never reach a log.
#[derive(Clone, Default)]
pub struct Params(Vec<SqlParameter>);

impl Params {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    fn field(mut self, name: &str, value: Field) -> Self {
        self.0.push(SqlParameter::builder().name(name).value(value).build());
        self
    }

    fn optional(self, name: &str, value: Option<Field>) -> Self {
        self.field(name, value.unwrap_or(Field::IsNull(true)))
    }

    /// `:name::text`. NULL for `None`.
    pub fn text<'a>(self, name: &str, value: impl Into<Option<&'a str>>) -> Self {
        self.optional(name, value.into().map(|text| Field::StringValue(text.to_owned())))
    }

    /// `:name::uuid`. NULL for `None`.
    pub fn uuid(self, name: &str, value: impl Into<Option<Uuid>>) -> Self {
        self.optional(name, value.into().map(|id| Field::StringValue(id.to_string())))
    }

    /// `instant(:name::text)`, in microseconds. NULL for `None`.
    ///
    /// Not `:name::timestamptz` where rows are compared with it: see `migrations/0005_instants.sql`.
    pub fn instant(self, name: &str, value: impl Into<Option<DateTime<Utc>>>) -> Self {
        self.optional(name, value.into().map(|at| Field::StringValue(at.to_rfc3339_opts(SecondsFormat::Micros, true))))
    }

    /// `:name::bigint`. NULL for `None`.
    pub fn integer(self, name: &str, value: impl Into<Option<i64>>) -> Self {
        self.optional(name, value.into().map(Field::LongValue))
    }

    /// `:name::boolean`. NULL for `None`.
    pub fn flag(self, name: &str, value: impl Into<Option<bool>>) -> Self {
        self.optional(name, value.into().map(Field::BooleanValue))
    }

    /// `:name::bytea`. NULL for `None`.
    pub fn bytes<'a>(self, name: &str, value: impl Into<Option<&'a [u8]>>) -> Self {
        self.optional(name, value.into().map(|bytes| Field::BlobValue(bytes.into())))
    }

    /// The names, in the order given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(SqlParameter::name)
    }

    pub(crate) fn into_inner(self) -> Vec<SqlParameter> {
        self.0
    }
}
