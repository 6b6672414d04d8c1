//! The current row → texts for the clipboard.

use super::{jump, places};
use crate::base::ids::NodeIx;
use crate::base::text::well_formed;
use crate::columns::NodeType;
use crate::heap::Heap;
use crate::tui::message::Effect;
use crate::tui::overlays::{Choice, Item as Entry, Overlay, Pager, Picker};
use crate::tui::state::{Explorer, Focus, State, View};
use crate::view::label;
use crate::view::list::{self, Item};
use crate::view::text;

/// What terminals take at most is about 100 kB of base64; longer texts are cut there by the terminal itself.
const LONGEST: usize = 70_000;
const SHOWN: usize = 60;

/// What can be copied of the row under the cursor.
pub fn show_menu(state: &mut State) {
    let Some(explorer) = state.explorer() else { return };
    let command = command_line(explorer, &state.file);
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let item = explorer.current_item();
    let mut items: Vec<(&'static str, &'static str, String)> = Vec::new();
    if let Some(item) = item {
        items.push(("r", "row", places::row_text(&heap, &item)));
        match item.node() {
            Some(node) => {
                items.push(("i", "id", format!("@{}", heap.id(node))));
                items.push(("n", "name", text::safe(&heap.name(node))));
                items.push(("v", "value", whole_text(&heap, node)));
                items.push(("p", "path", path_text(explorer, node)));
            }
            None => items.push(("n", "name", places::row_text(&heap, &item))),
        }
    }
    items.push(("c", "command line", command));
    let entry = |(key, what, value): (&'static str, &'static str, String)| Entry {
        key: key.into(),
        text: format!("{what:<14}{}", text::sanitize(&value.chars().take(SHOWN).collect::<String>())),
        note: String::new(),
        choice: Choice::Copy(what, value),
    };
    let entries = items.into_iter().map(entry).collect();
    state.overlays.push(Overlay::Picker(Picker::new("Copy", entries, 0)));
}

pub fn copy(state: &mut State, what: &str, value: String) -> Vec<Effect> {
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
    vec![Effect::Copy(value)]
}

/// The text of a string, joined; the name of anything else.
fn whole_text(heap: &Heap, node: NodeIx) -> String {
    let text = match heap.node_type(node) {
        NodeType::CONS_STRING => heap.joined_text(node, usize::MAX),
        _ => heap.raw_name(node).into_owned(),
    };
    well_formed(&text).into_owned()
}

/// The way from an object to a root: that of the Retainers where they show it.
fn path_text(explorer: &Explorer, node: NodeIx) -> String {
    let heap = &explorer.heap;
    let open = explorer.retainers.as_ref().is_some_and(|pane| pane.root == Some(node));
    let path = match open {
        true => explorer.path.clone(),
        false => list::retaining_path_without(heap, explorer.ignored.as_deref(), node),
    };
    let mut lines = vec![label::plain(&label::object(heap, node))];
    lines.extend(path.iter().map(|item| places::row_text(heap, item)));
    lines.join("\n")
}

/// The command that prints what the pane with the keys shows.
pub fn command_line(explorer: &Explorer, file: &str) -> String {
    let file = quote(file);
    let id = |root: Option<NodeIx>| root.map_or_else(String::new, |node| format!(" @{}", explorer.heap.id(node)));
    let depth = |pane: Option<&crate::tui::state::TreePane>| {
        let deepest = pane.map_or(1, |pane| pane.above.len() + 1);
        if deepest > 1 { format!(" --depth {deepest}") } else { String::new() }
    };
    if explorer.focus == Focus::Retainers {
        let pane = explorer.retainers.as_ref();
        return format!("heapwalk retainers {file}{}{}", id(pane.and_then(|pane| pane.root)), depth(pane));
    }
    match explorer.view {
        View::Summary => {
            let text = explorer.summary.filter.trim_start_matches('\'');
            let class = if text.is_empty() || text.starts_with(['/', '!']) {
                String::new()
            } else {
                format!(" --class {}", quote(text))
            };
            format!("heapwalk summary {file}{class}")
        }
        View::Containment => {
            let pane = explorer.containment.as_ref();
            format!("heapwalk containment {file}{}{}", id(pane.and_then(|pane| pane.root)), depth(pane))
        }
        View::Dominators => {
            let pane = explorer.dominators.as_ref();
            format!("heapwalk dominators {file}{}{}", id(pane.and_then(|pane| pane.root)), depth(pane))
        }
        View::Statistics => format!("heapwalk statistics {file}"),
    }
}

/// A word that a shell takes as it is.
fn quote(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "@%+=:,./_-".contains(letter);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// Opens a window with the whole text of the current string.
pub fn show_text(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let item = explorer.current_item();
    let (title, text) = match item {
        Some(Item::Class(row)) => ("class".to_owned(), heap.classes().name(row.class).to_vec()),
        Some(item) => match item.node() {
            Some(node) => (jump::name(&heap, node), whole_text(&heap, node).into_bytes()),
            None => return,
        },
        None => {
            state.say("no row here");
            return;
        }
    };
    let length = well_formed(&text).chars().count() as u64;
    let title = format!("{title} · {} characters", text::count(length));
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
