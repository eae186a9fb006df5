//! A client of the resident's IPC socket, as the window and the command line are.

use std::path::Path;

use domain::jobs::{JobKind, JobView};
use domain::view::Snapshot;
use ipc::{CallError, Client, Endpoint, ErrorBody, PeerKind, Push, Request};
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use crate::PATIENCE;

/// An open IPC connection; closed when dropped.
pub struct IpcClient {
    client: Client,
    pushes: mpsc::Receiver<Push>,
    _driver: AbortOnDropHandle<std::io::Result<()>>,
}

impl IpcClient {
    /// Connects to this socket as a peer of this kind.
    pub async fn open(socket: &Path, peer: PeerKind) -> Self {
        let endpoint = Endpoint::from_text(socket.to_str().unwrap());
        let (client, driver, pushes) = Client::connect(&endpoint, peer).await.unwrap();
        Self { client, pushes, _driver: AbortOnDropHandle::new(tokio::spawn(driver.run())) }
    }

    /// Sends a request; returns the answer.
    pub async fn call<T: DeserializeOwned>(&self, request: Request) -> T {
        let shown = format!("{request:?}");
        let answer = tokio::time::timeout(PATIENCE, self.client.call(request)).await;
        answer.unwrap_or_else(|_| panic!("no answer: {shown}")).unwrap_or_else(|error| panic!("{shown}: {error}"))
    }

    /// Sends a request; returns the answer as JSON, or the error.
    pub async fn try_call(&self, request: Request) -> Result<serde_json::Value, ErrorBody> {
        let shown = format!("{request:?}");
        let answer = tokio::time::timeout(PATIENCE, self.client.call(request)).await;
        match answer.unwrap_or_else(|_| panic!("no answer: {shown}")) {
            Ok(answer) => Ok(answer),
            Err(CallError::Refused(error)) => Err(error),
            Err(error) => panic!("{shown}: {error}"),
        }
    }

    /// Sends a request that has to fail; returns the error.
    pub async fn call_refused(&self, request: Request) -> ErrorBody {
        let shown = format!("{request:?}");
        refusal(&shown, self.client.call_raw(request).await)
    }

    /// Waits for a pushed snapshot that satisfies the condition.
    pub async fn until(&mut self, what: &str, is_so: impl Fn(&Snapshot) -> bool) -> Snapshot {
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                match self.pushes.recv().await.expect("a line") {
                    Push::Snapshot { snapshot } if is_so(&snapshot) => return *snapshot,
                    _ => {}
                }
            }
        });
        found.await.unwrap_or_else(|_| panic!("waited in vain: {what}"))
    }

    /// Waits until a job of this kind is in the snapshot.
    async fn job_view(&mut self, work: JobKind) -> JobView {
        let of = |now: &Snapshot| now.jobs.iter().find(|view| view.kind == work).copied();
        let seen = self.until("it is under way", |now| of(now).is_some()).await;
        of(&seen).unwrap()
    }

    /// Sends a request that starts a job, and waits for the job's end.
    pub async fn call_to_end(&mut self, request: Request) {
        let client = self.client.clone();
        let mut call = std::pin::pin!(client.call::<()>(request));
        loop {
            tokio::select! {
                answer = &mut call => return answer.unwrap(),
                push = self.pushes.recv() => drop(push.expect("a line")),
            }
        }
    }

    /// Sends a request that starts a job, and disconnects once the job runs. Returns the job's progress by then.
    pub async fn call_and_disconnect(mut self, request: Request, work: JobKind) -> u64 {
        let client = self.client.clone();
        tokio::select! {
            answer = client.call_raw(request) => panic!("it took no time: {answer:?}"),
            seen = self.job_view(work) => seen.done,
        }
    }

    /// Sends a request that starts a job, and cancels the job once it runs; returns the error.
    pub async fn call_and_cancel(&mut self, request: Request, work: JobKind) -> ErrorBody {
        let (client, shown) = (self.client.clone(), format!("{request:?}"));
        let call = tokio::spawn(async move { client.call_raw(request).await });
        let seen = self.job_view(work).await;
        assert!(seen.total.is_some_and(|total| seen.done <= total), "{seen:?}");
        self.call::<()>(Request::Cancel { work }).await;
        let answer = call.await.unwrap();
        self.until("it is over", |now| now.jobs.is_empty()).await;
        refusal(&shown, answer)
    }
}

fn refusal<T: std::fmt::Debug>(asked: &str, answer: Result<T, CallError>) -> ErrorBody {
    match answer {
        Err(CallError::Refused(error)) => error,
        answer => panic!("{asked}: {answer:?}"),
    }
}
