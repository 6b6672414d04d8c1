//! Who answers: the engine behind a target, by what a program says of itself.

use serde::Deserialize;
use serde_json::{Value, json};

use super::targets::Listing;

/// Asks for names and numbers only. `process` is Node's and Electron's, and Deno and Bun have it too. Node 10 does not
/// know `globalThis`.
const QUESTION: &str = "(() => { const g = typeof globalThis === 'object' ? globalThis : this; \
    const p = g.process, d = g.Deno, b = g.Bun, v = p && p.versions || {}; \
    return JSON.stringify({ pid: p && p.pid || d && d.pid, node: v.node, v8: v.v8 || d && d.version && d.version.v8, \
    electron: v.electron, deno: d && d.version && d.version.deno, bun: b && b.version, \
    hermes: !!g.HermesInternal }); })()";

/// What is known of an engine; nothing of it is more than its own word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Engine {
    /// The process that it runs in, if it knows.
    pub pid: Option<u32>,
    pub node: Option<String>,
    pub v8: Option<String>,
    pub electron: Option<String>,
    pub deno: Option<String>,
    pub bun: Option<String>,
    pub hermes: bool,
    /// What its inspector calls itself.
    #[serde(skip)]
    pub browser: String,
}

impl Engine {
    /// The parameters of the call that asks.
    pub(super) fn question() -> Value {
        json!({ "expression": QUESTION, "returnByValue": true })
    }

    /// The engine that answers; where it does not name its version, its inspector may.
    pub(super) fn of_answer(answer: &Value, listing: &Listing) -> Engine {
        let text = answer.pointer("/result/value").and_then(Value::as_str).unwrap_or_default();
        let mut engine: Engine = serde_json::from_str(text).unwrap_or_default();
        engine.browser.clone_from(&listing.browser);
        engine.v8 = engine.v8.or_else(|| listing.v8.clone());
        engine
    }

    /// `Node 22.1.0`; empty where nobody knows.
    pub(crate) fn name(&self) -> String {
        let known = [("Deno", &self.deno), ("Bun", &self.bun), ("Electron", &self.electron), ("Node", &self.node)];
        match known.iter().find_map(|(name, version)| version.as_ref().map(|version| format!("{name} {version}"))) {
            Some(name) => name,
            None if self.hermes => "Hermes".into(),
            // `Chrome/141.0.1`, `workerd`
            None => self.browser.replacen('/', " ", 1),
        }
    }

    pub(super) fn is_node(&self) -> bool {
        self.node.is_some() && self.deno.is_none() && self.bun.is_none()
    }

    /// Whether the engine is a V8 before this version; not where its version is unknown.
    fn is_before(&self, version: (u32, u32)) -> bool {
        let mut parts = self.v8.iter().flat_map(|text| text.split(['.', '-'])).map_while(|part| part.parse().ok());
        let Some(major) = parts.next() else { return false };
        (major, parts.next().unwrap_or(0)) < version
    }

    /// What of a wish the engine does not do, in words.
    pub(super) fn lacks(&self, numeric: bool, internals: bool) -> Vec<String> {
        let mut lacks = Vec::new();
        if numeric && self.v8.is_some() && !self.is_before((15, 0)) {
            lacks.push(format!("{} writes no numbers (--numeric): V8 before 15 does", self.name()));
        }
        if internals && self.hermes {
            lacks.push(format!("{} keeps its internals to itself (--internals): V8 writes them", self.name()));
        }
        lacks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(text: &str) -> Engine {
        let listing = Listing { browser: "workerd".into(), ..Listing::default() };
        Engine::of_answer(&json!({ "result": { "type": "string", "value": text } }), &listing)
    }

    #[test]
    fn an_engine_has_the_name_that_it_is_known_by() {
        let node = engine(r#"{"pid":7,"node":"22.1.0","v8":"12.4.254.21-node.33"}"#);
        assert_eq!((node.pid, node.name(), node.is_node()), (Some(7), "Node 22.1.0".into(), true));
        let deno = engine(r#"{"pid":7,"node":"24.0.0","deno":"2.5.0","v8":"14.0"}"#);
        assert_eq!((deno.name(), deno.is_node()), ("Deno 2.5.0".into(), false));
        assert_eq!(engine(r#"{"hermes":true}"#).name(), "Hermes");
        for text in ["{}", "null", "[", r#"{"pid":"x"}"#] {
            assert_eq!(engine(text).name(), "workerd");
        }
    }

    #[test]
    fn what_a_version_cannot_do_is_said() {
        let of = |v8: &str| Engine { v8: Some(v8.into()), node: Some("x".into()), ..Engine::default() };
        assert_eq!(of("12.4.254.21-node.33").lacks(true, true), Vec::<String>::new());
        assert_eq!(of("15.0.1").lacks(true, true).len(), 1);
        assert_eq!(Engine { hermes: true, ..Engine::default() }.lacks(true, true).len(), 1);
        assert_eq!(Engine::default().lacks(true, true), Vec::<String>::new());
    }
}
