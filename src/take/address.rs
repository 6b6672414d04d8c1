//! `PID | HOST:PORT | ws://…` → where a program is.

use std::fmt;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::{Stop, failed};
use crate::error::{Error, Result};

/// How long one address of a host may take to answer.
const CONNECTING: Duration = Duration::from_secs(5);

/// Which program, as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    Process(u32),
    /// An inspector that lists its targets.
    Port(Place),
    /// One target: what stands behind host and port.
    Socket(Place, String),
}

/// A host and a port, as somebody has named them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub host: String,
    pub port: u16,
}

impl Address {
    pub(crate) fn parse(text: &str) -> Result<Address> {
        let wrong = |what: &str| Error::Usage(format!("{text:?} {what}"));
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return match text.parse::<i32>() {
                Ok(pid) if pid > 0 => Ok(Address::Process(pid.unsigned_abs())),
                _ => Err(wrong("is no process id; a port is written :PORT or HOST:PORT")),
            };
        }
        if text.starts_with("wss://") || text.starts_with("https://") {
            let advice = "`ssh -L 9229:127.0.0.1:9229 HOST` brings a far port here";
            return Err(wrong(&format!("needs TLS, which heapwalk does not speak; {advice}")));
        }
        let (rest, default_port) = match text.strip_prefix("ws://").or_else(|| text.strip_prefix("http://")) {
            Some(rest) => (rest, Some(80)),
            None => (text, None),
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let place = Place::parse(authority, default_port)
            .ok_or_else(|| wrong("is neither a process id nor HOST:PORT nor ws://HOST:PORT/…; Node listens on 9229"))?;
        match path {
            "" | "/" => Ok(Address::Port(place)),
            path if text.starts_with("ws://") && is_path(path) => Ok(Address::Socket(place, path.to_owned())),
            _ => Err(wrong("has a path that only a ws:// address may have")),
        }
    }
}

impl Address {
    /// A word for the names of files.
    pub(crate) fn short(&self) -> String {
        match self {
            Address::Process(pid) => pid.to_string(),
            Address::Port(place) | Address::Socket(place, _) if place.is_local() => place.port.to_string(),
            Address::Port(place) | Address::Socket(place, _) => {
                format!("{}-{}", place.host.replace(':', "."), place.port)
            }
        }
    }
}

/// Whether this can stand in the first line of a request: nothing that could end it or begin another.
pub(super) fn is_path(path: &str) -> bool {
    path.starts_with('/') && path.len() < 4096 && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}

impl Place {
    pub(crate) fn loopback(port: u16) -> Place {
        Place { host: "127.0.0.1".into(), port }
    }

    fn parse(authority: &str, default_port: Option<u16>) -> Option<Place> {
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let port = match port {
            Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                port.parse().ok().filter(|&port| port != 0)?
            }
            Some(_) => return None,
            None => default_port?,
        };
        let host = match host.strip_prefix('[') {
            Some(inner) => {
                let inner = inner.strip_suffix(']')?;
                inner.parse::<std::net::Ipv6Addr>().ok()?;
                inner
            }
            None if host.is_empty() && default_port.is_none() => return Some(Place::loopback(port)),
            None => host,
        };
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte);
        let is_name = !host.is_empty() && host.len() < 256 && host.bytes().all(fits);
        is_name.then(|| Place { host: host.to_owned(), port })
    }

    /// A connection to the first address of the host that takes one.
    pub(super) fn connect(&self, stop: &Stop) -> Result<TcpStream> {
        stop.check()?;
        let addresses = (self.host.as_str(), self.port).to_socket_addrs();
        let addresses = addresses.map_err(|_| failed(format!("{}: no such host", self.host)))?;
        // What is called so must be what it says, whatever somebody has written into the table of hosts.
        let local = self.host.eq_ignore_ascii_case("localhost");
        let mut problem = None;
        for address in addresses.filter(|address| !local || address.ip().is_loopback()) {
            stop.check()?;
            match TcpStream::connect_timeout(&address, CONNECTING) {
                Ok(stream) => {
                    // Requests are small and wait for their answers.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Err(failure) => problem = Some(failure),
            }
        }
        Err(match problem {
            Some(problem) if problem.kind() == std::io::ErrorKind::ConnectionRefused => failed(format!(
                "{self}: nothing listens there; start the program with --inspect, or name its process id"
            )),
            Some(problem) => Error::io(self.to_string(), &problem),
            None => failed(format!("{}: no such host", self.host)),
        })
    }

    /// Whether what goes there does not leave the machine.
    pub(crate) fn is_local(&self) -> bool {
        let number = self.host.parse::<std::net::IpAddr>();
        self.host.eq_ignore_ascii_case("localhost") || number.is_ok_and(|ip| ip.is_loopback())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(host: &str, port: u16) -> Place {
        Place { host: host.into(), port }
    }

    #[test]
    fn a_program_is_a_number_a_port_or_a_socket() {
        let parsed = |text: &str| Address::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(parsed("4242"), Address::Process(4242));
        assert_eq!(parsed(":9229"), Address::Port(place("127.0.0.1", 9229)));
        assert_eq!(parsed("localhost:9222"), Address::Port(place("localhost", 9222)));
        assert_eq!(parsed("[::1]:8081"), Address::Port(place("::1", 8081)));
        assert_eq!(parsed("http://10.0.0.7:9229/"), Address::Port(place("10.0.0.7", 9229)));
        assert_eq!(parsed("ws://127.0.0.1:9229"), Address::Port(place("127.0.0.1", 9229)));
        let page = "/inspector/debug?device=1&page=2";
        let socket = format!("ws://[::1]:8081{page}");
        assert_eq!(parsed(&socket), Address::Socket(place("::1", 8081), page.into()));
        assert_eq!(parsed("ws://host/a-b"), Address::Socket(place("host", 80), "/a-b".into()));
    }

    #[test]
    fn what_names_no_program_is_refused() {
        for text in [
            "",
            "0",
            "4294967297",
            "host",
            "host:",
            "host:0",
            "host:99999",
            "host:-1",
            "::1:9229x",
            "a b:9229",
            "[::1]",
            ":x",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        for text in ["ws://h:1/a b", "ws://h:1/a\r\nHost: x", "http://h:1/json", "ws://:1/a", "[x]:1", "u@h:1"] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        assert!(Address::parse("wss://host/x").unwrap_err().to_string().contains("ssh -L"));
    }

    #[test]
    fn places_read_as_they_are_written() {
        assert_eq!(place("::1", 1).to_string(), "[::1]:1");
        assert_eq!(place("host", 1).to_string(), "host:1");
        assert_eq!(
            ["::1", "127.0.0.9", "LOCALHOST", "10.0.0.1", "host"].map(|host| place(host, 1).is_local()),
            [true, true, true, false, false]
        );
    }
}
