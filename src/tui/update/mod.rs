//! A message and the state → the state after it, and effects. The only place that decides anything.

mod available;
mod copying;
mod find;
mod follow;
mod jump;
mod loading;
mod motion;
mod mouse;
mod paths;
mod places;
mod scopes;
mod sorting;
mod views;
mod work;

pub use available::why_not;
pub use find::has_filter;
pub use follow::no_retainers;
pub use views::why_empty;

use super::commands::{Command, describe};
use super::keymap::{self, Key};
use super::layout;
use super::message::{Effect, Exit, Msg, Palette};
use super::overlays::{self, Answer, Choice, Help, Overlay, Picker};
use super::state::{Focus, Stage, State, View};
use views::Range;

/// Takes a message in; afterwards the state is ready to be drawn.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Begin => loading::next_load(state),
        Msg::Key(key) => on_key(state, key),
        Msg::Mouse(kind, at) => mouse::on_mouse(state, kind, at),
        Msg::Background(light) => background(state, light),
        Msg::Resize(size) => state.size = size,
        Msg::Continued => state.effects.push(Effect::Redraw),
        Msg::Signal(signal) => state.effects.push(Effect::Quit(Exit::Signal(signal))),
        Msg::KeysFailed(problem) => state.effects.push(Effect::Quit(Exit::NoKeys(problem))),
        Msg::Timer => {}
        Msg::Load(index, event) => loading::on_event(state, index, event),
        Msg::Tick(progress) => {
            state.progress = progress.unwrap_or_else(|| std::mem::take(&mut state.progress));
            work::on_tick(state);
        }
        Msg::Rested => follow::rested(state),
        Msg::Aggregated(heap, classes) => loading::on_aggregated(state, &heap, classes),
        Msg::Counted(heap, statistics, timeline) => loading::on_counted(state, &heap, statistics, timeline),
        Msg::NotAggregated(heap, problem) => loading::on_not_aggregated(state, &heap, problem),
        Msg::WorkFailed(problem) => state.warn(problem),
        Msg::Done(number, outcome) => work::on_done(state, number, outcome),
    }
    if let Some(explorer) = state.explorer_mut() {
        explorer.follow_cursor();
    }
    layout::arrange(state);
    std::mem::take(&mut state.effects)
}

/// Takes the colours that suit the terminal, unless somebody has chosen others.
fn background(state: &mut State, light: bool) {
    let palette = if light { Palette::Light } else { Palette::Dark };
    if !state.palette_chosen && state.palette != palette {
        state.palette = palette;
        state.effects.push(Effect::Theme(palette));
    }
}

fn on_key(state: &mut State, key: Key) {
    let command = keymap::command(key);
    match command {
        Some(Command::Leave) => return state.effects.push(Effect::Quit(Exit::Interrupted)),
        Some(Command::Suspend) => return state.effects.push(Effect::Suspend),
        Some(Command::Redraw) => return state.effects.push(Effect::Redraw),
        _ => {}
    }
    state.notice = None;
    if state.prompt.is_some() {
        return find::on_prompt_key(state, key);
    }
    if let Some(top) = state.overlays.last_mut() {
        match overlays::on_key(top, key, state.size) {
            Answer::Consumed => return,
            Answer::Close => {
                state.overlays.pop();
                return;
            }
            Answer::Choose(choice) => {
                state.overlays.pop();
                return choose(state, choice);
            }
            Answer::Ignored => {}
        }
    }
    match command {
        Some(command) => run(state, command),
        None => state.say("this key does nothing here; ? shows all keys"),
    }
}

fn choose(state: &mut State, choice: Choice) {
    match choice {
        Choice::Run(command) => run(state, command),
        Choice::Copy(what, value) => copying::copy(state, what, value),
        Choice::Mark(letter) => places::go_to_mark(state, letter),
        Choice::Level(level) => places::go_to_level(state, level),
        Choice::Scope(scope, title) => scopes::choose(state, scope, title),
        Choice::Snapshot(index) => views::show_snapshot(state, index),
        Choice::Base(index) => views::compare_with(state, index),
    }
}

/// Commands that need no heap are done here; the others only where there is one.
fn run(state: &mut State, command: Command) {
    let entry = describe(command);
    if let Some(reason) = available::why_not(state, entry) {
        let text = match &state.stage {
            Stage::Exploring(_) => format!("{}: {reason}", keymap::show(entry.keys[0])),
            _ => reason.to_owned(),
        };
        return state.say(text);
    }
    match command {
        Command::Quit => state.effects.push(Effect::Quit(Exit::Done)),
        Command::Escape => escape(state),
        Command::Theme => next_theme(state),
        Command::Help => show_help(state),
        Command::Palette => show_palette(state),
        Command::Bytes => exact_bytes(state),
        Command::Snapshots => views::show_snapshots(state),
        _ => explore(state, command),
    }
}

fn next_theme(state: &mut State) {
    state.palette = state.palette.next();
    state.palette_chosen = true;
    state.say(format!("colours: {}", state.palette.name()));
    state.effects.push(Effect::Theme(state.palette));
}

fn show_help(state: &mut State) {
    state.overlays.retain(|overlay| !matches!(overlay, Overlay::Help(_)));
    let pane = available::pane_name(state.explorer());
    state.overlays.push(Overlay::Help(Help::new(pane, available::reasons(state))));
}

fn show_palette(state: &mut State) {
    let reasons = available::reasons(state);
    state.overlays.clear();
    state.overlays.push(Overlay::Picker(Picker::palette(&reasons)));
}

fn exact_bytes(state: &mut State) {
    state.exact = !state.exact;
    state.say(if state.exact { "sizes in bytes" } else { "sizes in kB and MB" });
}

/// A command about the heap. Those that answer with a line do so themselves.
fn explore(state: &mut State, command: Command) {
    match command {
        Command::Down => motion::by(state, 1),
        Command::Up => motion::by(state, -1),
        Command::HalfPageDown => motion::by_pages(state, 1, 2),
        Command::HalfPageUp => motion::by_pages(state, -1, 2),
        Command::PageDown => motion::by_pages(state, 1, 1),
        Command::PageUp => motion::by_pages(state, -1, 1),
        Command::First => motion::to(state, 0),
        Command::Last => motion::to(state, usize::MAX),
        Command::Open => motion::open(state),
        Command::Close => motion::close(state),
        Command::OpenLevel => motion::open_level(state),
        Command::CloseLevel => motion::close_level(state),
        Command::Find => find::start(state),
        Command::NextMatch => find::next(state, true),
        Command::PreviousMatch => find::next(state, false),
        Command::GoToId => find::start_id(state),
        Command::SortNext => sorting::next_column(state),
        Command::SortReverse => sorting::reverse(state),
        Command::Take => jump::take(state),
        Command::ShowRetainers => jump::to_retainers(state),
        Command::ShowContainment => jump::to_containment(state),
        Command::ShowDominators => jump::to_dominators(state),
        Command::ShowSummary => jump::to_summary(state),
        Command::Back => jump::back(state),
        Command::Forward => jump::forward(state),
        Command::Details => follow::details(state),
        Command::NextPath => paths::next(state),
        Command::IgnoreRetainer => paths::ignore(state),
        Command::RestoreRetainers => paths::restore(state),
        Command::ReachableSize => paths::reach(state),
        Command::GroupByClass => views::group_by_class(state),
        Command::Scope => scopes::start(state),
        Command::RangeEarlier => views::choose_range(state, Range::Earlier),
        Command::RangeLater => views::choose_range(state, Range::Later),
        Command::RangeShorter => views::choose_range(state, Range::Shorter),
        Command::RangeLonger => views::choose_range(state, Range::Longer),
        Command::WholeText => copying::show_text(state),
        Command::Copy => copying::show_menu(state),
        Command::Mark => places::start_mark(state),
        Command::JumpToMark => places::show_marks(state),
        Command::Breadcrumbs => places::show_breadcrumbs(state),
        Command::Summary => views::show(state, View::Summary),
        Command::Comparison => views::show(state, View::Comparison),
        Command::Containment => views::show(state, View::Containment),
        Command::Dominators => views::show(state, View::Dominators),
        Command::Statistics => views::show(state, View::Statistics),
        Command::Allocation => views::show(state, View::Allocation),
        Command::Strings => views::show(state, View::Strings),
        Command::NextPane | Command::PreviousPane => switch_pane(state),
        Command::Zoom => zoom(state),
        Command::Grow => resize_pane(state, 2),
        Command::Shrink => resize_pane(state, -2),
        _ => state.say(format!("{} cannot be done here", describe(command).name)),
    }
}

/// Esc: out of the innermost thing that is open.
fn escape(state: &mut State) {
    if state.overlays.pop().is_some() {
        return;
    }
    if work::stop(state) {
        return state.say("stopped");
    }
    if leave_innermost(state) {
        return;
    }
    match (state.loading, &state.stage) {
        // Another snapshot's load is not stopped by who waits for this one.
        (Some(index), Stage::Loading(None)) if index != state.shown => {
            state.say("this snapshot is loaded next; w shows another one meanwhile")
        }
        (Some(_), _) => {
            state.say("stopping; what is ready stays");
            state.effects.push(Effect::CancelLoad);
        }
        (None, Stage::Exploring(_)) => state.say("nothing to leave here; q quits"),
        _ => {}
    }
}

/// Leaves full screen, filter, scope, the tree of an object, the Retainers: whichever is innermost. Whether there was
/// any.
fn leave_innermost(state: &mut State) -> bool {
    let Some(explorer) = state.explorer_mut() else { return false };
    if std::mem::take(&mut explorer.zoomed) {
        return true;
    }
    let in_main = explorer.focus == Focus::Main;
    if in_main && explorer.main_pane().is_some_and(|pane| !pane.filter.is_empty()) {
        find::set_filter(state, String::new());
        state.say("all rows again");
        return true;
    }
    let limited = explorer.summary.scope.is_some() && matches!(explorer.view, View::Summary | View::Allocation);
    if in_main && limited {
        scopes::clear(state);
        state.say("all objects again");
        return true;
    }
    if in_main {
        let unrooted = jump::unroot(state);
        if unrooted {
            state.say("back at the roots");
        }
        return unrooted;
    }
    explorer.focus = Focus::Main;
    true
}

fn switch_pane(state: &mut State) {
    let Some(explorer) = state.explorer_mut() else { return };
    match explorer.focus {
        Focus::Retainers => explorer.focus = Focus::Main,
        Focus::Main => {
            follow::rested(state);
            let Some(explorer) = state.explorer_mut() else { return };
            if explorer.retainers.is_some() {
                explorer.focus = Focus::Retainers;
            } else if let Some(explorer) = state.explorer() {
                let reason = no_retainers(state, explorer);
                state.say(reason);
            }
        }
    }
}

fn zoom(state: &mut State) {
    if let Some(explorer) = state.explorer_mut() {
        explorer.zoomed = !explorer.zoomed;
    }
}

fn resize_pane(state: &mut State, rows: i16) {
    let panes = layout::areas(state);
    let Some(explorer) = state.explorer_mut() else { return };
    if panes.main.is_none() || panes.retainers.is_none() {
        state.say("there is one pane on the screen; its size is that of the screen");
        return;
    }
    let rows = if explorer.focus == Focus::Retainers { rows } else { -rows };
    explorer.extra_retainers = layout::allowed_extra(panes.body_height, explorer.extra_retainers + rows);
}
