//! `--demo`: an embedded gateway, a traveler signed in, and a short story of events.
//!
//! Everything lives in a temporary folder and in memory; nothing is left behind and no keychain is touched. The story
//! is told over the gateway's own REST paths, as a real airline and a real traveler would make it happen.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use client::Config;
use client::ports::{Keychain, KeychainError};
use domain::Secret;
use domain::account::ServerUrl;
use domain::settings::Account;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::parts;
use crate::profile::Profile;
use crate::resident::Resident;

const TRAVELER: (&str, &str) = ("test@example.com", "Test123!");
const STAFF: (&str, &str) = ("admin@example.com", "Admin123!");

/// Runs the demo, for ever or for `for_secs`.
pub async fn run(for_secs: Option<u64>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let profile = Profile::resolve(Some(folder.path()))?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.context("no free local port")?;
    let address = format!("http://{}", listener.local_addr()?);
    let stop_gateway = CancellationToken::new();
    let gateway = {
        let stop = stop_gateway.clone();
        let listeners = gateway::Listeners { booking: listener, auth: None };
        tokio::spawn(async move {
            gateway::serve(gateway::Config::embedded(), listeners, async move { stop.cancelled().await }).await
        })
    };
    tell(&format!("A booking service of its own listens at {address}."));

    let (toaster, feedback) = parts::toasts()?;
    let config = Config {
        toaster: Some(toaster),
        keychain: Arc::new(ForgetfulKeychain::default()),
        demo: true,
        ..parts::config(&profile)
    };
    let resident = Resident::start(config, profile.endpoint(), feedback).await?;
    let account = Account {
        server: ServerUrl::parse(&address)?,
        auth_url: None,
        booking_url: None,
        email: TRAVELER.0.to_owned(),
    };
    resident.engine().sign_in(account, Secret::new(TRAVELER.1)).await?;
    let mut state = resident.engine().snapshot();
    let online = |snapshot: &domain::view::Snapshot| {
        matches!(snapshot.connection, domain::connection::ConnectionState::Online { .. })
    };
    state.wait_for(online).await.context("the engine ended")?;
    tell(&format!("Signed in as {}. Events follow; Ctrl+C ends the demo.", TRAVELER.0));

    let story = tokio::spawn(async move {
        if let Err(error) = Story::begin(address).await.tell_all().await {
            tracing::error!(%error, "the story broke off");
        }
    });
    let until = async {
        match for_secs {
            Some(secs) => tokio::time::sleep(Duration::from_secs(secs)).await,
            None => std::future::pending().await,
        }
    };
    resident.run(false, until).await;
    story.abort();
    // Aborted or ended: both are fine.
    let _ = story.await;
    stop_gateway.cancel();
    gateway.await?.context("the embedded gateway failed")?;
    tell("The demo has ended and left nothing behind.");
    Ok(())
}

/// Makes things happen at the embedded service.
struct Story {
    http: reqwest::Client,
    address: String,
    traveler: String,
    staff: String,
}

impl Story {
    async fn begin(address: String) -> Self {
        let mut story = Self { http: reqwest::Client::new(), address, traveler: String::new(), staff: String::new() };
        story.traveler = story.sign_in(TRAVELER).await;
        story.staff = story.sign_in(STAFF).await;
        story
    }

    /// Half a minute of travel, then a quieter day that goes on until somebody ends it.
    async fn tell_all(&self) -> anyhow::Result<()> {
        let flights = self.flights().await?;
        let flight = |index: usize| -> anyhow::Result<&Flight> {
            flights.get(index % flights.len().max(1)).context("the service has no flights")
        };
        let trip = flight(0)?;
        pause(2).await;
        let booking = self.book(trip).await?;
        pause(3).await;
        self.pay(&booking).await?;
        pause(6).await;
        self.fly(trip, "DELAYED").await?;
        pause(5).await;
        let second = self.book(flight(1)?).await?;
        pause(4).await;
        self.cancel(&second).await?;
        pause(5).await;
        self.fly(trip, "DEPARTED").await?;
        pause(3).await;
        self.fly(trip, "LANDED").await?;
        for index in 2.. {
            pause(20).await;
            let flight = flight(index)?;
            let booking = self.book(flight).await?;
            pause(15).await;
            self.pay(&booking).await?;
            pause(30).await;
            let status = if index % 2 == 0 { "DELAYED" } else { "DEPARTED" };
            self.fly(flight, status).await?;
            pause(45).await;
            self.fly(flight, "SCHEDULED").await?;
            self.cancel(&booking).await?;
        }
        Ok(())
    }

    /// A refused sign-in shows at the first call that needs it.
    async fn sign_in(&self, (email, password): (&str, &str)) -> String {
        let body = json!({ "email": email, "password": password });
        let answer = self.call(reqwest::Method::POST, "/api/v1/auth/login", None, &body).await;
        answer.ok().and_then(|data| text(&data, "/accessToken")).unwrap_or_default()
    }

    async fn flights(&self) -> anyhow::Result<Vec<Flight>> {
        let data = self.call(reqwest::Method::GET, "/api/v1/flights", Some(&self.staff), &Value::Null).await?;
        let flights = data
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|flight| Some(Flight { id: text(flight, "/id")?, number: text(flight, "/flightNumber")? }));
        Ok(flights.collect())
    }

    async fn book(&self, flight: &Flight) -> anyhow::Result<Booking> {
        let body = json!({
            "flightId": flight.id,
            "cabinClass": "ECONOMY",
            "passengers": [{
                "type": "ADULT", "title": "Ms", "firstName": "Ada", "lastName": "Lovelace", "dateOfBirth": "1990-12-10",
            }],
            "contactInfo": { "email": TRAVELER.0, "phone": "+1234567890" },
        });
        let data = self.call(reqwest::Method::POST, "/api/v1/bookings", Some(&self.traveler), &body).await?;
        let booking = Booking {
            id: text(&data, "/id").context("a booking without an id")?,
            pnr: text(&data, "/pnr").context("a booking without a PNR")?,
        };
        tell(&format!("Booked {} as {}.", flight.number, booking.pnr));
        Ok(booking)
    }

    async fn pay(&self, booking: &Booking) -> anyhow::Result<()> {
        self.at_booking(booking, "pay").await?;
        tell(&format!("Paid and confirmed {}.", booking.pnr));
        Ok(())
    }

    async fn cancel(&self, booking: &Booking) -> anyhow::Result<()> {
        self.at_booking(booking, "cancel").await?;
        tell(&format!("Cancelled {}.", booking.pnr));
        Ok(())
    }

    async fn at_booking(&self, booking: &Booking, what: &str) -> anyhow::Result<()> {
        let path = format!("/api/v1/bookings/{}/{what}", booking.id);
        self.call(reqwest::Method::POST, &path, Some(&self.traveler), &json!({})).await.map(drop)
    }

    async fn fly(&self, flight: &Flight, status: &str) -> anyhow::Result<()> {
        let path = format!("/api/v1/flights/{}/status", flight.id);
        self.call(reqwest::Method::PATCH, &path, Some(&self.staff), &json!({ "status": status })).await?;
        tell(&format!("{} is now {status}.", flight.number));
        Ok(())
    }

    /// The `data` of the answer.
    async fn call(
        &self,
        method: reqwest::Method,
        path: &str,
        token: Option<&String>,
        body: &Value,
    ) -> anyhow::Result<Value> {
        let mut request = self.http.request(method, format!("{}{path}", self.address));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        let answer: Value =
            request.send().await?.error_for_status().map_err(reqwest::Error::without_url)?.json().await?;
        Ok(answer.get("data").cloned().unwrap_or_default())
    }
}

struct Flight {
    id: String,
    number: String,
}

struct Booking {
    id: String,
    pnr: String,
}

fn text(data: &Value, pointer: &str) -> Option<String> {
    data.pointer(pointer)?.as_str().map(str::to_owned)
}

async fn pause(secs: u64) {
    tokio::time::sleep(Duration::from_secs(secs)).await;
}

#[expect(clippy::print_stdout, reason = "the demo says what it does")]
fn tell(line: &str) {
    println!("{line}");
}

/// Keeps the demo's tokens for as long as the demo lasts.
#[derive(Default)]
struct ForgetfulKeychain(Mutex<HashMap<String, Secret>>);

impl ForgetfulKeychain {
    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<String, Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keychain for ForgetfulKeychain {
    fn get(&self, account: &str) -> Result<Option<Secret>, KeychainError> {
        Ok(self.entries().get(account).cloned())
    }

    fn set(&self, account: &str, secret: &Secret) -> Result<(), KeychainError> {
        self.entries().insert(account.to_owned(), secret.clone());
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        self.entries().remove(account);
        Ok(())
    }
}
