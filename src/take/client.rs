//! A WebSocket that speaks the inspector protocol: calls with their answers, and events between them.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;
use serde_json::value::RawValue;
use tungstenite::handshake::HandshakeError;
use tungstenite::http::Request;
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Message as Frame, Utf8Bytes, WebSocket};

use super::address::Place;
use super::http::{MOMENT, host_header, is_pause};
use super::message::{FromWorker, Message, Refusal};
use super::{Stop, failed};
use crate::error::{Error, Result};

/// The largest message: engines cut snapshots into pieces of 4 to 200 kB.
const LARGEST: usize = 64 << 20;
/// How long a handshake may take, and how long a message of ours may not be taken.
const GREETING: Duration = Duration::from_secs(10);

pub(super) struct Client {
    socket: WebSocket<TcpStream>,
    /// What errors call the other side.
    place: String,
    last_id: u64,
    /// The worker that is spoken to, instead of its process or page.
    worker: Option<Worker>,
    stop: Stop,
    patience: Duration,
    /// A call whose answer nobody waits for any more, as long as it has not come.
    overdue: Option<u64>,
    /// Nothing that can be relied on comes any more.
    lost: bool,
}

/// A worker, by the session that its process or page has with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Worker {
    /// A thread of Node: its messages stand as text in messages of its process.
    OfNode(String),
    /// One of a page: its messages stand beside those of the page.
    OfPage(String),
}

/// What comes between a call and its answer.
pub(super) enum Event<'a> {
    Message {
        method: &'a str,
        params: &'a RawValue,
    },
    /// Nothing for a moment; how long there has been nothing of use.
    Quiet(Duration),
}

/// What an event was good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// The work goes on.
    Good,
    /// It says nothing about that.
    None,
}

type Listen<'a> = &'a mut dyn FnMut(Event<'_>) -> Result<Use>;

impl Client {
    /// Connects to a target as engines want it: they are called by their address, and no page asks. React Native's proxy
    /// takes pages of its own host only, and some proxies know their name alone.
    pub(super) fn connect(place: &Place, path: &str, patience: Duration, stop: &Stop) -> Result<Client> {
        let mut refused = String::new();
        for (is_page, by_name) in [(false, false), (true, false), (true, true)] {
            let stream = place.connect(stop)?;
            let host = if by_name { place.to_string() } else { host_header(place, &stream) };
            let origin = is_page.then(|| format!("http://{host}"));
            match greet(stream, &host, upgrade(&host, path, origin)?, stop)? {
                Ok(socket) => {
                    let (stop, place) = (stop.clone(), place.to_string());
                    return Ok(Client {
                        socket,
                        place,
                        last_id: 0,
                        worker: None,
                        stop,
                        patience,
                        overdue: None,
                        lost: false,
                    });
                }
                Err(status) => refused = status,
            }
        }
        let advice = "`heapwalk take HOST:PORT --list` shows its targets";
        Err(failed(format!("{place}: refuses the connection to {path} ({refused}); {advice}")))
    }

    /// From now on calls go to a worker of the process, or to the process itself.
    pub(super) fn speak_to(&mut self, worker: Option<Worker>) {
        self.worker = worker;
    }

    pub(super) fn set_stop(&mut self, stop: Stop, patience: Duration) {
        (self.stop, self.patience) = (stop, patience);
    }

    /// Calls a method and waits for what comes of it, which may be that the engine does not do it.
    pub(super) fn call(&mut self, method: &str, params: Value, listen: Listen<'_>) -> Result<Result<Value, String>> {
        let call = self.send(method, params)?;
        let answer = self.answer_to(call, None, listen)?;
        Ok(answer.expect("without a limit the loop ends with an answer"))
    }

    /// What comes of a call that was sent, which is given up after so long: `None` if nothing has come by then.
    pub(super) fn answer_to(
        &mut self,
        call: u64,
        limit: Option<Duration>,
        listen: Listen<'_>,
    ) -> Result<Option<Result<Value, String>>> {
        let mut answer = None;
        let begun = Instant::now();
        let mut last = begun;
        let mut overdue = self.overdue;
        while answer.is_none() {
            self.next(&mut last, &mut |said| {
                if let Some(given) = said.answer(call) {
                    answer = Some(given);
                    return Ok(Use::Good);
                }
                if overdue.is_some_and(|id| said.answer(id).is_some()) {
                    overdue = None;
                }
                said.event().map_or(Ok(Use::None), &mut *listen)
            })?;
            self.overdue = overdue;
            if answer.is_none() && limit.is_some_and(|limit| begun.elapsed() > limit) {
                self.overdue = Some(call);
                return Ok(None);
            }
        }
        Ok(answer)
    }

    /// Whether the answer to a call that took too long has still not come.
    pub(super) fn is_owed(&self) -> bool {
        self.overdue.is_some()
    }

    /// [`Client::call`] where events do not matter.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> Result<Result<Value, String>> {
        self.call(method, params, &mut |_| Ok(Use::None))
    }

    /// Listens for a moment.
    pub(super) fn listen(&mut self, listen: Listen<'_>) -> Result<()> {
        let mut last = Instant::now();
        self.next(&mut last, &mut |said| said.event().map_or(Ok(Use::None), &mut *listen))
    }

    /// Sends a call; gives its number.
    pub(super) fn send(&mut self, method: &str, params: Value) -> Result<u64> {
        self.stop.check()?;
        self.last_id += 1;
        let mut message = serde_json::json!({ "id": self.last_id, "method": method, "params": params });
        match &self.worker {
            None => {}
            Some(Worker::OfPage(session)) => message["sessionId"] = session.as_str().into(),
            Some(Worker::OfNode(session)) => {
                let params = serde_json::json!({ "sessionId": session, "message": message.to_string() });
                // Answers of the process to this are of no use, so that they need no id of their own.
                message = serde_json::json!({ "id": 0, "method": "NodeWorker.sendMessageToWorker", "params": params });
            }
        }
        self.socket.send(Frame::text(message.to_string())).map_err(|problem| self.broken(problem))?;
        Ok(self.last_id)
    }

    /// Hands on the next message of whoever is spoken to, or nothing after a moment.
    fn next(&mut self, last: &mut Instant, take: &mut dyn FnMut(Said<'_>) -> Result<Use>) -> Result<()> {
        self.stop.check()?;
        let handed = self.hand_on(last, take);
        self.lost |= matches!(handed, Err(Error::Take(_)));
        handed
    }

    fn hand_on(&mut self, last: &mut Instant, take: &mut dyn FnMut(Said<'_>) -> Result<Use>) -> Result<()> {
        let used = match self.read()? {
            None => take(Said::Nothing(last.elapsed()))?,
            Some(text) => {
                let message: Message<'_> = serde_json::from_str(&text).map_err(|_| self.gibberish())?;
                let session = message.session_id.as_deref();
                match &self.worker {
                    // What workers of a page say is not for who speaks to the page.
                    None if session.is_some() => Use::None,
                    None => take(Said::Message(message))?,
                    Some(Worker::OfPage(worker)) if session == Some(worker) => take(Said::Message(message))?,
                    Some(Worker::OfPage(_)) => Use::None,
                    Some(Worker::OfNode(worker)) => match of_worker(&message, worker) {
                        None => Use::None,
                        Some(inner) => {
                            let inner = inner?;
                            let message = serde_json::from_str(&inner).map_err(|_| self.gibberish())?;
                            take(Said::Message(message))?
                        }
                    },
                }
            }
        };
        match used {
            Use::Good => *last = Instant::now(),
            Use::None if last.elapsed() > self.patience => {
                let seconds = self.patience.as_secs();
                return Err(failed(format!(
                    "{}: nothing of use has come for {seconds} s; --timeout allows more",
                    self.place
                )));
            }
            Use::None => {}
        }
        Ok(())
    }

    /// The next text, or nothing after a moment.
    fn read(&mut self) -> Result<Option<Utf8Bytes>> {
        match self.socket.read() {
            Ok(Frame::Text(text)) => Ok(Some(text)),
            Ok(Frame::Close(_)) => Err(self.gone()),
            Ok(_) => Ok(None),
            Err(tungstenite::Error::Io(problem)) if is_pause(&problem) => Ok(None),
            Err(problem) => Err(self.broken(problem)),
        }
    }

    fn gone(&self) -> Error {
        let perhaps = "has the program ended, or has it no memory left for a snapshot?";
        failed(format!("{}: the connection is closed; {perhaps}", self.place))
    }

    fn gibberish(&self) -> Error {
        failed(format!("{}: what comes from there is not the inspector protocol", self.place))
    }

    fn broken(&self, problem: tungstenite::Error) -> Error {
        use tungstenite::Error::*;
        use tungstenite::error::ProtocolError;
        match problem {
            ConnectionClosed | AlreadyClosed | Io(_) | Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
                self.gone()
            }
            Capacity(_) => {
                failed(format!("{}: a message of more than {} MB comes from there", self.place, LARGEST >> 20))
            }
            _ => self.gibberish(),
        }
    }

    /// Takes leave: the other side is to know that all has been read.
    pub(super) fn close(&mut self) {
        let _ = self.socket.close(None);
        if self.lost {
            return;
        }
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(1) {
            match self.socket.read() {
                Ok(_) => {}
                Err(tungstenite::Error::Io(problem)) if is_pause(&problem) => {}
                Err(_) => break,
            }
        }
    }
}

/// What has been read.
enum Said<'a> {
    Message(Message<'a>),
    Nothing(Duration),
}

impl Said<'_> {
    /// The answer to a call.
    fn answer(&self, id: u64) -> Option<Result<Value, String>> {
        let Said::Message(message) = self else { return None };
        if message.id != Some(id) {
            return None;
        }
        Some(match &message.error {
            Some(Refusal { message }) => Err(message.clone()),
            None => Ok(message.result.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or(Value::Null)),
        })
    }

    /// What is no answer.
    fn event(&self) -> Option<Event<'_>> {
        match self {
            Said::Nothing(time) => Some(Event::Quiet(*time)),
            Said::Message(Message { id: None, method: Some(method), params: Some(params), .. }) => {
                Some(Event::Message { method, params })
            }
            Said::Message(_) => None,
        }
    }
}

/// What a message of the process says for its worker.
fn of_worker(message: &Message<'_>, worker: &str) -> Option<Result<String>> {
    let params = message.params?;
    match message.method.as_deref()? {
        "NodeWorker.receivedMessageFromWorker" => {
            let from: FromWorker = serde_json::from_str(params.get()).ok()?;
            (from.session_id == worker).then_some(Ok(from.message))
        }
        "NodeWorker.detachedFromWorker" if params.get().contains(&format!("\"{worker}\"")) => {
            Some(Err(failed("the worker has ended")))
        }
        _ => None,
    }
}

type Greeted = Result<WebSocket<TcpStream>, String>;

/// What asks a server to speak with WebSockets.
fn upgrade(host: &str, path: &str, origin: Option<String>) -> Result<Request<()>> {
    let mut request = Request::builder()
        .uri(format!("ws://{host}{path}"))
        .header("Host", host)
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", tungstenite::handshake::client::generate_key());
    if let Some(origin) = origin {
        request = request.header("Origin", origin);
    }
    request.body(()).map_err(|problem| failed(format!("{host}{path}: {problem}")))
}

/// The handshake; the inner error is the status with which a server refuses.
fn greet(stream: TcpStream, host: &str, request: Request<()>, stop: &Stop) -> Result<Greeted> {
    let moment = if cfg!(unix) { MOMENT } else { GREETING };
    let set = stream.set_read_timeout(Some(moment)).and_then(|()| stream.set_write_timeout(Some(GREETING)));
    set.map_err(|problem| failed(format!("{host}{}: {problem}", request.uri().path())))?;
    let config = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
    let begun = Instant::now();
    let mut state = tungstenite::client::client_with_config(request, stream, Some(config));
    loop {
        stop.check()?;
        state = match state {
            Ok((socket, _)) => {
                let _ = socket.get_ref().set_read_timeout(Some(MOMENT));
                return Ok(Ok(socket));
            }
            Err(HandshakeError::Interrupted(_)) if begun.elapsed() > GREETING => {
                return Err(failed(format!("{host}: no answer within {} s", GREETING.as_secs())));
            }
            Err(HandshakeError::Interrupted(middle)) => middle.handshake(),
            Err(HandshakeError::Failure(tungstenite::Error::Http(response))) => {
                return Ok(Err(response.status().to_string()));
            }
            Err(HandshakeError::Failure(tungstenite::Error::Io(problem))) if is_pause(&problem) => {
                stop.check()?;
                return Err(failed(format!("{host}: no answer")));
            }
            Err(HandshakeError::Failure(_)) => {
                return Err(failed(format!("{host}: who listens there is no inspector")));
            }
        }
    }
}
