//! Messages for actions that failed. Whole sentences.

use super::problem::{KeychainFault, Problem, keychain_name, problem};
use crate::account::ServerUrlError;
use crate::catalogue::messages as say;
use crate::locale::Language;

/// What did not work. The text of some is what the system or a library said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionFailure<'a> {
    /// This, which has been said already, without a full stop.
    Said(&'a str),
    /// Signed out, and the keychain did not let go of the tokens.
    SignInKept(KeychainFault),
    /// The address of a server is none.
    Address(&'a ServerUrlError),
    /// The e-mail address is none.
    Email,
    /// A file could not be written.
    File(&'a str),
    /// The start with the session could not be read or changed.
    Autostart(&'a str),
    /// The session cannot start this program.
    NoAutostart,
    /// The demo did not start.
    Demo(&'a str),
    /// This program has none.
    NoDemo,
    /// A person stopped it.
    Stopped,
    /// The program is ending.
    Ending,
    /// A fault of ours.
    Own,
}

/// What is wrong with the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxFault<'a> {
    /// A newer version of the program wrote it.
    Newer,
    /// SQLite finds it damaged.
    Damaged,
    /// It takes nothing.
    Unwritten(&'a str),
    /// It gives nothing.
    Unread(&'a str),
    /// Its file or folder cannot be reached.
    Unopened(&'a str),
}

/// What is wrong with toasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastFault<'a> {
    /// No service shows any.
    Away(&'a str),
    /// The service wants none.
    Refused(&'a str),
    /// The service does not answer in time.
    Silent,
}

/// Says what did not work.
pub fn failure(failure: &ActionFailure<'_>, language: Language) -> String {
    match *failure {
        ActionFailure::Said(what) => say::failed_in_a_sentence(language, what),
        ActionFailure::SignInKept(fault) => say::failed_sign_in_kept(language, keychain_name(fault)),
        ActionFailure::Address(ServerUrlError::NotAUrl) => say::failed_address(language, "not_a_url"),
        ActionFailure::Address(ServerUrlError::Scheme) => say::failed_address(language, "scheme"),
        ActionFailure::Address(ServerUrlError::Extras) => say::failed_address(language, "extras"),
        ActionFailure::Email => say::failed_email(language),
        ActionFailure::File(why) => say::failed_file(language, why),
        ActionFailure::Autostart(why) => say::failed_autostart(language, why),
        ActionFailure::NoAutostart => say::failed_no_autostart(language),
        ActionFailure::Demo(why) => say::failed_demo(language, why),
        ActionFailure::NoDemo => say::failed_no_demo(language),
        ActionFailure::Stopped => say::failed_stopped(language),
        ActionFailure::Ending => say::failed_ending(language),
        ActionFailure::Own => say::failed_in_a_sentence(language, &problem(&Problem::OwnFault, language)),
    }
}

/// What is told when the program cannot start: the title of a toast.
pub fn start_failed(language: Language) -> String {
    say::failed_start(language)
}

/// Says what is wrong with the inbox, without a full stop.
pub fn inbox_fault(fault: InboxFault<'_>, language: Language) -> String {
    let (name, why) = match fault {
        InboxFault::Newer => ("newer", ""),
        InboxFault::Damaged => ("damaged", ""),
        InboxFault::Unwritten(why) => ("unwritten", why),
        InboxFault::Unread(why) => ("unread", why),
        InboxFault::Unopened(why) => ("unopened", why),
    };
    say::inbox_fault(language, name, why)
}

/// Says what is wrong with toasts, without a full stop.
pub fn toast_fault(fault: ToastFault<'_>, language: Language) -> String {
    let (name, why) = match fault {
        ToastFault::Away(why) => ("away", why),
        ToastFault::Refused(why) => ("refused", why),
        ToastFault::Silent => ("silent", ""),
    };
    say::toast_fault(language, name, why)
}
