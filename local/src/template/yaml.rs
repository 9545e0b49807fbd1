//! Looking into YAML.

use anyhow::{Context, Result};
use yaml_serde::Value;

pub fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_mapping().into_iter().flatten().filter_map(|(name, value)| Some((name.as_str()?, value)))
}

pub fn sequence(value: &Value) -> Result<&[Value]> {
    value.as_sequence().map(Vec::as_slice).context("is no list")
}

/// What may be a list or its only element.
pub fn one_or_more(value: &Value) -> &[Value] {
    value.as_sequence().map_or(std::slice::from_ref(value), Vec::as_slice)
}

pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
