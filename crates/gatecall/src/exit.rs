//! How the program ends: exit codes, and errors that carry one.

use std::process::ExitCode;

use client::SignInError;
use domain::Language;
use ipc::{CallError, ErrorBody, ErrorCode};

/// A failure that a script tells apart by its exit code.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// Exit code 2.
    #[error("{0}")]
    Usage(String),
    /// Exit code 3.
    #[error("{0}")]
    SignInNeeded(String),
    /// Exit code 4.
    #[error("{0}")]
    Unreachable(String),
    /// Nobody reads our output any more, as after `| head`: not a failure at all.
    #[error("nobody reads the output")]
    ReaderGone,
}

impl From<SignInError> for CliError {
    fn from(error: SignInError) -> Self {
        let message = error.said(Language::En);
        match error {
            SignInError::Refused(_) | SignInError::Ending => Self::SignInNeeded(message),
            SignInError::Unanswered { .. } => Self::Unreachable(message),
        }
    }
}

/// The failure that a resident's answer means.
pub fn of_call(error: CallError) -> anyhow::Error {
    match error {
        CallError::Refused(ErrorBody { code: ErrorCode::SignInRefused, message }) => {
            CliError::SignInNeeded(message).into()
        }
        CallError::Refused(ErrorBody { code: ErrorCode::Unreachable, message }) => {
            CliError::Unreachable(message).into()
        }
        CallError::Refused(ErrorBody {
            code:
                ErrorCode::InvalidServer
                | ErrorCode::InvalidAuthUrl
                | ErrorCode::InvalidBookingUrl
                | ErrorCode::InvalidEmail,
            message,
        }) => CliError::Usage(message).into(),
        error => error.into(),
    }
}

/// Prints the failure, with what caused it, and gives its exit code.
#[expect(clippy::print_stderr, reason = "the command line speaks on standard error")]
pub fn report(error: &anyhow::Error) -> ExitCode {
    let failure = error.downcast_ref::<CliError>();
    let code = match failure {
        Some(CliError::ReaderGone) => return ExitCode::SUCCESS,
        Some(CliError::Usage(_)) => 2,
        Some(CliError::SignInNeeded(_)) => 3,
        Some(CliError::Unreachable(_)) => 4,
        None => 1,
    };
    eprintln!("gatecall: {}", sentence(error));
    ExitCode::from(code)
}

/// The failure and its causes in one line. Many errors say their cause themselves: that is not said again.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut sentence = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !sentence.contains(&cause) {
            sentence = if sentence.is_empty() { cause } else { format!("{sentence}: {cause}") };
        }
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_said_once() {
        let error = anyhow::anyhow!("line 3").context("settings.json: line 3").context("the settings cannot be read");
        assert_eq!(sentence(&error), "the settings cannot be read: settings.json: line 3");
    }
}
