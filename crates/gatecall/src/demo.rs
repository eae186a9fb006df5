//! `--demo`: an embedded gateway, a signed-in traveler and a scripted sequence of events.
//!
//! All data is in a temporary folder and in memory; nothing remains afterwards and the keychain is not used. The script calls
//! the gateway's REST API, as an airline and a traveler would.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use client::Config;
use client::ports::{Keychain, KeychainError};
use domain::Secret;
use domain::account::ServerUrl;
use domain::settings::Account;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::profile::Profile;
use crate::resident::Resident;
use crate::wiring;

const TRAVELER: (&str, &str) = ("test@example.com", "Test123!");
const STAFF: (&str, &str) = ("admin@example.com", "Admin123!");

/// Runs the demo until it is ended, or for `for_secs`.
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
            gateway::serve(gateway::GatewayConfig::embedded(), listeners, async move { stop.cancelled().await }).await
        })
    };
    print(&format!("A booking service of its own listens at {address}."));

    let (toaster, feedback) = wiring::toasts()?;
    let config = Config {
        toaster: Some(toaster),
        keychain: Arc::new(InMemoryKeychain::default()),
        demo: true,
        ..wiring::config(&profile)
    };
    let resident = Resident::start(config, &profile, feedback).await?;
    let account = Account {
        server: ServerUrl::parse(&address)?,
        auth_url: None,
        booking_url: None,
        email: TRAVELER.0.to_owned(),
    };
    resident.engine().sign_in(account, Secret::new(TRAVELER.1)).await?;
    let mut state = resident.engine().snapshot();
    // Runs next to the resident, which shows the connection state and can be ended at any time.
    let script = tokio::spawn(async move {
        let online = |snapshot: &domain::view::Snapshot| {
            matches!(snapshot.connection, domain::connection::ConnectionState::Online { .. })
        };
        if state.wait_for(online).await.is_err() {
            return;
        }
        print(&format!("Signed in as {}. Events follow; Ctrl+C ends the demo.", TRAVELER.0));
        if let Err(error) = DemoScript::new(address).run().await {
            tracing::error!(%error, "the demo script failed");
        }
    });
    let until = async {
        match for_secs {
            Some(secs) => tokio::time::sleep(Duration::from_secs(secs)).await,
            None => std::future::pending().await,
        }
    };
    resident.run(false, until).await;
    script.abort();
    // Aborted or completed: both are fine.
    let _ = script.await;
    stop_gateway.cancel();
    gateway.await?.context("the embedded gateway failed")?;
    print("The demo has ended and left nothing behind.");
    Ok(())
}

/// Scripted events on the embedded gateway.
struct DemoScript {
    http: reqwest::Client,
    address: String,
    traveler: DemoAccount,
    staff: DemoAccount,
}

/// Account of an actor with its access token, empty before the first sign-in.
struct DemoAccount {
    email: &'static str,
    password: &'static str,
    token: String,
}

impl DemoAccount {
    fn of((email, password): (&'static str, &'static str)) -> Self {
        Self { email, password, token: String::new() }
    }
}

/// Actor of a step.
#[derive(Clone, Copy)]
enum Actor {
    Traveler,
    Staff,
}

impl DemoScript {
    fn new(address: String) -> Self {
        let (traveler, staff) = (DemoAccount::of(TRAVELER), DemoAccount::of(STAFF));
        Self { http: reqwest::Client::new(), address, traveler, staff }
    }

    /// Runs half a minute of events, then slower rounds until the demo ends.
    async fn run(mut self) -> anyhow::Result<()> {
        let flights = self.flights().await?;
        self.run_opening(&flights).await?;
        for round in 2.. {
            self.run_round(round).await?;
        }
        Ok(())
    }

    async fn run_opening(&mut self, flights: &[DemoFlight]) -> anyhow::Result<()> {
        let trip = nth(flights, 0)?;
        pause(2).await;
        let booking = self.book(trip).await?;
        pause(3).await;
        self.pay(&booking).await?;
        pause(6).await;
        self.set_flight_status(trip, "DELAYED").await?;
        pause(5).await;
        let second = self.book(nth(flights, 1)?).await?;
        pause(4).await;
        self.cancel(&second).await?;
        pause(5).await;
        self.set_flight_status(trip, "DEPARTED").await?;
        pause(3).await;
        self.set_flight_status(trip, "LANDED").await
    }

    /// Runs one round with a new booking. Flights are reused in turn; their status is reset first, since a landed flight
    /// accepts no bookings.
    async fn run_round(&mut self, round: usize) -> anyhow::Result<()> {
        pause(20).await;
        let flights = self.flights().await?;
        let flight = nth(&flights, round)?;
        if flight.status != "SCHEDULED" {
            self.set_flight_status(flight, "SCHEDULED").await?;
        }
        let booking = self.book(flight).await?;
        pause(15).await;
        self.pay(&booking).await?;
        pause(30).await;
        self.set_flight_status(flight, if round.is_multiple_of(2) { "DELAYED" } else { "DEPARTED" }).await?;
        pause(45).await;
        self.set_flight_status(flight, "SCHEDULED").await?;
        self.cancel(&booking).await
    }

    async fn flights(&mut self) -> anyhow::Result<Vec<DemoFlight>> {
        let data = self.call(Method::GET, "/api/v1/flights", Actor::Staff, &Value::Null).await?;
        let flights = data.as_array().into_iter().flatten().filter_map(|flight| {
            let (id, number) = (text(flight, "/id")?, text(flight, "/flightNumber")?);
            Some(DemoFlight { id, number, status: text(flight, "/status")? })
        });
        Ok(flights.collect())
    }

    async fn book(&mut self, flight: &DemoFlight) -> anyhow::Result<DemoBooking> {
        let body = json!({
            "flightId": flight.id,
            "cabinClass": "ECONOMY",
            "passengers": [{
                "type": "ADULT", "title": "Ms", "firstName": "Ada", "lastName": "Lovelace", "dateOfBirth": "1990-12-10",
            }],
            "contactInfo": { "email": TRAVELER.0, "phone": "+1234567890" },
        });
        let data = self.call(Method::POST, "/api/v1/bookings", Actor::Traveler, &body).await?;
        let booking = DemoBooking {
            id: text(&data, "/id").context("a booking without an id")?,
            pnr: text(&data, "/pnr").context("a booking without a PNR")?,
        };
        print(&format!("Booked {} as {}.", flight.number, booking.pnr));
        Ok(booking)
    }

    async fn pay(&mut self, booking: &DemoBooking) -> anyhow::Result<()> {
        self.update_booking(booking, "pay").await?;
        print(&format!("Paid and confirmed {}.", booking.pnr));
        Ok(())
    }

    async fn cancel(&mut self, booking: &DemoBooking) -> anyhow::Result<()> {
        self.update_booking(booking, "cancel").await?;
        print(&format!("Cancelled {}.", booking.pnr));
        Ok(())
    }

    async fn update_booking(&mut self, booking: &DemoBooking, action: &str) -> anyhow::Result<()> {
        let path = format!("/api/v1/bookings/{}/{action}", booking.id);
        self.call(Method::POST, &path, Actor::Traveler, &json!({})).await.map(drop)
    }

    async fn set_flight_status(&mut self, flight: &DemoFlight, status: &str) -> anyhow::Result<()> {
        let path = format!("/api/v1/flights/{}/status", flight.id);
        self.call(Method::PATCH, &path, Actor::Staff, &json!({ "status": status })).await?;
        print(&format!("{} is now {status}.", flight.number));
        Ok(())
    }

    /// Calls the REST API; signs in where there is no valid token, since tokens expire after an hour.
    async fn call(&mut self, method: Method, path: &str, actor: Actor, body: &Value) -> anyhow::Result<Value> {
        let token = &self.account(actor).token;
        let answer = self.send(method.clone(), path, token, body).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return data(answer).await;
        }
        let account = self.account(actor);
        let sign_in = json!({ "email": account.email, "password": account.password });
        let signed_in = data(self.send(Method::POST, "/api/v1/auth/login", "", &sign_in).await?).await?;
        let token = text(&signed_in, "/accessToken").context("a sign-in without a token")?;
        let answer = self.send(method, path, &token, body).await?;
        match actor {
            Actor::Traveler => self.traveler.token = token,
            Actor::Staff => self.staff.token = token,
        }
        data(answer).await
    }

    fn account(&self, actor: Actor) -> &DemoAccount {
        match actor {
            Actor::Traveler => &self.traveler,
            Actor::Staff => &self.staff,
        }
    }

    async fn send(&self, method: Method, path: &str, token: &str, body: &Value) -> anyhow::Result<Response> {
        let mut request = self.http.request(method, format!("{}{path}", self.address)).bearer_auth(token);
        if !body.is_null() {
            request = request.json(body);
        }
        Ok(request.send().await.map_err(reqwest::Error::without_url)?)
    }
}

/// Field `data` of an answer.
async fn data(answer: Response) -> anyhow::Result<Value> {
    let answer: Value = answer.error_for_status().map_err(reqwest::Error::without_url)?.json().await?;
    Ok(answer.get("data").cloned().unwrap_or_default())
}

fn nth(flights: &[DemoFlight], index: usize) -> anyhow::Result<&DemoFlight> {
    flights.get(index % flights.len().max(1)).context("the service has no flights")
}

struct DemoFlight {
    id: String,
    number: String,
    status: String,
}

struct DemoBooking {
    id: String,
    pnr: String,
}

fn text(data: &Value, pointer: &str) -> Option<String> {
    data.pointer(pointer)?.as_str().map(str::to_owned)
}

async fn pause(secs: u64) {
    tokio::time::sleep(Duration::from_secs(secs)).await;
}

#[expect(clippy::print_stdout, reason = "the demo prints its steps")]
fn print(line: &str) {
    println!("{line}");
}

/// Keychain in memory, for the lifetime of the demo.
#[derive(Default)]
struct InMemoryKeychain(Mutex<HashMap<String, Secret>>);

impl InMemoryKeychain {
    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<String, Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keychain for InMemoryKeychain {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// Paused time skips the pauses whenever the runtime is idle.
    #[tokio::test(start_paused = true)]
    async fn the_script_runs_round_after_round_and_after_its_tokens_have_expired() {
        // Fails only when another test has installed the provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let listeners = gateway::Listeners { booking: listener, auth: None };
        let gateway = tokio::spawn(gateway::serve(gateway::GatewayConfig::embedded(), listeners, async move {
            stopped.cancelled().await
        }));
        let mut script = DemoScript::new(address);
        let flights = script.flights().await.unwrap();
        script.run_opening(&flights).await.unwrap();
        for round in 2..2 + flights.len() {
            script.run_round(round).await.unwrap();
        }
        script.traveler.token = "ended".to_owned();
        script.staff.token = "ended".to_owned();
        script.run_round(0).await.unwrap();
        stop.cancel();
        gateway.await.unwrap().unwrap();
    }
}
