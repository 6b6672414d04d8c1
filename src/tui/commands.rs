//! The one table of commands: keymap, help, hint bar, palette and docs/KEYS.md are made from it.

/// What a key can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Down,
    Up,
    HalfPageDown,
    HalfPageUp,
    PageDown,
    PageUp,
    First,
    Last,
    Open,
    Close,
    OpenLevel,
    CloseLevel,
    Take,
    NextPane,
    PreviousPane,
    Zoom,
    Grow,
    Shrink,
    Find,
    NextMatch,
    PreviousMatch,
    GoToId,
    SortNext,
    SortReverse,
    ShowRetainers,
    ShowContainment,
    ShowDominators,
    ShowSummary,
    Back,
    Forward,
    Summary,
    Comparison,
    Containment,
    Dominators,
    Statistics,
    Allocation,
    Strings,
    Bytes,
    Details,
    Help,
    Escape,
    Quit,
    Leave,
    Suspend,
    Redraw,
    NextPath,
    IgnoreRetainer,
    RestoreRetainers,
    Mark,
    JumpToMark,
    Copy,
    GroupByClass,
    ReachableSize,
    RangeEarlier,
    RangeLater,
    RangeShorter,
    RangeLonger,
    Scope,
    Snapshots,
    Palette,
    Breadcrumbs,
    WholeText,
    Theme,
}

/// Where a command does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Also while the snapshot loads.
    Anywhere,
    /// Wherever there is a heap.
    Heap,
    /// In panes with rows: not in Statistics.
    Rows,
    /// In panes whose rows are found, not filtered.
    Trees,
    Retainers,
    /// Where rows can be put together by class.
    Grouped,
    /// In Allocation, where there is a timeline.
    Timeline,
}

/// Under which heading the help lists a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Move,
    Find,
    Show,
    Views,
    Screen,
    Program,
}

impl Group {
    pub const ALL: [(Group, &'static str); 6] = [
        (Group::Move, "Moving and opening"),
        (Group::Find, "Finding and sorting"),
        (Group::Show, "The current object"),
        (Group::Views, "Views"),
        (Group::Screen, "Panes"),
        (Group::Program, "Program"),
    ];
}

/// One command with what help, hints and keymap say about it.
#[derive(Debug)]
pub struct Entry {
    pub command: Command,
    /// A name for key files and the palette.
    pub name: &'static str,
    /// Default keys, in the notation of `keymap::Key::parse`.
    pub keys: &'static [&'static str],
    /// What it does, one line.
    pub doc: &'static str,
    pub group: Group,
    /// One or two words for the hint bar; empty: not there.
    pub hint: &'static str,
    pub place: Place,
}

impl Entry {
    const fn at(self, place: Place) -> Entry {
        Entry { place, ..self }
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
    Entry { command, name, keys, doc, group, hint, place: Place::Heap }
}

/// All commands, in the order of the help; hints stand in this order too.
pub const TABLE: &[Entry] = &[
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
    .at(Place::Rows),
    entry(
        Command::Close,
        "close",
        &["h", "left"],
        Group::Move,
        "",
        "close the row; on a closed one go to the row above it",
    )
    .at(Place::Rows),
    entry(Command::OpenLevel, "open-level", &["L"], Group::Move, "", "open all rows of this level").at(Place::Rows),
    entry(Command::CloseLevel, "close-level", &["H"], Group::Move, "", "close all rows of this level").at(Place::Rows),
    entry(Command::HalfPageDown, "half-page-down", &["ctrl-d"], Group::Move, "", "half a page down").at(Place::Rows),
    entry(Command::HalfPageUp, "half-page-up", &["ctrl-u"], Group::Move, "", "half a page up").at(Place::Rows),
    entry(Command::PageDown, "page-down", &["pgdn", "space"], Group::Move, "", "a page down").at(Place::Rows),
    entry(Command::PageUp, "page-up", &["pgup"], Group::Move, "", "a page up").at(Place::Rows),
    entry(Command::First, "first", &["g", "home"], Group::Move, "", "first row").at(Place::Rows),
    entry(Command::Last, "last", &["G", "end"], Group::Move, "", "last row").at(Place::Rows),
    entry(
        Command::Find,
        "find",
        &["/"],
        Group::Find,
        "filter",
        "tables: filter as you type: abc fuzzy, 'abc exact, /abc/ pattern, !abc without; trees: find abc or /abc/",
    )
    .at(Place::Rows),
    entry(Command::NextMatch, "next-match", &["n"], Group::Find, "", "next row with the text found last")
        .at(Place::Trees),
    entry(Command::PreviousMatch, "previous-match", &["N"], Group::Find, "", "row before with the text found last")
        .at(Place::Trees),
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
    entry(Command::SortNext, "sort-next", &["s"], Group::Find, "sort", "sort by the next column; the cursor stays")
        .at(Place::Rows),
    entry(Command::SortReverse, "sort-reverse", &["S"], Group::Find, "", "turn the order round; the cursor stays")
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
    .at(Place::Rows),
    entry(Command::ShowRetainers, "show-retainers", &["r"], Group::Show, "retainers", "who keeps this object alive")
        .at(Place::Rows),
    entry(
        Command::ShowContainment,
        "show-containment",
        &["c"],
        Group::Show,
        "",
        "what this object refers to, as a tree of its own; again: back to the roots",
    )
    .at(Place::Rows),
    entry(
        Command::ShowDominators,
        "show-dominators",
        &["d"],
        Group::Show,
        "",
        "this object in the dominator tree: what is freed with it",
    )
    .at(Place::Rows),
    entry(Command::ShowSummary, "show-summary", &["u"], Group::Show, "", "this object below its class in the Summary")
        .at(Place::Rows),
    entry(
        Command::NextPath,
        "next-path",
        &["p"],
        Group::Show,
        "path",
        "next of the shortest paths from this object to a root, opened in Retainers",
    )
    .at(Place::Rows),
    entry(
        Command::IgnoreRetainer,
        "ignore-retainer",
        &["x"],
        Group::Show,
        "ignore",
        "Retainers: as if this retainer were not there; distances and paths follow",
    )
    .at(Place::Retainers),
    entry(Command::RestoreRetainers, "restore-retainers", &["X"], Group::Show, "", "count all ignored retainers again"),
    entry(
        Command::GroupByClass,
        "group-by-class",
        &["t"],
        Group::Show,
        "",
        "Dominators: one row for all objects of a class, and back; Allocation: by class or by function",
    )
    .at(Place::Grouped),
    entry(
        Command::ReachableSize,
        "reachable-size",
        &["R"],
        Group::Show,
        "",
        "how much can be reached from this object, whoever else holds it",
    )
    .at(Place::Rows),
    entry(Command::WholeText, "whole-text", &["v"], Group::Show, "", "the whole text of this string, in a window")
        .at(Place::Rows),
    entry(
        Command::Copy,
        "copy",
        &["y"],
        Group::Show,
        "copy",
        "copy the id, name, path, value, row or the command line that prints this view",
    ),
    entry(Command::Mark, "mark", &["m"], Group::Show, "", "mark this place with a letter").at(Place::Rows),
    entry(Command::JumpToMark, "jump-to-mark", &["'"], Group::Show, "", "go to a marked place"),
    entry(
        Command::Breadcrumbs,
        "breadcrumbs",
        &["o", "backspace"],
        Group::Show,
        "",
        "the rows above this one, to choose one to go to",
    )
    .at(Place::Rows),
    entry(Command::Details, "details", &["i"], Group::Show, "info", "everything about this object, its whole text")
        .at(Place::Rows),
    entry(Command::Back, "back", &["[", "ctrl-o"], Group::Show, "", "back to where you were before the last jump"),
    entry(Command::Forward, "forward", &["]"], Group::Show, "", "forward again"),
    entry(Command::Summary, "summary", &["1"], Group::Views, "", "Summary: objects by class"),
    entry(
        Command::Comparison,
        "comparison",
        &["2"],
        Group::Views,
        "",
        "Comparison: what is new and what is gone since the snapshot before",
    ),
    entry(Command::Containment, "containment", &["3"], Group::Views, "", "Containment: what the roots refer to"),
    entry(Command::Dominators, "dominators", &["4"], Group::Views, "", "Dominators: what is freed with what"),
    entry(Command::Statistics, "statistics", &["5"], Group::Views, "", "Statistics: kinds of memory"),
    entry(Command::Allocation, "allocation", &["6"], Group::Views, "", "Allocation: who allocated what, and when"),
    entry(Command::Strings, "strings", &["7"], Group::Views, "", "Strings: texts that are there more than once"),
    entry(
        Command::Snapshots,
        "snapshots",
        &["w"],
        Group::Views,
        "",
        "which of several snapshots is shown, and which it is compared with",
    )
    .at(Place::Anywhere),
    entry(Command::NextPane, "next-pane", &["tab"], Group::Screen, "pane", "next pane").at(Place::Rows),
    entry(Command::PreviousPane, "previous-pane", &["shift-tab"], Group::Screen, "", "pane before").at(Place::Rows),
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
        "all commands by name: type a few letters, Enter runs one",
    )
    .at(Place::Anywhere),
    entry(Command::Help, "help", &["?", "f1"], Group::Program, "keys", "this help; / filters it").at(Place::Anywhere),
    entry(Command::Theme, "theme", &["T"], Group::Program, "", "next colours: dark, light, ember").at(Place::Anywhere),
    entry(
        Command::Escape,
        "escape",
        &["esc"],
        Group::Program,
        "",
        "leave a prompt, clear the filter; while loading: stop and keep what is ready",
    )
    .at(Place::Anywhere),
    entry(Command::Quit, "quit", &["q"], Group::Program, "quit", "quit").at(Place::Anywhere),
    entry(Command::Leave, "leave", &["ctrl-c"], Group::Program, "", "leave at once").at(Place::Anywhere),
    entry(Command::Suspend, "suspend", &["ctrl-z"], Group::Program, "", "back to the shell; fg returns")
        .at(Place::Anywhere),
    entry(Command::Redraw, "redraw", &["ctrl-l"], Group::Program, "", "draw the screen anew").at(Place::Anywhere),
];

/// What the table says about a command.
pub fn describe(command: Command) -> &'static Entry {
    TABLE.iter().find(|entry| entry.command == command).expect("a test finds every command in the table")
}

/// The text of docs/KEYS.md.
#[cfg(test)]
fn keys_document() -> String {
    use super::keymap::show;
    let mut text = String::from(
        "# Keys\n\n<!-- Made from the table of commands in src/tui/commands.rs: \
         HEAPWALK_WRITE_DOCS=1 cargo test --lib the_keys_document writes it anew. -->\n\n\
         `?` shows these keys in the program, `:` finds a command by its name. In a line being typed, ← → Home End \
         move, Ctrl-w deletes a word, Ctrl-u all before the cursor. The mouse wheel scrolls; a click chooses a row, \
         opens the row already chosen, sorts by a column, changes the view. Shift keeps the terminal's own selection.\n",
    );
    for (group, heading) in Group::ALL {
        text += &format!("\n## {heading}\n\n| keys | command | does |\n| --- | --- | --- |\n");
        for entry in TABLE.iter().filter(|entry| entry.group == group) {
            let keys: Vec<String> = entry.keys.iter().map(|key| format!("`{}`", show(key))).collect();
            let doc = entry.doc.replace('|', "\\|");
            text += &format!("| {} | {} | {doc} |\n", keys.join(" "), entry.name);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn every_command_stands_in_the_table_once() {
        // The variants are numbered without gaps, so their number is that of the last one.
        assert_eq!(TABLE.len(), Command::Theme as usize + 1);
        for number in 0..TABLE.len() {
            assert_eq!(TABLE.iter().filter(|entry| entry.command as usize == number).count(), 1, "{number}");
        }
        assert!(TABLE.iter().all(|entry| !entry.doc.is_empty() && !entry.keys.is_empty()));
    }
}
