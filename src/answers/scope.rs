//! What a scope is called: on the command line, in lists, read and written in one place.

use std::sync::Arc;

use crate::analysis::query;
use crate::analysis::scopes::Scope;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::{Heap, Wants};
use crate::index::contexts::Owner;

/// The scopes that need no further word, with the names that the command line takes.
pub(crate) const NAMED: [(&str, Scope); 10] = [
    ("all", Scope::All),
    ("duplicated-strings", Scope::DuplicatedStrings),
    ("retained-by-detached-dom", Scope::RetainedByDetachedDom),
    ("retained-by-contexts", Scope::RetainedByContexts),
    ("retained-by-console", Scope::RetainedByConsole),
    ("retained-by-event-handlers", Scope::RetainedByEventHandlers),
    ("shared", Scope::SharedNativeContext),
    ("unattributed", Scope::NoNativeContext),
    ("unreachable", Scope::Unreachable),
    ("own", Scope::Own),
];

/// Before the word of a scope that a query finds.
pub(crate) const QUERY: &str = "query:";

/// What a heap must have besides classes and their sizes for the scope of a word.
///
/// # Errors
/// `Error::Query` for a query that cannot be read.
pub(crate) fn wants(word: &str) -> Result<Wants> {
    match word.strip_prefix(QUERY) {
        Some(text) => Ok(query::parse(text)?.wants()),
        None => Ok(Wants::NONE),
    }
}

/// What a word names: one of the names, `@ID` of a native context, `A..B` for ids after A up to B, `query:QUERY`.
///
/// # Errors
/// `Error::Unknown` with the names that there are, `Error::Query` for a query that cannot be read.
pub(crate) fn parse(heap: &Heap, text: &str, meter: &Meter) -> Result<Scope> {
    if let Some((_, scope)) = NAMED.into_iter().find(|(name, scope)| *name == text || scope.title() == text) {
        return Ok(scope);
    }
    if let Some((after, until)) = text.split_once("..")
        && let (Ok(after), Ok(until)) = (after.parse(), until.parse())
    {
        return Ok(Scope::AllocatedBetween { after, until });
    }
    if let Some(id) = text.strip_prefix('@').and_then(|id| id.parse().ok()) {
        let context = heap.require_id(id)?;
        if heap.native_contexts(meter)?.owner(context) == Owner::Context(context) {
            return Ok(Scope::NativeContext(context));
        }
        return Err(Error::Unknown(format!("{text} is no native context")));
    }
    if let Some(text) = text.strip_prefix(QUERY) {
        return Ok(Scope::Found(Arc::new(query::parse(text)?)));
    }
    let names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
    Err(Error::Unknown(format!(
        "no scope is named {text}: there are {}, @ID of a native context, A..B for the ids after A up to B, and query:QUERY",
        names.join(", ")
    )))
}

/// The word that [`parse`] reads, where the scope has one: call sites of a function have none.
pub(crate) fn word(heap: &Heap, scope: &Scope) -> Option<String> {
    match scope {
        Scope::NativeContext(node) => Some(format!("@{}", heap.id(*node))),
        Scope::AllocatedBetween { after, until } => Some(format!("{after}..{until}")),
        Scope::Found(query) => Some(format!("{QUERY}{}", query.text())),
        _ => NAMED.into_iter().find(|(_, named)| named == scope).map(|(name, _)| name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    #[test]
    fn every_word_that_is_written_can_be_read() {
        let graph = Graph::new("r -a-> system+/+NativeContext:hidden[8]; r -b-> b[8]");
        let (heap, meter) = (&graph.heap, Meter::default());
        let context = Scope::NativeContext(graph.node("system+/+NativeContext"));
        let range = Scope::AllocatedBetween { after: 3, until: 9 };
        let found = Scope::Found(Arc::new(query::parse("class:A \"b c\"").expect("a query")));
        for scope in NAMED.into_iter().map(|(_, scope)| scope).chain([context, range, found]) {
            let word = word(heap, &scope).expect("a word");
            assert_eq!(parse(heap, &word, &meter).expect("a scope"), scope, "{word}");
        }
        assert_eq!(word(heap, &Scope::AllocatedAt([1].into())), None);
        for wrong in ["nonsense", "@3000", "@5", "a..b"] {
            assert!(matches!(parse(heap, wrong, &meter), Err(Error::Unknown(_))), "{wrong}");
        }
        assert!(matches!(parse(heap, "query:class:", &meter), Err(Error::Query(_))));
        assert!(wants("query:class:").is_err() && wants("query:retainers>1").is_ok_and(|wants| !wants.is_empty()));
    }
}
