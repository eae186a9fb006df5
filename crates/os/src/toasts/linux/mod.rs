//! Toasts over D-Bus, by the Desktop Notifications Specification 1.2.
//!
//! One connection for the life of the program: GNOME closes an installed app's toasts when the connection that sent them
//! goes. `notify-rust` is the model of what a notification says; its own delivery opens a connection a toast, subscribes
//! after sending and believes any sender, so the delivery is ours: subscribe first, check the sender, start over when
//! the service does. What each service does is in `docs/TOASTS.md`.

mod active;
mod bus_connection;
mod content;
mod delivery;
mod error;
mod signal_handler;
mod signals;
mod unacknowledged;

use std::io;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use client::ports::{ToastError, ToastFeedback, Toaster};
use domain::Toast;
use tokio::sync::mpsc;

use super::Service;
use delivery::Delivery;

/// What a caller waits at most.
const DEADLINE: Duration = Duration::from_secs(5);
/// Feedback that nobody has taken yet.
const FEEDBACK_QUEUE: usize = 64;
/// Orders that wait; there is one caller, so more than a few never do.
const ORDERS_QUEUED: usize = 8;

type JobReply<T> = SyncSender<Result<T, ToastError>>;

enum ToastJob {
    Show(Box<Toast>, JobReply<()>),
    Withdraw(String, JobReply<()>),
    Probe(JobReply<Service>),
}

/// Shows toasts. Dropping it ends its thread.
#[derive(Debug)]
pub struct Toasts {
    orders: Option<mpsc::Sender<ToastJob>>,
    thread: Option<JoinHandle<()>>,
}

impl Toasts {
    /// Starts the delivery on a thread of its own; connects at the first toast. `bus` is a D-Bus address other than that
    /// of the session.
    ///
    /// # Errors
    /// No thread is to be had.
    pub fn start(bus: Option<String>) -> io::Result<(Self, mpsc::Receiver<ToastFeedback>)> {
        let (orders, queue) = mpsc::channel(ORDERS_QUEUED);
        let (feedback, told) = mpsc::channel(FEEDBACK_QUEUE);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("notifications".to_owned()).spawn(move || {
            runtime.block_on(Delivery::new(bus, feedback).run(queue));
        })?;
        Ok((Self { orders: Some(orders), thread: Some(thread) }, told))
    }

    /// What the service says about itself; starts it where the desktop can.
    ///
    /// # Errors
    /// See [`ToastError`].
    pub fn probe(&self) -> Result<Service, ToastError> {
        self.order(ToastJob::Probe)
    }

    fn order<T>(&self, order: impl FnOnce(JobReply<T>) -> ToastJob) -> Result<T, ToastError> {
        let gone = || ToastError::Unavailable("the delivery has ended".to_owned());
        let (reply, answer) = sync_channel(1);
        // The queue is full only while the service hangs.
        let orders = self.orders.as_ref().ok_or_else(gone)?;
        orders.try_send(order(reply)).map_err(|_| ToastError::Timeout)?;
        match answer.recv_timeout(DEADLINE) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => Err(ToastError::Timeout),
            Err(RecvTimeoutError::Disconnected) => Err(gone()),
        }
    }
}

impl Toaster for Toasts {
    fn show(&self, toast: &Toast) -> Result<(), ToastError> {
        self.order(|reply| ToastJob::Show(Box::new(toast.clone()), reply))
    }

    fn withdraw(&self, key: &str) -> Result<(), ToastError> {
        self.order(|reply| ToastJob::Withdraw(key.to_owned(), reply))
    }
}

impl Drop for Toasts {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // A panic was reported by the panic hook already.
            let _ = thread.join();
        }
    }
}
