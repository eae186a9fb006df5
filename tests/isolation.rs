//! The page's isolation, tried from inside the real window: no network, no foreign command, no token.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use support::signed_in_app::SignedInApp;
use tokio::net::TcpListener;

/// A server that counts connections.
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

    /// The connections before this call, which connects itself to prove that connections are counted.
    async fn connections(&self) -> usize {
        let before = self.connections.load(Ordering::SeqCst);
        let _knock = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        support::eventually("the connection is counted", async || {
            (self.connections.load(Ordering::SeqCst) > before).then_some(())
        })
        .await;
        // Connections are accepted in order, so that all earlier ones are counted by now.
        self.connections.load(Ordering::SeqCst) - 1
    }
}

impl Drop for ConnectionCounter {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Every API by which a page can send a request. Resolves when each call was answered, refused, or given a multiple of
/// a local socket's response time; returns the calls that were not refused.
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

/// Invokes commands of the shell; returns each result, `null` for a refusal.
const CALLS: &str = r#"
const [calls] = arguments, done = arguments[arguments.length - 1];
Promise.all(calls.map(([command, args]) => __TAURI_INTERNALS__.invoke(command, args).then((value) => value ?? 'done', () => null))).then(done);
"#;

#[tokio::test]
async fn the_page_has_no_network_no_foreign_command_and_no_token() {
    let Some(desktop) = support::desktop() else { return };
    let Some(app) = SignedInApp::start(&desktop, "CUSTOMER").await else { return };
    let SignedInApp { server, window, .. } = &app;
    let listener = ConnectionCounter::start().await;
    let url = format!("http://127.0.0.1:{}/", listener.port);

    // Markup in server data is shown as text.
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

    // Every answer that the page can request, and everything that it stores.
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
