//! Random sequences of toasts, clicks and service faults never lead to two visible toasts of one thread.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use domain::Toast;
use support::notification_service::{DesktopKind, ServiceQuirk, ShownToast};
use support::random::SeededRandom;
use support::toast_harness::{ToastHarness, toast};

const THREADS: [&str; 5] = ["a", "b", "c", "d", "e"];
const STEPS: usize = 300;
/// The quirks that cost no deadline.
const QUIRKS: [ServiceQuirk; 7] = [
    ServiceQuirk::None,
    ServiceQuirk::LeavesOpen,
    ServiceQuirk::ClicksImmediately,
    ServiceQuirk::ReturnsZero,
    ServiceQuirk::ReturnsUsedId,
    ServiceQuirk::IgnoresReplace,
    ServiceQuirk::ForgesSignals,
];

fn one_of_each(up: &[ShownToast]) -> bool {
    let titles: BTreeSet<_> = up.iter().map(|up| &up.call.title).collect();
    titles.len() == up.len()
}

/// A random user action on a visible toast.
async fn act_at_random(harness: &ToastHarness, random: &mut SeededRandom) {
    let titles = harness.service.titles();
    if titles.is_empty() {
        return;
    }
    let title = &titles[random.index(titles.len())];
    match random.below(4) {
        0 => harness.service.click(title).await,
        1 => harness.service.press(title, random.choose(&["snooze", "mute"])).await,
        2 => harness.service.dismiss(title).await,
        _ => harness.service.expire(title).await,
    }
}

async fn run(kind: DesktopKind, seed: u64) {
    let Some(mut harness) = ToastHarness::new(kind).await else { return };
    let mut random = SeededRandom::new(seed);
    let mut shown = 0;
    for step in 0..STEPS {
        match random.below(20) {
            0..12 => {
                let other = random.choose(&THREADS);
                let takes_over = (random.below(4) == 0).then(|| other.to_owned());
                let wanted = Toast { takes_over, ..toast(random.choose(&THREADS), i64::try_from(step).unwrap()) };
                if harness.try_show(wanted).await.is_ok() {
                    shown += 1;
                }
            }
            12..14 => harness.withdraw(random.choose(&THREADS)).await,
            14..18 => act_at_random(&harness, &mut random).await,
            18 => harness.service.set_quirk(random.choose(&QUIRKS)),
            _ => harness.service.restart().await,
        }
        harness.service.until(&format!("step {step} of {kind:?} with seed {seed}"), one_of_each).await;
        // Feedback names our threads only, and is drained.
        while let Ok(feedback) = harness.feedback.try_recv() {
            assert!(THREADS.contains(&feedback.key.as_str()), "{feedback:?}");
        }
    }
    assert!(shown > 50, "only {shown} toasts were shown");
    harness.service.set_quirk(ServiceQuirk::None);
    harness.service.restart().await;
    for thread in THREADS {
        harness.show(toast(thread, 0)).await;
    }
    assert_eq!(harness.service.titles(), THREADS, "in the end all is well again");
}

#[tokio::test]
async fn on_gnome() {
    for seed in 1..=10 {
        run(DesktopKind::Gnome, seed * 7_919).await;
    }
}

#[tokio::test]
async fn on_plasma() {
    for seed in 1..=10 {
        run(DesktopKind::Kde, seed * 104_729).await;
    }
}

#[tokio::test]
async fn on_xfce() {
    for seed in 1..=10 {
        run(DesktopKind::Xfce, seed * 1_299_709).await;
    }
}

/// Replies after the deadline; each costs 4.5 s, so there are few.
#[tokio::test]
async fn with_replies_after_the_deadline() {
    let Some(mut harness) = ToastHarness::new(DesktopKind::Gnome).await else { return };
    for round in 0..2 {
        harness.service.set_quirk(ServiceQuirk::HoldsReplies);
        for thread in ["a", "b"] {
            assert!(harness.try_show(toast(thread, round)).await.is_err());
        }
        harness.service.until("one of each while nobody answers", one_of_each).await;
        harness.service.set_quirk(ServiceQuirk::None);
        for thread in ["b", "a", "b"] {
            harness.show(toast(thread, round + 10)).await;
        }
        harness.service.until("one of each", one_of_each).await;
        while harness.feedback.try_recv().is_ok() {}
    }
}
