//! The line to a resident, as the window and the command line have it.

use std::path::Path;

use ipc::{CallError, Client, Endpoint, ErrorBody, Peer, Request};
use serde::de::DeserializeOwned;
use tokio_util::task::AbortOnDropHandle;

use crate::PATIENCE;

/// An open line; it ends with the value.
pub struct Line {
    client: Client,
    _driver: AbortOnDropHandle<std::io::Result<()>>,
}

impl Line {
    /// Opens one at this socket.
    pub async fn open(socket: &Path) -> Self {
        let endpoint = Endpoint::from_text(socket.to_str().unwrap());
        let (client, driver, _pushes) = Client::connect(&endpoint, Peer::Caller).await.unwrap();
        Self { client, _driver: AbortOnDropHandle::new(tokio::spawn(driver.run())) }
    }

    /// Asks, and is answered.
    pub async fn ask<T: DeserializeOwned>(&self, request: Request) -> T {
        let shown = format!("{request:?}");
        let answer = tokio::time::timeout(PATIENCE, self.client.call(request)).await;
        answer.unwrap_or_else(|_| panic!("no answer: {shown}")).unwrap_or_else(|error| panic!("{shown}: {error}"))
    }

    /// Asks, and is refused.
    pub async fn refused(&self, request: Request) -> ErrorBody {
        let shown = format!("{request:?}");
        match self.client.call_raw(request).await {
            Err(CallError::Refused(error)) => error,
            answer => panic!("{shown}: {answer:?}"),
        }
    }
}
