//! A message and the state → the state after it, and effects. The only place that decides anything.

mod available;
mod copying;
mod find;
mod jump;
mod loading;
mod motion;
mod mouse;
mod paths;
mod places;
mod sorting;

pub use available::why_not;

use super::commands::{Command, describe};
use super::keymap::{self, Key};
use super::layout;
use super::message::{Effect, Exit, Msg, Palette};
use super::overlays::{self, Answer, Choice, Help, Overlay, Picker};
use super::state::{Explorer, Focus, Job, Stage, State, View};

/// Takes a message in; afterwards the state is ready to be drawn.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    match msg {
        Msg::Key(key) => effects = on_key(state, key),
        Msg::Mouse(kind, at) => effects = mouse::on_mouse(state, kind, at),
        Msg::Background(light) => effects = background(state, light),
        Msg::Resize(size) => state.size = size,
        Msg::Continued => effects.push(Effect::Redraw),
        Msg::Signal(signal) => effects.push(Effect::Quit(Exit::Signal(signal))),
        Msg::KeysFailed(problem) => effects.push(Effect::Quit(Exit::NoKeys(problem))),
        Msg::Timer => {}
        Msg::Load(event) => effects = loading::on_event(state, event),
        Msg::Tick(progress) => state.progress = progress,
        Msg::Rested => {
            if let Some(explorer) = state.explorer_mut() {
                explorer.rested();
            }
        }
        Msg::Aggregated(classes) => effects = loading::on_aggregated(state, classes),
        Msg::Counted(statistics) => {
            if let Some(explorer) = state.explorer_mut() {
                explorer.statistics = Some(statistics);
            }
        }
        Msg::NotAggregated(problem) => effects = loading::on_not_aggregated(state, problem),
        Msg::WorkFailed(problem) => state.warn(problem),
        Msg::Done(number, outcome) => paths::on_done(state, number, outcome),
    }
    if let Some(explorer) = state.explorer_mut() {
        explorer.follow_cursor();
    }
    layout::arrange(state);
    effects
}

/// Takes the colours that suit the terminal, unless somebody has chosen others.
fn background(state: &mut State, light: bool) -> Vec<Effect> {
    let palette = if light { Palette::Light } else { Palette::Dark };
    if state.palette_chosen || state.palette == palette {
        return Vec::new();
    }
    state.palette = palette;
    vec![Effect::Theme(palette)]
}

fn on_key(state: &mut State, key: Key) -> Vec<Effect> {
    let command = keymap::command(key);
    match command {
        Some(Command::Leave) => return vec![Effect::Quit(Exit::Interrupted)],
        Some(Command::Suspend) => return vec![Effect::Suspend],
        Some(Command::Redraw) => return vec![Effect::Redraw],
        _ => {}
    }
    state.notice = None;
    if state.prompt.is_some() {
        find::on_prompt_key(state, key);
        return Vec::new();
    }
    if let Some(top) = state.overlays.last_mut() {
        match overlays::on_key(top, key, state.size) {
            Answer::Consumed => return Vec::new(),
            Answer::Close => {
                state.overlays.pop();
                return Vec::new();
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
        None => {
            state.say("this key does nothing here; ? shows all keys");
            Vec::new()
        }
    }
}

fn choose(state: &mut State, choice: Choice) -> Vec<Effect> {
    match choice {
        Choice::Run(command) => return run(state, command),
        Choice::Copy(what, value) => return copying::copy(state, what, value),
        Choice::Mark(letter) => places::go_to_mark(state, letter),
        Choice::Level(level) => places::go_to_level(state, level),
    }
    Vec::new()
}

/// Commands that need no heap are done here; the others only where there is one.
fn run(state: &mut State, command: Command) -> Vec<Effect> {
    let entry = describe(command);
    if let Some(reason) = available::why_not(state, entry) {
        let what = if entry.group == super::commands::Group::Later { entry.doc } else { entry.name };
        let text = match &state.stage {
            Stage::Exploring(_) if reason == "not built yet" => format!("{reason}: {what}"),
            Stage::Exploring(_) => format!("{what}: {reason}"),
            _ => reason.to_owned(),
        };
        state.say(text);
        return Vec::new();
    }
    match command {
        Command::Quit => return vec![Effect::Quit(Exit::Done)],
        Command::Leave => return vec![Effect::Quit(Exit::Interrupted)],
        Command::Suspend => return vec![Effect::Suspend],
        Command::Redraw => return vec![Effect::Redraw],
        Command::Escape => return escape(state),
        Command::Theme => return next_theme(state),
        Command::NextPath => return paths::next(state),
        Command::IgnoreRetainer => return paths::ignore(state),
        Command::RestoreRetainers => return paths::restore(state),
        Command::ReachableSize => return paths::reach(state),
        Command::Help => show_help(state),
        Command::Palette => show_palette(state),
        Command::Bytes => exact_bytes(state),
        _ => explore(state, command),
    }
    Vec::new()
}

fn next_theme(state: &mut State) -> Vec<Effect> {
    state.palette = state.palette.next();
    state.palette_chosen = true;
    state.say(format!("colours: {}", state.palette.name()));
    vec![Effect::Theme(state.palette)]
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
        Command::Details => jump::details(state),
        Command::GroupByClass => paths::group_by_class(state),
        Command::WholeText => copying::show_text(state),
        Command::Copy => copying::show_menu(state),
        Command::Mark => places::start_mark(state),
        Command::JumpToMark => places::show_marks(state),
        Command::Breadcrumbs => places::show_breadcrumbs(state),
        Command::Summary => jump::to_view(state, View::Summary),
        Command::Containment => jump::to_view(state, View::Containment),
        Command::Dominators => jump::to_view(state, View::Dominators),
        Command::Statistics => jump::to_view(state, View::Statistics),
        Command::NextPane | Command::PreviousPane => switch_pane(state),
        Command::Zoom => zoom(state),
        Command::Grow => resize_pane(state, 2),
        Command::Shrink => resize_pane(state, -2),
        _ => state.say(format!("{} cannot be done here", describe(command).name)),
    }
}

/// Esc: out of the innermost thing that is open.
fn escape(state: &mut State) -> Vec<Effect> {
    if state.overlays.pop().is_some() {
        return Vec::new();
    }
    if paths::cancel(state) {
        state.say("stopped");
        return Vec::new();
    }
    let heap = state.explorer().map(|explorer| explorer.heap.clone());
    if let (Some(explorer), Some(heap)) = (state.explorer_mut(), heap) {
        if explorer.zoomed {
            explorer.zoomed = false;
            return Vec::new();
        }
        if explorer.focus == Focus::Main && explorer.view == View::Summary && !explorer.summary.filter.is_empty() {
            explorer.summary.filter.clear();
            let sort = explorer.summary.pane.tree.sort();
            explorer.summary.rebuild(&heap, sort);
            state.say("all classes again");
            return Vec::new();
        }
        if explorer.focus == Focus::Main && jump::unroot(explorer) {
            state.say("back at the roots");
            return Vec::new();
        }
        if explorer.focus == Focus::Retainers {
            explorer.focus = Focus::Main;
            return Vec::new();
        }
    }
    match (state.job, &state.stage) {
        (Job::Running, _) => {
            state.say("stopping; what is ready stays");
            vec![Effect::CancelLoad]
        }
        (_, Stage::Exploring(_)) => {
            state.say("nothing to leave here; q quits");
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn switch_pane(state: &mut State) {
    let job = state.job;
    let Some(explorer) = state.explorer_mut() else { return };
    match explorer.focus {
        Focus::Retainers => explorer.focus = Focus::Main,
        Focus::Main if explorer.view == View::Statistics => state.say("Statistics has one pane"),
        Focus::Main => {
            explorer.rested();
            if explorer.retainers.is_some() {
                explorer.focus = Focus::Retainers;
            } else {
                let reason = no_retainers(explorer, job);
                state.say(reason);
            }
        }
    }
}

/// Why the Retainers pane is empty.
pub fn no_retainers(explorer: &Explorer, job: Job) -> &'static str {
    match (explorer.heap.retainers(), job) {
        (None, Job::Running) => "retainers are being computed…",
        (None, _) => "retainers were not computed: loading was stopped",
        (Some(_), _) if explorer.followed.is_none() => "a class has no retainers: l opens it, then choose an object",
        (Some(_), _) => "",
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
