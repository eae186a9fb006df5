//! The server's clock, learned from the `Date` header. A wrong local clock neither refreshes tokens needlessly nor
//! keeps using expired ones.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::ports::Clock;

/// A server that asks us to stay away for longer than this is asked again all the same.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// A `Date` header names a whole second, and took its time to come.
const DATE_PRECISION: SignedDuration = SignedDuration::from_millis(1_500);

/// The local clock and how far the server's is ahead of it. Cheap to clone; clones share what is learned.
#[derive(Clone)]
pub struct ServerClock {
    clock: Arc<dyn Clock>,
    ahead_ms: Arc<AtomicI64>,
}

impl ServerClock {
    /// Takes the local clock for the server's until a `Date` comes.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, ahead_ms: Arc::default() }
    }

    /// The local time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The local time at which the server's clock shows `moment`.
    pub fn local(&self, moment: Timestamp) -> Timestamp {
        moment.saturating_sub(self.ahead()).unwrap_or(moment)
    }

    /// The server's time.
    pub fn server_now(&self) -> Timestamp {
        let now = self.now();
        now.saturating_add(self.ahead()).unwrap_or(now)
    }

    /// What the server's clock showed at this local time, as far as that is known: a `Date` is good to a second, and less
    /// than that is no difference between clocks.
    pub fn by_server(&self, local: Timestamp) -> Timestamp {
        let ahead = self.ahead();
        if ahead.abs() <= DATE_PRECISION { local } else { local.saturating_add(ahead).unwrap_or(local) }
    }

    /// Learns from a `Date` header (RFC 9110, section 6.6.1), which is good to a second.
    pub fn note_date(&self, date: &str) {
        if let Some(date) = http_date(date) {
            let ahead = date.duration_since(self.now()).as_millis();
            self.ahead_ms.store(i64::try_from(ahead).unwrap_or_default(), Ordering::Relaxed);
        }
    }

    /// A `Retry-After` header (RFC 9110, section 10.2.3): seconds or a date, an hour at most. `None` when it is neither.
    pub fn retry_after(&self, text: &str) -> Option<Duration> {
        let wait = match text.trim().parse() {
            Ok(secs) => Duration::from_secs(secs),
            Err(_) => Duration::try_from(http_date(text)?.duration_since(self.server_now())).unwrap_or_default(),
        };
        Some(wait.min(LONGEST_RETRY_AFTER))
    }

    fn ahead(&self) -> SignedDuration {
        SignedDuration::from_millis(self.ahead_ms.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for ServerClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerClock").field("ahead_ms", &self.ahead_ms).finish_non_exhaustive()
    }
}

fn http_date(text: &str) -> Option<Timestamp> {
    Timestamp::try_from(httpdate::parse_http_date(text.trim()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            // Sun, 09 Sep 2001 01:46:40 GMT
            Timestamp::from_second(1_000_000_000).expect("a time")
        }
    }

    #[test]
    fn the_servers_time_is_learned() {
        let clock = ServerClock::new(Arc::new(Stopped));
        assert_eq!(clock.server_now(), clock.now());
        clock.note_date("Mon, 10 Sep 2001 01:46:40 GMT");
        assert_eq!(clock.server_now().duration_since(clock.now()), SignedDuration::from_hours(24));
        assert_eq!(clock.local(clock.server_now()), clock.now());
        assert_eq!(clock.by_server(clock.now()), clock.server_now());
        clock.note_date("yesterday");
        assert_eq!(
            clock.server_now().duration_since(clock.now()),
            SignedDuration::from_hours(24),
            "nonsense is no news"
        );
        clock.note_date("Sun, 09 Sep 2001 01:46:39 GMT");
        assert_eq!(clock.by_server(clock.now()), clock.now(), "a second is no difference");
    }

    #[test]
    fn retry_after_comes_in_two_forms() {
        let clock = ServerClock::new(Arc::new(Stopped));
        let cases = [
            ("12", Some(12)),
            (" 0 ", Some(0)),
            ("Sun, 09 Sep 2001 01:47:10 GMT", Some(30)),
            ("Sun, 09 Sep 2001 01:46:00 GMT", Some(0)),
            ("86400", Some(3600)),
            ("soon", None),
            ("-5", None),
        ];
        for (text, secs) in cases {
            assert_eq!(clock.retry_after(text), secs.map(Duration::from_secs), "{text:?}");
        }
        // A date means the server's clock, not ours.
        clock.note_date("Sun, 09 Sep 2001 01:47:00 GMT");
        assert_eq!(clock.retry_after("Sun, 09 Sep 2001 01:47:10 GMT"), Some(Duration::from_secs(10)));
    }
}
