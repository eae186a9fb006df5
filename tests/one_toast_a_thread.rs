//! Whatever the program orders, the person clicks and the service does: never two toasts of one thread.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use domain::Toast;
use support::notifications::{DesktopKind, ServiceQuirk, Up};
use support::toast_harness::{ToastHarness, toast};

const THREADS: [&str; 5] = ["a", "b", "c", "d", "e"];
const STEPS: usize = 300;
/// Those that cost no deadline.
const MANNERS: [ServiceQuirk; 7] = [
    ServiceQuirk::Good,
    ServiceQuirk::LeavesOpen,
    ServiceQuirk::ClicksAtOnce,
    ServiceQuirk::GivesZero,
    ServiceQuirk::GivesTaken,
    ServiceQuirk::ReplacesNothing,
    ServiceQuirk::TellsTales,
];

/// The same numbers for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

fn one_of_each(up: &[Up]) -> bool {
    let titles: BTreeSet<_> = up.iter().map(|up| &up.call.title).collect();
    titles.len() == up.len()
}

/// Somebody does something to a toast that is up.
async fn meddle(stage: &ToastHarness, dice: &mut Random) {
    let titles = stage.service.titles();
    if titles.is_empty() {
        return;
    }
    let title = &titles[dice.below(titles.len())];
    match dice.below(4) {
        0 => stage.service.click(title).await,
        1 => stage.service.press(title, dice.of(&["snooze", "mute"])).await,
        2 => stage.service.dismiss(title).await,
        _ => stage.service.expire(title).await,
    }
}

async fn run(character: DesktopKind, seed: u64) {
    let Some(mut stage) = ToastHarness::new(character).await else { return };
    let mut dice = Random(seed);
    let mut shown = 0;
    for step in 0..STEPS {
        match dice.below(20) {
            0..12 => {
                let other = dice.of(&THREADS);
                let takes_over = (dice.below(4) == 0).then(|| other.to_owned());
                let wanted = Toast { takes_over, ..toast(dice.of(&THREADS), i64::try_from(step).unwrap()) };
                if stage.try_show(wanted).await.is_ok() {
                    shown += 1;
                }
            }
            12..14 => stage.withdraw(dice.of(&THREADS)).await,
            14..18 => meddle(&stage, &mut dice).await,
            18 => stage.service.behave(dice.of(&MANNERS)),
            _ => stage.service.restart().await,
        }
        stage.service.until(&format!("step {step} of {character:?} with seed {seed}"), one_of_each).await;
        // Every feedback is of a thread of ours, and taken, so that none waits.
        while let Ok(feedback) = stage.feedback.try_recv() {
            assert!(THREADS.contains(&feedback.key.as_str()), "{feedback:?}");
        }
    }
    assert!(shown > 50, "only {shown} toasts were shown");
    stage.service.behave(ServiceQuirk::Good);
    stage.service.restart().await;
    for thread in THREADS {
        stage.show(toast(thread, 0)).await;
    }
    assert_eq!(stage.service.titles(), THREADS, "in the end all is well again");
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

/// Answers that come after their deadline, in threads of a few; each costs 4.5 s, so there are few.
#[tokio::test]
async fn with_answers_that_come_too_late() {
    let Some(mut stage) = ToastHarness::new(DesktopKind::Gnome).await else { return };
    for round in 0..2 {
        stage.service.behave(ServiceQuirk::HoldsAnswers);
        for thread in ["a", "b"] {
            assert!(stage.try_show(toast(thread, round)).await.is_err());
        }
        stage.service.until("one of each while nobody answers", one_of_each).await;
        stage.service.behave(ServiceQuirk::Good);
        for thread in ["b", "a", "b"] {
            stage.show(toast(thread, round + 10)).await;
        }
        stage.service.until("one of each", one_of_each).await;
        while stage.feedback.try_recv().is_ok() {}
    }
}
