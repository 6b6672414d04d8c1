//! An inspector that follows a script: what engines, and those who only look like them, send to who takes a snapshot.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

pub type Socket = WebSocket<TcpStream>;

/// What comes of a call: whether the inspector goes on.
type Script = dyn Fn(&mut Socket, &Value) -> bool + Send + Sync;

/// A snapshot, for whoever only carries it: all kinds of escapes, and characters that UTF-16 has in two halves.
pub const TEXT: &str =
    "{\"snapshot\":{\"node_count\":1},\n\"nodes\":[1,2,3],\"strings\":[\"a\\\"\\\\b\",\"é 東 😀\",\"\\ud83d\"]}\n";

/// One that listens.
pub struct Inspector {
    pub port: u16,
    calls: Arc<Mutex<Vec<Value>>>,
}

impl Inspector {
    /// Answers each connection on a thread of its own. What `targets` says is listed, with the port in place of `PORT`.
    pub fn start(targets: &str, script: impl Fn(&mut Socket, &Value) -> bool + Send + Sync + 'static) -> Inspector {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        Inspector::on(listener, targets, script)
    }

    pub fn on(
        listener: TcpListener,
        targets: &str,
        script: impl Fn(&mut Socket, &Value) -> bool + Send + Sync + 'static,
    ) -> Inspector {
        let port = listener.local_addr().expect("it is bound").port();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let inspector = Inspector { port, calls: calls.clone() };
        let targets = targets.replace("PORT", &port.to_string());
        let script: Arc<Script> = Arc::new(script);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (targets, script, calls) = (targets.clone(), script.clone(), calls.clone());
                std::thread::spawn(move || answer(stream, &targets, &*script, &calls));
            }
        });
        inspector
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The methods that were called, but for those that every session begins with.
    pub fn methods(&self) -> Vec<String> {
        let calls = self.calls.lock().expect("no panic");
        calls.iter().map(|call| call["method"].as_str().unwrap_or_default().to_owned()).collect()
    }

    pub fn call(&self, method: &str) -> Value {
        let calls = self.calls.lock().expect("no panic");
        calls.iter().find(|call| call["method"] == method).cloned().unwrap_or(Value::Null)
    }
}

/// A list with one target, which names another host.
pub const ONE: &str = r#"[{"id":"a","type":"node","title":"app.js","url":"file:///app.js",
    "webSocketDebuggerUrl":"ws://203.0.113.1:1/a"}]"#;

fn answer(mut stream: TcpStream, targets: &str, script: &Script, calls: &Mutex<Vec<Value>>) {
    let mut head = [0u8; 4096];
    let head = loop {
        let Ok(len) = stream.peek(&mut head) else { return };
        if len == 0 {
            return;
        }
        let text = String::from_utf8_lossy(&head[..len]).into_owned();
        if text.contains("\r\n\r\n") {
            break text;
        }
    };
    if !head.to_lowercase().contains("upgrade: websocket") {
        let _ = stream.read(&mut [0; 4096]);
        let body = match head.split(' ').nth(1) {
            Some("/json/version") => r#"{"Browser":"test/1.0","Protocol-Version":"1.3"}"#,
            Some("/json/list") => targets,
            _ => "",
        };
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        return;
    }
    let Ok(mut socket) = tungstenite::accept(stream) else { return };
    while let Ok(message) = socket.read() {
        let Message::Text(text) = message else { continue };
        let call: Value = serde_json::from_str(&text).expect("a call is JSON");
        calls.lock().expect("no panic").push(call.clone());
        if !script(&mut socket, &call) {
            return;
        }
    }
}

pub fn send(socket: &mut Socket, message: &Value) {
    let _ = socket.send(Message::text(message.to_string()));
}

/// What a target does that has a snapshot: pieces of every size, some cut within a character.
pub fn obey(socket: &mut Socket, call: &Value) -> bool {
    obey_as(0, socket, call)
}

/// The same for one that says that it is a process.
pub fn obey_as(pid: u32, socket: &mut Socket, call: &Value) -> bool {
    let id = &call["id"];
    let result = match call["method"].as_str().unwrap_or_default() {
        "Runtime.evaluate" => {
            let facts = json!({ "pid": pid, "v8": "15.6.1" }).to_string();
            json!({ "result": { "type": "string", "value": facts } })
        }
        "Runtime.getHeapUsage" => json!({ "usedSize": 1_000_000, "totalSize": 2_000_000 }),
        "HeapProfiler.takeHeapSnapshot" | "HeapProfiler.stopTrackingHeapObjects" => {
            send_pieces(socket);
            json!({})
        }
        "Unknown.method" => return true,
        _ => json!({}),
    };
    send(socket, &json!({ "id": id, "result": result }));
    true
}

/// The snapshot in pieces of 1, 2, 3 … units of UTF-16, as V8 sends text.
pub fn send_pieces(socket: &mut Socket) {
    let units: Vec<u16> = TEXT.encode_utf16().collect();
    let mut rest = &units[..];
    let mut size = 1;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(size.min(rest.len()));
        let escaped: String = piece.iter().map(|unit| format!("\\u{unit:04x}")).collect();
        let text = format!(r#"{{"method":"HeapProfiler.addHeapSnapshotChunk","params":{{"chunk":"{escaped}"}}}}"#);
        let _ = socket.send(Message::text(text));
        (rest, size) = (behind, size % 7 + 1);
    }
}
