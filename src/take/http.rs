//! One HTTP request, for the list of targets: what is answered is bounded in size and in time.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::address::Place;
use super::{Stop, failed};
use crate::error::Result;

/// The longest answer: a browser with a thousand pages lists them in half a megabyte.
const MOST: usize = 8 << 20;
/// How long the whole answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the wish to stop is looked at.
pub(super) const MOMENT: Duration = Duration::from_millis(100);

pub(super) struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Asks for a path.
pub(super) fn get(place: &Place, path: &str, stop: &Stop) -> Result<Answer> {
    let mut stream = place.connect(stop)?;
    let host = host_header(place, &stream);
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\nConnection: close\r\n\r\n");
    let broken = |problem: &std::io::Error| failed(format!("{place}: {problem}"));
    let set = stream.set_read_timeout(Some(MOMENT)).and_then(|()| stream.set_write_timeout(Some(PATIENCE)));
    set.and_then(|()| stream.write_all(request.as_bytes())).map_err(|problem| broken(&problem))?;
    let mut bytes = Vec::new();
    let mut buffer = [0u8; 1 << 14];
    let begun = Instant::now();
    let no_inspector = || failed(format!("{place}: who listens there is no inspector"));
    loop {
        stop.check()?;
        if begun.elapsed() > PATIENCE {
            return Err(failed(format!("{place}: no answer within {} s", PATIENCE.as_secs())));
        }
        let ended = match stream.read(&mut buffer) {
            Ok(0) => true,
            Ok(len) => {
                bytes.extend_from_slice(&buffer[..len]);
                false
            }
            Err(problem) if is_pause(&problem) => continue,
            // Some close the connection hard behind their answer.
            Err(problem) if problem.kind() == ErrorKind::ConnectionReset && !bytes.is_empty() => true,
            Err(problem) => return Err(broken(&problem)),
        };
        if bytes.len() > MOST {
            return Err(failed(format!("{place}: the answer does not end; this is no inspector")));
        }
        match whole(&bytes, ended) {
            Whole::Yes(answer) => return Ok(answer),
            Whole::NotYet if !ended => {}
            Whole::NotYet | Whole::Never => return Err(no_inspector()),
        }
    }
}

/// A read that has only waited for its moment.
pub(super) fn is_pause(problem: &std::io::Error) -> bool {
    matches!(problem.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

/// The address itself rather than a name: engines refuse names, which a page in a browser could have made up.
pub(super) fn host_header(place: &Place, stream: &TcpStream) -> String {
    stream.peer_addr().map_or_else(|_| place.to_string(), |address| address.to_string())
}

enum Whole {
    Yes(Answer),
    NotYet,
    Never,
}

/// The answer as far as it has come.
fn whole(bytes: &[u8], ended: bool) -> Whole {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let start = match response.parse(bytes) {
        Ok(httparse::Status::Complete(start)) => start,
        Ok(httparse::Status::Partial) => return Whole::NotYet,
        Err(_) => return Whole::Never,
    };
    let header = |name: &str| {
        let found = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        found.and_then(|header| std::str::from_utf8(header.value).ok())
    };
    let status = response.code.unwrap_or(0);
    let rest = &bytes[start..];
    let is_chunked = header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    let length = header("content-length").and_then(|value| value.trim().parse::<usize>().ok());
    let body = match length {
        _ if is_chunked => match unchunked(rest) {
            Ok(body) => body,
            Err(whole) => return whole,
        },
        Some(length) if rest.len() >= length => rest[..length].to_vec(),
        Some(_) => return Whole::NotYet,
        None if ended => rest.to_vec(),
        None => return Whole::NotYet,
    };
    Whole::Yes(Answer { status, body })
}

/// A body in pieces, each behind its length.
fn unchunked(mut rest: &[u8]) -> Result<Vec<u8>, Whole> {
    let mut body = Vec::new();
    loop {
        match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete((_, 0))) => return Ok(body),
            Ok(httparse::Status::Complete((start, length))) => {
                let length = usize::try_from(length).ok().filter(|&length| length <= MOST).ok_or(Whole::Never)?;
                let piece = rest.get(start..start + length).ok_or(Whole::NotYet)?;
                body.extend_from_slice(piece);
                // A line break ends a piece.
                rest = rest.get(start + length + 2..).ok_or(Whole::NotYet)?;
            }
            Ok(httparse::Status::Partial) => return Err(Whole::NotYet),
            Err(_) => return Err(Whole::Never),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str, ended: bool) -> Option<String> {
        match whole(text.as_bytes(), ended) {
            Whole::Yes(answer) => Some(String::from_utf8(answer.body).unwrap()),
            Whole::NotYet | Whole::Never => None,
        }
    }

    #[test]
    fn a_body_ends_by_its_length_its_last_piece_or_the_connection() {
        let long = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n[]rest";
        assert_eq!(body(long, false).as_deref(), Some("[]"));
        let pieces =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\n[\r\n2;x=y\r\n{}\r\n1\r\n]\r\n0\r\n\r\n";
        assert_eq!(body(pieces, false).as_deref(), Some("[{}]"));
        assert_eq!(body("HTTP/1.1 200 OK\r\n\r\n[", true).as_deref(), Some("["));
        // Until then it is not whole, wherever it is cut.
        for end in 0..pieces.len() - 4 {
            assert_eq!(body(&pieces[..end], false), None, "{end}");
        }
        for end in 0..long.len() - "rest".len() {
            assert_eq!(body(&long[..end], false), None, "{end}");
        }
    }

    #[test]
    fn what_is_no_answer_is_none() {
        assert!(matches!(whole(b"SSH-2.0-OpenSSH\r\n", false), Whole::Never));
        let endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n";
        assert!(matches!(whole(endless.as_bytes(), false), Whole::Never));
    }
}
