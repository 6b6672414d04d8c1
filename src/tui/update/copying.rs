//! The current row → texts for the clipboard.

use std::sync::Arc;

use super::{jump, scopes, work};
use crate::analysis::duplicates::V8_LIMIT;
use crate::base::ids::NodeIx;
use crate::base::text::well_formed;
use crate::columns::NodeType;
use crate::heap::Heap;
use crate::tui::message::Effect;
use crate::tui::overlays::{Choice, Item as Entry, Overlay, Pager, Picker};
use crate::tui::state::{Explorer, Focus, Object, State, Subject, TreePane, View};
use crate::tui::widgets::cut::cut;
use crate::view::label;
use crate::view::list::Item;
use crate::view::source::{Content, Kind, Source};
use crate::view::text;

/// What terminals take at most is about 100 kB of base64; longer texts are cut there by the terminal itself.
const LONGEST: usize = 70_000;
const SHOWN: usize = 60;

/// What can be copied of the row under the cursor.
pub fn show_menu(state: &mut State) {
    let Some(command) = command_line(state) else { return };
    let Some(explorer) = state.explorer_mut() else { return };
    let mut items: Vec<(&'static str, &'static str, String)> = Vec::new();
    if let Some(Subject { item, heap, content }) = explorer.current() {
        let row = label::plain(&label::item(&content, &heap, &item));
        items.push(("r", "row", row.clone()));
        match item.node() {
            Some(node) => {
                items.push(("i", "id", format!("@{}", heap.id(node))));
                items.push(("n", "name", text::safe(&heap.name(node))));
                items.push(("v", "value", whole_text(&heap, node)));
                items.extend(path_text(explorer, &heap, node).map(|path| ("p", "path", path)));
            }
            None => items.push(("n", "name", row)),
        }
    }
    items.push(("c", "command line", command));
    let entry = |(key, what, value): (&'static str, &'static str, String)| Entry {
        key: key.into(),
        text: format!("{what:<14}{}", cut(&text::sanitize(&value.chars().take(2 * SHOWN).collect::<String>()), SHOWN)),
        note: String::new(),
        choice: Choice::Copy(what, value),
    };
    let entries = items.into_iter().map(entry).collect();
    state.overlays.push(Overlay::Picker(Picker::new("Copy", entries, 0)));
}

pub fn copy(state: &mut State, what: &str, value: String) {
    let length = value.chars().count();
    let value = match value.char_indices().nth(LONGEST) {
        Some((end, _)) => value[..end].to_owned(),
        None => value,
    };
    let cut = if length > LONGEST {
        format!(" (the first {} characters)", text::count(LONGEST as u64))
    } else {
        String::new()
    };
    state.say(format!("copied the {what}{cut}, if your terminal allows it (OSC 52)"));
    state.effects.push(Effect::Copy(value));
}

/// The text of a string, joined; the name of anything else.
fn whole_text(heap: &Heap, node: NodeIx) -> String {
    let text = match heap.node_type(node) {
        NodeType::CONS_STRING => heap.joined_text(node, usize::MAX),
        _ => heap.raw_name(node).into_owned(),
    };
    well_formed(&text).into_owned()
}

/// The way from an object to a root: that of the Retainers where they show it. Nothing where that takes long to find.
fn path_text(explorer: &Explorer, heap: &Arc<Heap>, node: NodeIx) -> Option<String> {
    let shown = explorer.retainers.as_ref();
    let shown = shown.filter(|shown| shown.pane.root == Some(node) && Arc::ptr_eq(shown.heap(), heap));
    let ignored = explorer.ignored_for(&Object { heap: heap.clone(), node });
    let retainers = Source::new(heap.clone(), Content::Retainers(ignored));
    let path = match shown {
        Some(shown) => shown.path.clone(),
        None => retainers.path_to_root(node, &work::at_once()).ok()?,
    };
    let mut lines = vec![label::plain(&label::object(heap, node))];
    lines.extend(path.iter().map(|item| label::plain(&label::item(&retainers.content, heap, item))));
    Some(lines.join("\n"))
}

/// The command that prints what the pane with the keys shows.
fn command_line(state: &State) -> Option<String> {
    let explorer = state.explorer()?;
    let file = quote(&state.snapshot().file);
    let pane = explorer.focused_pane();
    let below = |pane: Option<&TreePane>| {
        let Some(pane) = pane else { return String::new() };
        let id = pane.root.map_or_else(String::new, |node| format!(" @{}", pane.tree.source().heap.id(node)));
        let depth = match pane.above.len() + 1 {
            1 => String::new(),
            deepest => format!(" --depth {deepest}"),
        };
        format!("{id}{depth}")
    };
    let base = explorer.base.map_or_else(|| "BASE".into(), |base| quote(&state.snapshots[base].file));
    Some(match (explorer.focus, explorer.view) {
        (Focus::Retainers, _) => {
            let is_gone = pane.is_some_and(|pane| !Arc::ptr_eq(&pane.tree.source().heap, &explorer.heap));
            format!("heapwalk retainers {}{}", if is_gone { &base } else { &file }, below(pane))
        }
        (_, View::Summary) => summary_line(explorer, &file),
        (_, View::Comparison) => format!("heapwalk compare {base} {file}{}", below(pane)),
        (_, View::Containment) => format!("heapwalk containment {file}{}", below(pane)),
        (_, View::Dominators) => format!("heapwalk dominators {file}{}", below(pane)),
        (_, View::Statistics) => format!("heapwalk statistics {file}"),
        (_, View::Allocation) if explorer.kind(View::Allocation) == Kind::Allocation => {
            format!("heapwalk allocation {file}{}", below(pane))
        }
        (_, View::Allocation) => summary_line(explorer, &file),
        (_, View::Strings) => format!("heapwalk strings {file}{}", below(pane)),
    })
}

fn summary_line(explorer: &Explorer, file: &str) -> String {
    let text = explorer.summary.pane.filter.trim_start_matches('\'');
    let class = match text.is_empty() || text.starts_with(['/', '!']) {
        true => String::new(),
        false => format!(" --class {}", quote(text)),
    };
    let scope = explorer.summary.scope.as_ref().and_then(|scoped| scopes::word(&explorer.heap, &scoped.scope));
    let scope = scope.map_or_else(String::new, |word| format!(" --scope {word}"));
    format!("heapwalk summary {file}{class}{scope}")
}

/// A word that a shell takes as it is.
fn quote(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "@%+=:,./_-".contains(letter);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// Opens a window with the whole text of the current row: of a string all that the file has of it.
pub fn show_text(state: &mut State) {
    let Some(subject) = state.explorer_mut().and_then(Explorer::current) else {
        return state.say("no row here");
    };
    let heap = &subject.heap;
    let is_text = |node| {
        matches!(
            heap.node_type(node),
            NodeType::STRING | NodeType::CONS_STRING | NodeType::SLICED_STRING | NodeType::REGEXP
        )
    };
    let is_name = subject.item.node().is_some_and(|node| !is_text(node));
    let (title, text) = match (subject.item, &subject.content) {
        (Item::Class(row), _) => ("class".to_owned(), heap.classes().name(row.class).to_vec()),
        (Item::Text(index), Content::Strings(groups)) => {
            ("text".to_owned(), whole_text(heap, groups[index as usize].nodes[0]).into_bytes())
        }
        (item, content) => match item.node() {
            Some(node) => (jump::name(heap, node), whole_text(heap, node).into_bytes()),
            None => ("row".to_owned(), label::plain(&label::item(content, heap, &item)).into_bytes()),
        },
    };
    let length = well_formed(&text).chars().count() as u64;
    let end = if length == V8_LIMIT as u64 { ", V8 wrote no more of it" } else { "" };
    let what = if is_name { "its name, " } else { "" };
    let title = format!("{title} · {what}{} characters{end}", text::count(length));
    state.overlays.push(Overlay::Text(Pager::new(title, &text)));
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quote("a/b-1.heapsnapshot"), "a/b-1.heapsnapshot");
        assert_eq!(quote("it's {a, b}"), r"'it'\''s {a, b}'");
        assert_eq!(quote(""), "''");
    }
}
