//! Classes of two snapshots by what makes them the same. Numbers of scripts change with the process, names and places last.

use crate::columns::Location;
use crate::heap::Heap;
use crate::index::{ClassIx, Classes};

/// By what a class is the same in two snapshots.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ClassKey {
    /// WTF-8.
    pub name: Box<[u8]>,
    /// The script by name (by number where it has none), line, column.
    pub place: Option<(Box<[u8]>, u32, u32)>,
}

impl ClassKey {
    pub(crate) fn of(heap: &Heap, classes: &Classes, class: ClassIx) -> ClassKey {
        let place = classes.get(class).location.map(|Location { script_id, line, column }| {
            let script = heap.script_name(script_id).map(|name| name.into_owned());
            (script.unwrap_or_else(|| script_id.to_string().into_bytes()).into(), line, column)
        });
        ClassKey { name: classes.name(class).into(), place }
    }
}
