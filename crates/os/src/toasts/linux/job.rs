//! Jobs of the delivery thread.

use std::sync::mpsc::SyncSender;

use client::ports::ToastError;
use domain::Toast;

use crate::toasts::NotificationService;

/// Channel for the result of a job; the sender of the job blocks on it.
pub type JobReply<T> = SyncSender<Result<T, ToastError>>;

/// Job of the delivery thread.
pub enum DeliveryJob {
    /// Shows a toast, or replaces the one with the same key.
    Show(Box<Toast>, JobReply<()>),
    /// Closes the toast with this key.
    Withdraw(String, JobReply<()>),
    /// Asks the service to describe itself.
    Probe(JobReply<NotificationService>),
}
