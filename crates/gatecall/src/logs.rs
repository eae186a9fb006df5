//! Logging to standard error, and for the resident to a file in the data folder.
//!
//! Log lines never contain a token, a title, a body, a PNR or an e-mail address.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Size above which the log file is rotated at the next start; one old file is kept.
const MAX_LOG_BYTES: u64 = 1 << 20;

/// Starts logging at the level of `GATECALL_LOG`; the defaults are `terminal_level` on the terminal and `info` in the file.
pub fn init(terminal_level: &str, log_dir: Option<&Path>) -> io::Result<()> {
    let chosen = std::env::var("GATECALL_LOG").ok();
    let filter = |default: &str| EnvFilter::new(chosen.as_deref().unwrap_or(default));
    let terminal = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_target(false).without_time();
    let terminal = tracing_subscriber::Layer::with_filter(terminal, filter(terminal_level));
    let file = log_dir.map(open).transpose()?.map(|file| {
        let layer = tracing_subscriber::fmt::layer().with_writer(Mutex::new(file)).with_ansi(false);
        tracing_subscriber::Layer::with_filter(layer, filter("info"))
    });
    tracing_subscriber::registry().with(terminal).with(file).init();
    Ok(())
}

fn open(data_dir: &Path) -> io::Result<File> {
    let path = data_dir.join("gatecall.log");
    if fs::metadata(&path).is_ok_and(|found| found.len() > MAX_LOG_BYTES) {
        fs::rename(&path, data_dir.join("gatecall.log.old"))?;
    }
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
