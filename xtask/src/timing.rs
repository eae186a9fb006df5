//! How long each part of a run took, for the table at its end.

use std::time::{Duration, Instant};

use crate::say;

/// The parts of a run.
#[derive(Debug, Default)]
pub struct Timing {
    parts: Vec<(String, Duration)>,
}

impl Timing {
    /// Times `part`.
    pub fn time<T>(&mut self, name: &str, part: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let result = part();
        self.add(name, begin.elapsed());
        result
    }

    /// Adds a part that was timed elsewhere.
    pub fn add(&mut self, name: &str, took: Duration) {
        self.parts.push((name.to_owned(), took));
    }

    /// Prints the `count` slowest parts and the sum of all.
    pub fn print_slowest(&self, count: usize) {
        let mut parts: Vec<_> = self.parts.iter().collect();
        parts.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
        say(&format!("The {} slowest parts:", count.min(parts.len())));
        for (name, took) in parts.iter().take(count) {
            say(&format!("{:>8.1} s  {name}", took.as_secs_f64()));
        }
        let all: Duration = self.parts.iter().map(|(_, took)| *took).sum();
        say(&format!("{:>8.1} s  all {} parts", all.as_secs_f64(), self.parts.len()));
    }
}
