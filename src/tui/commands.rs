//! The one table of commands: keymap, help and hint bar are made from it.

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
    Range,
    Scope,
    Palette,
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
    Later,
}

impl Group {
    pub const ALL: [(Group, &'static str); 7] = [
        (Group::Move, "Moving and opening"),
        (Group::Find, "Finding and sorting"),
        (Group::Show, "The current object"),
        (Group::Views, "Views"),
        (Group::Screen, "Panes"),
        (Group::Program, "Program"),
        (Group::Later, "Not built yet"),
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
}

const fn entry(
    command: Command,
    name: &'static str,
    keys: &'static [&'static str],
    group: Group,
    hint: &'static str,
    doc: &'static str,
) -> Entry {
    Entry { command, name, keys, doc, group, hint }
}

/// All commands, in the order of the help; hints stand in this order too.
pub const TABLE: &[Entry] = &[
    entry(Command::Down, "down", &["j", "down"], Group::Move, "", "next row"),
    entry(Command::Up, "up", &["k", "up"], Group::Move, "", "row before"),
    entry(
        Command::Open,
        "open",
        &["l", "right"],
        Group::Move,
        "open",
        "open the row; on an open one go to the first below",
    ),
    entry(
        Command::Close,
        "close",
        &["h", "left"],
        Group::Move,
        "",
        "close the row; on a closed one go to the row above it",
    ),
    entry(Command::OpenLevel, "open-level", &["L"], Group::Move, "", "open all rows of this level"),
    entry(Command::CloseLevel, "close-level", &["H"], Group::Move, "", "close all rows of this level"),
    entry(Command::HalfPageDown, "half-page-down", &["ctrl-d"], Group::Move, "", "half a page down"),
    entry(Command::HalfPageUp, "half-page-up", &["ctrl-u"], Group::Move, "", "half a page up"),
    entry(Command::PageDown, "page-down", &["pgdn", "space"], Group::Move, "", "a page down"),
    entry(Command::PageUp, "page-up", &["pgup"], Group::Move, "", "a page up"),
    entry(Command::First, "first", &["g", "home"], Group::Move, "", "first row"),
    entry(Command::Last, "last", &["G", "end"], Group::Move, "", "last row"),
    entry(
        Command::Find,
        "find",
        &["/"],
        Group::Find,
        "filter",
        "Summary: filter classes as you type: abc fuzzy, 'abc exact, /abc/ pattern, !abc without; trees: find a row",
    ),
    entry(Command::NextMatch, "next-match", &["n"], Group::Find, "", "next row with the text found last"),
    entry(Command::PreviousMatch, "previous-match", &["N"], Group::Find, "", "row before with the text found last"),
    entry(Command::GoToId, "go-to-id", &["@"], Group::Find, "id", "go to an object by its id"),
    entry(Command::SortNext, "sort-next", &["s"], Group::Find, "sort", "sort by the next column; the cursor stays"),
    entry(Command::SortReverse, "sort-reverse", &["S"], Group::Find, "", "turn the order round; the cursor stays"),
    entry(
        Command::Take,
        "take",
        &["enter"],
        Group::Show,
        "choose",
        "show this object in the other panes; from Retainers: make it the current object",
    ),
    entry(Command::ShowRetainers, "show-retainers", &["r"], Group::Show, "retainers", "who keeps this object alive"),
    entry(
        Command::ShowContainment,
        "show-containment",
        &["c"],
        Group::Show,
        "",
        "what this object refers to, as a tree of its own; again: back to the roots",
    ),
    entry(
        Command::ShowDominators,
        "show-dominators",
        &["d"],
        Group::Show,
        "",
        "this object in the dominator tree: what is freed with it",
    ),
    entry(Command::ShowSummary, "show-summary", &["u"], Group::Show, "", "this object below its class in the Summary"),
    entry(Command::Details, "details", &["i"], Group::Show, "info", "everything about this object, its whole text"),
    entry(Command::Back, "back", &["[", "ctrl-o"], Group::Show, "", "back to where you were before the last jump"),
    entry(Command::Forward, "forward", &["]"], Group::Show, "", "forward again"),
    entry(Command::Summary, "summary", &["1"], Group::Views, "", "Summary: objects by class"),
    entry(Command::Containment, "containment", &["3"], Group::Views, "", "Containment: what the roots refer to"),
    entry(Command::Dominators, "dominators", &["4"], Group::Views, "", "Dominators: what is freed with what"),
    entry(Command::Statistics, "statistics", &["5"], Group::Views, "", "Statistics: kinds of memory"),
    entry(Command::NextPane, "next-pane", &["tab"], Group::Screen, "pane", "next pane"),
    entry(Command::PreviousPane, "previous-pane", &["shift-tab"], Group::Screen, "", "pane before"),
    entry(Command::Zoom, "zoom", &["z"], Group::Screen, "", "this pane on the whole screen, and back"),
    entry(Command::Grow, "grow", &["+", "="], Group::Screen, "", "larger pane"),
    entry(Command::Shrink, "shrink", &["-"], Group::Screen, "", "smaller pane"),
    entry(Command::Bytes, "bytes", &["b"], Group::Screen, "", "exact bytes, and back to kB and MB"),
    entry(Command::Help, "help", &["?", "f1"], Group::Program, "keys", "this help"),
    entry(
        Command::Escape,
        "escape",
        &["esc"],
        Group::Program,
        "",
        "leave a prompt, clear the filter; while loading: stop and keep what is ready",
    ),
    entry(Command::Quit, "quit", &["q"], Group::Program, "quit", "quit"),
    entry(Command::Leave, "leave", &["ctrl-c"], Group::Program, "", "leave at once"),
    entry(Command::Suspend, "suspend", &["ctrl-z"], Group::Program, "", "back to the shell; fg returns"),
    entry(Command::Redraw, "redraw", &["ctrl-l"], Group::Program, "", "draw the screen anew"),
    entry(Command::Comparison, "comparison", &["2"], Group::Later, "", "Comparison of two snapshots"),
    entry(Command::Allocation, "allocation", &["6"], Group::Later, "", "Allocation and timeline"),
    entry(Command::Strings, "strings", &["7"], Group::Later, "", "Strings: duplicates"),
    entry(Command::Scope, "scope", &["f"], Group::Later, "", "which objects count"),
    entry(Command::NextPath, "next-path", &["p"], Group::Later, "", "next path to a root"),
    entry(Command::IgnoreRetainer, "ignore-retainer", &["x"], Group::Later, "", "ignore this retainer"),
    entry(Command::RestoreRetainers, "restore-retainers", &["X"], Group::Later, "", "restore ignored retainers"),
    entry(Command::Mark, "mark", &["m"], Group::Later, "", "mark this place"),
    entry(Command::JumpToMark, "jump-to-mark", &["'"], Group::Later, "", "jump to a mark"),
    entry(Command::Copy, "copy", &["y"], Group::Later, "", "copy"),
    entry(Command::GroupByClass, "group-by-class", &["t"], Group::Later, "", "group Dominators by class"),
    entry(Command::ReachableSize, "reachable-size", &["R"], Group::Later, "", "size reachable from here"),
    entry(Command::Range, "range", &["<", ">"], Group::Later, "", "range of the timeline"),
    entry(Command::Palette, "palette", &[":"], Group::Later, "", "command palette"),
];

/// What the table says about a command.
pub fn describe(command: Command) -> &'static Entry {
    TABLE.iter().find(|entry| entry.command == command).expect("a test finds every command in the table")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_the_table_once() {
        // The variants are numbered without gaps, so their number is that of the last one.
        assert_eq!(TABLE.len(), Command::Palette as usize + 1);
        for number in 0..TABLE.len() {
            assert_eq!(TABLE.iter().filter(|entry| entry.command as usize == number).count(), 1, "{number}");
        }
        assert!(TABLE.iter().all(|entry| !entry.doc.is_empty() && !entry.keys.is_empty()));
    }
}
