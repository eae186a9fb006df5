//! The real window, driven by WebKit's own WebDriver.

use std::process::Stdio;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use xtask::desktop::Desktop;

use crate::programs::program;
use crate::resident_process::ResidentProcess;
use crate::{PATIENCE, eventually};

/// The real window, driven by WebKit's own WebDriver.
pub struct WindowDriver {
    client: Client,
    _driver: Child,
}

impl WindowDriver {
    /// Opens the window on the resident's IPC socket.
    pub async fn open(desktop: &Desktop, resident: &ResidentProcess<'_>) -> Option<Self> {
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

    /// Waits for an element.
    pub async fn find(&self, selector: &str) -> fantoccini::elements::Element {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await {
            Ok(element) => element,
            Err(error) => panic!("{selector} is not on the page ({error}): {}", self.text("body").await),
        }
    }

    /// The element's text content.
    pub async fn text(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0]).textContent.trim()";
        self.script(script, vec![selector.into()]).await.as_str().unwrap().to_owned()
    }

    /// The number of matching elements.
    pub async fn count(&self, selector: &str) -> u64 {
        let script = "return document.querySelectorAll(arguments[0]).length";
        self.script(script, vec![selector.into()]).await.as_u64().unwrap()
    }

    /// Presses Escape in the focused element.
    pub async fn escape(&self) {
        self.client.active_element().await.unwrap().send_keys("\u{e00c}").await.unwrap();
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str, args: Vec<Value>) -> Value {
        self.client.execute(script, args).await.unwrap()
    }

    /// Runs a script that calls its last argument with the result.
    pub async fn wait_for_script(&self, script: &str, args: Vec<Value>) -> Value {
        self.client.execute_async(script, args).await.unwrap()
    }

    /// Reloads the page.
    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// Closes the window.
    pub async fn close(self) {
        self.client.close().await.unwrap();
    }
}
