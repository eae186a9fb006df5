//! Conversion between the network settings and their form in the window.

use std::path::PathBuf;

use domain::account::ServerUrl;
use domain::settings::{NetworkSettings, ProxyChoice};
use ipc::{ErrorCode, NetworkView};

use super::forms::{parse_address, parse_optional_address};
use super::request_error::RequestError;

/// Form for the settings, with a proxy password masked.
pub fn to_view(network: &NetworkSettings) -> NetworkView {
    NetworkView {
        proxy: network.proxy.redacted(),
        bypass: network.bypass.clone(),
        ca_file: network.ca_file.as_ref().map(|path| path.display().to_string()),
    }
}

/// Settings for a form. A relative path is made absolute, since the next start may have another working directory.
pub fn from_view(view: NetworkView) -> NetworkSettings {
    let path = view.ca_file.map(|path| PathBuf::from(path.trim())).filter(|path| !path.as_os_str().is_empty());
    NetworkSettings {
        proxy: ProxyChoice::from(view.proxy.trim().to_owned()),
        bypass: view.bypass,
        ca_file: path.map(|path| std::path::absolute(&path).unwrap_or(path)),
    }
}

/// Parses the address of the socket: the booking service, or the server where that is not given.
pub fn parse_socket_address(server: &str, booking_url: Option<&str>) -> Result<ServerUrl, RequestError> {
    let server = parse_address(server, ErrorCode::InvalidServer)?;
    Ok(parse_optional_address(booking_url, ErrorCode::InvalidBookingUrl)?.unwrap_or(server))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use domain::Language;

    use super::*;

    #[test]
    fn a_view_converts_back_to_the_same_settings() {
        let network = NetworkSettings {
            proxy: ProxyChoice::At("http://u:secret@p:1".to_owned()),
            bypass: vec!["corp.example".to_owned()],
            // An absolute path on every system.
            ca_file: Some(std::env::temp_dir().join("ca.pem")),
        };
        let mut view = to_view(&network);
        assert_eq!(view.proxy, "http://u:*@p:1");
        let back = from_view(view.clone());
        assert_eq!(back.proxy.with_password_of(&network.proxy), Some(network.proxy.clone()));
        assert_eq!((back.bypass, back.ca_file), (network.bypass, network.ca_file));
        (view.proxy, view.ca_file) = (" ".to_owned(), Some(" ".to_owned()));
        let bypass = view.bypass.clone();
        assert_eq!(from_view(view), NetworkSettings { bypass, ..NetworkSettings::default() });
    }

    #[test]
    fn the_address_of_the_socket_is_checked() {
        assert_eq!(parse_socket_address("fly.example", Some(" ")).unwrap().to_string(), "https://fly.example");
        assert_eq!(
            parse_socket_address("fly.example", Some("http://localhost:1")).unwrap().to_string(),
            "http://localhost:1"
        );
        assert_eq!(
            parse_socket_address("ftp://x", Some("fly.example")).unwrap_err().to_body(Language::En).code,
            ErrorCode::InvalidServer
        );
        assert_eq!(
            parse_socket_address("fly.example", Some("ftp://x")).unwrap_err().to_body(Language::En).code,
            ErrorCode::InvalidBookingUrl
        );
    }
}
