//! Length-prefixed JSON frames on any byte stream.

use std::io;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde::{Serialize, de::DeserializeOwned};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

/// Frame size limit. A page of 200 rows takes about 200 KiB; a larger length prefix is no Gatecall frame.
pub const MAX_FRAME_BYTES: usize = 4 << 20;

/// Message stream over a byte stream.
pub(crate) struct Frames<S>(Framed<S, LengthDelimitedCodec>);

impl<S: AsyncRead + AsyncWrite + Unpin> Frames<S> {
    pub fn new(stream: S) -> Self {
        Self(LengthDelimitedCodec::builder().max_frame_length(MAX_FRAME_BYTES).new_framed(stream))
    }

    /// Receives the next message; `None` when the peer has closed the connection. Cancel-safe.
    pub async fn recv<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        match self.0.next().await {
            Some(frame) => Ok(Some(serde_json::from_slice(&frame?)?)),
            None => Ok(None),
        }
    }

    /// Sends one message and flushes.
    pub async fn send<T: Serialize>(&mut self, message: &T) -> io::Result<()> {
        self.0.send(Bytes::from(serde_json::to_vec(message)?)).await
    }
}
