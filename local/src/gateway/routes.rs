//! Which function a method and path lead to: a full match, static segments before `{name}`.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::template::FunctionSettings;

/// All routes, the most specific first.
pub struct Routes(Vec<Route>);

struct Route {
    method: String,
    path: String,
    function: String,
    open: bool,
}

/// A request's route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The function's folder.
    pub function: String,
    /// `GET /api/v1/reports/agents`.
    pub key: String,
    /// Whether nobody asks who calls.
    pub open: bool,
    /// Decoded.
    pub parameters: BTreeMap<String, String>,
}

impl Routes {
    pub fn new(functions: &[FunctionSettings]) -> Self {
        let mut routes: Vec<Route> = functions
            .iter()
            .flat_map(|function| {
                function.routes.iter().map(|route| Route {
                    method: route.0.clone(),
                    path: route.1.clone(),
                    function: function.name.clone(),
                    open: function.open_routes.contains(route),
                })
            })
            .collect();
        routes.sort_by_key(|route| (route.path.matches('{').count(), std::cmp::Reverse(route.path.len())));
        Self(routes)
    }

    pub fn find(&self, method: &str, path: &str) -> Option<Match> {
        self.0.iter().find_map(|route| {
            if route.method != method && route.method != "ANY" {
                return None;
            }
            let parameters = matches(&route.path, path)?;
            Some(Match {
                function: route.function.clone(),
                key: format!("{} {}", route.method, route.path),
                open: route.open,
                parameters,
            })
        })
    }
}

fn matches(pattern: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let (mut expected, mut found) = (pattern.split('/'), path.split('/'));
    let mut parameters = BTreeMap::new();
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return Some(parameters),
            (Some(expected), Some(found)) => {
                let decoded = percent_decode_str(found).decode_utf8_lossy().into_owned();
                match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                    Some(name) if !found.is_empty() => drop(parameters.insert(name.to_owned(), decoded)),
                    None if expected == found => {}
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_segments_beat_names() {
        let function = |name: &str, path: &str| FunctionSettings {
            name: name.into(),
            full_name: name.into(),
            time_out: std::time::Duration::ZERO,
            memory_mb: 0,
            environment: BTreeMap::new(),
            retries: 0,
            rules: vec![],
            dead_letters: None,
            routes: vec![("GET".into(), path.into())],
            open_routes: vec![],
        };
        let routes = Routes::new(&[function("one", "/a/{id}"), function("list", "/a/all")]);
        assert_eq!(routes.find("GET", "/a/all").map(|found| found.function).as_deref(), Some("list"));
        let one = routes.find("GET", "/a/x%20y").expect("a route");
        assert_eq!((one.function.as_str(), one.parameters["id"].as_str()), ("one", "x y"));
        for (method, path) in [("POST", "/a/all"), ("GET", "/a"), ("GET", "/a/"), ("GET", "/a/b/c")] {
            assert_eq!(routes.find(method, path), None, "{method} {path}");
        }
    }
}
