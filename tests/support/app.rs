//! The real programs on a real desktop: gateway, resident, window.

use std::ops::Range;
use std::path::PathBuf;
use std::process::{Command as StdCommand, Output, Stdio};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use xtask::desktop::Desktop;

use crate::engine::{EMAIL, PASSWORD};
use crate::node::{PlainGateway, http};
use crate::tray_host::TrayHost;
use crate::{PATIENCE, eventually};

/// A program that was built; `None` (after saying so) when it was not.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = xtask::build::programs_dir(xtask::build::Profile::Debug).join(name);
    if path.is_file() {
        return Some(path);
    }
    crate::missing(&format!("{} (cargo build -p {name})", path.display()));
    None
}

/// A gateway in a process of its own, with a database that survives it.
pub struct Gateway {
    _process: Child,
    url: String,
    http: reqwest::Client,
}

impl Gateway {
    /// Starts one on a free port.
    pub async fn start(desktop: &Desktop) -> Option<Self> {
        let program = program("gatecall-gateway")?;
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let process = Command::new(program)
            .env("GATEWAY_LISTEN", address.to_string())
            .env("GATEWAY_DATABASE", desktop.folder().join("gateway.sqlite3"))
            .env("GATEWAY_PASSWORD_MEMORY_KIB", "64")
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(desktop.folder().join("gateway.log")).unwrap())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let gateway = Self { _process: process, url: format!("http://{address}"), http: http() };
        eventually("the gateway answers", async || {
            gateway.http.get(format!("{}/health", gateway.url)).send().await.ok()
        })
        .await;
        Some(gateway)
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Signs in and gives the access token.
    pub async fn token(&self, email: &str, password: &str) -> String {
        let answer = self.post("/api/v1/auth/login", "", json!({ "email": email, "password": password })).await;
        answer["accessToken"].as_str().unwrap().to_owned()
    }

    /// Books the first flight and gives the booking.
    pub async fn book(&self, token: &str) -> Value {
        let flights: Value =
            self.http.get(format!("{}/api/v1/flights", self.url)).send().await.unwrap().json().await.unwrap();
        let body = json!({
            "flightId": flights["data"][0]["id"],
            "cabinClass": "ECONOMY",
            "passengers": [{ "type": "ADULT", "title": "Mr", "firstName": "John", "lastName": "Doe", "dateOfBirth": "1990-01-01" }],
            "contactInfo": { "email": "test@example.com", "phone": "+1234567890" },
        });
        self.post("/api/v1/bookings", token, body).await
    }

    /// The `data` of a POST's answer.
    pub async fn post(&self, path: &str, token: &str, body: Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(token).json(&body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["success"], true, "{path}: {answer}");
        answer["data"].clone()
    }
}

/// The resident program, and the command line beside it.
pub struct Resident<'a> {
    desktop: &'a Desktop,
    gatecall: PathBuf,
    process: Option<Child>,
}

impl<'a> Resident<'a> {
    /// Not started yet.
    pub fn new(desktop: &'a Desktop) -> Option<Self> {
        Some(Self { desktop, gatecall: program("gatecall")?, process: None })
    }

    /// Its folder.
    pub fn profile(&self) -> PathBuf {
        self.desktop.folder().join("profile")
    }

    /// Where its standard error goes.
    pub fn log(&self) -> PathBuf {
        self.desktop.folder().join("resident.log")
    }

    /// Starts it in the tray, and waits until its line is open.
    pub async fn start(&mut self) {
        let log = std::fs::File::options().append(true).create(true).open(self.log()).unwrap();
        let mut command = Command::from(self.command(&["--hidden"]));
        command.env("GATECALL_LOG", "debug").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(command.kill_on_drop(true).spawn().unwrap());
        eventually("the line is open", async || self.endpoint()).await;
    }

    /// Ends it as a session's end does, and waits for it.
    pub async fn stop(&mut self) {
        let pid = self.process.as_ref().unwrap().id().unwrap().to_string();
        assert!(StdCommand::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.ended().await;
    }

    /// Adds rows to its inbox while it does not run: copies of the first one, as if they had come one by one.
    pub fn add_rows(&self, rows: Range<i64>) {
        let mut inbox = rusqlite::Connection::open(client::database_path(&self.profile())).unwrap();
        let transaction = inbox.transaction().unwrap();
        let mut insert = transaction
            .prepare(
                "INSERT INTO event (account_id, digest, timed, channel, kind, raw, received_ms, thread, pnr, urgency, title, body,
                    outcome_code, outcome_text, outcome_reason)
                 SELECT account_id, 'n' || ?1, 1, channel, kind, raw, received_ms, 'booking:n' || ?1, pnr, urgency, title, body,
                    'inboxOnly', '', outcome_reason FROM event WHERE id = 1",
            )
            .unwrap();
        for row in rows {
            insert.execute([row]).unwrap();
        }
        drop(insert);
        transaction.commit().unwrap();
    }

    /// Waits for its orderly end.
    pub async fn ended(&mut self) {
        let mut process = self.process.take().unwrap();
        let status = tokio::time::timeout(PATIENCE, process.wait()).await.unwrap().unwrap();
        assert!(status.success(), "{status}");
        assert_eq!(self.endpoint(), None, "the socket file goes with it");
    }

    /// The socket of its line.
    pub fn endpoint(&self) -> Option<PathBuf> {
        let runtime = std::fs::read_dir(self.desktop.folder().join("runtime")).unwrap();
        let paths = runtime.map(|entry| entry.unwrap().path());
        paths.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "sock"))
    }

    /// The window's processes: those whose environment names this line. (The driver's does too, and is none of them.)
    pub fn window_processes(&self) -> Vec<u32> {
        let Some(endpoint) = self.endpoint() else { return Vec::new() };
        let line = format!("GATECALL_IPC={}", endpoint.display());
        let processes = std::fs::read_dir("/proc").unwrap();
        let processes = processes.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<u32>().ok());
        let is_ours = |pid: &u32| {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let mut variables = environment.split(|byte| *byte == 0);
            variables.any(|variable| variable == line.as_bytes()) && !name.starts_with("WebKitWebDriver")
        };
        processes.filter(is_ours).collect()
    }

    /// A gatecall of this profile.
    pub fn command(&self, args: &[&str]) -> StdCommand {
        let mut command = self.desktop.command(&self.gatecall);
        command.arg("--profile").arg(self.profile()).args(args);
        command
    }

    /// Signs the traveler in that every server here knows.
    pub async fn login(&self, server: &str) {
        let login = ["login", "--server", server, "--email", EMAIL, "--password-stdin"];
        let output = self.run(&login, PASSWORD).await;
        assert!(output.status.success(), "{output:?}");
    }

    /// Runs a command to its end.
    pub async fn run(&self, args: &[&str], input: &str) -> Output {
        use tokio::io::AsyncWriteExt;
        let mut command = Command::from(self.command(args));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
        tokio::time::timeout(PATIENCE, child.wait_with_output()).await.unwrap().unwrap()
    }

    /// The inbox, as `list` prints it, newest first.
    pub async fn list(&self) -> Vec<Value> {
        let output = self.run(&["list", "--json"], "").await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A person at work: a plain server, a resident in the tray that is signed in there, and its window, online.
pub struct AtWork<'a> {
    /// Where the person is signed in.
    pub server: PlainGateway,
    /// The resident program.
    pub resident: Resident<'a>,
    /// The window on it.
    pub window: Window,
    _tray: TrayHost,
}

impl<'a> AtWork<'a> {
    /// Starts all of it, for a user of this role; `None` (after saying so) where a part is missing.
    pub async fn start(desktop: &'a Desktop, role: &'static str) -> Option<Self> {
        let server = PlainGateway::start(role).await?;
        let mut resident = Resident::new(desktop)?;
        let tray = TrayHost::start(desktop.bus()).await;
        resident.login(&server.url()).await;
        resident.start().await;
        let window = Window::open(desktop, &resident).await?;
        window.find("[data-testid=connection][data-state=online]").await;
        Some(Self { server, resident, window, _tray: tray })
    }

    /// Ends the resident and its window, and starts them again.
    pub async fn anew(mut self, desktop: &'a Desktop) -> Option<Self> {
        self.window.close().await;
        self.resident.stop().await;
        self.resident.start().await;
        self.window = Window::open(desktop, &self.resident).await?;
        Some(self)
    }

    /// Closes the window and ends the resident.
    pub async fn end(mut self) {
        self.window.close().await;
        self.resident.stop().await;
    }
}

/// The real window, driven by WebKit's own WebDriver.
pub struct Window {
    client: Client,
    _driver: Child,
}

impl Window {
    /// Opens it on the resident's line.
    pub async fn open(desktop: &Desktop, resident: &Resident<'_>) -> Option<Self> {
        let binary = program("gatecall-window")?;
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut driver = desktop.command("WebKitWebDriver");
        driver.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]);
        driver.env("TAURI_WEBVIEW_AUTOMATION", "true").env("GATECALL_IPC", resident.endpoint().unwrap());
        driver.env("WEBKIT_DISABLE_COMPOSITING_MODE", "1").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        driver.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut driver = Command::from(driver);
        driver.process_group(0);
        let driver = match driver.kill_on_drop(true).spawn() {
            Ok(driver) => driver,
            Err(error) => {
                crate::missing(&format!("WebKitWebDriver ({error})"));
                return None;
            }
        };
        let options = json!({ "webkitgtk:browserOptions": { "binary": binary, "args": [] } });
        let capabilities = options.as_object().unwrap().clone();
        let client = eventually("the window opens", async || {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities.clone()).connect(&format!("http://127.0.0.1:{port}")).await.ok()
        })
        .await;
        Some(Self { client, _driver: driver })
    }

    /// Waits for the element.
    pub async fn find(&self, selector: &str) -> fantoccini::elements::Element {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await {
            Ok(element) => element,
            Err(error) => panic!("{selector} is not on the page ({error}): {}", self.text("body").await),
        }
    }

    /// The element's text, as the page has it.
    pub async fn text(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0]).textContent.trim()";
        self.script(script, vec![selector.into()]).await.as_str().unwrap().to_owned()
    }

    /// How many such elements the page has.
    pub async fn count(&self, selector: &str) -> u64 {
        let script = "return document.querySelectorAll(arguments[0]).length";
        self.script(script, vec![selector.into()]).await.as_u64().unwrap()
    }

    /// Presses Escape where the focus is.
    pub async fn escape(&self) {
        self.client.active_element().await.unwrap().send_keys("\u{e00c}").await.unwrap();
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str, args: Vec<Value>) -> Value {
        self.client.execute(script, args).await.unwrap()
    }

    /// Runs a script that calls its last argument when it is done.
    pub async fn wait_for_script(&self, script: &str, args: Vec<Value>) -> Value {
        self.client.execute_async(script, args).await.unwrap()
    }

    /// Loads its page again.
    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// Closes it.
    pub async fn close(self) {
        self.client.close().await.unwrap();
    }
}
