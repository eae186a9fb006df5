//! IPC requests about the host and the network settings, on real parts.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command as StdCommand, Stdio};

use domain::server_check::{CheckStep, ServerCheck};
use domain::settings::{Appearance, Preferences, Theme};
use domain::view::Snapshot;
use domain::{Language, Secret};
use ipc::{About, Autostart, ErrorCode, NetworkView, PeerKind, Request, SignIn};
use serde_json::{Value, json};
use support::PATIENCE;
use support::engine::{EMAIL, PASSWORD};
use support::eventually;
use support::gateway_process::GatewayProcess;
use support::ipc_client::IpcClient;
use support::programs::program;
use support::resident_process::ResidentProcess;
use support::tray_host::TrayHost;
use tokio::process::Child;
use xtask::desktop::Desktop;

/// A proxy password, which may appear in the settings only.
const PROXY_PASSWORD: &str = "hunter2";

#[tokio::test]
async fn the_window_reads_host_facts_and_changes_network_settings() {
    let Some(desktop) = support::desktop() else { return };
    let Some(gateway) = GatewayProcess::start(&desktop).await else { return };
    let Some(mut resident) = ResidentProcess::new(&desktop) else { return };
    resident.login(gateway.url()).await;
    let file = resident.profile().join("settings.json");
    let mut settings: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    settings["dusk"] = 1.into();
    std::fs::write(&file, settings.to_string()).unwrap();
    resident.start().await;
    let client = IpcClient::open(&resident.endpoint().unwrap(), PeerKind::Caller).await;
    let token = gateway.token(EMAIL, PASSWORD).await;
    eventually("online", async || {
        let snapshot: Value = client.call(Request::Snapshot).await;
        (snapshot["connection"]["state"] == "online").then_some(())
    })
    .await;
    let pnr = gateway.book(&token).await["pnr"].as_str().unwrap().to_owned();
    eventually("the booking has come", async || {
        resident.list().await.iter().any(|row| row["pnr"] == pnr.as_str()).then_some(())
    })
    .await;

    settings_json_holds_only_differences_from_the_defaults(&client, &file).await;
    a_server_can_be_checked(&client, gateway.url()).await;
    network_settings_are_returned_without_the_password(&client, &file).await;

    errors_are_in_the_language_of_the_client(&client, &resident).await;

    let rule = json!({ "name": pnr, "when": { "pnrs": [pnr] }, "then": "toast" });
    let mut preferences: Preferences = client.call(Request::Preferences).await;
    preferences.rules = serde_json::from_value(json!([rule])).unwrap();
    client.call::<()>(Request::SetPreferences { preferences }).await;

    let about: About = client.call(Request::About).await;
    assert_eq!(PathBuf::from(&about.data_dir), resident.profile());
    assert!(about.sqlite.starts_with("3.") && about.inbox_bytes > 0 && about.rows > 0, "{about:?}");
    assert!(about.memory_bytes.unwrap() > 1_000_000 && about.system.contains(std::env::consts::ARCH), "{about:?}");
    let licences: String = client.call(Request::Licences).await;
    assert!(licences.contains("\nserde 1.") && licences.contains("\nsvelte 5."));

    assert_eq!(client.call::<Autostart>(Request::Autostart).await, Autostart::Unsupported, "a chosen folder");
    assert_eq!(client.call_refused(Request::SetAutostart { on: true }).await.code, ErrorCode::Unsupported);
    assert!(!desktop.home().join(".config/autostart").exists());

    let path: PathBuf = client.call::<String>(Request::Diagnostics).await.into();
    diagnostics_contain_nothing_private(
        &desktop,
        &path,
        &[EMAIL, PASSWORD, PROXY_PASSWORD, &pnr, &token, "proxy.example"],
    );
    assert!(path.starts_with(resident.profile().join("downloads")));
    resident.stop().await;
}

async fn settings_json_holds_only_differences_from_the_defaults(client: &IpcClient, file: &Path) {
    let usual: Preferences = client.call(Request::Preferences).await;
    let look = Appearance { theme: Theme::Dark, contrast: false };
    client
        .call::<()>(Request::SetPreferences { preferences: Preferences { look, keep_days: Some(0), ..usual.clone() } })
        .await;
    let kept = async |key: &str| {
        // Preferences are published after they were saved.
        client.call::<Preferences>(Request::Preferences).await;
        serde_json::from_slice::<Value>(&std::fs::read(file).unwrap()).unwrap()[key].clone()
    };
    assert_eq!(kept("look").await["theme"], "dark");
    assert_eq!((kept("keepDays").await, kept("dusk").await), (json!(1), json!(1)));
    let snapshot: Snapshot = client.call(Request::Snapshot).await;
    assert_eq!((snapshot.look, snapshot.can_demo), (look, true));
    client.call::<()>(Request::SetPreferences { preferences: usual }).await;
    assert_eq!((kept("look").await, kept("keepDays").await, kept("dusk").await), (json!(null), json!(null), json!(1)));
}

async fn a_server_can_be_checked(client: &IpcClient, url: &str) {
    let check = |server: &str| Request::CheckServer { server: server.to_owned(), booking_url: None };
    let found: ServerCheck = client.call(check(url)).await;
    assert_eq!((found.reachable, found.encrypted, found.speaks), (CheckStep::Good, CheckStep::Good, CheckStep::Good));
    assert_eq!((found.address.as_str(), found.problem), (url, None));
    assert_eq!(client.call_refused(check("ftp://x")).await.code, ErrorCode::InvalidServer);
}

async fn network_settings_are_returned_without_the_password(client: &IpcClient, file: &Path) {
    let before: NetworkView = client.call(Request::Network).await;
    assert_eq!((before.proxy.as_str(), before.ca_file.as_deref()), ("environment", None));
    let proxy = |password: &str| format!("http://ada:{password}@proxy.example:3128");
    let mut view = NetworkView { proxy: proxy(PROXY_PASSWORD), ..before };
    // The gateway is on this machine and reached without a proxy.
    client.call::<()>(Request::SetNetwork { network: view.clone() }).await;
    view = client.call(Request::Network).await;
    assert_eq!(view.proxy, proxy("*"));
    client.call::<()>(Request::SetNetwork { network: view.clone() }).await;
    assert!(std::fs::read_to_string(file).unwrap().contains(&proxy(PROXY_PASSWORD)), "it stays");
    let wrong = NetworkView { proxy: "socks5://u:secret@p:1".to_owned(), ..view.clone() };
    let error = client.call_refused(Request::SetNetwork { network: wrong }).await;
    assert!(error.code == ErrorCode::InvalidProxy && !error.message.contains("secret"), "{error:?}");
    let wrong = NetworkView { ca_file: Some("/nowhere.pem".to_owned()), ..view };
    assert_eq!(client.call_refused(Request::SetNetwork { network: wrong }).await.code, ErrorCode::InvalidCaFile);
}

/// The window's language is German, the command line's English.
async fn errors_are_in_the_language_of_the_client(client: &IpcClient, resident: &ResidentProcess<'_>) {
    let usual: Preferences = client.call(Request::Preferences).await;
    client
        .call::<()>(Request::SetPreferences {
            preferences: Preferences { language: Some(Language::De), ..usual.clone() },
        })
        .await;
    let mut window = IpcClient::open(&resident.endpoint().unwrap(), PeerKind::Window).await;
    window.until("it speaks German", |now| now.language == Language::De).await;
    // A port that was free a moment ago has no listener.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let form = |server: String, email: &str| {
        let email = email.to_owned();
        Request::SignIn(SignIn { server, auth_url: None, booking_url: None, email, password: Secret::new("x") })
    };
    let nowhere = format!("http://{free}");
    for (request, german, english) in [
        (Request::SetAutostart { on: true }, "nicht von der Sitzung", "cannot be started by the session"),
        (form("ftp://x".to_owned(), EMAIL), "mit https:// oder", "with https:// or"),
        (form(nowhere.clone(), "ada"), "Geben Sie die E-Mail-Adresse ein", "Enter the e-mail address"),
        (form(nowhere, EMAIL), "Unter 127.0.0.1 antwortet nichts. Prüfen Sie", "Nothing answers at 127.0.0.1. Check"),
    ] {
        let (in_german, in_english) = (window.call_refused(request.clone()).await, client.call_refused(request).await);
        assert_eq!(in_german.code, in_english.code);
        assert!(in_german.message.contains(german), "{in_german}");
        assert!(in_english.message.contains(english), "{in_english}");
    }
    client.call::<()>(Request::SetPreferences { preferences: usual }).await;
}

fn diagnostics_contain_nothing_private(desktop: &Desktop, path: &Path, private: &[&str]) {
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("gatecall-diagnostics-") && name.ends_with(".json"), "{name}");
    let text = std::fs::read_to_string(path).unwrap();
    for private in private {
        assert!(!text.contains(private), "{private} is in it: {text}");
    }
    let found = desktop.command("secret-tool").args(["search", "--all", "service", domain::APP_ID]).output().unwrap();
    let secrets = String::from_utf8_lossy(&found.stdout).into_owned();
    let secret = secrets.lines().find_map(|line| line.strip_prefix("secret = ")).unwrap();
    let tokens: Value = serde_json::from_str(secret).unwrap();
    for token in ["access", "refresh"] {
        assert!(!text.contains(tokens[token].as_str().unwrap()), "a token is in it");
    }
    let diagnostics: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&diagnostics["connection"]["state"], &diagnostics["settings"]["network"]["proxy"]),
        (&json!("online"), &json!("set"))
    );
    assert_eq!((&diagnostics["settings"]["rules"], &diagnostics["settings"]["account"]), (&json!(1), &json!("set")));
    assert!(
        diagnostics["findings"].as_array().unwrap().iter().any(|finding| finding["part"] == "inbox"),
        "{diagnostics}"
    );
}

/// The resident on the desktop user's own folders, as an installed program runs.
struct InstalledResident<'a> {
    desktop: &'a Desktop,
    program: PathBuf,
}

impl InstalledResident<'_> {
    async fn start(&self) -> (Child, IpcClient) {
        let mut command = self.desktop.command(&self.program);
        // The window is not under test here.
        command.arg("--hidden").env("GATECALL_WINDOW", "/bin/true");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = tokio::process::Command::from(command).kill_on_drop(true).spawn().unwrap();
        let runtime = self.desktop.folder().join("runtime");
        let socket = eventually("the IPC socket is there", async || {
            let paths = std::fs::read_dir(&runtime).unwrap().map(|entry| entry.unwrap().path());
            paths.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "sock"))
        })
        .await;
        (child, IpcClient::open(&socket, PeerKind::Caller).await)
    }

    /// The process ids of this desktop's demos, unreaped ones included.
    fn demos(&self) -> Vec<u32> {
        let runtime = format!("XDG_RUNTIME_DIR={}", self.desktop.folder().join("runtime").display());
        let processes = std::fs::read_dir("/proc").unwrap();
        let processes = processes.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<u32>().ok());
        let read = |pid: &u32, what: &str| std::fs::read(format!("/proc/{pid}/{what}")).unwrap_or_default();
        let has = |text: Vec<u8>, part: &[u8]| text.split(|byte| *byte == 0).any(|found| found == part);
        processes
            .filter(|pid| has(read(pid, "cmdline"), b"--demo") && has(read(pid, "environ"), runtime.as_bytes()))
            .collect()
    }
}

async fn terminate(mut child: Child) {
    signal(child.id().unwrap());
    assert!(tokio::time::timeout(PATIENCE, child.wait()).await.unwrap().unwrap().success());
}

fn signal(pid: u32) {
    assert!(StdCommand::new("kill").args(["-TERM", &pid.to_string()]).status().unwrap().success());
}

#[tokio::test]
async fn autostart_is_switched_and_a_demo_runs_as_its_own_process() {
    let Some(desktop) = support::desktop() else { return };
    let Some(program) = program("gatecall") else { return };
    let _tray = TrayHost::start(desktop.bus()).await;
    let installed = InstalledResident { desktop: &desktop, program };
    let entry = desktop.home().join(".config/autostart/app.gatecall.Gatecall.desktop");
    let (child, client) = installed.start().await;
    let network = NetworkView { proxy: "none".to_owned(), bypass: Vec::new(), ca_file: None };
    client.call::<()>(Request::SetNetwork { network: network.clone() }).await;
    assert_eq!(client.call::<NetworkView>(Request::Network).await, network, "before anybody has signed in");
    assert_eq!(client.call::<Autostart>(Request::Autostart).await, Autostart::Off);
    client.call::<()>(Request::SetAutostart { on: true }).await;
    assert_eq!(client.call::<Autostart>(Request::Autostart).await, Autostart::On);
    let text = std::fs::read_to_string(&entry).unwrap();
    assert!(text.contains(&format!("Exec=\"{}\" --hidden\n", installed.program.display())), "{text}");
    if is_installed("desktop-file-validate") {
        assert!(StdCommand::new("desktop-file-validate").arg(&entry).status().unwrap().success());
    }
    // GNOME's settings switch the entry off, and the program has moved.
    let moved =
        text.replace(installed.program.to_str().unwrap(), "/old/gatecall") + "X-GNOME-Autostart-enabled=false\n";
    std::fs::write(&entry, moved).unwrap();
    assert_eq!(client.call::<Autostart>(Request::Autostart).await, Autostart::Off, "the system is the truth");
    terminate(child).await;
    let (child, client) = installed.start().await;
    let refreshed = std::fs::read_to_string(&entry).unwrap();
    assert_eq!(refreshed, text + "X-GNOME-Autostart-enabled=false\n");
    client.call::<()>(Request::SetAutostart { on: false }).await;
    assert!(!entry.exists());

    client.call::<()>(Request::StartDemo).await;
    client.call::<()>(Request::StartDemo).await;
    let first = eventually("the demo runs", async || installed.demos().first().copied()).await;
    assert_eq!(installed.demos(), [first], "one at a time");
    signal(first);
    eventually("nothing is left of it", async || (!Path::new(&format!("/proc/{first}")).exists()).then_some(())).await;
    let second = eventually("another one can be opened", async || {
        client.call::<()>(Request::StartDemo).await;
        installed.demos().first().copied()
    })
    .await;
    terminate(child).await;
    assert_eq!(installed.demos(), [second], "it ends with nobody");
    signal(second);
    eventually("it has ended", async || installed.demos().is_empty().then_some(())).await;
}

fn is_installed(program: &str) -> bool {
    StdCommand::new(program).arg("--help").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}
