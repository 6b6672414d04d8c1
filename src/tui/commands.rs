//! The one table of commands, with the keys that they have unless somebody sets others: keymap, help, hint bar, palette
//! and docs/KEYS.md are made from it.

use std::sync::LazyLock;

use super::command::Command;
use super::view::View;

/// Where a command does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Also while the snapshot loads.
    Anywhere,
    /// Wherever there is a heap.
    Heap,
    /// In panes with rows: not in Statistics.
    Rows,
    /// In panes whose rows are found, not filtered.
    Trees,
    Retainers,
    /// Where rows have several forms: single objects, by class, by file …
    Forms,
    /// In Allocation, where there is a timeline.
    Timeline,
    /// In the Comparison.
    Comparison,
    /// In the Series.
    Series,
    /// In the Picture.
    Picture,
}

/// Under which heading the help lists a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Move,
    Find,
    Show,
    Views,
    Screen,
    Program,
}

impl Group {
    pub(crate) const ALL: [(Group, &'static str); 6] = [
        (Group::Move, "Moving and opening"),
        (Group::Find, "Finding and sorting"),
        (Group::Show, "The current object"),
        (Group::Views, "Views"),
        (Group::Screen, "Panes"),
        (Group::Program, "Program"),
    ];
}

/// One command with what help, hints and keymap say about it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) command: Command,
    /// A name for key files and the palette.
    pub(crate) name: &'static str,
    /// Default keys, in the notation of `key::Key::parse`.
    pub(crate) keys: &'static [&'static str],
    /// What it does, one line.
    pub(crate) doc: &'static str,
    pub(crate) group: Group,
    /// One or two words for the hint bar; empty: not there.
    pub(crate) hint: &'static str,
    pub(crate) place: Place,
    /// What it takes to do it: keys that are pressed before that is known wait for it.
    pub(crate) reads: Reads,
}

/// What a command looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    /// Nothing that a worker may still be at.
    Nothing,
    /// The row under the cursor.
    Row,
    /// The Retainers of the object under the cursor.
    Retainers,
}

impl Entry {
    const fn at(self, place: Place) -> Entry {
        Entry { place, ..self }
    }

    const fn reading(self, reads: Reads) -> Entry {
        Entry { reads, ..self }
    }
}

const fn entry(
    command: Command,
    name: &'static str,
    keys: &'static [&'static str],
    group: Group,
    hint: &'static str,
    doc: &'static str,
) -> Entry {
    Entry { command, name, keys, doc, group, hint, place: Place::Heap, reads: Reads::Nothing }
}

/// The commands before the views in the help.
const BEFORE_VIEWS: &[Entry] = &[
    entry(Command::Down, "down", &["j", "down"], Group::Move, "", "next row").at(Place::Rows),
    entry(Command::Up, "up", &["k", "up"], Group::Move, "", "row before").at(Place::Rows),
    entry(
        Command::Open,
        "open",
        &["l", "right"],
        Group::Move,
        "open",
        "open the row; on an open one go to the first below",
    )
    .at(Place::Rows)
    .reading(Reads::Row),
    entry(
        Command::Close,
        "close",
        &["h", "left"],
        Group::Move,
        "",
        "close the row; on a closed one go to the row above it",
    )
    .at(Place::Rows)
    .reading(Reads::Row),
    entry(Command::OpenLevel, "open-level", &["L"], Group::Move, "", "open all rows of this level")
        .at(Place::Rows)
        .reading(Reads::Row),
    entry(Command::CloseLevel, "close-level", &["H"], Group::Move, "", "close all rows of this level")
        .at(Place::Rows)
        .reading(Reads::Row),
    entry(Command::HalfPageDown, "half-page-down", &["ctrl-d"], Group::Move, "", "half a page down").at(Place::Rows),
    entry(Command::HalfPageUp, "half-page-up", &["ctrl-u"], Group::Move, "", "half a page up").at(Place::Rows),
    entry(Command::PageDown, "page-down", &["pgdn", "space", "ctrl-f"], Group::Move, "", "a page down").at(Place::Rows),
    entry(Command::PageUp, "page-up", &["pgup", "ctrl-b"], Group::Move, "", "a page up").at(Place::Rows),
    entry(Command::ScrollDown, "scroll-down", &["ctrl-e"], Group::Move, "", "the window a row down").at(Place::Rows),
    entry(Command::ScrollUp, "scroll-up", &["ctrl-y"], Group::Move, "", "the window a row up").at(Place::Rows),
    entry(Command::First, "first", &["g", "home"], Group::Move, "", "first row; :42 goes to row 42").at(Place::Rows),
    entry(Command::Last, "last", &["G", "end"], Group::Move, "", "last row").at(Place::Rows),
    entry(
        Command::Find,
        "find",
        &["/"],
        Group::Find,
        "filter",
        "tables: filter as you type: words, 'exact text, /pattern/, !without; trees, Picture, Statistics: find text or \
         /pattern/",
    )
    .at(Place::Rows),
    entry(Command::NextMatch, "next-match", &["n"], Group::Find, "", "next row with the text found last")
        .at(Place::Trees),
    entry(Command::PreviousMatch, "previous-match", &["N"], Group::Find, "", "row before with the text found last")
        .at(Place::Trees),
    entry(
        Command::Query,
        "find-in-heap",
        &["F"],
        Group::Find,
        "find",
        "find objects in the whole heap: text, /pattern/, conditions as class:Session retained>1kB; results in Search",
    ),
    entry(Command::GoToId, "go-to-id", &["@"], Group::Find, "id", "go to an object by its id"),
    entry(
        Command::Scope,
        "scope",
        &["f"],
        Group::Find,
        "scope",
        "which objects count: all, duplicated strings, what detached DOM nodes retain, one native context …",
    ),
    entry(
        Command::OwnCode,
        "own-code",
        &["O"],
        Group::Find,
        "",
        "only the program's own classes and functions, and plain objects behind them, in Summary, Comparison, Dominators \
         and Allocation; again: all objects",
    ),
    entry(
        Command::Unchanged,
        "unchanged",
        &["a"],
        Group::Find,
        "",
        "Comparison: classes without change too; again: only those in which objects have come or gone",
    )
    .at(Place::Comparison),
    entry(
        Command::CameAndStayed,
        "came-and-stayed",
        &["D"],
        Group::Find,
        "",
        "Series: below a class only what came between the first and the second snapshot and is still there; again: all \
         that is new since the first",
    )
    .at(Place::Series),
    entry(
        Command::RangeEarlier,
        "range-earlier",
        &["<"],
        Group::Find,
        "",
        "timeline: only what was allocated in the part before counts",
    )
    .at(Place::Timeline),
    entry(Command::RangeLater, "range-later", &[">"], Group::Find, "", "timeline: the part after").at(Place::Timeline),
    entry(Command::RangeShorter, "range-shorter", &[","], Group::Find, "", "timeline: a shorter part")
        .at(Place::Timeline),
    entry(Command::RangeLonger, "range-longer", &["."], Group::Find, "", "timeline: a longer part").at(Place::Timeline),
    entry(
        Command::SortNext,
        "sort-next",
        &["s"],
        Group::Find,
        "sort",
        "sort by the next column; the cursor stays on a row you went to",
    )
    .at(Place::Rows),
    entry(
        Command::SortReverse,
        "sort-reverse",
        &["S"],
        Group::Find,
        "",
        "turn the order round; the cursor stays on a row you went to",
    )
    .at(Place::Rows),
    entry(
        Command::Take,
        "take",
        &["enter"],
        Group::Show,
        "choose",
        "show this object in the other panes; from Retainers: make it the current object; from a function: what it \
         has allocated",
    )
    .at(Place::Rows)
    .reading(Reads::Row),
    entry(Command::ShowRetainers, "show-retainers", &["r"], Group::Show, "retainers", "who keeps this object alive")
        .at(Place::Rows)
        .reading(Reads::Row),
    entry(
        Command::ShowContainment,
        "show-containment",
        &["c"],
        Group::Show,
        "",
        "what this object refers to, as a tree of its own; again: back to the roots",
    )
    .at(Place::Rows)
    .reading(Reads::Row),
    entry(
        Command::ShowDominators,
        "show-dominators",
        &["d"],
        Group::Show,
        "",
        "this object in the dominator tree: what is freed with it",
    )
    .at(Place::Rows)
    .reading(Reads::Row),
    entry(Command::ShowSummary, "show-summary", &["u"], Group::Show, "", "this object below its class in the Summary")
        .at(Place::Rows)
        .reading(Reads::Row),
    entry(
        Command::ShowPicture,
        "show-picture",
        &["V"],
        Group::Show,
        "",
        "this object in a picture of the heap, below what keeps it alive; again: back; + and - zoom, t other colours",
    )
    .reading(Reads::Row),
    entry(
        Command::Beside,
        "beside",
        &["B"],
        Group::Show,
        "",
        "Picture: the snapshot that this one is compared with beside it, in one scale; and back",
    )
    .at(Place::Picture),
    entry(
        Command::NextPath,
        "next-path",
        &["p"],
        Group::Show,
        "path",
        "next path to a root, over another holder, opened in Retainers",
    )
    .at(Place::Rows)
    .reading(Reads::Retainers),
    entry(Command::RootEnd, "root-end", &["E"], Group::Show, "", "the end of the open path that is at the root")
        .at(Place::Rows)
        .reading(Reads::Retainers),
    entry(
        Command::EngineRows,
        "engine-rows",
        &["e"],
        Group::Show,
        "",
        "the engine's own rows below objects instead of entries, and all links of a path; and back",
    )
    .at(Place::Rows)
    .reading(Reads::Retainers),
    entry(
        Command::IgnoreRetainer,
        "ignore-retainer",
        &["x"],
        Group::Show,
        "ignore",
        "Retainers: as if this retainer were not there; distances and paths follow",
    )
    .at(Place::Retainers)
    .reading(Reads::Retainers),
    entry(
        Command::RestoreRetainers,
        "restore-retainers",
        &["X"],
        Group::Show,
        "",
        "what is ignored: count it again, show what would go, ignore by a pattern",
    ),
    entry(
        Command::OtherForm,
        "other-form",
        &["t"],
        Group::Show,
        "",
        "Summary: by class, by file, by package of node_modules; Dominators: one row for all objects of a class, and back; \
         Allocation: by class or by function",
    )
    .at(Place::Forms),
    entry(
        Command::ReachableSize,
        "reachable-size",
        &["R"],
        Group::Show,
        "",
        "how much can be reached from this object, whoever else holds it",
    )
    .at(Place::Rows)
    .reading(Reads::Row),
    entry(Command::WholeText, "whole-text", &["v"], Group::Show, "", "the whole text of this string, in a window")
        .at(Place::Rows)
        .reading(Reads::Row),
    entry(
        Command::Copy,
        "copy",
        &["y"],
        Group::Show,
        "copy",
        "copy the id, name, path, value, row or the command line that prints this view",
    )
    .reading(Reads::Row),
    entry(
        Command::Select,
        "select",
        &["M"],
        Group::Show,
        "",
        "select this row, or no longer: Retainers show who holds all that is selected; Esc clears",
    )
    .at(Place::Rows)
    .reading(Reads::Row),
    entry(
        Command::SelectAll,
        "select-all",
        &["ctrl-a"],
        Group::Show,
        "",
        "select all rows that the filter lets through",
    )
    .at(Place::Rows)
    .reading(Reads::Row),
    entry(Command::Mark, "mark", &["m"], Group::Show, "", "mark this place with a letter")
        .at(Place::Rows)
        .reading(Reads::Row),
    entry(
        Command::Note,
        "note",
        &["A"],
        Group::Show,
        "",
        "a line of text on this object or row; shown in its details and in the list of marks, empty: none any more",
    )
    .at(Place::Rows)
    .reading(Reads::Row),
    entry(Command::JumpToMark, "jump-to-mark", &["'"], Group::Show, "", "go to a marked place, or to what a note is on"),
    entry(
        Command::Report,
        "report",
        &["W"],
        Group::Show,
        "",
        "write the hunt to a Markdown file: marks, notes, ways to the root in words, tables, the commands that print them",
    ),
    entry(
        Command::Breadcrumbs,
        "breadcrumbs",
        &["o", "backspace"],
        Group::Show,
        "",
        "the rows above this one, to choose one to go to",
    )
    .at(Place::Rows)
    .reading(Reads::Row),
    entry(Command::Details, "details", &["i"], Group::Show, "info", "everything about this object, its whole text")
        .at(Place::Rows)
        .reading(Reads::Row),
    entry(Command::Back, "back", &["[", "ctrl-o"], Group::Show, "", "back to where you were before the last jump"),
    entry(Command::Forward, "forward", &["]"], Group::Show, "", "forward again"),
];

/// The commands behind the views in the help.
const AFTER_VIEWS: &[Entry] = &[
    entry(
        Command::Snapshots,
        "snapshots",
        &["w"],
        Group::Views,
        "",
        "which of several snapshots is shown, and which it is compared with",
    )
    .at(Place::Anywhere),
    entry(
        Command::AddSnapshot,
        "add",
        &[],
        Group::Views,
        "",
        "one more snapshot behind the last: `:add FILE`; Tab completes the path",
    )
    .at(Place::Anywhere),
    entry(
        Command::RemoveSnapshot,
        "remove",
        &[],
        Group::Views,
        "",
        "the snapshot that is shown is taken out of the list; its file stays",
    )
    .at(Place::Anywhere),
    entry(
        Command::RenameSnapshot,
        "rename",
        &[],
        Group::Views,
        "",
        "another name for the snapshot that is shown: `:rename NAME`",
    )
    .at(Place::Anywhere),
    entry(Command::NextPane, "next-pane", &["tab"], Group::Screen, "pane", "next pane")
        .at(Place::Rows)
        .reading(Reads::Retainers),
    entry(Command::PreviousPane, "previous-pane", &["shift-tab"], Group::Screen, "", "pane before")
        .at(Place::Rows)
        .reading(Reads::Retainers),
    entry(Command::Zoom, "zoom", &["z"], Group::Screen, "", "this pane on the whole screen, and back"),
    entry(Command::Grow, "grow", &["+", "="], Group::Screen, "", "larger pane"),
    entry(Command::Shrink, "shrink", &["-"], Group::Screen, "", "smaller pane"),
    entry(Command::Bytes, "bytes", &["b"], Group::Screen, "", "exact bytes, and back to kB and MB").at(Place::Anywhere),
    entry(
        Command::Palette,
        "palette",
        &[":"],
        Group::Program,
        "",
        "all commands by name: type a few letters, Enter runs one; a number goes to that row",
    )
    .at(Place::Anywhere),
    entry(Command::Help, "help", &["?", "f1"], Group::Program, "keys", "this help; / filters it").at(Place::Anywhere),
    entry(
        Command::Pages,
        "pages",
        &["K"],
        Group::Program,
        "",
        "pages that explain: how a snapshot is taken, the steps of a hunt, what the engine's names mean",
    )
    .at(Place::Anywhere),
    entry(Command::Theme, "theme", &["T"], Group::Program, "", "next colours: dark, light, ember, yours").at(Place::Anywhere),
    entry(
        Command::Escape,
        "escape",
        &["esc"],
        Group::Program,
        "",
        "leave a prompt, clear the filter; while loading: stop and keep what is ready, if nothing is ready at the second press",
    )
    .at(Place::Anywhere),
    entry(
        Command::LoadAgain,
        "load-again",
        &["ctrl-r"],
        Group::Program,
        "",
        "load this snapshot again after it was stopped, or could not be read",
    )
    .at(Place::Anywhere),
    entry(Command::Quit, "quit", &["q"], Group::Program, "quit", "quit").at(Place::Anywhere),
    entry(Command::Leave, "leave", &["ctrl-c"], Group::Program, "", "leave at once").at(Place::Anywhere),
    entry(Command::Suspend, "suspend", &["ctrl-z"], Group::Program, "", "back to the shell; fg returns")
        .at(Place::Anywhere),
    entry(Command::Redraw, "redraw", &["ctrl-l"], Group::Program, "", "draw the screen anew").at(Place::Anywhere),
];

static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let shown = |view: View| entry(Command::Show(view), view.command(), view.keys(), Group::Views, "", view.doc());
    let views = View::ALL.into_iter().map(shown);
    BEFORE_VIEWS.iter().cloned().chain(views).chain(AFTER_VIEWS.iter().cloned()).collect()
});

/// All commands with the keys that they have unless somebody sets others.
pub(crate) fn built_in() -> &'static [Entry] {
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::key::show;

    /// The text of docs/KEYS.md.
    fn keys_document() -> String {
        let mut text = String::from(
            "# Keys\n\n<!-- Made from the table of commands in src/tui/commands.rs: \
             HEAPWALK_WRITE_DOCS=1 cargo test --lib the_keys_document writes it anew. -->\n\n\
             `?` shows these keys in the program, `:` finds a command by its name. In a line being typed, ← → Home End \
             move, Ctrl-w deletes a word, Ctrl-u all before the cursor. The mouse wheel scrolls; a click chooses a row, \
             opens it on its triangle or where it is chosen already, sorts by a column, changes the view; the border \
             between the panes and the left edges of columns can be dragged. Shift keeps the terminal's own selection; \
             `--no-mouse` leaves the mouse to the terminal.\n\n\
             `heapwalk config` shows how commands get other keys by their names. With `keys = \"vim\"` digits are counts \
             (`5j`, `42G`), views are behind Alt-1 … Alt-0, `z` begins `zt` `zz` `zb` (this row at the top, in the middle, at \
             the bottom), `zo` `zc` (open, close) and `zR` `zM` (the level), and `Z` is the full screen. No key waits for \
             time.\n",
        );
        for (group, heading) in Group::ALL {
            text += &format!("\n## {heading}\n\n| keys | command | does |\n| --- | --- | --- |\n");
            for entry in built_in().iter().filter(|entry| entry.group == group) {
                let keys: Vec<String> = entry.keys.iter().map(|key| format!("`{}`", show(key))).collect();
                let doc = entry.doc.replace('|', "\\|");
                text += &format!("| {} | {} | {doc} |\n", keys.join(" "), entry.name);
            }
        }
        text
    }

    #[test]
    fn the_keys_document_is_that_of_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/KEYS.md");
        if std::env::var_os("HEAPWALK_WRITE_DOCS").is_some() {
            std::fs::write(path, keys_document()).expect("docs can be written");
        }
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(stored, keys_document(), "HEAPWALK_WRITE_DOCS=1 writes docs/KEYS.md anew");
    }

    #[test]
    fn no_command_stands_twice_and_all_are_described() {
        for (index, entry) in built_in().iter().enumerate() {
            assert!(!entry.doc.is_empty() && !entry.name.contains(' '), "{}", entry.name);
            let others = &built_in()[..index];
            assert!(others.iter().all(|other| other.command != entry.command && other.name != entry.name));
            // Only views may be without a key, and what changes the list of snapshots: they are found by their names.
            let has_name = matches!(
                entry.command,
                Command::Show(_) | Command::AddSnapshot | Command::RemoveSnapshot | Command::RenameSnapshot
            );
            assert!(!entry.keys.is_empty() || has_name, "{}", entry.name);
        }
    }
}
