//! The walls around the page, tried from inside the real window: no network, no command but its own, no token.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use support::signed_in_app::SignedInApp;
use tokio::net::TcpListener;

/// Somebody who would like to hear from the page, and counts whoever comes.
struct ConnectionCounter {
    port: u16,
    connections: Arc<AtomicUsize>,
    accepting: tokio::task::JoinHandle<()>,
}

impl ConnectionCounter {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let accepting = tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { port, connections, accepting }
    }

    /// How many came before this call, which comes itself, to see that it would have been heard.
    async fn connections(&self) -> usize {
        let before = self.connections.load(Ordering::SeqCst);
        let _knock = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        support::eventually("a knock is heard", async || {
            (self.connections.load(Ordering::SeqCst) > before).then_some(())
        })
        .await;
        // Knocks are heard in their order, so that any of before has been counted by now.
        self.connections.load(Ordering::SeqCst) - 1
    }
}

impl Drop for ConnectionCounter {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Every way in which a page can ask somebody for something. Resolves when each has been answered, refused, or given the
/// time in which a socket on this machine is answered many times over; answers those that were not refused.
const NETWORK_APIS: &str = r#"
const [url, socket] = arguments, done = arguments[arguments.length - 1];
const element = (name, set) => new Promise((resolve, reject) => {
    const made = Object.assign(document.createElement(name), set);
    made.onload = () => resolve(), made.onerror = () => reject();
    document.head.append(made);
    setTimeout(reject, 2000);
});
const socketOf = (make) => new Promise((resolve, reject) => {
    const made = make();
    made.onopen = () => resolve(), made.onerror = () => reject();
    setTimeout(reject, 2000);
});
const ways = {
    fetch: () => fetch(url),
    'fetch without cors': () => fetch(url, { mode: 'no-cors', method: 'POST', body: 'x' }),
    xhr: () => new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.onload = () => resolve(), request.onerror = () => reject();
        request.open('GET', url), request.send();
    }),
    beacon: async () => { if (!navigator.sendBeacon(url, 'x')) throw 0; await new Promise((_, reject) => setTimeout(reject, 1000)); },
    websocket: () => socketOf(() => new WebSocket(socket)),
    eventsource: () => socketOf(() => new EventSource(url)),
    image: () => element('img', { src: url }),
    script: () => element('script', { src: url }),
    'inline script': async () => {
        const made = Object.assign(document.createElement('script'), { textContent: 'globalThis.ran = true' });
        document.head.append(made);
        if (!globalThis.ran) throw 0;
    },
    eval: async () => (0, eval)('1'),
    module: () => import(url),
    stylesheet: () => element('link', { rel: 'stylesheet', href: url }),
    prefetch: () => element('link', { rel: 'prefetch', href: url }),
    frame: () => new Promise((resolve, reject) => {
        const made = Object.assign(document.createElement('iframe'), { src: url });
        document.body.append(made);
        setTimeout(() => { made.remove(); reject(); }, 1000);
    }),
    object: () => element('object', { data: url, type: 'text/html' }),
    worker: async () => { new Worker(URL.createObjectURL(new Blob([`fetch(${JSON.stringify(url)})`]))); await new Promise((_, reject) => setTimeout(reject, 1000)); },
    form: async () => {
        const made = Object.assign(document.createElement('form'), { action: url, method: 'post' });
        document.body.append(made), made.submit();
        await new Promise((_, reject) => setTimeout(reject, 1000));
    },
    'new window': async () => { if (open(url)) await new Promise((_, reject) => setTimeout(reject, 1000)); else throw 0; },
    navigation: async () => { location.href = url; await new Promise((_, reject) => setTimeout(reject, 1000)); },
};
Promise.all(Object.entries(ways).map(async ([name, way]) => {
    try { await way(); return name; } catch { return null; }
})).then((all) => done(all.filter((name) => name)));
"#;

/// Calls the shell by its own door; answers what came of each: `null` for a refusal.
const CALLS: &str = r#"
const [calls] = arguments, done = arguments[arguments.length - 1];
Promise.all(calls.map(([command, args]) => __TAURI_INTERNALS__.invoke(command, args).then((value) => value ?? 'done', () => null))).then(done);
"#;

#[tokio::test]
async fn the_page_reaches_nobody_commands_nothing_else_and_holds_no_token() {
    let Some(desktop) = support::desktop() else { return };
    let Some(app) = SignedInApp::start(&desktop, "CUSTOMER").await else { return };
    let SignedInApp { server, window, .. } = &app;
    let listener = ConnectionCounter::start().await;
    let url = format!("http://127.0.0.1:{}/", listener.port);

    // Markup in what a server says stays text.
    let title = format!("<img src={url}><link rel=preconnect href={url}><script src={url}></script>");
    let payload = json!({ "timestamp": "2025-11-10T12:00:00.000Z", "data": { "bookingId": "b-1", "pnr": title,
        "status": "CANCELLED", "flightNumber": "AA123", "origin": "JFK", "destination": "LAX" } });
    server.event("booking:cancelled", payload).await;
    window.find("[data-testid=row]").await;
    assert_eq!(window.count("main img, main link, main script").await, 0);
    assert!(window.text("[data-testid=row]").await.contains("<img"), "it is shown as it came");

    let socket = format!("ws://127.0.0.1:{}/", listener.port);
    let out = window.wait_for_script(NETWORK_APIS, vec![url.into(), socket.into()]).await;
    assert_eq!(out, json!([]), "ways that were not refused");
    assert_eq!(listener.connections().await, 0, "nobody was asked");
    let place = window.script("return location.href", vec![]).await;
    assert!(place.as_str().unwrap().starts_with("tauri://localhost"), "{place}");

    let strange = json!([
        ["plugin:fs|read_text_file", { "path": "/etc/hostname" }],
        ["plugin:shell|open", { "path": "https://fly.example" }],
        ["plugin:opener|open_url", { "url": "https://fly.example" }],
        ["plugin:window|close", { "label": "main" }],
        ["plugin:webview|create_webview_window", { "options": { "label": "other", "url": "https://fly.example" } }],
        ["plugin:event|emit", { "event": "push", "payload": {} }],
        ["plugin:app|version", {}],
        ["plugin:path|resolve_directory", { "directory": 11 }],
        ["plugin:process|exit", { "code": 0 }],
        ["call", { "request": { "type": "tokens" } }],
    ]);
    let answers = window.wait_for_script(CALLS, vec![strange.clone()]).await;
    for (call, answer) in strange.as_array().unwrap().iter().zip(answers.as_array().unwrap()) {
        assert!(answer.is_null(), "{call} is refused: {answer}");
    }

    // Everything that the page may ask, and everything that it keeps.
    let asked = ["snapshot", "preferences", "threadPreferences", "network", "autostart", "about", "desk", "licences"];
    let calls: Vec<Value> = asked.iter().map(|name| json!(["call", { "request": { "type": name } }])).collect();
    let answers = window.wait_for_script(CALLS, vec![json!(calls)]).await;
    assert!(answers.as_array().unwrap().iter().all(|answer| !answer.is_null()), "{answers}");
    let kept = "return JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie + document.documentElement.outerHTML";
    let kept = window.script(kept, vec![]).await.to_string() + &answers.to_string();
    let tokens = server.tokens().await;
    assert!(tokens.len() >= 2 && tokens.iter().all(|token| token.len() > 20), "{} tokens", tokens.len());
    assert!(tokens.iter().all(|token| !kept.contains(token)), "a token is in the page");
    app.end().await;
}
