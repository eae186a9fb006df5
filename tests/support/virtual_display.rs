//! The windows on a display without a window manager: listing them, and closing one as its close button would.
//!
//! Implements the few X11 requests that this takes, so that no tool has to be installed.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use xtask::desktop::Desktop;

const CLIENT_MESSAGE: u8 = 33;
const VIEWABLE: u8 = 2;

/// A connection to the display.
pub struct VirtualDisplay {
    stream: UnixStream,
    root: u32,
}

impl VirtualDisplay {
    /// Connects to the desktop's display.
    pub fn of(desktop: &Desktop) -> Self {
        let number = desktop.display().trim_start_matches(':');
        let mut stream = UnixStream::connect(format!("/tmp/.X11-unix/X{number}")).unwrap();
        // Little-endian, protocol 11.0, no authorisation.
        stream.write_all(&[b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
        let head = read(&mut stream, 8);
        assert_eq!(head[0], 1, "the display lets us in");
        let setup = read(&mut stream, usize::from(u16_at(&head, 6)) * 4);
        let (vendor, formats) = (usize::from(u16_at(&setup, 16)), usize::from(setup[21]));
        let root = u32_at(&setup, 32 + vendor.next_multiple_of(4) + formats * 8);
        Self { stream, root }
    }

    /// The visible windows of Gatecall.
    pub fn windows(&mut self) -> Vec<u32> {
        let class = self.atom("WM_CLASS");
        let tree = self.ask(&[request(15, 2), self.root]).unwrap();
        let children = tree[32..].chunks(4).map(|child| u32_at(child, 0));
        children.filter(|window| self.is_ours(*window, class) == Some(true)).collect()
    }

    /// `None` when the window has just gone.
    fn is_ours(&mut self, window: u32, class: u32) -> Option<bool> {
        let attributes = self.ask(&[request(3, 2), window])?;
        let class = self.ask(&[request(20, 6), window, class, 0, 0, 64])?;
        let is_gatecall = String::from_utf8_lossy(&class[32..]).to_lowercase().contains("gatecall");
        Some(attributes[26] == VIEWABLE && is_gatecall)
    }

    /// Sends WM_DELETE_WINDOW to a window.
    pub fn close(&mut self, window: u32) {
        let (protocols, delete) = (self.atom("WM_PROTOCOLS"), self.atom("WM_DELETE_WINDOW"));
        let event = [u32::from_le_bytes([CLIENT_MESSAGE, 32, 0, 0]), window, protocols, delete, 0, 0, 0, 0];
        let send = [request(25, 11), window, 0].into_iter().chain(event);
        self.stream.write_all(&send.flat_map(u32::to_le_bytes).collect::<Vec<_>>()).unwrap();
    }

    fn atom(&mut self, name: &str) -> u32 {
        let length = name.len().next_multiple_of(4);
        let mut bytes = name.as_bytes().to_vec();
        bytes.resize(length, 0);
        let words = bytes.chunks(4).map(|word| u32_at(word, 0));
        let head = [request(16, u16::try_from(2 + length / 4).unwrap()), u32::try_from(name.len()).unwrap()];
        u32_at(&self.ask(&head.into_iter().chain(words).collect::<Vec<_>>()).unwrap(), 8)
    }

    /// Sends a request and reads its reply; `None` for an error, such as for a closed window. No events are selected.
    fn ask(&mut self, request: &[u32]) -> Option<Vec<u8>> {
        self.stream.write_all(&request.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>()).unwrap();
        let mut reply = read(&mut self.stream, 32);
        if reply[0] == 0 {
            return None;
        }
        let more = usize::try_from(u32_at(&reply, 4)).unwrap() * 4;
        reply.extend(read(&mut self.stream, more));
        Some(reply)
    }
}

fn request(opcode: u8, words: u16) -> u32 {
    u32::from(opcode) | u32::from(words) << 16
}

fn read(stream: &mut UnixStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).unwrap();
    bytes
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}
