//! Named parameters: `:name` becomes `$1`, outside of literals, quoted names, dollar quotes, comments and `::` casts.

use super::Fault;

/// One statement.
#[derive(Debug, PartialEq, Eq)]
pub struct Statement {
    /// With `$1`, `$2` in place of the names.
    pub text: String,
    /// The name of each, in order.
    pub names: Vec<String>,
}

/// Reads one statement; a second one is refused.
pub fn parse(sql: &str) -> Result<Statement, Fault> {
    let mut statement = Statement { text: String::with_capacity(sql.len()), names: Vec::new() };
    let mut ended = false;
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        let length = token_length(rest, statement.text.chars().last());
        let (token, after) = rest.split_at(length);
        rest = after;
        let is_filler = next.is_whitespace() || token.starts_with("--") || token.starts_with("/*");
        match next {
            ';' => {
                ended = true;
                continue;
            }
            _ if ended && !is_filler => return Err(Fault::validation("Multistatements aren't supported.")),
            ':' if length > 1 && !token.starts_with("::") => {
                let name = &token[1..];
                let index = statement.names.iter().position(|known| known == name).unwrap_or_else(|| {
                    statement.names.push(name.to_owned());
                    statement.names.len() - 1
                });
                statement.text.push_str(&format!("${}", index + 1));
            }
            _ => statement.text.push_str(token),
        }
    }
    if statement.text.trim().is_empty() {
        return Err(Fault::validation("SQL is empty."));
    }
    Ok(statement)
}

fn token_length(text: &str, before: Option<char>) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    if text.starts_with("--") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return block_comment(text);
    }
    if text.starts_with("::") {
        return 2;
    }
    match text.as_bytes()[0] {
        b'\'' => quoted(text, '\'', matches!(before, Some('e' | 'E'))),
        b'"' => quoted(text, '"', false),
        b'$' if !before.is_some_and(is_name) => dollar_quoted(text).unwrap_or(first),
        b':' if text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') => {
            1 + text[1..].find(|c: char| !is_name(c)).unwrap_or(text.len() - 1)
        }
        _ => first,
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Up to the closing quote; a doubled quote, and after a backslash any character, belongs to the text.
fn quoted(text: &str, quote: char, backslashes: bool) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if backslashes && c == '\\' {
            chars.next();
        } else if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
            } else {
                return at + 1;
            }
        }
    }
    text.len()
}

/// `$$...$$` or `$tag$...$tag$`.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag_end = 1 + text[1..].find('$')?;
    let tag = &text[..=tag_end];
    let name = &tag[1..tag_end];
    if name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(is_name) {
        return None;
    }
    Some(text[tag.len()..].find(tag).map_or(text.len(), |at| at + 2 * tag.len()))
}

/// Comments nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(sql: &str) -> (String, Vec<String>) {
        let statement = parse(sql).expect("a statement");
        (statement.text, statement.names)
    }

    #[test]
    fn names_become_numbers_and_the_same_name_the_same_number() {
        let (sql, names) = text("select :a::uuid, :b_1, :a where x = :b_1::text");
        assert_eq!(sql, "select $1::uuid, $2, $1 where x = $2::text");
        assert_eq!(names, ["a", "b_1"]);
    }

    #[test]
    fn what_only_looks_like_a_parameter_is_left_alone() {
        for sql in [
            "select ':a', 'it''s :b', \":c\", '09:00'::time",
            "select $$ :a ; $$, $x$ :b $$ $x$",
            "select 1 -- :a\n",
            "select /* :a /* :b */ ; */ 1",
            "select E'\\':a', x[1:2]",
        ] {
            assert_eq!(text(sql), (sql.to_owned(), vec![]), "{sql}");
        }
    }

    #[test]
    fn a_second_statement_is_refused() {
        assert!(parse("select 1; select 2").is_err());
        assert!(parse("select 1;; -- the end\n /* really */ ").is_ok());
        assert!(parse("  ").is_err());
        assert!(parse("select ';'; ").is_ok());
    }
}
