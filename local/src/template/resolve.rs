//! The intrinsic functions: what is not understood is an error, never a guess.

use anyhow::{Context, Result, bail};
use yaml_serde::Value;

use super::yaml::{entries, one_or_more, scalar, sequence};
use super::{ACCOUNT, REGION, STACK, Template};

impl Template {
    /// Any value, with the intrinsic functions in it resolved.
    pub(super) fn json(&self, value: &Value) -> Result<serde_json::Value> {
        match value {
            Value::Mapping(_) => entries(value).map(|(name, value)| Ok((name.to_owned(), self.json(value)?))).collect(),
            Value::Sequence(parts) => parts.iter().map(|part| self.json(part)).collect(),
            Value::Tagged(_) => Ok(self.text(value)?.into()),
            scalar => Ok(serde_json::to_value(scalar)?),
        }
    }

    /// A scalar, or one of the intrinsic functions that yield one.
    pub(super) fn text(&self, value: &Value) -> Result<String> {
        if let Some(text) = scalar(value) {
            return Ok(text);
        }
        let Value::Tagged(tagged) = value else { bail!("is not a text: {value:?}") };
        match tagged.tag.to_string().as_str() {
            "!Ref" => self.reference(tagged.value.as_str().context("!Ref")?),
            "!GetAtt" => {
                let path = tagged.value.as_str().context("!GetAtt")?;
                let (id, attribute) = path.split_once('.').context("!GetAtt")?;
                self.attribute(id, attribute)
            }
            "!Sub" => self.substitute(tagged.value.as_str().context("!Sub with a list is not known here")?),
            "!If" => {
                let [condition, yes, no] = sequence(&tagged.value)? else { bail!("!If needs three values") };
                self.text(if self.condition(condition.as_str().context("!If")?)? { yes } else { no })
            }
            "!Join" => {
                let [separator, parts] = sequence(&tagged.value)? else { bail!("!Join needs two values") };
                let parts: Vec<String> = match parts {
                    Value::Tagged(_) => vec![self.text(parts)?],
                    parts => sequence(parts)?.iter().map(|part| self.text(part)).collect::<Result<_>>()?,
                };
                Ok(parts.join(separator.as_str().unwrap_or_default()))
            }
            "!Select" => {
                let [index, list] = sequence(&tagged.value)? else { bail!("!Select needs two values") };
                let index: usize = self.text(index)?.parse().context("!Select")?;
                self.list(list)?.into_iter().nth(index).context("!Select: the list is shorter")
            }
            tag => bail!("{tag} is not known here"),
        }
    }

    /// One text or several, without those that are `AWS::NoValue`.
    pub(super) fn texts(&self, value: &Value) -> Result<Vec<String>> {
        one_or_more(value).iter().filter_map(|value| self.text_or_nothing(value).transpose()).collect()
    }

    fn text_or_nothing(&self, value: &Value) -> Result<Option<String>> {
        match value {
            Value::Null => Ok(None),
            Value::Tagged(tagged) if tagged.tag == "If" => {
                let [condition, yes, no] = sequence(&tagged.value)? else { bail!("!If needs three values") };
                self.text_or_nothing(if self.condition(condition.as_str().context("!If")?)? { yes } else { no })
            }
            Value::Tagged(tagged) if tagged.tag == "Ref" && tagged.value.as_str() == Some("AWS::NoValue") => Ok(None),
            value => self.text(value).map(Some),
        }
    }

    /// The parts of `!Split`.
    fn list(&self, value: &Value) -> Result<Vec<String>> {
        match value {
            Value::Tagged(tagged) if tagged.tag == "Split" => {
                let [separator, text] = sequence(&tagged.value)? else { bail!("!Split needs two values") };
                let separator = self.text(separator)?;
                Ok(self.text(text)?.split(&separator).map(str::to_owned).collect())
            }
            _ => bail!("a list that is not of !Split is not known here"),
        }
    }

    pub(super) fn condition(&self, name: &str) -> Result<bool> {
        self.holds(&self.document["Conditions"][name]).with_context(|| format!("condition {name}"))
    }

    fn holds(&self, value: &Value) -> Result<bool> {
        let Value::Tagged(tagged) = value else { bail!("is no condition") };
        let parts = || sequence(&tagged.value);
        match tagged.tag.to_string().as_str() {
            "!Equals" => {
                let [left, right] = parts()? else { bail!("!Equals needs two values") };
                Ok(self.text(left)? == self.text(right)?)
            }
            "!Not" => Ok(!self.holds(parts()?.first().context("!Not")?)?),
            "!And" => parts()?.iter().try_fold(true, |all, part| Ok(all && self.holds(part)?)),
            "!Or" => parts()?.iter().try_fold(false, |any, part| Ok(any || self.holds(part)?)),
            "!Condition" => self.condition(tagged.value.as_str().context("!Condition")?),
            tag => bail!("{tag} is not known here"),
        }
    }

    /// `${Name}` and `${Name.Attribute}`; `${!Name}` is a literal `${Name}`.
    fn substitute(&self, text: &str) -> Result<String> {
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            result.push_str(before);
            let (name, after) = after.split_once('}').context("!Sub without }")?;
            match (name.strip_prefix('!'), name.split_once('.')) {
                (Some(literal), _) => result.push_str(&format!("${{{literal}}}")),
                (None, Some((id, attribute))) => result.push_str(&self.attribute(id, attribute)?),
                (None, None) => result.push_str(&self.reference(name)?),
            }
            rest = after;
        }
        result.push_str(rest);
        Ok(result)
    }

    pub(super) fn reference(&self, name: &str) -> Result<String> {
        match name {
            "AWS::StackName" => return Ok(STACK.into()),
            "AWS::Region" => return Ok(REGION.into()),
            "AWS::AccountId" => return Ok(ACCOUNT.into()),
            "AWS::Partition" => return Ok("aws".into()),
            "AWS::URLSuffix" => return Ok("amazonaws.com".into()),
            _ => {}
        }
        if let Some(value) = self.parameters.get(name) {
            return Ok(value.clone());
        }
        let resource =
            self.document["Resources"].get(name).with_context(|| format!("!Ref {name}: there is no such thing"))?;
        match resource["Type"].as_str().unwrap_or_default() {
            "AWS::SecretsManager::Secret" => {
                Ok(format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{STACK}-{name}"))
            }
            "AWS::Serverless::Function" => self.text(&resource["Properties"]["FunctionName"]),
            _ => Ok(format!("{STACK}-{}", name.to_lowercase())),
        }
    }

    pub(super) fn attribute(&self, id: &str, attribute: &str) -> Result<String> {
        let resource =
            self.document["Resources"].get(id).with_context(|| format!("!GetAtt {id}: there is no such resource"))?;
        match (resource["Type"].as_str().unwrap_or_default(), attribute) {
            ("AWS::RDS::DBCluster", "DBClusterArn") => Ok(format!("arn:aws:rds:{REGION}:{ACCOUNT}:cluster:{STACK}")),
            ("AWS::Scheduler::Schedule", "Arn") => {
                Ok(format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{}", self.reference(id)?))
            }
            ("AWS::SQS::Queue", "Arn") => Ok(format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{}", self.reference(id)?)),
            ("AWS::S3::Bucket", "Arn") => Ok(format!("arn:aws:s3:::{}", self.reference(id)?)),
            ("AWS::Serverless::Function", "Arn") => Ok(format!(
                "arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}",
                self.text(&resource["Properties"]["FunctionName"])?
            )),
            ("AWS::IAM::Role", "Arn") => Ok(format!("arn:aws:iam::{ACCOUNT}:role/{}", self.reference(id)?)),
            (kind, _) => bail!("!GetAtt {id}.{attribute}: not known here for {kind}"),
        }
    }
}
