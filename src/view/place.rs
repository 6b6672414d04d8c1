//! Places in scripts, as people read them: `server.js:103` where there is little room, else the whole name.
//!
//! Lines and columns count from zero in the file and from one here.

use super::cut::cut;
use super::text;
use crate::base::text::well_formed;
use crate::columns::Location;
use crate::heap::Heap;
use crate::index::scripts::known_part;

/// Longer base names are cut: a URL may hold a whole program.
const LONGEST: usize = 41;

/// The name of the script, where the file has it.
pub(crate) fn script(heap: &Heap, location: Location) -> Option<String> {
    heap.script_name(location.script_id).map(|name| well_formed(&name).into_owned())
}

/// `/srv/app/server.js:103:14`, or `script 78:103:14` where the script has no name; not safe for terminals.
pub(crate) fn text(heap: &Heap, location: Location) -> String {
    let script = script(heap, location).unwrap_or_else(|| format!("script {}", location.script_id));
    format!("{script}:{}:{}", location.line as u64 + 1, location.column as u64 + 1)
}

/// [`text`], safe for terminals.
pub(crate) fn whole(heap: &Heap, location: Location) -> String {
    text::sanitize(&text(heap, location)).into_owned()
}

/// `server.js:103`; safe for terminals.
pub(crate) fn short(heap: &Heap, location: Location) -> String {
    let line = location.line as u64 + 1;
    match script(heap, location) {
        Some(name) => format!("{}:{line}", text::sanitize(&base_name(&name))),
        None => format!("script {}:{line}", location.script_id),
    }
}

/// The part of a path or URL by which people know a script, cut where it is long.
pub(crate) fn base_name(name: &str) -> String {
    cut(known_part(name), LONGEST).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut() {
        let name = "data:text/javascript,let a = 1; let b = 2; let c = 3";
        assert_eq!(base_name(name), "data:text/javascript,let a = 1; let b = …");
        assert_eq!(base_name("/srv/app/server.js"), "server.js");
    }
}
