//! The REST side of the scripted server, and the head of every request.

use std::io;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::script::{RestReply, ServerScript};
use super::state::{ScriptedStream, ServerState};

/// An upper bound for requests of the clients under test.
const MAX_REQUEST: usize = 64 << 10;

/// The page of a captive portal.
pub const PORTAL: &str = "<html><body><h1>Welcome to the airport's Wi-Fi</h1></body></html>";

/// A complete request.
pub(super) struct HttpRequest {
    pub method: String,
    pub path: String,
    /// The `Sec-WebSocket-Key` of an upgrade.
    pub key: Option<String>,
    body: Vec<u8>,
}

/// Reads one request; `None` when the client disconnects first.
pub(super) async fn read(stream: &mut Box<dyn ScriptedStream>) -> Option<HttpRequest> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if bytes.len() > MAX_REQUEST || stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if !bytes.first().is_some_and(u8::is_ascii_uppercase) {
            // Such as TLS to a plain-text server. The client may not wait for the answer.
            let _ = send(stream, &response(400, &[], "")).await;
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let header = |name: &str| {
        let mut fields = head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    };
    let length: usize = header("content-length").and_then(|text| text.parse().ok()).unwrap_or_default();
    let mut body = bytes.split_off(end);
    while body.len() < length.min(MAX_REQUEST) {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    // Requests through a proxy carry the whole URL.
    let path = match path.strip_prefix("http://").and_then(|rest| rest.find('/').map(|start| rest[start..].to_owned()))
    {
        Some(local) => local,
        None => path,
    };
    Some(HttpRequest { method, path, key: header("sec-websocket-key"), body })
}

/// A complete HTTP response as text.
pub fn response(status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let (date, length) = (http_date(0), body.len());
    let mut text =
        format!("HTTP/1.1 {status} Scripted\r\nDate: {date}\r\nConnection: close\r\nContent-Length: {length}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text + "\r\n" + body
}

/// The time in this many seconds as an HTTP date.
pub fn http_date(in_secs: i64) -> String {
    let moment = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(in_secs);
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&moment).unwrap()
}

/// Answers a REST request.
pub(super) async fn answer(
    mut stream: Box<dyn ScriptedStream>,
    request: &HttpRequest,
    script: &ServerScript,
    state: &ServerState,
) -> io::Result<()> {
    let path = request.path.split('?').next().unwrap_or_default();
    let given: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let form = match (request.method.as_str(), path) {
        ("POST", "/api/v1/auth/login") => {
            state.note(|seen| seen.logins += 1);
            script.login
        }
        ("POST", "/api/v1/auth/refresh") => {
            state.note(|seen| {
                seen.refreshes += 1;
                seen.last_refresh = given["refreshToken"].as_str().map(str::to_owned);
            });
            script.refresh
        }
        ("GET", "/api/v1/bookings/my-bookings") => {
            let page = json!({ "success": true, "data": [], "meta": { "page": 1, "limit": 100, "total": 0, "totalPages": 1 } });
            return send(&mut stream, &json_response(200, &page)).await;
        }
        _ => RestReply::Status(404),
    };
    match form {
        RestReply::Ok => {
            let tokens = json!({ "success": true, "data": state.issue(), "message": "Here you are" });
            send(&mut stream, &json_response(201, &tokens)).await
        }
        RestReply::Status(status) => {
            let refusal = json!({ "success": false, "message": "No", "statusCode": status });
            send(&mut stream, &json_response(status, &refusal)).await
        }
        RestReply::Html => send(&mut stream, &response(200, &[("Content-Type", "text/html")], PORTAL)).await,
        RestReply::Silence => hold(&mut stream).await,
        RestReply::Fin => Ok(()),
    }
}

/// Sends nothing until the client disconnects.
pub(super) async fn hold(stream: &mut Box<dyn ScriptedStream>) -> io::Result<()> {
    let mut ignored = [0; 4096];
    while stream.read(&mut ignored).await? > 0 {}
    Ok(())
}

/// Sends everything and shuts the write side down.
pub(super) async fn send(stream: &mut Box<dyn ScriptedStream>, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

fn json_response(status: u16, body: &Value) -> String {
    response(status, &[("Content-Type", "application/json")], &body.to_string())
}
