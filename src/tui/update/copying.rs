//! The current row → texts for the clipboard, or for a window.

use std::sync::Arc;

use super::turn::Turn;
use super::{command_line, work};
use crate::analysis::duplicates::V8_LIMIT;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::columns::NodeType;
use crate::error::Result;
use crate::heap::Heap;
use crate::tui::copied::{Form, Of, Rows};
use crate::tui::message::{Effect, Outcome, Task};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::answer::{Choice, Copied};
use crate::tui::overlays::pager::Pager;
use crate::tui::overlays::picker::{Item, Picker};
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::Focus;
use crate::tui::subject::{Object, Subject};
use crate::view::cut::{cut, width};
use crate::view::grid::Style;
use crate::view::label::{self, SHORT};
use crate::view::tables::retainers::Retainers;
use crate::view::text;

/// What terminals take at most is about 100 kB of base64; longer texts are cut there by the terminal itself.
const LONGEST: usize = 70_000;
/// So many bytes are more than these letters, however many bytes one takes.
const MORE_THAN_LONGEST: usize = 4 * LONGEST;
const SHOWN: usize = 60;

/// What can be copied of the row under the cursor. Long texts are found when they have been chosen.
pub(super) fn show_menu(turn: &mut Turn<'_>) {
    let Some(command) = command_line::of(turn) else { return };
    let Some(explorer) = turn.explorer_mut() else { return };
    let mut items = Vec::new();
    let mut add = |key: &str, what: &'static str, preview: &str, copied: Copied| {
        let preview: String = preview.chars().take(2 * SHOWN).collect();
        items.push(Item {
            key: key.into(),
            text: format!("{what:<14}{}", cut(&text::sanitize(&preview), SHOWN)),
            note: String::new(),
            choice: Choice::Copy(what, copied),
        });
    };
    if let Some(subject) = explorer.current() {
        let row = label::plain(&subject.table.label(subject.row));
        add("r", "row", &row, Copied::Text(row.clone()));
        match subject.object() {
            Some(Object { heap, node }) => {
                let id = format!("@{}", heap.id(node));
                let name = text::safe(&heap.name(node));
                add("i", "id", &id, Copied::Text(id.clone()));
                add("n", "name", &name, Copied::Text(name.clone()));
                add("v", "value", &name, Copied::Value);
                add("p", "path", "the way to a root", Copied::Path);
            }
            None => add("n", "name", &row, Copied::Text(row.clone())),
        }
    }
    if let Some((rows, said)) = rows_to_copy(explorer) {
        for (key, what, form) in FORMS {
            add(key, what, &said, Copied::Rows(form, rows.clone()));
        }
    }
    match command {
        Ok(command) => add("c", "command line", &command, Copied::Text(command.clone())),
        Err(why) => add("c", "command line", why, Copied::Nothing(why)),
    }
    turn.overlays.push(Overlay::Picker(Picker::new("Copy", items, 0)));
}

const FORMS: [(&str, &str, Form); 3] =
    [("t", "table", Form::Told(Style::Plain)), ("s", "CSV", Form::Csv), ("m", "Markdown", Form::Told(Style::Markdown))];

/// The rows of the pane with the keys that are copied together: those that are selected, else all that are open; and
/// which these are.
fn rows_to_copy(explorer: &Explorer) -> Option<(Arc<Rows>, String)> {
    let pane = explorer.focused_pane().filter(|pane| pane.len() > 0)?;
    let table = pane.tree.table();
    let is_selected = explorer.focus == Focus::Main && !explorer.selected.is_empty();
    let (of, count) = match is_selected {
        true => (Of::Selected(explorer.selected.clone()), explorer.selected.len()),
        false => (Of::Tree(Box::new(pane.tree.clone())), pane.len()),
    };
    let said = match (is_selected, count) {
        (true, 1) => "the selected row".to_owned(),
        (true, count) => format!("the {} selected rows", text::count(count as u64)),
        (false, count) => format!("all rows that are shown: {}", text::count(count as u64)),
    };
    let rows = Rows { of, columns: table.seen(), total: table.heap().total_size().unwrap_or(0) };
    Some((Arc::new(rows), said))
}

/// Copies what was chosen; a worker finds what can be long.
pub(super) fn copy(turn: &mut Turn<'_>, what: &'static str, copied: Copied) {
    if let Copied::Text(text) = copied {
        return hand_over(turn, what, text);
    }
    if let Copied::Nothing(why) = copied {
        return turn.say(why);
    }
    if let Copied::Rows(form, rows) = copied {
        let task =
            Task::new(move |meter| Ok(Outcome::Copied { what, text: rows.written(form, MORE_THAN_LONGEST, meter)? }));
        return work::ask(turn, format!("writing the {what}"), task);
    }
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(subject) = explorer.current() else { return };
    let Some(object) = subject.object() else { return };
    let shown = explorer.retainers.as_ref().filter(|_| explorer.shows_retainers_of(&object));
    let path = shown.map(|shown| shown.path.clone());
    let retainers = Retainers::new(object.heap.clone(), explorer.ignored_for(&object));
    let task = Task::new(move |meter| {
        let text = match copied {
            Copied::Path => path_text(&retainers, &object, path, meter)?,
            _ => well_formed(&subject.table.text(subject.row)).into_owned(),
        };
        Ok(Outcome::Copied { what, text })
    });
    work::ask(turn, format!("looking for the {what}"), task);
}

/// The way from an object to a root: that of the Retainers where they show it.
fn path_text(
    retainers: &Retainers,
    object: &Object,
    shown: Option<crate::analysis::paths::Path>,
    meter: &Meter,
) -> Result<String> {
    let path = shown.map_or_else(|| retainers.path_to_root(object.node, meter), Ok)?;
    let mut lines = vec![label::plain(&label::object(&object.heap, object.node))];
    lines.extend(path.iter().map(|&(edge, node)| label::plain(&label::retainer(&object.heap, edge, node))));
    Ok(lines.join("\n"))
}

/// Gives a text to the terminal's clipboard.
pub(super) fn hand_over(turn: &mut Turn<'_>, what: &str, text: String) {
    let length = text.chars().count();
    let is_rows = FORMS.iter().any(|(_, form, _)| *form == what);
    let text = match text.char_indices().nth(LONGEST) {
        // Half a row is none.
        Some((end, _)) if is_rows => text[..text[..end].rfind('\n').map_or(end, |line| line + 1)].to_owned(),
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    };
    let cut = if length > LONGEST {
        format!(" (the first {} characters)", text::count(LONGEST as u64))
    } else {
        String::new()
    };
    turn.say(format!("copied the {what}{cut}, if your terminal allows it (OSC 52)"));
    turn.want(Effect::Copy(text));
}

/// Opens a window with the whole text of the current row: of a string all that the file has of it.
pub(super) fn show_text(turn: &mut Turn<'_>) {
    let Some(subject) = turn.explorer_mut().and_then(Explorer::current) else {
        return turn.say("no row here");
    };
    if let Some(said) = without_text(&subject) {
        return turn.say(said);
    }
    let task = Task::new(move |_| {
        let (title, text) = titled(&subject);
        Ok(Outcome::Text { title, text })
    });
    work::ask(turn, "joining the text", task);
}

/// What is said of a row whose name is all the text it has, and can be read in its line.
fn without_text(subject: &Subject) -> Option<String> {
    let (named, name, tells) = match subject.object() {
        Some(Object { heap, node }) if is_text(&heap, node) => return None,
        Some(Object { heap, node }) => {
            (label::short(&heap, node), label::value(&heap, node), "; i tells what is known of it")
        }
        // Texts have tables of their own.
        None if subject.table.facts().row_word(1) == "text" => return None,
        None => {
            let word = subject.table.facts().row_word(1);
            let name = subject.table.name(subject.row);
            (format!("the {word} {name}"), name, "")
        }
    };
    (width(&name) <= SHORT).then(|| format!("{named} has no text but its name{tells}"))
}

/// Whether an object is a text of the program.
fn is_text(heap: &Heap, node: NodeIx) -> bool {
    let kinds = [NodeType::STRING, NodeType::CONS_STRING, NodeType::SLICED_STRING, NodeType::REGEXP];
    kinds.contains(&heap.node_type(node))
}

pub(super) fn on_text(turn: &mut Turn<'_>, title: String, text: &[u8]) {
    turn.overlays.push(Overlay::Text(Pager::new(title, text)));
}

/// The text of a row, and what is said of it.
fn titled(subject: &Subject) -> (String, Vec<u8>) {
    let text = subject.table.text(subject.row);
    let length = well_formed(&text).chars().count() as u64;
    let end = if length == V8_LIMIT as u64 { ", V8 wrote no more of it" } else { "" };
    let (named, what) = match subject.object() {
        Some(Object { heap, node }) => {
            (label::short(&heap, node), if is_text(&heap, node) { "" } else { "its name, " })
        }
        None => (subject.table.facts().row_word(1).to_owned(), ""),
    };
    (format!("{named} · {what}{} characters{end}", text::count(length)), text)
}
