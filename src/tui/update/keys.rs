//! Keys → what they ask for: of a line being typed, of a window, of the panes.

use super::timeline::Range;
use super::turn::Turn;
use super::{
    copying, done, find, follow, given, held, ignoring, jump, loading, motion, notes, pages, paths, picture, places,
    scopes, search, show, snapshots, sorting, take, timeline, vim,
};
use crate::tui::available::{self, no_retainers};
use crate::tui::command::Command;
use crate::tui::commands::{Entry, Group, Reads};
use crate::tui::key::{Key, show as show_key};
use crate::tui::keymap;
use crate::tui::keymap::{all, describe, key_of};
use crate::tui::layout;
use crate::tui::message::{Effect, Exit};
use crate::tui::overlays::answer::{Answer, Choice};
use crate::tui::overlays::help::{Help, HelpEntry};
use crate::tui::overlays::picker::{Item, Picker};
use crate::tui::overlays::{self, Overlay};
use crate::tui::state::Stage;
use crate::tui::state::explorer::Focus;
use crate::tui::state::prompt::PromptKind;
use crate::tui::views::entry;
use crate::tui::widgets::line::MOST;
use crate::view::text;

pub(super) fn on_key(turn: &mut Turn<'_>, key: Key) {
    let command = keymap::command(key);
    match command {
        Some(Command::Leave) => return turn.want(Effect::Quit(Exit::Interrupted)),
        Some(Command::Suspend) => return turn.want(Effect::Suspend),
        Some(Command::Redraw) => return turn.want(Effect::Redraw),
        _ => {}
    }
    turn.notice = None;
    if command != Some(Command::Escape) {
        turn.may_stop = false;
    }
    if !turn.ahead.is_empty() && command != Some(Command::Escape) {
        return turn.ahead.push_back(key);
    }
    take_key(turn, key, command);
}

/// Puts a text into the line that is being typed. Pasted text never does what keys do: whoever pastes means a text.
pub(super) fn on_text(turn: &mut Turn<'_>, whole: &str, is_pasted: bool) {
    turn.notice = None;
    let lines: Vec<String> = whole.split(['\r', '\n']).map(readable).filter(|line| !line.trim().is_empty()).collect();
    // What is read as words may stand in several lines; a filter of one row's name, or the path of a file, does not.
    let joins = turn.prompt.as_ref().is_some_and(|prompt| matches!(prompt.kind, PromptKind::Query | PromptKind::Note));
    let given = match &lines[..] {
        [] => readable(whole),
        [one] => one.clone(),
        all if joins => all.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "),
        [first, ..] => first.trim().to_owned(),
    };
    let letters = |turn: &Turn<'_>| turn.prompt.as_ref().map_or(0, |prompt| prompt.line.text().chars().count());
    let before = letters(turn);
    let is_taken = turn.is_typing()
        && match turn.prompt {
            Some(_) => find::on_prompt_text(turn, &given),
            None => {
                let size = turn.size;
                turn.overlays.last_mut().is_some_and(|top| overlays::on_text(top, &given, size))
            }
        };
    let is_cut = turn.prompt.is_some() && letters(turn) - before < given.chars().count();
    match (is_taken, lines.len()) {
        (true, _) if turn.notice.is_some() => {}
        (true, _) if is_cut => {
            let most = text::count(MOST as u64);
            turn.warn(format!("a line takes {most} letters: the rest of what was pasted is left out"));
        }
        (true, 2) if !joins => turn.warn("the first of 2 pasted lines; the other is left out"),
        (true, all @ 3..) if !joins => {
            turn.warn(format!("the first of {} pasted lines; the others are left out", text::count(all as u64)));
        }
        (true, all @ 2..) => turn.say(format!("{} pasted lines, put into one", text::count(all as u64))),
        (false, _) if is_pasted => turn.say("pasted text is not taken for keys; /, F or @ first, then paste"),
        _ => {}
    }
}

/// A line without what no line shows.
fn readable(line: &str) -> String {
    line.chars().map(|letter| if letter == '\t' { ' ' } else { letter }).filter(|letter| !letter.is_control()).collect()
}

/// Says that keys are lost.
pub(super) fn on_flood(turn: &mut Turn<'_>, lost: usize) {
    let lost = text::count(lost as u64);
    turn.warn(format!("{lost} keys came faster than anybody types: they are not taken"));
}

/// Takes the keys that have waited, as far as what they speak of is there now.
pub(super) fn go_on(turn: &mut Turn<'_>) {
    let mut waiting = std::mem::take(&mut turn.ahead);
    while let Some(key) = waiting.pop_front() {
        take_key(turn, key, keymap::command(key));
        if !turn.ahead.is_empty() {
            return turn.ahead.extend(waiting);
        }
    }
}

fn take_key(turn: &mut Turn<'_>, key: Key, command: Option<Command>) {
    if turn.prompt.is_some() {
        return find::on_prompt_key(turn, key);
    }
    let size = turn.size;
    if let Some(top) = turn.overlays.last_mut() {
        match overlays::on_key(top, key, command, size) {
            Answer::Consumed => return,
            Answer::Close => {
                turn.overlays.pop();
                return;
            }
            Answer::Choose(choice) => {
                turn.overlays.pop();
                return choose(turn, choice);
            }
            Answer::Ignored => {}
        }
    }
    if keymap::is_vim() && vim::take(turn, key) {
        return;
    }
    match command {
        Some(command) if waits(turn, command) => turn.ahead.push_back(key),
        Some(command) => run(turn, command),
        None => turn.say("this key does nothing here; ? shows all keys"),
    }
}

/// Whether what a command speaks of is still to come: then the key waits, so that it does the same on every machine.
/// Looks up the Retainers of a row on which the cursor has not rested yet.
fn waits(turn: &mut Turn<'_>, command: Command) -> bool {
    let reads = describe(command).map_or(Reads::Nothing, |entry| entry.reads);
    let Some(explorer) = turn.explorer().filter(|_| reads != Reads::Nothing) else { return false };
    let is_other_row = turn.change_of(explorer.focused()).is_some_and(|work| work.decides_row());
    if is_other_row || reads == Reads::Row {
        return is_other_row;
    }
    if explorer.focus == Focus::Main && explorer.cursor.retainers_stale {
        follow::rested(turn);
    }
    turn.follows_retainers()
}

fn choose(turn: &mut Turn<'_>, choice: Choice) {
    match choice {
        Choice::Run(command) => run(turn, command),
        Choice::Page(index) => pages::open(turn, index),
        Choice::RunWith(command, words) => given::run_with(turn, command, &words),
        Choice::Write(command, words) => given::write(turn, command, words),
        Choice::Copy(what, value) => copying::copy(turn, what, value),
        Choice::Mark(letter) => places::go_to_mark(turn, letter),
        Choice::Note(key) => notes::go(turn, &key),
        Choice::Level(level) => places::go_to_level(turn, level),
        Choice::Scope(scope, title) => scopes::choose(turn, scope, title),
        Choice::Snapshot(index) => snapshots::show_snapshot(turn, index),
        Choice::Base(index) => snapshots::compare_with(turn, index),
        Choice::CountAgain(index) => ignoring::restore(turn, index),
        Choice::IgnorePattern => ignoring::ask_pattern(turn),
        Choice::Row(row) => motion::go_to_row(turn, row),
    }
}

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
        Command::LoadAgain => loading::load_again(turn),
        Command::Quit => turn.want(Effect::Quit(Exit::Done)),
        Command::Leave => turn.want(Effect::Quit(Exit::Interrupted)),
        Command::Suspend => turn.want(Effect::Suspend),
        Command::Redraw => turn.want(Effect::Redraw),
        Command::Escape => escape(turn),
        Command::Theme => next_theme(turn),
        Command::Help => show_help(turn),
        Command::Pages => pages::show_list(turn),
        Command::Palette => show_palette(turn),
        Command::Bytes => exact_bytes(turn),
        Command::Snapshots => snapshots::show_snapshots(turn),
        Command::AddSnapshot | Command::RenameSnapshot => given::ask(turn, command),
        Command::RemoveSnapshot => given::remove(turn),
        Command::NextPane | Command::PreviousPane => switch_pane(turn),
        Command::Zoom => zoom(turn),
        Command::Grow if picture::is_shown(turn) => picture::zoom_in(turn),
        Command::Shrink if picture::is_shown(turn) => picture::zoom_out(turn),
        Command::Grow => resize_pane(turn, 2),
        Command::Shrink => resize_pane(turn, -2),
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
        Command::Find => find::start(turn),
        Command::Query => search::start(turn),
        Command::NextMatch => find::next(turn, true),
        Command::PreviousMatch => find::next(turn, false),
        Command::GoToId => find::start_id(turn),
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
        Command::EngineRows => show::toggle_inner(turn),
        Command::IgnoreRetainer => ignoring::ignore(turn),
        Command::RestoreRetainers => ignoring::show_list(turn),
        Command::ReachableSize => paths::reach(turn),
        Command::OtherForm if picture::is_shown(turn) => picture::next_paint(turn),
        Command::OtherForm => show::next_form(turn),
        Command::Scope => scopes::start(turn),
        Command::OwnCode => scopes::toggle_own(turn),
        Command::Unchanged => show::toggle_unchanged(turn),
        Command::CameAndStayed => show::toggle_came_and_stayed(turn),
        Command::RangeEarlier => timeline::choose_range(turn, Range::Earlier),
        Command::RangeLater => timeline::choose_range(turn, Range::Later),
        Command::RangeShorter => timeline::choose_range(turn, Range::Shorter),
        Command::RangeLonger => timeline::choose_range(turn, Range::Longer),
        Command::WholeText => copying::show_text(turn),
        Command::Copy => copying::show_menu(turn),
        Command::Select => held::select(turn),
        Command::SelectAll => held::select_all(turn),
        Command::Mark => places::start_mark(turn),
        Command::Note => notes::start(turn),
        Command::Report => notes::start_report(turn),
        Command::JumpToMark => places::show_marks(turn),
        Command::Breadcrumbs => places::show_breadcrumbs(turn),
    }
}

fn next_theme(turn: &mut Turn<'_>) {
    turn.palette = turn.palette.next();
    turn.palette_chosen = true;
    let palette = turn.palette;
    turn.say(format!("colours: {}", palette.name()));
    turn.want(Effect::Theme(palette));
}

fn show_help(turn: &mut Turn<'_>) {
    turn.overlays.retain(|overlay| !matches!(overlay, Overlay::Help(_)));
    let pane = available::pane_name(turn.explorer());
    let groups = Group::ALL.map(|(group, heading)| {
        let own = all().iter().filter(|entry| entry.group == group);
        let said = own.map(|entry| HelpEntry {
            name: entry.name,
            keys: if entry.keys.is_empty() { vec![key_of(entry.command)] } else { shown(entry) },
            doc: entry.doc,
            reason: available::why_not(turn, entry),
        });
        (heading, said.collect())
    });
    turn.overlays.push(Overlay::Help(Help::new(pane, groups.into())));
}

fn show_palette(turn: &mut Turn<'_>) {
    let entries = all().iter().filter(|entry| entry.command != Command::Palette);
    let items = entries
        .map(|entry| Item {
            key: shown(entry).join(" "),
            text: format!("{}  {}", entry.name, entry.doc),
            note: available::why_not(turn, entry).map_or_else(String::new, |reason| format!("({reason})")),
            choice: Choice::Run(entry.command),
        })
        .chain(pages::items("page "))
        .collect();
    turn.overlays.clear();
    turn.overlays.push(Overlay::Picker(Picker::commands(items)));
}

/// The keys of a command as people read them.
fn shown(entry: &Entry) -> Vec<String> {
    entry.keys.iter().map(|key| show_key(key)).collect()
}

fn exact_bytes(turn: &mut Turn<'_>) {
    turn.exact = !turn.exact;
    let text = if turn.exact { "sizes in bytes".into() } else { format!("sizes in {}", text::units()) };
    turn.say(text);
}

/// Esc: out of the innermost thing that is open.
fn escape(turn: &mut Turn<'_>) {
    if turn.overlays.pop().is_some() {
        return;
    }
    turn.ahead.clear();
    if done::stop(turn) {
        return turn.say("stopped");
    }
    if leave_innermost(turn) {
        return;
    }
    match (turn.loading, &turn.stage) {
        // Another snapshot's load is not stopped by who waits for this one.
        (Some(index), Stage::Loading(None)) if index != turn.shown => {
            turn.say("this snapshot is loaded next; w shows another one meanwhile")
        }
        // A key that is easily hit must not cost what a minute has read.
        (Some(_), Stage::Loading(None)) if !turn.may_stop => {
            turn.may_stop = true;
            turn.say("Esc again stops loading; nothing is ready yet that could be kept")
        }
        (Some(_), _) => {
            turn.say("stopping; what is ready stays");
            turn.want(Effect::CancelLoad);
        }
        (None, Stage::Exploring(_)) => turn.say("nothing to leave here; q quits"),
        _ => {}
    }
}

/// Leaves full screen, filter, scope, the tree of an object, the Retainers: whichever is innermost. Whether there was
/// any.
fn leave_innermost(turn: &mut Turn<'_>) -> bool {
    let Some(explorer) = turn.explorer_mut() else { return false };
    if std::mem::take(&mut explorer.zoomed) {
        return true;
    }
    let in_main = explorer.focus == Focus::Main;
    if in_main && held::clear(turn) {
        return true;
    }
    let Some(explorer) = turn.explorer_mut() else { return false };
    if in_main && explorer.main_pane().is_some_and(|pane| !pane.filter.is_empty()) {
        find::set_filter(turn, String::new());
        turn.say("all rows again");
        return true;
    }
    if in_main && entry(explorer.view).has_picture() && explorer.picture.root.take().is_some() {
        turn.say("the whole heap again");
        return true;
    }
    let Some(explorer) = turn.explorer_mut() else { return false };
    let view = entry(explorer.view);
    // The parts of a timeline are chosen where functions are shown too.
    let is_limited = view.is_limited(explorer) || explorer.scope().is_some() && view.has_timeline();
    if in_main && is_limited {
        scopes::clear(turn);
        turn.say("all objects again");
        return true;
    }
    if in_main {
        let unrooted = show::unroot(turn);
        if unrooted {
            turn.say("back at the roots");
        }
        return unrooted;
    }
    explorer.focus = Focus::Main;
    true
}

fn switch_pane(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    match explorer.focus {
        Focus::Retainers => explorer.focus = Focus::Main,
        Focus::Main if explorer.has_retainers() => explorer.focus = Focus::Retainers,
        Focus::Main => {
            if let Some(explorer) = turn.explorer() {
                let reason = no_retainers(turn, explorer);
                turn.say(reason);
            }
        }
    }
}

fn zoom(turn: &mut Turn<'_>) {
    if let Some(explorer) = turn.explorer_mut() {
        explorer.zoomed = !explorer.zoomed;
    }
}

fn resize_pane(turn: &mut Turn<'_>, rows: i16) {
    let (panes, share) = (layout::areas(turn), turn.retainers_height);
    let Some(explorer) = turn.explorer_mut() else { return };
    if panes.main.is_none() || panes.retainers.is_none() {
        turn.say("there is one pane on the screen; its size is that of the screen");
        return;
    }
    let rows = if explorer.focus == Focus::Retainers { rows } else { -rows };
    explorer.extra_retainers = layout::allowed_extra(panes.body_height, share, explorer.extra_retainers + rows);
}
