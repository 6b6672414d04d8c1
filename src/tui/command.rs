//! What a key can ask for.

use super::view::View;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    Down,
    Up,
    HalfPageDown,
    HalfPageUp,
    ScrollDown,
    ScrollUp,
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
    /// Asks for a query.
    Query,
    SortNext,
    SortReverse,
    ShowRetainers,
    ShowContainment,
    ShowDominators,
    ShowSummary,
    ShowPicture,
    /// In the Picture: the snapshot before beside the one that is shown.
    Beside,
    Back,
    Forward,
    /// Shows a view.
    Show(View),
    Bytes,
    Details,
    Help,
    /// The pages that explain.
    Pages,
    Escape,
    LoadAgain,
    Quit,
    Leave,
    Suspend,
    Redraw,
    NextPath,
    RootEnd,
    EngineRows,
    IgnoreRetainer,
    RestoreRetainers,
    Select,
    SelectAll,
    Mark,
    /// Asks for a note on a row.
    Note,
    /// Writes the hunt to a file.
    Report,
    JumpToMark,
    Copy,
    OtherForm,
    /// In the Series: only what came between the first and the second snapshot.
    CameAndStayed,
    ReachableSize,
    RangeEarlier,
    RangeLater,
    RangeShorter,
    RangeLonger,
    Scope,
    OwnCode,
    Unchanged,
    Snapshots,
    AddSnapshot,
    RemoveSnapshot,
    RenameSnapshot,
    Palette,
    Breadcrumbs,
    WholeText,
    Theme,
}

impl Command {
    /// Whether words behind its name in the palette say what to do it with.
    pub(crate) fn takes_words(self) -> bool {
        matches!(self, Command::AddSnapshot | Command::RenameSnapshot)
    }
}
