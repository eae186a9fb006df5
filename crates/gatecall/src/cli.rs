//! The command line: a stable interface that scripts rely on.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

/// Tells you at once, and exactly once, what happened to your flights and bookings.
///
/// Without a command Gatecall starts, sits in the tray and shows its window; a second start shows the window of the
/// first. Exit codes: 0 done, 1 failed, 2 usage, 3 sign-in needed, 4 server unreachable.
#[derive(Debug, Parser)]
#[command(name = "gatecall", version)]
pub struct Cli {
    /// What to do instead of starting.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to start.
    #[command(flatten)]
    pub start: Start,
    /// Folder for settings and inbox, instead of the user's own ones.
    #[arg(long, global = true, value_name = "DIR", env = "GATECALL_PROFILE_DIR")]
    pub profile: Option<PathBuf>,
}

/// How to start the resident program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Args)]
pub struct Start {
    /// Start in the tray, without the window. Shows the window all the same where there is no tray.
    #[arg(long)]
    pub hidden: bool,
    /// Embedded server on a free local port, signed in, with a story of events; leaves nothing behind.
    #[cfg(feature = "demo")]
    #[arg(long, conflicts_with = "hidden")]
    pub demo: bool,
    /// End the demo after this many seconds.
    #[cfg(feature = "demo")]
    #[arg(long = "for", value_name = "SECS", requires = "demo")]
    pub for_secs: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sign in; the password is read from standard input.
    Login(Login),
    /// Close the session and delete the tokens.
    Logout {
        /// Also delete this account's history on this machine.
        #[arg(long)]
        wipe: bool,
    },
    /// Print what happens, a line each, until interrupted. Joins the running Gatecall, or connects by itself.
    Watch(Watch),
    /// Print the inbox, newest first.
    List(List),
    /// Print the inbox for other programs and other people, oldest first.
    Export(Export),
    /// Mark notifications as read.
    MarkRead(MarkRead),
    /// Check every part and say what to do about it.
    Doctor {
        /// One JSON object instead of text.
        #[arg(long)]
        json: bool,
        /// Show a test notification, and wait up to 30 s for what becomes of it.
        #[arg(long)]
        toast: bool,
    },
}

#[derive(Debug, Args)]
pub struct Export {
    /// `json`: one array of notifications, as `list --json` prints them. `csv`: RFC 4180 with a header; text that a
    /// spreadsheet would take for a formula begins with an apostrophe. `markdown`: a summary and a table a day, to hand over
    /// to somebody else. Rows that are done are there, and say so.
    #[arg(long, value_enum)]
    pub format: Format,
    /// Only what came at this moment or later: a day, a time of your own zone, or RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = crate::commands::moment)]
    pub since: Option<Timestamp>,
    /// Only what came before this moment.
    #[arg(long, value_name = "TIME", value_parser = crate::commands::moment)]
    pub until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Json,
    Csv,
    Markdown,
}

#[derive(Debug, Args)]
pub struct Login {
    /// Address of the booking service.
    #[arg(long, value_name = "URL")]
    pub server: String,
    /// Address of the auth service, where it is another one.
    #[arg(long, value_name = "URL")]
    pub auth_url: Option<String>,
    /// Address of the socket and of the bookings, where it is another one.
    #[arg(long, value_name = "URL")]
    pub booking_url: Option<String>,
    /// E-mail address.
    #[arg(long)]
    pub email: String,
    /// Read the password from standard input. There is no other way, so that it never shows in a process list.
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

#[derive(Debug, Args)]
pub struct Watch {
    /// One JSON object a line: `{"type":"state"|"notification"|"outcome", …}`.
    #[arg(long)]
    pub json: bool,
    /// Show no toasts. Without effect when it joins a running Gatecall.
    #[arg(long)]
    pub no_toasts: bool,
    /// Ask for this room, for as long as the watch lasts.
    #[arg(long, value_name = "ROOM")]
    pub subscribe: Vec<String>,
}

#[derive(Debug, Args)]
pub struct List {
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
    /// Only unread notifications.
    #[arg(long)]
    pub unread: bool,
    /// At most this many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: u32,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct MarkRead {
    /// Ids, as `list` prints them.
    #[arg(value_name = "ID")]
    pub ids: Vec<i64>,
    /// All of them.
    #[arg(long)]
    pub all: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_profile_works_with_every_form() {
        for form in ["login --server x --email a@b --password-stdin", "list --json", "doctor", "--hidden"] {
            let words = ["gatecall", "--profile", "x"].into_iter().chain(form.split(' '));
            let cli = Cli::try_parse_from(words).expect(form);
            assert_eq!(cli.profile.as_deref(), Some(std::path::Path::new("x")), "{form}");
        }
        let after = Cli::try_parse_from(["gatecall", "list", "--profile", "x"]).expect("also behind the command");
        assert!(after.profile.is_some());
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }
}
