//! Whose variables a scope holds, in words: those of a script, of a function with its place.

use std::fmt;

use super::{functions, place, text};
use crate::analysis::scope_owner::{self, Owner};
use crate::base::ids::NodeIx;
use crate::base::text::well_formed;
use crate::heap::Heap;
use crate::index::naming;

/// Whose variables a scope holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FunctionScope {
    /// A whole script, by the end of its name.
    Script(String),
    /// A block in a script, outside of functions.
    Block(String),
    /// A function, with its place.
    Function(String),
    /// A function that uses the scope, and how many others do.
    UsedBy(String, usize),
    Unknown,
}

impl FunctionScope {
    pub(crate) fn of(heap: &Heap, context: NodeIx) -> FunctionScope {
        match scope_owner::owner(heap, context) {
            Owner::Script(script) => match script_name(heap, script) {
                Some(name) => FunctionScope::Script(name),
                None => FunctionScope::Unknown,
            },
            Owner::Block(script) => script_name(heap, script).map_or(FunctionScope::Unknown, FunctionScope::Block),
            Owner::Function { name, script, closure } => {
                let name = text::safe(&scope_owner::function_name(heap, name));
                let at =
                    closure.and_then(|closure| functions::at(heap, closure)).or_else(|| script_name(heap, script?));
                FunctionScope::Function(functions::function(&name, at.as_deref()))
            }
            Owner::UsedBy(user, others) => FunctionScope::UsedBy(functions::called(heap, user), others),
            Owner::Unknown => FunctionScope::Unknown,
        }
    }

    /// Whether it is that of a whole script, which lives as long as the program.
    pub(crate) fn is_script(&self) -> bool {
        matches!(self, FunctionScope::Script(_))
    }
}

fn script_name(heap: &Heap, script: NodeIx) -> Option<String> {
    let url = naming::script_url(heap.raw_name(script))?;
    Some(text::sanitize(&place::base_name(&well_formed(&url))).into_owned())
}

impl FunctionScope {
    /// Whether the words say already that a function uses it.
    pub(crate) fn names_alone(&self, function: &str) -> bool {
        matches!(self, FunctionScope::UsedBy(user, 0) if function.strip_prefix(user.as_str()).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(" (")
        }))
    }
}

impl fmt::Display for FunctionScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FunctionScope::Script(name) | FunctionScope::Function(name) => f.write_str(name),
            FunctionScope::Block(name) => write!(f, "a block of {name}"),
            FunctionScope::UsedBy(user, 0) => write!(f, "a scope that {user} uses"),
            FunctionScope::UsedBy(user, 1) => write!(f, "a scope that {user} and another function use"),
            FunctionScope::UsedBy(user, others) => write!(f, "a scope that {user} and {others} others use"),
            FunctionScope::Unknown => f.write_str("a scope"),
        }
    }
}
