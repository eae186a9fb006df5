//! The engine in a process of its own, so that it can be killed: everything that it keeps is in one folder.
//!
//! `engine FOLDER` runs until it is killed. `tokens.json` stands for the keychain; `toasts.log` says what was shown.
#![allow(clippy::unwrap_used, reason = "a test's program that cannot go on panics")]

use std::path::PathBuf;
use std::sync::Arc;

use client::ports::SystemClock;
use client::{Config, Engine};
use support::fakes::{FileKeychain, FileToaster};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    let running = Engine::start(Config {
        data_dir: folder.clone(),
        config_dir: folder.clone(),
        keychain: Arc::new(FileKeychain::new(folder.join("tokens.json"))),
        toaster: Some(Arc::new(FileToaster::new(folder.join("toasts.log")))),
        clock: Arc::new(SystemClock),
        locale: support::english(),
        extra_rooms: Vec::new(),
        demo: false,
    })
    .await
    .unwrap();
    tokio::signal::ctrl_c().await.unwrap();
    running.stop().await;
}
