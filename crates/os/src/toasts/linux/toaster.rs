//! Front end of the delivery: submits jobs to its thread and waits for their results.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use client::ports::{ToastError, ToastFeedback, Toaster};
use domain::Toast;
use tokio::sync::mpsc;

use super::delivery::Delivery;
use super::job::{DeliveryJob, JobReply};
use crate::toasts::NotificationService;

/// Deadline of a caller.
const DEADLINE: Duration = Duration::from_secs(5);
/// Capacity of the feedback queue.
const FEEDBACK_QUEUE: usize = 64;
/// Capacity of the job queue; there is one caller, so it holds a few at most.
const JOB_QUEUE: usize = 8;

/// Handle of the delivery thread. Dropping it stops the thread.
#[derive(Debug)]
pub struct Toasts {
    jobs: Option<mpsc::Sender<DeliveryJob>>,
    thread: Option<JoinHandle<()>>,
}

impl Toasts {
    /// Starts the delivery thread, which connects at the first toast. `bus` overrides the address of the session bus.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn start(bus: Option<String>) -> io::Result<(Self, mpsc::Receiver<ToastFeedback>)> {
        let (jobs, queue) = mpsc::channel(JOB_QUEUE);
        let (feedback, signal) = mpsc::channel(FEEDBACK_QUEUE);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("notifications".to_owned()).spawn(move || {
            runtime.block_on(Delivery::new(bus, feedback).run(queue));
        })?;
        Ok((Self { jobs: Some(jobs), thread: Some(thread) }, signal))
    }

    /// Asks the service to describe itself; starts it if D-Bus can activate it.
    ///
    /// # Errors
    /// See [`ToastError`].
    pub fn probe(&self) -> Result<NotificationService, ToastError> {
        self.job(DeliveryJob::Probe)
    }

    fn job<T>(&self, job: impl FnOnce(JobReply<T>) -> DeliveryJob) -> Result<T, ToastError> {
        let gone = || ToastError::Unavailable("the delivery has ended".to_owned());
        let (reply, answer) = sync_channel(1);
        // A full queue means that the service hangs.
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.try_send(job(reply)).map_err(|_| ToastError::Timeout)?;
        match answer.recv_timeout(DEADLINE) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => Err(ToastError::Timeout),
            Err(RecvTimeoutError::Disconnected) => Err(gone()),
        }
    }
}

impl Toaster for Toasts {
    fn show(&self, toast: &Toast) -> Result<(), ToastError> {
        self.job(|reply| DeliveryJob::Show(Box::new(toast.clone()), reply))
    }

    fn withdraw(&self, key: &str) -> Result<(), ToastError> {
        self.job(|reply| DeliveryJob::Withdraw(key.to_owned(), reply))
    }
}

impl Drop for Toasts {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // The panic hook has reported a panic already.
            let _ = thread.join();
        }
    }
}
