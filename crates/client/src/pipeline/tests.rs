//! The writer in a runtime whose time is the test's.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::mpsc::{Receiver, Sender, channel};

use domain::account::ServerUrl;
use domain::connection::{ConnectionState, LinkReason, LinkReasonCode};
use domain::itinerary::Flight;
use domain::settings::Settings;
use domain::{Language, Locale, Toast};
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::ports::{SystemClock, ToastError};
use crate::preferences::PreferencesSender;

/// Tells what it was asked for.
struct ReportingToaster(Sender<String>);

impl Toaster for ReportingToaster {
    fn show(&self, toast: &Toast) -> Result<(), ToastError> {
        self.0.send(format!("shown: {}", toast.title)).unwrap();
        Ok(())
    }

    fn withdraw(&self, key: &str) -> Result<(), ToastError> {
        self.0.send(format!("withdrawn: {key}")).unwrap();
        Ok(())
    }
}

struct TestWriter {
    told: Receiver<String>,
    status: Status,
    inputs: mpsc::Sender<WriterInput>,
    commands: mpsc::Sender<WriterCommand>,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
    // Last: the thread of the toasts is never waited for by a test that has failed.
    _folder: tempfile::TempDir,
    _preferences: PreferencesSender,
}

impl TestWriter {
    /// A traveler with one booking, which departs after `left`.
    async fn with_a_trip(left: SignedDuration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inbox.sqlite3");
        let locale = Locale { language: Language::En, zone: jiff::tz::TimeZone::UTC };
        let (inputs, input_queue) = mpsc::channel(INPUT_QUEUE);
        let (commands, command_queue) = mpsc::channel(COMMAND_QUEUE);
        let preferences = PreferencesSender::new(locale, false, &Settings::default());
        let status = Status::new(false, Language::En);
        let (tell, told) = channel();
        let store = Store::open(&path).unwrap();
        let parts = WriterParts {
            path,
            account: Some(AccountId::new("a@b.c", &ServerUrl::parse("http://localhost:3004").unwrap())),
            toaster: Some(Arc::new(ReportingToaster(tell))),
            clock: Arc::new(SystemClock),
            server_clock: ServerClock::new(Arc::new(SystemClock)),
            preferences: preferences.subscribe(),
            status: status.clone(),
            jobs: Jobs::new(status.clone()),
            changes: broadcast::channel(16).0,
            lookups: mpsc::channel(16).0,
            inputs: input_queue,
            commands: command_queue,
            own_commands: commands.clone(),
        };
        let serving = tokio::spawn(serve(store, parts));
        let flight =
            Flight { number: Some("AA123".into()), departure: Some(Timestamp::now() + left), ..Flight::default() };
        inputs
            .send(WriterInput::Bookings(vec![Booking { pnr: Some("ABC123".into()), flight, ..Booking::new("b") }]))
            .await
            .unwrap();
        Self { told, status, inputs, commands, serving, _folder: folder, _preferences: preferences }
    }

    fn down(&self) {
        let reason = LinkReason::new(LinkReasonCode::ConnectionLost, "");
        self.status.connection(ConnectionState::Waiting { retry_at: Timestamp::now(), reason });
    }

    /// What the toaster is asked for next.
    fn next(&self) -> String {
        self.told.recv_timeout(Duration::from_secs(30)).unwrap()
    }

    /// Ends it, and gives what the toaster was asked for beside that.
    async fn stop(self) -> Vec<String> {
        self.commands.send(WriterCommand::Stop).await.unwrap();
        self.serving.await.unwrap().unwrap();
        drop(self.inputs);
        self.told.iter().collect()
    }
}

async fn pass(minutes: u64) {
    tokio::time::sleep(Duration::from_secs(60 * minutes)).await;
}

#[tokio::test(start_paused = true)]
async fn a_link_that_stays_down_is_told_once_to_who_travels_soon_and_taken_back_when_it_is_up() {
    let writer = TestWriter::with_a_trip(SignedDuration::from_hours(5)).await;
    writer.down();
    pass(4).await;
    assert!(writer.told.try_recv().is_err(), "not for a mere drop");
    pass(30).await;
    assert_eq!(writer.next(), "shown: No connection: news about AA123 cannot reach you");
    writer.down();
    pass(30).await;
    writer.status.connection(ConnectionState::Online { since: Timestamp::now() });
    pass(1).await;
    assert_eq!(writer.next(), "withdrawn: offline");
    assert_eq!(writer.stop().await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_short_drop_a_far_trip_and_a_pause_are_no_reason_for_a_toast() {
    let near = TestWriter::with_a_trip(SignedDuration::from_hours(5)).await;
    near.down();
    pass(4).await;
    near.status.connection(ConnectionState::Online { since: Timestamp::now() });
    pass(10).await;
    near.down();
    pass(1).await;
    near.status.connection(ConnectionState::Paused);
    pass(60).await;
    assert_eq!(near.stop().await, [""; 0]);
    let far = TestWriter::with_a_trip(SignedDuration::from_hours(25)).await;
    far.down();
    pass(10).await;
    assert_eq!(far.stop().await, [""; 0]);
}
