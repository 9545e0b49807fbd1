//! SQL as text that is known at compile time.

/// One SQL statement, whose first line is its name.
#[derive(Clone, Copy, Debug)]
pub struct Sql(&'static str);

impl Sql {
    /// From the text of a `.sql` file; use [`sql!`](crate::sql!).
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The name in the first line: `reports.campaign_funnel`. It shows up in Performance Insights.
    pub fn name(&self) -> &'static str {
        let line = self.0.lines().next().unwrap_or_default();
        line.strip_prefix("-- ").unwrap_or("unnamed").trim()
    }

    /// What is sent: the name and the statement, without the comments, whose treatment by the service is not documented.
    pub fn text(&self) -> String {
        let mut lines = self.0.lines();
        let mut text = String::with_capacity(self.0.len());
        text.push_str(lines.next().unwrap_or_default());
        for line in lines.filter(|line| !line.trim_start().starts_with("--")) {
            text.push('\n');
            text.push_str(line);
        }
        text
    }
}

/// The statement in a file beside the source: `sql!("sql/campaign_funnel.sql")`.
#[macro_export]
macro_rules! sql {
    ($file:literal) => {
        $crate::Sql::new(include_str!($file))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_comment_is_sent() {
        let sql = Sql::new("-- reports.x\n-- Returns one.\nselect 1 -- kept\n  -- gone\n");
        assert_eq!(sql.name(), "reports.x");
        assert_eq!(sql.text(), "-- reports.x\nselect 1 -- kept");
    }
}
