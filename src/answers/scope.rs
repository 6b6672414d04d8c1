//! What a scope is called: on the command line, in lists, read and written in one place.

use crate::analysis::scopes::Scope;
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::Heap;
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

/// What a word names: one of the names, `@ID` of a native context, or `A..B` for ids after A up to B.
///
/// # Errors
/// `Error::Unknown` with the names that there are.
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
    let names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
    Err(Error::Unknown(format!(
        "no scope is named {text}: there are {}, @ID of a native context, and A..B for the ids after A up to B",
        names.join(", ")
    )))
}

/// The word that [`parse`] reads, where the scope has one: call sites of a function have none.
pub(crate) fn word(heap: &Heap, scope: &Scope) -> Option<String> {
    match scope {
        Scope::NativeContext(node) => Some(format!("@{}", heap.id(*node))),
        Scope::AllocatedBetween { after, until } => Some(format!("{after}..{until}")),
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
        for scope in NAMED.into_iter().map(|(_, scope)| scope).chain([context, range]) {
            let word = word(heap, &scope).expect("a word");
            assert_eq!(parse(heap, &word, &meter).expect("a scope"), scope, "{word}");
        }
        assert_eq!(word(heap, &Scope::AllocatedAt([1].into())), None);
        for wrong in ["nonsense", "@3000", "@5", "a..b"] {
            assert!(matches!(parse(heap, wrong, &meter), Err(Error::Unknown(_))), "{wrong}");
        }
    }
}
