//! Our gateway in a process of its own.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::process::{Child, Command};
use xtask::desktop::Desktop;

use crate::eventually;
use crate::node::http;
use crate::programs::program;

/// A gateway process with a database in the desktop's folder.
pub struct GatewayProcess {
    _process: Child,
    url: String,
    http: reqwest::Client,
}

impl GatewayProcess {
    /// Starts a gateway on a free port.
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

    /// The base URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Signs in; returns the access token.
    pub async fn token(&self, email: &str, password: &str) -> String {
        let answer = self.post("/api/v1/auth/login", "", json!({ "email": email, "password": password })).await;
        answer["accessToken"].as_str().unwrap().to_owned()
    }

    /// Books a seat on the first flight; returns the booking.
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

    /// Sends a POST request; returns the `data` of its answer.
    pub async fn post(&self, path: &str, token: &str, body: Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(token).json(&body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["success"], true, "{path}: {answer}");
        answer["data"].clone()
    }
}
