//! Exit codes, and the errors that map to them.

use std::process::ExitCode;

use client::SignInError;
use domain::Language;
use ipc::{CallError, ErrorBody, ErrorCode};

/// Error with an exit code of its own.
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
    /// The reader of our output has exited, as after `| head`; not a failure.
    #[error("nobody reads the output")]
    ReaderGone,
}

impl From<SignInError> for CliError {
    fn from(error: SignInError) -> Self {
        let message = error.message(Language::En);
        match error {
            SignInError::Refused(_) | SignInError::Ending => Self::SignInNeeded(message),
            SignInError::Unanswered { .. } => Self::Unreachable(message),
        }
    }
}

/// Maps an error of an IPC call.
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

/// Prints the error with its causes and returns its exit code.
#[expect(clippy::print_stderr, reason = "errors go to standard error")]
pub fn report(error: &anyhow::Error) -> ExitCode {
    let cli_error = error.downcast_ref::<CliError>();
    let code = match cli_error {
        Some(CliError::ReaderGone) => return ExitCode::SUCCESS,
        Some(CliError::Usage(_)) => 2,
        Some(CliError::SignInNeeded(_)) => 3,
        Some(CliError::Unreachable(_)) => 4,
        None => 1,
    };
    eprintln!("gatecall: {}", error_chain(error));
    ExitCode::from(code)
}

/// Error and causes in one line. A cause that an error already includes in its text is not repeated.
pub fn error_chain(error: &anyhow::Error) -> String {
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
    fn each_cause_is_printed_once() {
        let error = anyhow::anyhow!("line 3").context("settings.json: line 3").context("the settings cannot be read");
        assert_eq!(error_chain(&error), "the settings cannot be read: settings.json: line 3");
    }
}
