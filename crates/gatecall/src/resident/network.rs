//! The way to the server, as the window edits and tries it.

use std::path::PathBuf;

use domain::account::ServerUrl;
use domain::settings::{NetworkSettings, ProxyChoice};
use ipc::{ErrorCode, NetworkView};

use super::refusal::Refusal;
use super::request_handler::{address, optional};

/// The way as it may be told.
pub fn told(network: &NetworkSettings) -> NetworkView {
    NetworkView {
        proxy: network.proxy.told(),
        bypass: network.bypass.clone(),
        ca_file: network.ca_file.as_ref().map(|path| path.display().to_string()),
    }
}

/// The way that somebody wants. A path is a whole one, wherever the program is started from next time.
pub fn wanted(view: NetworkView) -> NetworkSettings {
    let path = view.ca_file.map(|path| PathBuf::from(path.trim())).filter(|path| !path.as_os_str().is_empty());
    NetworkSettings {
        proxy: ProxyChoice::from(view.proxy.trim().to_owned()),
        bypass: view.bypass,
        ca_file: path.map(|path| std::path::absolute(&path).unwrap_or(path)),
    }
}

/// The address to be tried: that of the socket.
pub fn tried(server: &str, booking_url: Option<&str>) -> Result<ServerUrl, Refusal> {
    let server = address(server, ErrorCode::InvalidServer)?;
    Ok(optional(booking_url, ErrorCode::InvalidBookingUrl)?.unwrap_or(server))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use domain::Language;

    use super::*;

    #[test]
    fn what_is_told_comes_back_as_the_same() {
        let network = NetworkSettings {
            proxy: ProxyChoice::At("http://u:secret@p:1".to_owned()),
            bypass: vec!["corp.example".to_owned()],
            // A whole path on each system.
            ca_file: Some(std::env::temp_dir().join("ca.pem")),
        };
        let mut view = told(&network);
        assert_eq!(view.proxy, "http://u:*@p:1");
        let back = wanted(view.clone());
        assert_eq!(back.proxy.untold(&network.proxy), Some(network.proxy.clone()));
        assert_eq!((back.bypass, back.ca_file), (network.bypass, network.ca_file));
        (view.proxy, view.ca_file) = (" ".to_owned(), Some(" ".to_owned()));
        let bypass = view.bypass.clone();
        assert_eq!(wanted(view), NetworkSettings { bypass, ..NetworkSettings::default() });
    }

    #[test]
    fn the_socket_is_what_is_tried() {
        assert_eq!(tried("fly.example", Some(" ")).unwrap().to_string(), "https://fly.example");
        assert_eq!(tried("fly.example", Some("http://localhost:1")).unwrap().to_string(), "http://localhost:1");
        assert_eq!(
            tried("ftp://x", Some("fly.example")).unwrap_err().told(Language::En).code,
            ErrorCode::InvalidServer
        );
        assert_eq!(
            tried("fly.example", Some("ftp://x")).unwrap_err().told(Language::En).code,
            ErrorCode::InvalidBookingUrl
        );
    }
}
