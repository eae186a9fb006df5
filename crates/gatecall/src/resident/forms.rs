//! Parsing of forms: addresses and the sign-in form, each error with the code of its field.

use domain::account::ServerUrl;
use domain::settings::Account;
use ipc::{ErrorCode, SignIn};

use super::request_error::RequestError;

/// Parses a server address; an error gets this code.
pub fn parse_address(text: &str, code: ErrorCode) -> Result<ServerUrl, RequestError> {
    ServerUrl::parse(text).map_err(|error| RequestError::Address(error, code))
}

/// Parses an optional server address; blank text counts as none.
pub fn parse_optional_address(text: Option<&str>, code: ErrorCode) -> Result<Option<ServerUrl>, RequestError> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| parse_address(text, code)).transpose()
}

/// Parses the account of a sign-in form.
pub fn parse_account(form: &SignIn) -> Result<Account, RequestError> {
    let server = parse_address(&form.server, ErrorCode::InvalidServer)?;
    let email = form.email.trim().to_owned();
    if !email.contains('@') {
        return Err(RequestError::Email);
    }
    Ok(Account {
        server,
        auth_url: parse_optional_address(form.auth_url.as_deref(), ErrorCode::InvalidAuthUrl)?,
        booking_url: parse_optional_address(form.booking_url.as_deref(), ErrorCode::InvalidBookingUrl)?,
        email,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use domain::Language;

    use super::*;

    #[test]
    fn an_error_names_its_field() {
        let form = |server: &str, auth: &str, booking: &str, email: &str| SignIn {
            server: server.to_owned(),
            auth_url: Some(auth.to_owned()),
            booking_url: Some(booking.to_owned()),
            email: email.to_owned(),
            password: domain::Secret::new("x"),
        };
        let code = |form: SignIn| parse_account(&form).unwrap_err().to_body(Language::En).code;
        assert_eq!(code(form("ftp://x", "", "", "a@b.c")), ErrorCode::InvalidServer);
        assert_eq!(code(form("fly.example", "ftp://x", "", "a@b.c")), ErrorCode::InvalidAuthUrl);
        assert_eq!(code(form("fly.example", "", "ftp://x", "a@b.c")), ErrorCode::InvalidBookingUrl);
        assert_eq!(code(form("fly.example", "", "", "ada")), ErrorCode::InvalidEmail);
        assert!(parse_account(&form("fly.example", " ", "", "a@b.c")).unwrap().auth_url.is_none());
    }
}
