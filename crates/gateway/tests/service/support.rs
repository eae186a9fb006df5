//! A running service, a signed-in user, and a socket that is awaited with a deadline.

use std::time::Duration;

use domain::Secret;
use gateway::{DEMO_ADMIN, DEMO_CUSTOMER, DemoUser, GatewayConfig, Listeners, ServeError};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use socketio::{CloseReason, ConnectError, ConnectOptions, Emitter, Session, SessionEvent};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Nothing here takes this long unless it never comes.
const DEADLINE: Duration = Duration::from_secs(10);

/// The token of other services, in [`with_ingest`].
pub const SERVICE_TOKEN: &str = "a token for services of 32 bytes!";

/// The demo, open to other services.
pub fn with_ingest() -> GatewayConfig {
    GatewayConfig { service_token: Some(Secret::new(SERVICE_TOKEN)), ..GatewayConfig::embedded() }
}

/// A service on a free port.
pub struct TestGateway {
    pub url: String,
    pub auth_url: String,
    pub http: reqwest::Client,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl TestGateway {
    pub async fn demo() -> Self {
        Self::start(GatewayConfig::embedded()).await
    }

    pub async fn start(config: GatewayConfig) -> Self {
        let booking = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let auth = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", booking.local_addr().unwrap());
        let auth_url = format!("http://{}", auth.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let listeners = Listeners { booking, auth: Some(auth) };
        let task = tokio::spawn(gateway::serve(config, listeners, async move {
            stopped.await.ok();
        }));
        let http = http_client();
        Self { url, auth_url, http, stop, task }
    }

    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        tokio::time::timeout(DEADLINE, self.task).await.unwrap().unwrap().unwrap();
    }

    /// One request; the answer as text, since numbers are looked at digit by digit.
    pub async fn text(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> (StatusCode, String) {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    pub async fn get(&self, path: &str, token: &str) -> (StatusCode, Value) {
        parsed(self.text(Method::GET, path, token, None).await)
    }

    pub async fn post(&self, path: &str, token: &str, body: Value) -> (StatusCode, Value) {
        parsed(self.text(Method::POST, path, token, Some(body)).await)
    }

    pub async fn patch(&self, path: &str, token: &str, body: Value) -> (StatusCode, Value) {
        parsed(self.text(Method::PATCH, path, token, Some(body)).await)
    }

    pub async fn delete(&self, path: &str, token: &str) -> (StatusCode, Value) {
        parsed(self.text(Method::DELETE, path, token, None).await)
    }

    pub async fn customer(&self) -> TestUser {
        self.sign_in(&DEMO_CUSTOMER).await
    }

    pub async fn admin(&self) -> TestUser {
        self.sign_in(&DEMO_ADMIN).await
    }

    async fn sign_in(&self, demo: &DemoUser) -> TestUser {
        let body = json!({ "email": demo.email, "password": demo.password });
        let (status, answer) = self.post("/api/v1/auth/login", "", body).await;
        assert_eq!(status, 200, "{answer}");
        let data = &answer["data"];
        TestUser {
            id: text(&data["user"]["id"]),
            token: text(&data["accessToken"]),
            refresh: text(&data["refreshToken"]),
        }
    }

    /// The seeded flight of a number.
    pub async fn flight(&self, number: &str) -> String {
        let (_, answer) = self.get("/api/v1/flights", "").await;
        let flights = answer["data"].as_array().unwrap();
        text(&flights.iter().find(|flight| flight["flightNumber"] == number).unwrap()["id"])
    }

    /// Books AA123 with the guide's body.
    pub async fn book(&self, user: &TestUser) -> Value {
        let body = guide_booking(&self.flight("AA123").await);
        let (status, answer) = self.post("/api/v1/bookings", &user.token, body).await;
        assert_eq!(status, 201, "{answer}");
        answer["data"].clone()
    }

    pub fn options(&self, token: &str) -> ConnectOptions {
        let mut options = ConnectOptions::new(self.url.parse().unwrap());
        options.auth = json!({ "token": token });
        options
    }

    /// A socket that has seen its `connected`.
    pub async fn socket(&self, user: &TestUser) -> TestSocket {
        let mut peer = TestSocket::connect(&self.options(&user.token)).await.unwrap();
        assert_eq!(peer.expect("connected").await["userId"], *user.id);
        peer
    }

    /// The same, with the cursor that `connected` brought.
    pub async fn socket_at(&self, user: &TestUser) -> (TestSocket, String) {
        let mut peer = TestSocket::connect(&self.options(&user.token)).await.unwrap();
        let cursor = text(&peer.expect("connected").await["sync"]["cursor"]);
        (peer, cursor)
    }

    /// One page of notifications.
    pub async fn page(&self, user: &TestUser, query: &str) -> Value {
        let (status, answer) = self.get(&format!("/api/v1/notifications?{query}"), &user.token).await;
        assert_eq!((status.as_u16(), &answer["success"]), (200, &json!(true)), "{answer}");
        answer["data"].clone()
    }

    /// Where a reader without a cursor begins.
    pub async fn head(&self, user: &TestUser) -> String {
        text(&self.page(user, "").await["next"])
    }

    /// All items after a cursor, page by page, and the cursor behind them.
    pub async fn catch_up(&self, user: &TestUser, from: &str, query: &str) -> (Vec<Value>, String) {
        let (mut items, mut cursor) = (Vec::new(), from.to_owned());
        loop {
            let page = self.page(user, &format!("after={cursor}{query}")).await;
            assert_eq!(page["reset"], false);
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            cursor = text(&page["next"]);
            if page["hasMore"] == false {
                return (items, cursor);
            }
        }
    }

    /// Hands in an event as another service; the status and the whole answer.
    pub async fn ingest(&self, key: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.http.post(format!("{}/api/v1/events", self.url)).bearer_auth(SERVICE_TOKEN);
        let response = request.header("Idempotency-Key", key).json(body).send().await.unwrap();
        parsed((response.status(), response.text().await.unwrap()))
    }

    /// Waits until `/health` counts this many sockets.
    pub async fn until_connections(&self, expected: u64) {
        let count = async {
            while self.get("/health", "").await.1["data"]["connections"] != expected {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(DEADLINE, count).await.unwrap();
    }
}

/// A client for plain HTTP; it insists on a TLS provider all the same.
pub fn http_client() -> reqwest::Client {
    // A second installation in the same process is refused, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().unwrap()
}

/// Someone who is signed in.
pub struct TestUser {
    pub id: String,
    pub token: String,
    pub refresh: String,
}

/// One socket.
pub struct TestSocket {
    session: Session,
    pub emitter: Emitter,
}

impl TestSocket {
    pub async fn connect(options: &ConnectOptions) -> Result<Self, ConnectError> {
        let (session, emitter) = Session::connect(options).await?;
        Ok(Self { session, emitter })
    }

    /// The next event: name and argument 0 as JSON text.
    pub async fn next(&mut self) -> (String, String) {
        match tokio::time::timeout(DEADLINE, self.session.next()).await.unwrap() {
            SessionEvent::Event(event) => (event.name, event.args[0].get().to_owned()),
            SessionEvent::Closed(reason) => panic!("closed: {reason}"),
        }
    }

    /// The next event has this name; its text.
    pub async fn expect_text(&mut self, name: &str) -> String {
        let (got, text) = self.next().await;
        assert_eq!(got, name, "{text}");
        text
    }

    pub async fn expect(&mut self, name: &str) -> Value {
        serde_json::from_str(&self.expect_text(name).await).unwrap()
    }

    /// Nothing was sent before the answer to this: events of one socket keep their order.
    pub async fn expect_silence(&mut self) {
        self.emitter.emit("unsubscribe", [json!({ "rooms": [] })]).unwrap();
        assert_eq!(self.expect("unsubscribed").await, json!({ "rooms": [] }));
    }

    pub async fn subscribe(&mut self, rooms: &[&str]) -> Value {
        self.emitter.emit("subscribe", [json!({ "rooms": rooms })]).unwrap();
        self.expect("subscribed").await
    }

    /// Emits with an acknowledgement: its argument, and the event that was sent before it.
    pub async fn ask(&mut self, event: &str, args: &[Value]) -> (Value, (String, Value)) {
        let emitter = self.emitter.clone();
        let mut ack = std::pin::pin!(emitter.emit_with_ack(event, args.to_vec(), DEADLINE));
        let mut seen = None;
        // The session has to be polled for the acknowledgement to come in.
        let answer = loop {
            tokio::select! {
                answer = &mut ack => break answer.unwrap(),
                (name, text) = self.next() => seen = Some((name, serde_json::from_str(&text).unwrap())),
            }
        };
        (serde_json::from_str(answer.args[0].get()).unwrap(), seen.unwrap())
    }

    pub async fn closed(&mut self) -> CloseReason {
        loop {
            if let SessionEvent::Closed(reason) = tokio::time::timeout(DEADLINE, self.session.next()).await.unwrap() {
                return reason;
            }
        }
    }

    pub async fn close(self) {
        self.session.close().await;
    }
}

/// The body of the guide's script.
pub fn guide_booking(flight_id: &str) -> Value {
    json!({
        "flightId": flight_id,
        "cabinClass": "ECONOMY",
        "passengers": [{
            "type": "ADULT",
            "title": "Mr",
            "firstName": "John",
            "lastName": "Doe",
            "dateOfBirth": "1990-01-01"
        }],
        "contactInfo": { "email": "test@example.com", "phone": "+1234567890" }
    })
}

/// The place in its log that an id or a cursor stands for.
pub fn seq(id: &Value) -> u64 {
    id.as_str().unwrap().rsplit_once('-').unwrap().1.parse().unwrap()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn parsed((status, text): (StatusCode, String)) -> (StatusCode, Value) {
    (status, serde_json::from_str(&text).unwrap())
}
