//! The state → the cells of the screen. Decides nothing and remembers nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::commands::{Command, TABLE, describe};
use super::keymap;
use super::layout::{self, Areas};
use super::overlays;
use super::panes::{loading, statistics, tree};
use super::state::{Explorer, Focus, Job, PromptKind, Stage, State, View};
use super::theme::{Theme, Ui};
use super::update::{no_retainers, why_not};
use super::widgets::ascii;
use super::widgets::cut::{cut, cut_start, width, wrap};
use crate::view::label;
use crate::view::list::Item;
use crate::view::text;
use crate::view::tree::Kind;

pub fn render(state: &State, theme: &Theme, buffer: &mut Buffer) {
    let screen = Rect::new(0, 0, state.size.width, state.size.height).intersection(*buffer.area());
    if screen.is_empty() {
        return;
    }
    if layout::too_small(state.size) {
        loading::draw_too_small(buffer, screen, theme);
    } else {
        draw(state, theme, buffer);
    }
    if theme.ascii {
        ascii::fold(buffer);
    }
}

fn draw(state: &State, theme: &Theme, buffer: &mut Buffer) {
    let areas = layout::areas(state);
    draw_title(buffer, areas.title, state, theme);
    draw_views(buffer, areas.views, state, theme);
    match &state.stage {
        Stage::Loading(_) => loading::draw(buffer, areas.body, &state.progress, theme),
        Stage::Failed(report) => loading::draw_failed(buffer, areas.body, report, theme),
        Stage::Exploring(explorer) => draw_explorer(buffer, &areas, state, explorer, theme),
    }
    if let Some(overlay) = state.overlays.last() {
        overlays::draw(buffer, state.size, overlay, theme);
    }
    draw_status(buffer, areas.status, state, theme);
}

/// Text at the left and at the right of a line; the left one gives way.
fn two_ends(buffer: &mut Buffer, area: Rect, left: (&str, Ui), right: (&str, Ui), theme: &Theme) {
    let room = area.width as usize;
    let end = cut(right.0, room.saturating_sub(20));
    let taken = if end.is_empty() { 0 } else { width(&end) + 2 };
    let start = cut(left.0, room.saturating_sub(taken + 1));
    buffer.set_stringn(area.x + 1, area.y, start, room, theme.ui(left.1));
    let x = area.right().saturating_sub(width(&end) as u16 + 1);
    buffer.set_stringn(x, area.y, end, room, theme.ui(right.1));
}

fn draw_title(buffer: &mut Buffer, area: Rect, state: &State, theme: &Theme) {
    let mut left = state.title.clone();
    if let Some(explorer) = state.explorer() {
        let heap = &explorer.heap;
        left.push_str(&format!(
            " {} · {} objects",
            text::bytes(heap.columns().file_bytes),
            text::count(heap.node_count() as u64)
        ));
        let size = heap.total_size().unwrap_or_else(|| explorer.summary.all.iter().map(|row| row.shallow).sum());
        left.push_str(&format!(" · {} · {}", text::bytes(size), heap.producer()));
        if heap.columns().is_cut_off {
            // In front, where no narrow screen cuts it.
            left = format!("CUT OFF, names are missing: {left}");
        }
    }
    if state.others > 0 {
        left.push_str(&format!(" · last of {} files", state.others + 1));
    }
    let right = match (state.job, &state.stage) {
        _ if state.background.is_some() => {
            state.background.as_ref().map_or_else(String::new, |background| format!("{}… Esc stops", background.text))
        }
        (Job::Running, Stage::Exploring(_)) => loading::computing(&state.progress, area.width),
        (Job::Running, _) => loading::title(&state.progress, area.width),
        (Job::Stopped, Stage::Exploring(_)) => "stopped".into(),
        _ => String::new(),
    };
    two_ends(buffer, area, (&left, Ui::Title), (&right, Ui::Info), theme);
}

/// Where the name of each view stands in the line of views.
pub fn tabs(area: Rect) -> Vec<(Rect, &'static str, Option<View>)> {
    const VIEWS: [(Command, &str, Option<View>); 7] = [
        (Command::Summary, "1 Summary", Some(View::Summary)),
        (Command::Comparison, "2 Comparison", None),
        (Command::Containment, "3 Containment", Some(View::Containment)),
        (Command::Dominators, "4 Dominators", Some(View::Dominators)),
        (Command::Statistics, "5 Statistics", Some(View::Statistics)),
        (Command::Allocation, "6 Allocation", None),
        (Command::Strings, "7 Strings", None),
    ];
    // At 80 columns the views that are not built yet go first.
    let all: usize = VIEWS.iter().map(|(_, name, _)| width(name) + 2).sum();
    let mut x = area.x + 1;
    let mut places = Vec::new();
    for (command, name, view) in VIEWS {
        if view.is_none() && all > area.width as usize {
            continue;
        }
        debug_assert!(name.starts_with(describe(command).keys[0]));
        let room = area.right().saturating_sub(x).min(width(name) as u16);
        places.push((Rect { x, width: room, ..area }, name, view));
        x += room + 2;
    }
    places
}

fn draw_views(buffer: &mut Buffer, area: Rect, state: &State, theme: &Theme) {
    let now = state.explorer().map(|explorer| explorer.view);
    for (place, name, view) in tabs(area) {
        let part = match view {
            Some(_) if view == now => Ui::ActiveTab,
            Some(_) => Ui::Tab,
            None => Ui::Dim,
        };
        buffer.set_stringn(place.x, place.y, name, place.width as usize, theme.ui(part));
    }
}

fn draw_explorer(buffer: &mut Buffer, areas: &Areas, state: &State, explorer: &Explorer, theme: &Theme) {
    draw_context(buffer, areas.context, explorer, theme);
    if let Some(area) = &areas.main {
        let look = |empty| tree::Look { theme, exact: state.exact, focused: explorer.focus == Focus::Main, empty };
        let (heap, pane) = (&explorer.heap, explorer.main_pane());
        match explorer.view {
            View::Summary => tree::draw(buffer, area, heap, pane, Kind::Summary, &look("no class matches; Esc clears")),
            View::Containment => tree::draw(buffer, area, heap, pane, Kind::Containment, &look("no references")),
            View::Dominators => {
                let empty = if pane.is_some() { "dominates nothing" } else { "dominators are not there yet…" };
                let kind = if explorer.by_class { Kind::DominatorsByClass } else { Kind::Dominators };
                tree::draw(buffer, area, heap, pane, kind, &look(empty));
            }
            View::Statistics => {
                statistics::draw(buffer, areas.body, explorer.statistics.as_ref(), state.exact, theme);
            }
        }
    }
    if let Some(area) = &areas.retainers {
        draw_retainers(buffer, area, state, explorer, theme);
    }
    if let Some(area) = areas.detail {
        overlays::draw_detail(buffer, area, explorer.detail.as_ref(), theme);
    }
}

fn draw_retainers(buffer: &mut Buffer, area: &layout::PaneArea, state: &State, explorer: &Explorer, theme: &Theme) {
    let pane = explorer.retainers.as_ref();
    let focused = explorer.focus == Focus::Retainers;
    if let Some(rule) = area.rule {
        let style = theme.ui(if focused { Ui::FocusedRule } else { Ui::Rule });
        let of = pane.and_then(|pane| pane.root).map(|node| object_name(explorer, node));
        let room = rule.width as usize;
        let title = match of {
            Some(of) => format!("─ Retainers of {} ", cut(&of, room.saturating_sub(20))),
            None => "─ Retainers ".into(),
        };
        buffer.set_stringn(rule.x, rule.y, "─".repeat(room), room, style);
        let (end, _) = buffer.set_stringn(rule.x, rule.y, title, room, style);
        let note = retainers_note(explorer);
        let start = rule.right().saturating_sub(width(&note) as u16 + 2);
        if !note.is_empty() && start > end {
            buffer.set_stringn(start, rule.y, note, room, style);
        }
    }
    let empty = match pane {
        Some(_) => "nothing refers to it but roots and weak references",
        None => no_retainers(explorer, state.job),
    };
    // What keeps the object alive, or why nothing is said about it.
    let empty = match area.why {
        Some(place) => {
            let why = explorer.why.as_deref().filter(|_| pane.is_some());
            let (text, part) = why.map_or((empty, Ui::Dim), |why| (why, Ui::Info));
            let room = (place.width as usize).saturating_sub(2);
            let mut lines = wrap(text, room);
            // What has no room is in the details.
            let rest = lines.split_off(lines.len().min(place.height as usize));
            if let Some(last) = lines.last_mut().filter(|_| !rest.is_empty()) {
                *last = cut(&format!("{last} {}", rest.join(" ")), room).into_owned();
            }
            for (y, line) in (place.y..).zip(&lines) {
                buffer.set_stringn(place.x + 1, y, line, room, theme.ui(part));
            }
            if pane.is_some() { empty } else { "" }
        }
        None => empty,
    };
    let look = tree::Look { theme, exact: state.exact, focused, empty };
    tree::draw(buffer, area, &explorer.heap, pane, Kind::Retainers, &look);
}

/// Which path is open, and what is left out.
fn retainers_note(explorer: &Explorer) -> String {
    let mut notes = Vec::new();
    if let Some(ignored) = &explorer.ignored {
        notes.push(format!("{} ignored", text::count(ignored.nodes().len() as u64)));
    }
    if let Some(walk) = &explorer.walk {
        let more = if walk.is_complete() { "" } else { "+" };
        notes.push(format!("path {} of {}{more}", walk.at + 1, walk.found.len()));
    }
    if notes.is_empty() { String::new() } else { format!(" {} ", notes.join(" · ")) }
}

fn object_name(explorer: &Explorer, node: crate::base::ids::NodeIx) -> String {
    if node == explorer.heap.root() {
        return "(root)".into();
    }
    format!("{} @{}", cut(&label::value(&explorer.heap, node), 60), explorer.heap.id(node))
}

/// The line above the table: the filter or the way to the row, and what is shown.
fn draw_context(buffer: &mut Buffer, area: Rect, explorer: &Explorer, theme: &Theme) {
    let summary = &explorer.summary;
    let room = area.width as usize;
    match explorer.view {
        View::Summary => {
            let total = format!("{} objects ({})", text::count(summary.objects), text::bytes(summary.bytes));
            if summary.filter.is_empty() {
                let left = format!("All objects · {} classes", text::count(summary.classes as u64));
                two_ends(buffer, area, (&left, Ui::Dim), (&total, Ui::Dim), theme);
            } else {
                let filter = text::sanitize(&summary.filter).into_owned();
                let (left, part) = match &summary.problem {
                    Some(problem) => (format!("/ {filter}   {}", text::sanitize(problem)), Ui::Warning),
                    None => (format!("/ {filter}"), Ui::Key),
                };
                let classes = text::count(summary.classes as u64);
                let all = text::count(summary.all.len() as u64);
                let right = format!("{classes} of {all} classes · {total}");
                two_ends(buffer, area, (&left, part), (&right, Ui::Dim), theme);
            }
        }
        View::Containment | View::Dominators => {
            let way = cut_start(&breadcrumb(explorer), room.saturating_sub(2)).into_owned();
            buffer.set_stringn(area.x + 1, area.y, way, room.saturating_sub(2), theme.ui(Ui::Dim));
        }
        View::Statistics => {
            buffer.set_stringn(area.x + 1, area.y, "Kinds of memory", room, theme.ui(Ui::Dim));
        }
    }
}

/// From the top of the tree to the row above the cursor's.
fn breadcrumb(explorer: &Explorer) -> String {
    let Some(pane) = explorer.main_pane() else { return String::new() };
    let mut names = vec![object_name(explorer, pane.root.unwrap_or(explorer.heap.root()))];
    names.extend(pane.above.iter().filter_map(Item::node).map(|node| object_name(explorer, node)));
    names.join(" › ")
}

/// The last line: what is typed, what has happened, or what can be pressed.
fn draw_status(buffer: &mut Buffer, area: Rect, state: &State, theme: &Theme) {
    let room = area.width.saturating_sub(2) as usize;
    if let Some(prompt) = &state.prompt {
        let (name, hint) = match prompt.kind {
            PromptKind::Filter => ("/", "  Enter keeps, Esc clears; 'exact /regex/ !not"),
            PromptKind::Find => ("find: ", "  Enter finds, Esc leaves"),
            PromptKind::Id => ("@", "  Enter goes there, Esc leaves"),
            PromptKind::Mark => ("mark: ", "  a letter marks this place, Esc leaves"),
        };
        let place = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let x = overlays::draw_typed(buffer, place, name, &prompt.line, theme);
        let left = area.right().saturating_sub(x + 1) as usize;
        let (hint, part) = match &state.notice {
            Some(notice) => (format!("  {}", notice.text), notice.kind),
            None => (hint.to_owned(), Ui::Dim),
        };
        buffer.set_stringn(x, area.y, cut(&hint, left), left, theme.ui(part));
    } else if let Some(notice) = &state.notice {
        buffer.set_stringn(area.x + 1, area.y, cut(&notice.text, room), room, theme.ui(notice.kind));
    } else {
        draw_hints(buffer, area, state, theme);
    }
}

/// From here on there is room for the hints that are not needed to begin.
const WIDE_HINTS: u16 = 100;

fn draw_hints(buffer: &mut Buffer, area: Rect, state: &State, theme: &Theme) {
    let mut hints: Vec<(String, String)> = Vec::new();
    match &state.stage {
        Stage::Loading(_) => hints.push(("Esc".into(), "stop".into())),
        Stage::Failed(_) => {}
        Stage::Exploring(explorer) => {
            let in_tree = explorer.focus == Focus::Retainers || explorer.view != View::Summary;
            let in_retainers = explorer.focus == Focus::Retainers;
            let narrow = area.width < WIDE_HINTS;
            for entry in TABLE.iter().filter(|entry| !entry.hint.is_empty() && why_not(state, entry).is_none()) {
                let word = match entry.command {
                    Command::Find if in_tree => "find",
                    Command::Take if !in_retainers => continue,
                    Command::ShowRetainers | Command::GoToId | Command::SortNext if in_retainers => continue,
                    Command::NextPath if !in_retainers => continue,
                    Command::Copy if narrow => continue,
                    Command::Details if narrow && in_retainers => continue,
                    // At the end, where it is always found.
                    Command::Quit => continue,
                    _ => entry.hint,
                };
                hints.push((keymap::show(entry.keys[0]), word.to_owned()));
            }
        }
    }
    let quit = (keymap::show(describe(Command::Quit).keys[0]), "quit".to_owned());
    let wide = |hint: &(String, String)| width(&hint.0) + 1 + width(&hint.1) + 2;
    let room = (area.width as usize).saturating_sub(1);
    while hints.iter().map(wide).sum::<usize>() + wide(&quit) > room + 2 && !hints.is_empty() {
        // Help stays: it knows what has no room.
        let last = hints.len() - 1;
        hints.remove(if last > 0 { last - 1 } else { last });
    }
    hints.push(quit);
    let mut x = area.x + 1;
    for (key, word) in hints {
        (x, _) = buffer.set_stringn(x, area.y, key, room, theme.ui(Ui::Key));
        (x, _) = buffer.set_stringn(x + 1, area.y, word, room, theme.ui(Ui::Dim));
        x += 2;
    }
}
