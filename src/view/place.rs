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

/// Whether a script is one of a package.
pub(crate) fn is_in_package(name: &str) -> bool {
    name.split(['/', '\\']).any(|segment| segment == "node_modules")
}

/// The folder that all of some scripts are in, with its last slash; nothing where that is no more than a disk.
pub(crate) fn common_folder(names: &[String]) -> &str {
    let Some((first, others)) = names.split_first() else { return "" };
    let shared = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let length = others.iter().map(|other| shared(first, other)).min().unwrap_or(first.len());
    let last_slash = first.as_bytes()[..length].iter().rposition(|&byte| matches!(byte, b'/' | b'\\'));
    let folder = last_slash.map_or("", |slash| &first[..=slash]);
    // `C:\`, `https:/`
    let is_folder = |segment: &str| !segment.is_empty() && !segment.ends_with(':');
    if folder.split(['/', '\\']).any(is_folder) { folder } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_folder_is_the_longest_that_all_are_in() {
        let check = |names: &[&str], folder| {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(common_folder(&names), folder, "{names:?}");
        };
        check(&["/srv/app/server.js"], "/srv/app/");
        check(&["/srv/app/src/a.js", "/srv/app/src/b.js", "/srv/app/index.js"], "/srv/app/");
        check(&["/srv/app/a.js", "/srv/apple/a.js"], "/srv/");
        check(&["/srv/a.js", "/home/b.js"], "");
        check(&[r"C:\app\a.js", r"C:\app\b.js"], r"C:\app\");
        check(&[r"C:\a.js", r"C:\b.js"], "");
        check(&["https://shop.example/js/a.js", "https://shop.example/"], "https://shop.example/");
        check(&["https://shop.example/a.js", "https://cdn.example/b.js"], "");
        check(&["/srv/größe/a.js", "/srv/gröse/a.js"], "/srv/");
        check(&["server.js"], "");
        check(&[], "");
    }

    #[test]
    fn long_names_are_cut() {
        let name = "data:text/javascript,let a = 1; let b = 2; let c = 3";
        assert_eq!(base_name(name), "data:text/javascript,let a = 1; let b = …");
        assert_eq!(base_name("/srv/app/server.js"), "server.js");
    }
}
