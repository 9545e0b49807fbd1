//! IAM: what the roles of `template.yaml` may do, and which of it they have done.
//!
//! Each function signs with an access key of its own. Whoever signs with another key is an administrator of the account, and so
//! is whoever need not sign. Source: the IAM user guide on the evaluation of policies within one account; the words of a refusal
//! are those of its page on access denied errors.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard};

use anyhow::Result;
use axum::http::{HeaderMap, Uri};

use crate::template::{ACCOUNT, Role, Statement, Template};

/// The access key of somebody who may do everything. S3 checks signatures, so there it is this one.
pub const ADMINISTRATOR: &str = "AKIALOCAL";
/// The secret of all access keys.
pub const SECRET_KEY: &str = "local";

/// The access key of a function's role.
pub fn access_key(function: &str) -> String {
    let letters = function.chars().filter(char::is_ascii_alphanumeric);
    format!("ASIA{}", letters.collect::<String>().to_uppercase())
}

/// The account's roles.
pub struct Iam {
    roles: Vec<(String, Role)>,
    used: Mutex<BTreeSet<Grant>>,
}

/// An action on a resource that a statement of a role allows, as the statement has them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The role's name.
    pub role: String,
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
}

/// Who makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller(Option<String>);

/// A refusal, in AWS's words.
#[derive(Debug, thiserror::Error)]
pub struct AccessDenied {
    role: String,
    action: String,
    resource: String,
}

impl fmt::Display for AccessDenied {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role, action, resource } = self;
        write!(
            formatter,
            "User: arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{role} is not authorized to perform: {action} on resource: {resource} \
             because no identity-based policy allows the {action} action"
        )
    }
}

impl Caller {
    /// Who signed a request, in its header or in its address.
    pub fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let header = headers.get("authorization").and_then(|value| value.to_str().ok());
        let credential = match header {
            Some(header) => header.split_once("Credential=").map(|(_, rest)| rest),
            None => uri.query().and_then(|query| query.split_once("X-Amz-Credential=")).map(|(_, rest)| rest),
        };
        let is_key = |letter: char| letter.is_ascii_alphanumeric();
        Self(credential.map(|rest| rest.chars().take_while(|letter| is_key(*letter)).collect()))
    }
}

impl Iam {
    /// The template's roles; those of functions have access keys.
    pub fn new(template: &Template) -> Result<Self> {
        let functions = template.functions()?;
        let key = |role: &Role| {
            let function = functions.iter().find(|function| function.full_name == role.name);
            function.map_or_else(String::new, |function| access_key(&function.name))
        };
        let roles = template.roles()?.into_iter().map(|role| (key(&role), role)).collect();
        Ok(Self { roles, used: Mutex::default() })
    }

    /// The access keys of functions.
    pub fn access_keys(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(|(key, _)| key.as_str()).filter(|key| !key.is_empty())
    }

    /// Whether a caller may do this now; `context` is what conditions ask for.
    pub fn check(
        &self,
        caller: &Caller,
        action: &str,
        resource: &str,
        context: &[(&str, &str)],
    ) -> Result<(), AccessDenied> {
        let key = caller.0.as_deref().unwrap_or_default();
        match self.roles.iter().find(|(own, _)| !own.is_empty() && own == key) {
            Some((_, role)) => self.check_role(role, action, resource, context),
            None => Ok(()),
        }
    }

    /// Whether a role of this name may do this now. There may be no such role.
    pub fn check_named(&self, name: &str, action: &str, resource: &str) -> Result<(), AccessDenied> {
        match self.roles.iter().find(|(_, role)| role.name == name) {
            Some((_, role)) => self.check_role(role, action, resource, &[]),
            None => Err(AccessDenied { role: name.into(), action: action.into(), resource: resource.into() }),
        }
    }

    fn check_role(
        &self,
        role: &Role,
        action: &str,
        resource: &str,
        context: &[(&str, &str)],
    ) -> Result<(), AccessDenied> {
        let grants = role.statements.iter().filter_map(|statement| {
            let granted = statement.grants(action, resource, context)?;
            Some(Grant { role: role.name.clone(), action: granted.0.to_owned(), resource: granted.1.to_owned() })
        });
        let mut grants = grants.peekable();
        if grants.peek().is_none() {
            return Err(AccessDenied { role: role.name.clone(), action: action.into(), resource: resource.into() });
        }
        self.used().extend(grants);
        Ok(())
    }

    fn used(&self) -> MutexGuard<'_, BTreeSet<Grant>> {
        self.used.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// What is allowed and has not been made use of so far.
    pub fn unused(&self) -> Vec<Grant> {
        let used = self.used();
        let all = self.roles.iter().flat_map(|(_, role)| role.grants());
        all.filter(|grant| !used.contains(grant)).collect()
    }
}

impl Role {
    fn grants(&self) -> impl Iterator<Item = Grant> {
        let pairs = self.statements.iter().flat_map(|statement| {
            let resources = statement.resources.iter();
            resources.flat_map(|resource| statement.actions.iter().map(move |action| (action, resource)))
        });
        pairs.map(|(action, resource)| Grant {
            role: self.name.clone(),
            action: action.clone(),
            resource: resource.clone(),
        })
    }
}

impl Statement {
    /// The action and the resource of this statement that allow the request.
    fn grants(&self, action: &str, resource: &str, context: &[(&str, &str)]) -> Option<(&str, &str)> {
        let holds = |(key, values): (&String, &Vec<String>)| {
            let found = context.iter().find(|(name, _)| name == key);
            found.is_some_and(|(_, value)| values.iter().any(|one| one == value))
        };
        // Actions are the same in any case of their letters.
        let lower = action.to_lowercase();
        let granted = self.actions.iter().find(|pattern| matches(&pattern.to_lowercase(), &lower))?;
        let on = self.resources.iter().find(|pattern| matches(pattern, resource))?;
        self.conditions.iter().all(holds).then_some((granted, on))
    }
}

/// `*` stands for any letters, none among them, and `?` for one.
fn matches(pattern: &str, text: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return text.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    let mut letters = text.chars();
    match first {
        '*' => matches(rest, text) || (letters.next().is_some() && matches(pattern, letters.as_str())),
        '?' => letters.next().is_some() && matches(rest, letters.as_str()),
        _ => letters.next() == Some(first) && matches(rest, letters.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        Statement {
            actions: texts(&["s3:Get*", "ses:SendEmail"]),
            resources: texts(&["arn:aws:s3:::b/reports/*", "arn:x"]),
            conditions: [("ses:FromAddress".to_owned(), texts(&["a@b"]))].into(),
        }
    }

    #[test]
    fn a_statement_allows_what_it_names_and_nothing_else() {
        let context = [("ses:FromAddress", "a@b")];
        let allows = |action, resource| statement().grants(action, resource, &context).is_some();
        assert!(allows("s3:GetObject", "arn:aws:s3:::b/reports/1") && allows("s3:getobject", "arn:x"));
        assert!(!allows("s3:PutObject", "arn:x") && !allows("s3:GetObject", "arn:aws:s3:::b/tick"));
        assert!(!allows("s3:GetObject", "arn:xy") && !allows("ses:Send", "arn:x"));
        assert!(statement().grants("s3:GetObject", "arn:x", &[]).is_none(), "a condition without its key");
        assert!(statement().grants("s3:GetObject", "arn:x", &[("ses:FromAddress", "c@b")]).is_none());
    }

    #[test]
    fn wildcards() {
        assert!(matches("a*c", "abbc") && matches("a*", "a") && matches("*", "") && matches("a?c", "abc"));
        assert!(!matches("a*c", "ab") && !matches("a?c", "ac") && !matches("", "a"));
    }

    #[test]
    fn the_caller_is_whose_key_signed() {
        let of = |header: &str, uri: &str| {
            let mut headers = HeaderMap::new();
            if !header.is_empty() {
                headers.insert("authorization", header.parse().expect("a header"));
            }
            Caller::of(&headers, &uri.parse().expect("an address")).0
        };
        let key = Some("ASIACLAIM".to_owned());
        assert_eq!(access_key("claim"), "ASIACLAIM");
        assert_eq!(
            of("AWS4-HMAC-SHA256 Credential=ASIACLAIM/20260101/eu-west-1/s3/aws4_request, Signature=x", "/"),
            key
        );
        assert_eq!(of("", "/b/k?X-Amz-Credential=ASIACLAIM%2F20260101&X-Amz-Signature=x"), key);
        assert_eq!(of("", "/b/k"), None);
    }
}
