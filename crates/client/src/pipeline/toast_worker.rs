//! Worker thread for the notification service: a service that hangs delays neither the store nor the socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use domain::Toast;
use tokio::sync::{mpsc, oneshot};

use super::{Writer, WriterCommand};
use crate::ports::{ToastError, Toaster};

/// Toasts that wait. A service that is this far behind gets no more; the rows say so.
const QUEUE: usize = 64;

enum ToastJob {
    Show { toast: Box<Toast>, rows: Vec<i64> },
    Test { toast: Box<Toast>, reply: oneshot::Sender<Result<(), ToastError>> },
    Withdraw(String),
}

/// Hands toasts to the thread. Dropping it ends the thread after the call that is under way (at most 5 s).
pub(crate) struct ToastWorker {
    jobs: Option<SyncSender<ToastJob>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ToastWorker {
    pub fn start(toaster: Arc<dyn Toaster>, results: mpsc::WeakSender<WriterCommand>) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel(QUEUE);
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("toasts".to_owned())
            .spawn(move || work(toaster.as_ref(), &queue, &stopped, &results))?;
        Ok(Self { jobs: Some(jobs), stop, thread: Some(thread) })
    }

    /// Queues a toast that tells of these rows. False when the service is too far behind.
    pub fn show(&self, toast: Toast, rows: Vec<i64>) -> bool {
        self.push(ToastJob::Show { toast: Box::new(toast), rows })
    }

    /// Queues a toast whose fate somebody waits for. A dropped reply says that the service is too far behind.
    pub fn test(&self, toast: Toast, reply: oneshot::Sender<Result<(), ToastError>>) {
        self.push(ToastJob::Test { toast: Box::new(toast), reply });
    }

    /// Queues a withdrawal. One that finds no room is given up: the toast expires, or its click opens the row.
    pub fn withdraw(&self, key: String) {
        self.push(ToastJob::Withdraw(key));
    }

    fn push(&self, job: ToastJob) -> bool {
        match self.jobs.as_ref().map(|jobs| jobs.try_send(job)) {
            Some(Ok(())) => true,
            Some(Err(TrySendError::Full(_) | TrySendError::Disconnected(_))) | None => false,
        }
    }
}

impl Drop for ToastWorker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the adapter was reported by the panic hook already.
            let _ = thread.join();
        }
    }
}

fn work(
    toaster: &dyn Toaster,
    queue: &Receiver<ToastJob>,
    stop: &AtomicBool,
    results: &mpsc::WeakSender<WriterCommand>,
) {
    for job in queue {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let result = match job {
            ToastJob::Show { toast, rows } => {
                let result = toaster.show(&toast);
                WriterCommand::run(move |writer| {
                    let Writer { presenter, inbox, .. } = writer;
                    presenter.on_toast_result((&toast.key, toast.notification_id), &rows, result, inbox);
                })
            }
            ToastJob::Test { toast, reply } => {
                let result = toaster.show(&toast);
                WriterCommand::run(move |writer| {
                    writer.presenter.on_test_result(&result, &writer.inbox);
                    // A caller that has stopped waiting is no error.
                    let _ = reply.send(result);
                })
            }
            ToastJob::Withdraw(key) => {
                // One that cannot be withdrawn expires, or its click opens the row.
                if let Err(error) = toaster.withdraw(&key) {
                    tracing::debug!(%error, "a toast was not withdrawn");
                }
                continue;
            }
        };
        // Nobody listens any more when the program ends.
        let Some(results) = results.upgrade() else { return };
        let _ = results.blocking_send(result);
    }
}
