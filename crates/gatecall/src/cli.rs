//! Command line interface; stable, since scripts rely on it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::time_argument::parse_time;

/// Tells you at once, and exactly once, what happened to your flights and bookings.
///
/// Without a command Gatecall starts, sits in the tray and shows its window; a second start shows the window of the
/// first. Exit codes: 0 done, 1 failed, 2 usage, 3 sign-in needed, 4 server unreachable.
#[derive(Debug, Parser)]
#[command(name = "gatecall", version)]
pub struct Cli {
    /// Command to run instead of starting Gatecall.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Start options.
    #[command(flatten)]
    pub start: StartArgs,
    /// Folder for settings and inbox, instead of the default ones.
    #[arg(long, global = true, value_name = "DIR", env = "GATECALL_PROFILE_DIR")]
    pub profile: Option<PathBuf>,
}

/// Options for starting the resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Args)]
pub struct StartArgs {
    /// Start in the tray, without the window. Where there is no tray the window is shown anyway.
    #[arg(long)]
    pub hidden: bool,
    /// Run with an embedded server, signed in, with scripted events; nothing remains afterwards.
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
    Login(LoginArgs),
    /// Close the session and delete the tokens.
    Logout {
        /// Also delete this account's history on this machine.
        #[arg(long)]
        wipe: bool,
    },
    /// Print events, one per line, until interrupted. Uses the running Gatecall, or connects by itself.
    Watch(WatchArgs),
    /// Print the inbox, newest first.
    List(ListArgs),
    /// Export the inbox in a file format, oldest first.
    Export(ExportArgs),
    /// Mark notifications as read.
    MarkRead(MarkReadArgs),
    /// Check every part and name the next step.
    Doctor {
        /// Print JSON instead of text.
        #[arg(long)]
        json: bool,
        /// Show a test notification and wait up to 30 s for a reaction.
        #[arg(long)]
        toast: bool,
    },
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// `json`: one array of notifications, as `list --json` prints them. `csv`: RFC 4180 with a header row; text that a
    /// spreadsheet would evaluate as a formula gets a leading apostrophe. `markdown`: a summary and one table per day, for
    /// a hand-over. Rows that are done are included and marked.
    #[arg(long, value_enum)]
    pub format: Format,
    /// Only rows received at this time or later: a date, a local time, or RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub since: Option<Timestamp>,
    /// Only rows received before this time.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Json,
    Csv,
    Markdown,
}

#[derive(Debug, Args)]
pub struct LoginArgs {
    /// Address of the booking service.
    #[arg(long, value_name = "URL")]
    pub server: String,
    /// Address of the auth service, if different.
    #[arg(long, value_name = "URL")]
    pub auth_url: Option<String>,
    /// Address of the socket and the bookings, if different.
    #[arg(long, value_name = "URL")]
    pub booking_url: Option<String>,
    /// E-mail address.
    #[arg(long)]
    pub email: String,
    /// Read the password from standard input. Required: a password on the command line would show in process lists.
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Print one JSON object per line: `{"type":"state"|"notification"|"outcome", …}`.
    #[arg(long)]
    pub json: bool,
    /// Show no toasts. No effect when Gatecall is already running.
    #[arg(long)]
    pub no_toasts: bool,
    /// Subscribe to this room while watching.
    #[arg(long, value_name = "ROOM")]
    pub subscribe: Vec<String>,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Print one JSON object per line.
    #[arg(long)]
    pub json: bool,
    /// Only unread notifications.
    #[arg(long)]
    pub unread: bool,
    /// Maximum number of rows.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: u32,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct MarkReadArgs {
    /// Ids, as `list` prints them.
    #[arg(value_name = "ID")]
    pub ids: Vec<i64>,
    /// All notifications.
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
