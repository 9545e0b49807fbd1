//! A real browser: Chromium, driven by its ChromeDriver over WebDriver.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use callmetry_testing::scratch_dir;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long anything on the page may take. Generous: nothing is measured here, and machines are shared.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with a profile of its own. Dropping it ends it.
pub struct Browser {
    pub client: Client,
    pub downloads: PathBuf,
    driver: Child,
}

/// The driver, and what it started: a browser outlives its driver where a test ends early.
impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(group) = self.driver.id() {
            std::process::Command::new("kill").args(["-KILL", "--", &format!("-{group}")]).status().ok();
        }
    }
}

/// What the visitor's device is like.
pub struct Device {
    pub width: u32,
    pub height: u32,
    pub locale: &'static str,
    pub zone: &'static str,
    pub is_dark: bool,
}

impl Default for Device {
    fn default() -> Self {
        Self { width: 1280, height: 900, locale: "en-US", zone: "UTC", is_dark: false }
    }
}

/// A command of Chromium's own protocol.
#[derive(Debug)]
struct DevTools(&'static str, Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base_url: &url::Url, session_id: Option<&str>) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!("session/{}/goog/cdp/execute", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({"cmd": self.0, "params": self.1}).to_string()))
    }
}

fn found(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.is_file())
}

impl Browser {
    /// One on this device; none, with a word, where the machine has no Chromium. CI has to have it.
    pub async fn start(device: Device) -> Option<Self> {
        let (Some(chromium), Some(driver)) = (found(&["chromium", "google-chrome"]), found(&["chromedriver"])) else {
            assert!(std::env::var_os("CI").is_none(), "there is no Chromium with its driver");
            say!(
                "skipped: the page in a browser needs `chromium` and `chromedriver` (Debian: chromium, chromium-driver)"
            );
            return None;
        };
        let folder = scratch_dir("browser");
        let (child, address) = drive(&driver, &folder).await;
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--disable-gpu".into(),
            "--disable-quic".into(),
            "--disable-dev-shm-usage".into(),
            "--no-first-run".into(),
            // Nobody outside this machine is asked for anything.
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-sync".into(),
            format!("--user-data-dir={}", folder.join("profile").display()),
            format!("--window-size={},{}", device.width, device.height),
        ];
        // Its sandbox refuses root.
        if std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
            arguments.push("--no-sandbox".into());
        }
        let options = json!({"goog:chromeOptions": {"binary": chromium, "args": arguments}});
        let Value::Object(capabilities) = options else { unreachable!("an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(Capabilities::from_iter(capabilities))
            .connect(&address)
            .await
            .unwrap();
        let browser = Self { client, downloads: folder.join("downloads"), driver: child };
        browser.become_like(&device).await;
        Some(browser)
    }

    async fn become_like(&self, device: &Device) {
        let mobile = device.width < 600;
        let metrics = json!({"width": device.width, "height": device.height, "deviceScaleFactor": 1, "mobile": mobile});
        self.tools("Emulation.setDeviceMetricsOverride", metrics).await;
        // Both, since some of what is written asks the one and some the other.
        self.tools("Emulation.setLocaleOverride", json!({"locale": device.locale})).await;
        self.tools("Emulation.setTimezoneOverride", json!({"timezoneId": device.zone})).await;
        self.paint(device.is_dark).await;
        let downloads = json!({"behavior": "allow", "downloadPath": self.downloads});
        self.tools("Browser.setDownloadBehavior", downloads).await;
        // What a page does wrong, from its first moment on.
        let source = "window.wrong = []; window.shifts = [];
            addEventListener('securitypolicyviolation', event => wrong.push(`${event.violatedDirective} ${event.blockedURI}`));
            addEventListener('error', event => wrong.push(event.message));
            addEventListener('unhandledrejection', event => wrong.push(String(event.reason)));
            new PerformanceObserver(list => list.getEntries().filter(entry => !entry.hadRecentInput).forEach(entry => shifts.push(
                `${entry.value} at ${entry.startTime}: ${entry.sources.map(({ node, previousRect, currentRect }) =>
                    `${node?.outerHTML?.slice(0, 200)} from ${JSON.stringify(previousRect)} to ${JSON.stringify(currentRect)}`).join('; ')}`)))
                .observe({ type: 'layout-shift', buffered: true })";
        self.tools("Page.addScriptToEvaluateOnNewDocument", json!({"source": source})).await;
    }

    /// Makes the device dark or light.
    pub async fn paint(&self, is_dark: bool) {
        let value = if is_dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": value}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.tools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    pub async fn tools(&self, command: &'static str, parameters: Value) -> Value {
        self.client.issue_cmd(DevTools(command, parameters)).await.unwrap()
    }

    /// Opens an address in place of what is shown.
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// What a script returns.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// What a script says that is given `done`.
    pub async fn wait_for(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        self.client.execute_async(&script, arguments).await.unwrap()
    }

    /// The text of an element, once there is one that has some.
    pub async fn text(&self, css: &str) -> String {
        self.until(&format!("return document.querySelector({})?.innerText || null", json!(css)))
            .await
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Waits until a script returns something.
    pub async fn until(&self, script: &str) -> Value {
        let started = tokio::time::Instant::now();
        loop {
            let value = self.run(script).await;
            if !value.is_null() && value != json!(false) {
                return value;
            }
            if started.elapsed() > PATIENCE {
                let page =
                    self.run("return location.href + '\\n' + document.body.innerText + '\\n' + window.wrong").await;
                panic!("not within {PATIENCE:?}: {script}\n{}", page.as_str().unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn click(&self, css: &str) {
        let element = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        element.unwrap_or_else(|error| panic!("{css}: {error}")).click().await.unwrap();
    }

    pub async fn write(&self, css: &str, text: &str) {
        let element = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await.unwrap();
        element.clear().await.unwrap();
        element.send_keys(text).await.unwrap();
    }

    /// The only file that was downloaded, which is taken away: its name and its bytes.
    pub async fn download(&self) -> (String, Vec<u8>) {
        let started = tokio::time::Instant::now();
        loop {
            let files = std::fs::read_dir(&self.downloads).into_iter().flatten().flatten().map(|entry| entry.path());
            let whole: Vec<_> = files
                .filter(|file| file.extension().is_none_or(|name| name != "crdownload" && name != "tmp"))
                .collect();
            if let [file] = whole.as_slice() {
                let bytes = std::fs::read(file).unwrap();
                std::fs::remove_file(file).unwrap();
                return (file.file_name().unwrap().to_string_lossy().into_owned(), bytes);
            }
            assert!(started.elapsed() < PATIENCE, "nothing was downloaded: {whole:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// That nothing was refused by the page's policy, and nothing failed in it.
    pub async fn nothing_is_wrong(&self) {
        assert_eq!(self.run("return window.wrong").await, json!([]));
    }

    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

/// A driver on a port of its own, and its address. It looks for a port that is free by both versions of IP, one after the other, and
/// ends where somebody takes the second one first.
async fn drive(driver: &Path, folder: &Path) -> (Child, String) {
    for _ in 0..5 {
        if let Some(started) = try_to_drive(driver, folder).await {
            return started;
        }
    }
    panic!("{} did not start", driver.display());
}

async fn try_to_drive(driver: &Path, folder: &Path) -> Option<(Child, String)> {
    let mut child = Command::new(driver)
        .arg("--port=0")
        // Chromium keeps more in its home than in its profile.
        .env("HOME", folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        // "ChromeDriver was started successfully on port 40123."
        if let Some((_, port)) = line.split_once("successfully on port ") {
            // It goes on writing, and must not find nobody listening.
            let address = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some((child, address));
        }
    }
    None
}
