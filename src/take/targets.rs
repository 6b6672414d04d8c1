//! What an inspector lists: the heaps that can be taken at a port.

use serde::Deserialize;

use super::address::{Place, is_path};
use super::client::Worker;
use super::other_ways::BUN;
use super::{Stop, failed, http};
use crate::error::Result;

/// One heap that can be taken. All text is the program's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub id: String,
    /// `node`, `page`, `worker`, …
    pub kind: String,
    pub title: String,
    pub url: String,
    pub(super) path: String,
    /// A worker thread, reached through its process.
    pub(super) worker: Option<Worker>,
}

/// More are not looked at.
const MOST: usize = 1000;

#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[derive(Default)]
struct Listed {
    id: String,
    r#type: String,
    title: String,
    url: String,
    /// React Native's proxy names devices and apps instead of addresses.
    device_name: String,
    app_id: String,
    web_socket_debugger_url: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Version {
    #[serde(rename = "Browser")]
    browser: String,
    #[serde(rename = "V8-Version")]
    v8: Option<String>,
}

/// Who listens at a place, and what it has.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub browser: String,
    pub v8: Option<String>,
    pub targets: Vec<Target>,
}

pub(super) fn list(place: &Place, stop: &Stop) -> Result<Listing> {
    let version = http::get(place, "/json/version", stop)?;
    let Version { browser, v8 } = serde_json::from_slice(&version.body).unwrap_or_default();
    if browser.to_ascii_lowercase().starts_with("bun") {
        return Err(failed(format!("{place}: {BUN}")));
    }
    let mut listed = http::get(place, "/json/list", stop)?;
    if listed.status == 404 {
        listed = http::get(place, "/json", stop)?;
    }
    let parsed: Result<Vec<Listed>, _> = serde_json::from_slice(&listed.body);
    let parsed = parsed.map_err(|_| match listed.status {
        200 => failed(format!("{place}: who listens there is no inspector")),
        status => failed(format!("{place}: who listens there is no inspector (HTTP status {status})")),
    })?;
    Ok(Listing { browser, v8, targets: parsed.into_iter().take(MOST).filter_map(target).collect() })
}

/// A target at the place that was named, whatever place it names itself.
fn target(listed: Listed) -> Option<Target> {
    let url = &listed.web_socket_debugger_url;
    let rest = url.split_once("://")?.1;
    let path = &rest[rest.find('/')?..];
    let app = [listed.device_name, listed.app_id].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let url = if listed.url.is_empty() { app.join(", ") } else { listed.url.clone() };
    let kind = if listed.r#type.is_empty() { "target".into() } else { listed.r#type };
    is_path(path).then(|| Target { id: listed.id, kind, title: listed.title, url, path: path.to_owned(), worker: None })
}

impl Target {
    /// One that was named by its socket.
    pub(super) fn of_path(path: &str) -> Target {
        let nothing = String::new();
        Target {
            id: nothing.clone(),
            kind: nothing.clone(),
            title: nothing.clone(),
            url: nothing,
            path: path.into(),
            worker: None,
        }
    }

    /// Its title or, if it has none, where it comes from.
    pub(crate) fn name(&self) -> &str {
        if self.title.is_empty() { &self.url } else { &self.title }
    }

    pub(crate) fn is_worker_of_process(&self) -> bool {
        self.worker.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(url: &str) -> Option<String> {
        target(Listed { web_socket_debugger_url: url.into(), ..Listed::default() }).map(|target| target.path)
    }

    #[test]
    fn of_a_target_only_the_path_counts() {
        assert_eq!(path("ws://evil.example:1/devtools/page/A?x=1").as_deref(), Some("/devtools/page/A?x=1"));
        assert_eq!(
            path("ws://[::1]:8081/inspector/debug?device=a&page=1").as_deref(),
            Some("/inspector/debug?device=a&page=1")
        );
        for url in ["", "ws://host", "ws://h/a b", "ws://h/a\r\nHost: b", "/devtools"] {
            assert_eq!(path(url), None, "{url}");
        }
    }
}
