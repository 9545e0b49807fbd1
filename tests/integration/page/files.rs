//! The files of the page, and those that it is made of.

use callmetry_testing::{run, shared_stack};
use serde_json::Value;

use crate::http::send;

#[test]
fn files_are_kept_for_ever_and_the_page_is_asked_for_again() {
    run(async {
        let stack = shared_stack().await;
        let http = reqwest::Client::new();
        let page = format!("{}/reports", stack.endpoints.api);
        let answer = send(http.get(&page), None).await;
        assert_eq!((answer.status, answer.content_type()), (200, "text/html; charset=utf-8"));
        assert_eq!(answer.headers["cache-control"], "no-cache");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        for part in
            ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "base-uri 'none'"]
        {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        let again = send(http.get(&page).header("if-none-match", answer.headers["etag"].clone()), None).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        let names: Vec<&str> = answer.text.split('"').filter(|part| part.starts_with("reports/assets/")).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        for name in names {
            let url = format!("{}/{name}", stack.endpoints.api);
            let file = send(http.get(&url).header("accept-encoding", "gzip"), None).await;
            assert_eq!(
                (file.status, &file.headers["cache-control"]),
                (200, &"public, max-age=31536000, immutable".parse().unwrap()),
                "{name}"
            );
            assert_eq!(file.headers["x-content-type-options"], "nosniff");
        }
        let none = send(http.get(format!("{}/reports/assets/main.js", stack.endpoints.api)), None).await;
        assert_eq!((none.status, none.content_type()), (404, "application/problem+json"));
    });
}

/// What is served is what is written: `npm run build` makes nothing else of it.
#[test]
fn what_was_built_is_of_these_sources() {
    let folder = callmetry_local::binaries::workspace().join("functions/reports-page");
    let esbuild = folder.join("node_modules/.bin/esbuild");
    if !esbuild.exists() {
        assert!(std::env::var_os("CI").is_none(), "there is no esbuild");
        say!(
            "skipped: what was built of the page is compared with its sources (`npm ci --prefix functions/reports-page`)"
        );
        return;
    }
    let package: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("package.json")).unwrap()).unwrap();
    let built = callmetry_testing::scratch_dir("page");
    let command = package["scripts"]["build"]
        .as_str()
        .unwrap()
        .replace("--outdir=dist", &format!("--outdir={}", built.display()));
    let mut words = command.split(' ');
    assert_eq!(words.next(), Some("esbuild"));
    let output = std::process::Command::new(esbuild).args(words).current_dir(&folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["page.js", "page.css"] {
        let is_same =
            std::fs::read(built.join(name)).unwrap() == std::fs::read(folder.join("dist").join(name)).unwrap();
        assert!(is_same, "dist/{name} is not of these sources: npm run build --prefix functions/reports-page");
    }
}

/// What README shows and links to in this repository is there.
#[test]
fn the_readmes_own_links_lead_somewhere() {
    let root = callmetry_local::binaries::workspace();
    let text = std::fs::read_to_string(root.join("README.md")).unwrap();
    let links = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap().split('#').next().unwrap());
    let local: Vec<&str> = links.filter(|link| !link.is_empty() && !link.contains("://")).collect();
    assert!(local.len() > 5, "{local:?}");
    for link in local {
        assert!(root.join(link).exists(), "{link}");
    }
}
