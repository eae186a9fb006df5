//! Preferences apply at once and are saved.
#![allow(clippy::unwrap_used, reason = "tests")]

use domain::settings::{Appearance, Sound, Theme};
use jiff::SignedDuration;
use serde_json::json;
use support::engine::TestEngine;
use support::eventually;
use support::node::PlainGateway;

/// An event that is shown at once.
fn cancelled(id: &str) -> serde_json::Value {
    json!({ "data": { "bookingId": id, "pnr": id, "status": "CANCELLED" }, "timestamp": "2025-11-10T12:00:00.000Z" })
}

#[tokio::test]
async fn appearance_sound_and_retention_apply_at_once() {
    let Some(server) = PlainGateway::start("CUSTOMER").await else { return };
    let mut engine = TestEngine::start().await;
    let mut preferences = engine.engine().preferences().await.unwrap();
    preferences.look = Appearance { theme: Theme::Dark, contrast: true };
    preferences.sound = Sound::Silent;
    engine.engine().set_preferences(preferences.clone()).await;
    engine.until("the appearance is published before a sign-in", |now| now.look.contrast).await;
    engine.restart().await;
    assert_eq!(engine.engine().snapshot().borrow().look.theme, Theme::Dark, "from the start");

    engine.sign_in(&server.url(), support::engine::PASSWORD).await.unwrap();
    engine.until_online().await;
    server.event("booking:cancelled", cancelled("ABC123")).await;
    eventually("the toast is shown", async || (engine.toaster.toasts().len() == 1).then_some(())).await;
    for (sound, theme) in [(Sound::Urgent, Theme::Light), (Sound::System, Theme::System)] {
        (preferences.sound, preferences.look.theme) = (sound, theme);
        engine.engine().set_preferences(preferences.clone()).await;
        engine.until("the preferences are in force", |now| now.look.theme == theme).await;
        engine.engine().test_toast().await.unwrap();
    }
    let silent: Vec<_> = engine.toaster.toasts().iter().map(|toast| toast.silent).collect();
    assert_eq!(silent, [true, true, false]);

    engine.rows(1).await;
    engine.clock.set_by(SignedDuration::from_hours(48));
    preferences.keep_days = Some(3);
    engine.engine().set_preferences(preferences.clone()).await;
    assert_eq!(engine.rows(1).await.len(), 1);
    preferences.keep_days = Some(1);
    engine.engine().set_preferences(preferences).await;
    engine.rows(0).await;
}
