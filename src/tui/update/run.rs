//! What a command does, or why it does nothing here.

use super::timeline::Range;
use super::turn::Turn;
use super::{
    copying, escape, find, follow, forms, given, help, ignoring, jump, motion, notes, pages, paths, picture, places,
    prompt, queue, report, scopes, screen, search, selection, show, snapshots, sorting, take, timeline,
};
use crate::tui::available;
use crate::tui::command::Command;
use crate::tui::keymap::{describe, key_of};
use crate::tui::message::{Effect, Exit};
use crate::tui::state::Stage;

/// Does a command, or says why it does nothing here.
pub(super) fn run(turn: &mut Turn<'_>, command: Command) {
    let reason = describe(command).and_then(|entry| available::why_not(turn, entry));
    if let Some(reason) = reason {
        let text = match &turn.stage {
            Stage::Exploring(_) => format!("{}: {reason}", key_of(command)),
            _ => reason.to_owned(),
        };
        return turn.say(text);
    }
    // What is selected belongs to its pane.
    if let (Command::Show(_), Some(explorer)) = (command, turn.explorer_mut()) {
        explorer.cursor.retainers_stale |= !std::mem::take(&mut explorer.selected).is_empty();
    }
    if command != Command::IgnoreRetainer {
        ignoring::forget_last(turn);
    }
    match command {
        Command::LoadAgain => queue::load_again(turn),
        Command::Quit => turn.want(Effect::Quit(Exit::Done)),
        Command::Leave => turn.want(Effect::Quit(Exit::Interrupted)),
        Command::Suspend => turn.want(Effect::Suspend),
        Command::Redraw => turn.want(Effect::Redraw),
        Command::Escape => escape::escape(turn),
        Command::Theme => screen::next_theme(turn),
        Command::Help => help::show_help(turn),
        Command::Pages => pages::show_list(turn),
        Command::Palette => help::show_palette(turn),
        Command::Bytes => screen::exact_bytes(turn),
        Command::Snapshots => snapshots::show_snapshots(turn),
        Command::AddSnapshot | Command::RenameSnapshot => given::ask(turn, command),
        Command::RemoveSnapshot => given::remove(turn),
        Command::NextPane | Command::PreviousPane => screen::switch_pane(turn),
        Command::Zoom => screen::zoom(turn),
        Command::Grow if picture::is_shown(turn) => picture::zoom_in(turn),
        Command::Shrink if picture::is_shown(turn) => picture::zoom_out(turn),
        Command::Grow => screen::resize_pane(turn, 2),
        Command::Shrink => screen::resize_pane(turn, -2),
        Command::Show(view) => show::show(turn, view),
        Command::Down => motion::by(turn, 1),
        Command::Up => motion::by(turn, -1),
        Command::HalfPageDown => motion::by_pages(turn, 1, 2),
        Command::HalfPageUp => motion::by_pages(turn, -1, 2),
        Command::ScrollDown => motion::scroll(turn, 1),
        Command::ScrollUp => motion::scroll(turn, -1),
        Command::PageDown => motion::by_pages(turn, 1, 1),
        Command::PageUp => motion::by_pages(turn, -1, 1),
        Command::First => motion::to_first(turn),
        Command::Last => motion::to_last(turn),
        Command::Open => motion::open(turn),
        Command::Close => motion::close(turn),
        Command::OpenLevel => motion::open_level(turn),
        Command::CloseLevel => motion::close_level(turn),
        Command::Find => prompt::start(turn),
        Command::Query => search::start(turn),
        Command::NextMatch => find::next(turn, true),
        Command::PreviousMatch => find::next(turn, false),
        Command::GoToId => prompt::start_id(turn),
        Command::SortNext => sorting::next_column(turn),
        Command::SortReverse => sorting::reverse(turn),
        Command::Take => take::take(turn),
        Command::ShowRetainers => jump::to_retainers(turn),
        Command::ShowContainment => jump::to_containment(turn),
        Command::ShowDominators => jump::to_dominators(turn),
        Command::ShowSummary => jump::to_summary(turn),
        Command::ShowPicture => jump::to_picture(turn),
        Command::Beside => picture::toggle_beside(turn),
        Command::Back => jump::back(turn),
        Command::Forward => jump::forward(turn),
        Command::Details => follow::details(turn),
        Command::NextPath => paths::next(turn),
        Command::RootEnd => paths::to_root_end(turn),
        Command::EngineRows => forms::toggle_inner(turn),
        Command::IgnoreRetainer => ignoring::ignore(turn),
        Command::RestoreRetainers => ignoring::show_list(turn),
        Command::ReachableSize => paths::reach(turn),
        Command::OtherForm if picture::is_shown(turn) => picture::next_paint(turn),
        Command::OtherForm => forms::next_form(turn),
        Command::Scope => scopes::start(turn),
        Command::OwnCode => scopes::toggle_own(turn),
        Command::Unchanged => forms::toggle_unchanged(turn),
        Command::CameAndStayed => forms::toggle_came_and_stayed(turn),
        Command::RangeEarlier => timeline::choose_range(turn, Range::Earlier),
        Command::RangeLater => timeline::choose_range(turn, Range::Later),
        Command::RangeShorter => timeline::choose_range(turn, Range::Shorter),
        Command::RangeLonger => timeline::choose_range(turn, Range::Longer),
        Command::WholeText => copying::show_text(turn),
        Command::Copy => copying::show_menu(turn),
        Command::Select => selection::select(turn),
        Command::SelectAll => selection::select_all(turn),
        Command::Mark => places::start_mark(turn),
        Command::Note => notes::start(turn),
        Command::Report => report::start(turn),
        Command::JumpToMark => places::show_marks(turn),
        Command::Breadcrumbs => places::show_breadcrumbs(turn),
    }
}
