//! Applies `migrations/` through the Data API: each file once, in order, in a transaction of its own.
//!
//! Forward only. A file that was applied is never changed: its SHA-256 is recorded, and another one stops everything.
//! The Data API takes one statement a call, so a file is cut at every `;` that ends a line outside of a `$$` body.

use sha2::{Digest, Sha256};

use crate::{Database, Error, Params, Sql, sql};

/// One file of `migrations/`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The file's name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        /// Every file of `migrations/`, in order.
        pub const ALL: &[Migration] =
            &[$(Migration { name: $name, text: include_str!(concat!("../../../migrations/", $name)) }),*];
    };
}

migrations![
    "0001_dialer_tables.sql",
    "0002_api_keys.sql",
    "0003_quality_assurance.sql",
    "0004_roles.sql",
    "0005_instants.sql",
    "0006_quality_writes.sql",
    "0007_on_demand_reports.sql",
    "0008_digests.sql",
    "0009_report_types.sql",
    "0010_recurring_reports.sql",
    "0011_operation.sql",
    "0012_folded_counts.sql",
];

const CREATE: Sql = sql!("sql/create_migrations.sql");
const LOCK: Sql = sql!("sql/lock_migrations.sql");
const LIST: Sql = sql!("sql/list_migrations.sql");
const RECORD: Sql = sql!("sql/record_migration.sql");

/// Why migrating stopped.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A file differs from what was applied.
    #[error(
        "migration {name} was changed after it was applied: recorded SHA-256 {recorded}, now {found}. \
         Restore the file and put the change into a new migration."
    )]
    Changed {
        /// The file.
        name: String,
        /// What was applied.
        recorded: String,
        /// What the file is now.
        found: String,
    },
    /// A statement failed; nothing of its file was applied.
    #[error("migration {name}, statement {number}: {source}")]
    Statement {
        /// The file.
        name: &'static str,
        /// Counted from 1.
        number: usize,
        /// Why.
        source: Error,
    },
    /// The database.
    #[error(transparent)]
    Database(#[from] Error),
}

#[derive(serde::Deserialize)]
struct Applied {
    name: String,
    checksum: String,
}

impl Migration {
    /// SHA-256 of the text, in hexadecimal.
    pub fn checksum(&self) -> String {
        Sha256::digest(self.text).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The names of what was applied.
    pub applied: Vec<&'static str>,
    /// Whether the database knows migrations that this code does not. It is left as it is then, so that code can be rolled back.
    pub is_newer: bool,
}

/// Applies what is missing, unless the database is newer than these.
pub async fn apply(database: &Database, migrations: &[Migration]) -> Result<Outcome, MigrationError> {
    create_record(database).await?;
    let known: Vec<Applied> = database.read(LIST, Params::new()).await?;
    if known.iter().any(|applied| migrations.iter().all(|migration| migration.name != applied.name)) {
        return Ok(Outcome { is_newer: true, ..Outcome::default() });
    }
    let mut outcome = Outcome::default();
    for migration in migrations {
        if apply_one(database, migration).await? {
            outcome.applied.push(migration.name);
        }
    }
    Ok(outcome)
}

/// `create table if not exists` is not safe against itself: of two at once, one may fail on the catalogue's unique index, or find
/// that the table or its row type is there after all.
async fn create_record(database: &Database) -> Result<(), Error> {
    match database.write::<()>(CREATE, Params::new()).await {
        Err(error) if ["23505", "42P07", "42710"].iter().any(|state| error.is_sqlstate(state)) => Ok(()),
        outcome => outcome.map(drop),
    }
}

async fn apply_one(database: &Database, migration: &Migration) -> Result<bool, MigrationError> {
    if is_applied(database.read(LIST, Params::new()).await?, migration)? {
        return Ok(false);
    }
    let transaction = database.begin().await?;
    let outcome = async {
        transaction.run::<()>(LOCK, Params::new()).await?;
        if is_applied(transaction.run(LIST, Params::new()).await?, migration)? {
            return Ok(false);
        }
        for (index, statement) in statements(migration.text).iter().enumerate() {
            transaction.run_text(statement).await.map_err(|source| MigrationError::Statement {
                name: migration.name,
                number: index + 1,
                source,
            })?;
        }
        let record = Params::new().text("name", migration.name).text("checksum", migration.checksum().as_str());
        transaction.run::<()>(RECORD, record).await?;
        Ok(true)
    }
    .await;
    match outcome {
        Ok(true) => {
            transaction.commit().await?;
            Ok(true)
        }
        outcome => {
            transaction.rollback().await;
            outcome
        }
    }
}

fn is_applied(applied: Vec<Applied>, migration: &Migration) -> Result<bool, MigrationError> {
    match applied.into_iter().find(|applied| applied.name == migration.name) {
        None => Ok(false),
        Some(applied) if applied.checksum == migration.checksum() => Ok(true),
        Some(applied) => {
            Err(MigrationError::Changed { name: applied.name, recorded: applied.checksum, found: migration.checksum() })
        }
    }
}

/// The statements of a file, without their comments and final semicolons.
fn statements(text: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    let mut in_body = false;
    for line in text.lines() {
        if !in_body && (line.trim_start().starts_with("--") || (current.is_empty() && line.trim().is_empty())) {
            continue;
        }
        in_body ^= line.matches("$$").count() % 2 == 1;
        current.push_str(line);
        current.push('\n');
        if !in_body && line.trim_end().ends_with(';') {
            statements.push(current.trim_end().trim_end_matches(';').to_owned());
            current.clear();
        }
    }
    if !current.trim().is_empty() {
        statements.push(current.trim_end().to_owned());
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        let listed: Vec<&str> = ALL.iter().map(|migration| migration.name).collect();
        assert_eq!(files, listed);
    }

    #[test]
    fn a_file_is_cut_at_the_end_of_each_statement() {
        let text = "-- a comment\ncreate table a (\n  b int\n);\n\ndo $$\nbegin\n  null;\nend\n$$;\nselect 1";
        assert_eq!(statements(text), ["create table a (\n  b int\n)", "do $$\nbegin\n  null;\nend\n$$", "select 1"]);
    }
}
