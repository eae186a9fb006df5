//! Two network namespaces joined by a virtual cable that a test can unplug.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A server's and a client's namespace; deleted when dropped.
pub struct Namespaces {
    server: String,
    client: String,
}

/// The server's address.
pub const SERVER: &str = "10.77.0.1";
/// The client's address with its prefix length.
const CLIENT: &str = "10.77.0.2/24";

impl Namespaces {
    /// Creates both namespaces; `None` (with a SKIPPED line) without the rights for it.
    pub fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("gc{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let pair = Self { server: format!("{name}s"), client: format!("{name}c") };
        if !ip(&["netns", "add", &pair.server]) {
            crate::skipped("the right to make network namespaces (root, iproute2)");
            return None;
        }
        assert!(ip(&["netns", "add", &pair.client]));
        let ends =
            ["link", "add", "cable", "netns", &pair.server, "type", "veth", "peer", "cable", "netns", &pair.client];
        assert!(ip(&ends));
        for (namespace, address) in [(&pair.server, "10.77.0.1/24"), (&pair.client, CLIENT)] {
            assert!(ip(&["-n", namespace, "link", "set", "lo", "up"]));
            assert!(ip(&["-n", namespace, "addr", "add", address, "dev", "cable"]));
            assert!(ip(&["-n", namespace, "link", "set", "cable", "up"]));
        }
        Some(pair)
    }

    /// Unplugs the client's cable as a laptop leaves its network: the address is removed with it.
    pub fn unplug(&self) {
        assert!(ip(&["-n", &self.client, "addr", "flush", "dev", "cable"]));
        assert!(ip(&["-n", &self.client, "link", "set", "cable", "down"]));
    }

    /// Plugs the cable in again.
    pub fn plug(&self) {
        assert!(ip(&["-n", &self.client, "link", "set", "cable", "up"]));
        assert!(ip(&["-n", &self.client, "addr", "add", CLIENT, "dev", "cable"]));
    }

    /// Wraps the command to run in the server's namespace.
    pub fn on_server(&self, command: &Command) -> Command {
        inside(&self.server, command)
    }

    /// Wraps the command to run in the client's namespace.
    pub fn on_client(&self, command: &Command) -> Command {
        inside(&self.client, command)
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        ip(&["netns", "del", &self.client]);
        ip(&["netns", "del", &self.server]);
    }
}

fn inside(namespace: &str, command: &Command) -> Command {
    let mut inner = Command::new("ip");
    inner.args(["netns", "exec", namespace]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => inner.env(name, value),
            None => inner.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        inner.current_dir(folder);
    }
    inner
}

fn ip(args: &[&str]) -> bool {
    Command::new("ip").args(args).output().is_ok_and(|output| output.status.success())
}
