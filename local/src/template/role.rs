//! The roles of the template: what the policies of each function, and of each role of its own, allow.
//!
//! Known are statements that allow actions on resources, with `StringEquals` for a condition. Anything else is an error.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use yaml_serde::Value;

use super::Template;
use super::yaml::{entries, one_or_more};

/// A role.
#[derive(Clone, Debug)]
pub struct Role {
    /// The full name of its function, or its own.
    pub name: String,
    /// What it allows.
    pub statements: Vec<Statement>,
}

/// A statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Names of actions, with `*` and `?`.
    pub actions: Vec<String>,
    /// ARNs, with `*` and `?`.
    pub resources: Vec<String>,
    /// Of each of these keys the request has one of the values.
    pub conditions: BTreeMap<String, Vec<String>>,
}

impl Template {
    /// The roles of all functions, and those that stand for themselves.
    pub fn roles(&self) -> Result<Vec<Role>> {
        let functions = self.resources("AWS::Serverless::Function").map(|(id, resource)| {
            let properties = &resource["Properties"];
            ensure!(properties["Role"].is_null(), "{id}: a function with a role from elsewhere is not known here");
            let name = self.text(&properties["FunctionName"])?;
            Ok(Role { name, statements: self.statements(one_or_more(&properties["Policies"])).context(id.to_owned())? })
        });
        let roles = self.resources("AWS::IAM::Role").map(|(id, resource)| {
            let policies: Vec<Value> = one_or_more(&resource["Properties"]["Policies"])
                .iter()
                .map(|policy| policy["PolicyDocument"].clone())
                .collect();
            Ok(Role { name: self.reference(id)?, statements: self.statements(&policies).context(id.to_owned())? })
        });
        functions.chain(roles).collect()
    }

    fn statements(&self, documents: &[Value]) -> Result<Vec<Statement>> {
        let mut statements = Vec::new();
        for document in documents.iter().filter(|document| !document.is_null()) {
            ensure!(document.is_mapping(), "a policy that is named is not known here: {document:?}");
            ensure!(document["Version"].as_str() == Some("2012-10-17"), "the Version of a policy has to be 2012-10-17");
            for statement in one_or_more(&document["Statement"]) {
                statements.push(self.statement(statement)?);
            }
        }
        Ok(statements)
    }

    fn statement(&self, statement: &Value) -> Result<Statement> {
        for (name, _) in entries(statement) {
            ensure!(
                ["Sid", "Effect", "Action", "Resource", "Condition"].contains(&name),
                "{name} of a statement is not known here"
            );
        }
        ensure!(statement["Effect"].as_str() == Some("Allow"), "only statements that Allow are known here");
        let mut conditions = BTreeMap::new();
        for (operator, keys) in entries(&statement["Condition"]) {
            ensure!(operator == "StringEquals", "the condition {operator} is not known here");
            for (key, values) in entries(keys) {
                conditions.insert(key.to_owned(), self.texts(values)?);
            }
        }
        let (actions, resources) = (self.texts(&statement["Action"])?, self.texts(&statement["Resource"])?);
        if actions.is_empty() || resources.is_empty() {
            bail!("a statement needs actions and resources");
        }
        Ok(Statement { actions, resources, conditions })
    }
}
