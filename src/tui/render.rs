//! The state → the cells of the screen. Decides nothing and remembers nothing.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Clear, Widget};

use super::available::{has_filter, kinds_found, no_retainers, why_empty, why_not};
use super::command::Command;
use super::keymap::{all, key_of};
use super::layout::{self, Areas, tabs};
use super::overlays::{self, Overlay};
use super::panes::{loading, picture, statistics, timeline, tree};
use super::state::explorer::{Explorer, Focus, Pane, PaneId};
use super::state::jobs::{Job, Slot};
use super::state::pane::TreePane;
use super::state::prompt::PromptKind;
use super::state::snapshot::Load;
use super::state::{Stage, State};
use super::theme::{Theme, Ui};
use super::view::View;
use super::views::entry;
use super::widgets::ascii;
use super::widgets::line::Line;
use crate::error::QueryMistake;
use crate::view::caret;
use crate::view::cut::{cut, cut_start, width, wrap_words};
use crate::view::label;
use crate::view::row::RowIx;
use crate::view::table::{AnyTable, Inner, specs};
use crate::view::tables::holders::{FREES_MORE, Holders};
use crate::view::tables::retainers::Retainers;
use crate::view::text;
use crate::view::tree::Row;

pub(crate) fn render(state: &State, theme: &Theme, buffer: &mut Buffer) {
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
    let mut left = state.snapshot().title.clone();
    if let Some(explorer) = state.explorer() {
        let heap = &explorer.heap;
        // The objects and bytes of the Summary: nodes of no size are no objects to anybody.
        let objects: u64 = explorer.classes.iter().map(|row| row.count).sum();
        let size = heap
            .total_size()
            .unwrap_or_else(|| explorer.classes.iter().fold(0u64, |sum, row| sum.saturating_add(row.shallow)));
        left.push_str(&format!(
            " · file {}{} · {} · heap {} · {}",
            text::bytes(heap.columns().file_bytes),
            if heap.is_from_cache() { ", cached" } else { "" },
            text::objects(objects),
            text::bytes(size),
            heap.producer()
        ));
        if heap.columns().is_cut_off {
            // In front, where no narrow screen cuts it.
            left = format!("CUT OFF, names are missing: {left}");
        }
    }
    if state.snapshots.len() > 1 {
        left = format!("{} of {} {left}", state.shown + 1, state.snapshots.len());
    }
    let right = going_on(state, area.width);
    // The version of the engine goes before anything is cut.
    let taken = if right.is_empty() { 2 } else { width(&right) + 4 };
    if width(&left) + taken > area.width as usize
        && let Some((start, _)) = left.rsplit_once(" (V8 ").filter(|_| left.ends_with(')'))
    {
        left.truncate(start.len());
    }
    two_ends(buffer, area, (&left, Ui::Title), (&right, Ui::Info), theme);
}

/// What is being computed.
fn going_on(state: &State, columns: u16) -> String {
    // What is done before anybody notices is not worth a word.
    let view = state.explorer().map(|explorer| explorer.view);
    let stops = |slot: Slot| match slot {
        // What nobody waits for goes on.
        Slot::Series | Slot::Suspects => matches!(view, Some(View::SERIES | View::SUSPECTS)),
        _ => true,
    };
    let said =
        |job: &'_ Job| Some((job.text.clone(), job.seen?, stops(job.slot))).filter(|(text, ..)| !text.is_empty());
    let question = state.job(Slot::Question).and_then(said);
    let change = || state.jobs.iter().rev().find_map(said);
    match (question.or_else(change), state.loading, &state.stage) {
        (Some((text, share, stops)), _, _) => {
            let share = share.map_or_else(String::new, |percent| format!(" {percent} %"));
            format!("{text}…{share}{}", if stops { " Esc stops" } else { "" })
        }
        (None, Some(index), Stage::Exploring(_)) if index == state.shown => {
            loading::computing(&state.progress, columns)
        }
        (None, Some(index), Stage::Exploring(_)) => {
            format!("loading {}  {}", cut(&state.snapshots[index].title, 30), loading::computing(&state.progress, 0))
        }
        (None, Some(index), Stage::Loading(None)) if index != state.shown => {
            format!("after {}  {}", cut(&state.snapshots[index].title, 30), loading::computing(&state.progress, 0))
        }
        (None, _, Stage::Loading(_)) => loading::title(&state.progress, columns),
        (None, None, Stage::Exploring(_)) if state.load() == Load::Stopped => "stopped".into(),
        _ => String::new(),
    }
}

fn draw_views(buffer: &mut Buffer, area: Rect, state: &State, theme: &Theme) {
    let now = state.explorer().map(|explorer| explorer.view);
    buffer.set_stringn(area.x + 1, area.y, layout::tabs_lead(), area.width as usize, theme.ui(Ui::Tab));
    for (place, name, view) in tabs(area) {
        let part = if Some(view) == now { Ui::ActiveTab } else { Ui::Tab };
        buffer.set_stringn(place.x, place.y, name, place.width as usize, theme.ui(part));
    }
}

fn draw_explorer(buffer: &mut Buffer, areas: &Areas, state: &State, explorer: &Explorer, theme: &Theme) {
    draw_context(buffer, areas.context, state, explorer, theme);
    if let Some(area) = areas.chart.filter(|_| entry(explorer.view).has_picture()) {
        picture::draw(buffer, area, state, explorer, theme);
    } else if let (Some(area), Some(timeline)) = (areas.chart, &explorer.timeline) {
        let limited = entry(explorer.view).shows_scope(explorer);
        timeline::draw(buffer, area, timeline, limited, theme);
    }
    if let Some(area) = &areas.main {
        let empty = why_empty(state, explorer);
        if let Some(Pane::Statistics(known)) = explorer.panes.get(&explorer.view) {
            // While a text is typed what has it is seen already.
            let typed = state.prompt.as_ref().filter(|prompt| prompt.kind == PromptKind::Find);
            let needle = typed.map_or(explorer.finding.needle.as_str(), |prompt| prompt.line.text());
            let found = if needle.is_empty() { Vec::new() } else { kinds_found(known, needle).unwrap_or_default() };
            statistics::draw(buffer, areas.body, known, &found, state.exact, theme);
        } else {
            let columns = entry(explorer.view).columns(explorer);
            let focused = explorer.focus == Focus::Main;
            let selected = &explorer.selected;
            let (layout, pane) = (&state.columns, explorer.pane_name(Focus::Main));
            let exact = state.exact;
            let look = tree::RowLook { theme, exact, focused, empty: &empty, columns, selected, layout, pane };
            tree::draw(buffer, area, explorer.main_pane(), &look);
        }
    }
    if let Some(area) = areas.evidence {
        draw_evidence(buffer, area, explorer, theme);
    }
    if let Some(area) = &areas.retainers {
        draw_retainers(buffer, area, state, explorer, theme);
    }
    if let Some(area) = areas.detail {
        overlays::draw_detail(buffer, area, explorer.detail.as_ref(), theme);
    }
}

/// What speaks for the row under the cursor.
fn draw_evidence(buffer: &mut Buffer, area: Rect, explorer: &Explorer, theme: &Theme) {
    let columns = layout::why_room(area);
    let lines = explorer.evidence_lines(columns, area.height as usize);
    let start = area.bottom().saturating_sub(lines.len() as u16);
    if start > area.y {
        let room = area.width as usize;
        buffer.set_stringn(area.x, area.y, "─".repeat(room), room, theme.ui(Ui::Rule));
        buffer.set_stringn(area.x, area.y, "─ Evidence ", room, theme.ui(Ui::Rule));
    }
    for (y, line) in (start..area.bottom()).zip(&lines) {
        buffer.set_stringn(area.x + 1, y, line, columns, theme.ui(Ui::Info));
    }
}

fn draw_retainers(buffer: &mut Buffer, area: &layout::PaneArea, state: &State, explorer: &Explorer, theme: &Theme) {
    let retaining = explorer.retainers.as_ref();
    let focused = explorer.focus == Focus::Retainers;
    if let Some(rule) = area.rule {
        let style = theme.ui(if focused { Ui::FocusedRule } else { Ui::Rule });
        let of = match &explorer.held {
            Some(held) => Some(held.title.clone()),
            None => retaining.and_then(|shown| Some(label::short(&shown.heap, shown.pane.root?))),
        };
        let room = rule.width as usize;
        let note = retainers_note(state, explorer, room);
        let taken = (width(&note) + "─ Retainers of  ".len() + 2).min(room / 2 + 2);
        let title = match of {
            Some(of) => format!("─ Retainers of {} ", cut(&of, room.saturating_sub(taken.max(20)))),
            None => "─ Retainers ".into(),
        };
        buffer.set_stringn(rule.x, rule.y, "─".repeat(room), room, style);
        let (end, _) = buffer.set_stringn(rule.x, rule.y, title, room, style);
        let start = rule.right().saturating_sub(width(&note) as u16 + 2);
        if !note.is_empty() && start > end {
            buffer.set_stringn(start, rule.y, note, room, style);
        }
    }
    let empty = match retaining {
        Some(_) => "nothing refers to it but roots and weak references",
        None if explorer.held.is_some() && explorer.ignoring.now.is_some() => "nothing else holds any of these",
        None if explorer.held.is_some() => "nothing that the file names holds any of these",
        None => no_retainers(state, explorer),
    };
    // What keeps the object alive, or why nothing is said about it.
    let empty = match area.why {
        Some(place) => {
            let (room, most) = (layout::why_room(place), place.height as usize);
            // The whole sentence is in the details.
            let (lines, part) = match explorer.why_lines(room, most) {
                Some(lines) => (lines, Ui::Info),
                None => (wrap_words(empty, room, most), Ui::Dim),
            };
            for (y, line) in (place.y..).zip(&lines) {
                buffer.set_stringn(place.x + 1, y, line, room, theme.ui(part));
            }
            if explorer.has_retainers() { empty } else { "" }
        }
        None => empty,
    };
    let columns = if explorer.held.is_some() { specs::<Holders>() } else { specs::<Retainers>() };
    let (layout, pane) = (&state.columns, explorer.pane_name(Focus::Retainers));
    let look = tree::RowLook { theme, exact: state.exact, focused, empty, columns, selected: &[], layout, pane };
    tree::draw(buffer, area, explorer.pane(PaneId::Retainers), &look);
}

/// From so many columns on the line with the name of the Retainers says more.
const WIDE_NOTE: usize = 110;

/// Which path is open, what is left out, and what is odd about the numbers.
fn retainers_note(state: &State, explorer: &Explorer, room: usize) -> String {
    let mut notes = Vec::new();
    if explorer.retainers.as_ref().is_some_and(|shown| !Arc::ptr_eq(&shown.heap, &explorer.heap)) {
        notes.push("in the base".to_owned());
    }
    if explorer.ignoring.now.is_some() {
        notes.push(format!("{} ignored", text::count(explorer.ignoring.things.len() as u64)));
    }
    let has_more = |row: &Row| row.table.remarks(row.row).iter().any(|(what, _)| *what == FREES_MORE[0]);
    if explorer.held.as_ref().is_some_and(|held| held.pane.rows.iter().any(has_more)) {
        let what = if room < WIDE_NOTE { "go along" } else { "of the set go with what the row holds" };
        notes.push(format!("Only > Objects: others {what}"));
    }
    if let Some(walk) = &explorer.walk {
        let more = if walk.complete { "" } else { "+" };
        notes.push(format!("path {} of {}{more}", walk.at + 1, walk.found.len()));
    }
    if explorer.retainers.as_ref().is_some_and(|shown| state.inner == Inner::Entries && shown.has_repeats) {
        notes.push(format!("{} each link", key_of(Command::EngineRows)));
    }
    if notes.is_empty() { String::new() } else { format!(" {} ", notes.join(" · ")) }
}

/// The line above the table: the filter or the way to the row, and what is shown.
fn draw_context(buffer: &mut Buffer, area: Rect, state: &State, explorer: &Explorer, theme: &Theme) {
    let room = (area.width as usize).saturating_sub(2);
    let view = entry(explorer.view);
    match explorer.main_pane() {
        None => {
            buffer.set_stringn(area.x + 1, area.y, view.title(), room, theme.ui(Ui::Dim));
        }
        Some(pane) if !view.is_filtered() => {
            let [whole, top] = view.context(state, explorer, pane);
            let way = if pane.above.is_empty() { whole } else { format!("{top} › {}", way(pane)) };
            let (end, _) =
                buffer.set_stringn(area.x + 1, area.y, said_of_rows(state, explorer), room, theme.ui(Ui::Key));
            let room = (area.right() as usize).saturating_sub(end as usize + 1);
            buffer.set_stringn(end, area.y, cut_start(&way, room), room, theme.ui(Ui::Dim));
        }
        Some(pane) => draw_table_context(buffer, area, state, explorer, pane, theme),
    }
}

/// What is said of the rows where the view does not say so itself: only the program's own objects, and the engine's
/// rows below them.
fn said_of_rows(state: &State, explorer: &Explorer) -> String {
    let is_own = explorer.is_own() && entry(explorer.view).follows_own(explorer);
    let own = if is_own { "own code · " } else { "" };
    let engine = if state.inner == Inner::References { "engine's own rows · " } else { "" };
    format!("{own}{engine}")
}

/// Filter or scope at the left, sums at the right.
fn draw_table_context(
    buffer: &mut Buffer,
    area: Rect,
    state: &State,
    explorer: &Explorer,
    pane: &TreePane,
    theme: &Theme,
) {
    let total = &pane.total;
    let note = pane.all.table.note().map_or_else(String::new, |note| format!("{note} · "));
    // Why what is typed is no filter stands where it is typed; the rows are those of the last one.
    let filter = if pane.problem.is_some() { pane.applied.text() } else { &pane.filter };
    if !filter.is_empty() {
        let filter = text::sanitize(filter);
        let (left, part) = match pane.fuzzy {
            true => (format!("/ {filter}   letters in order: no name has these words"), Ui::Warning),
            false => (format!("/ {filter}"), Ui::Key),
        };
        let (shown, all) = (pane.tree.roots().len() as u64, pane.all.len() as u64);
        let word = pane.tree.table().facts().row_word(all);
        let right = format!("{note}{} of {} {word} · {total}", text::count(shown), text::count(all));
        return two_ends(buffer, area, (&left, part), (&right, Ui::Dim), theme);
    }
    let view = entry(explorer.view);
    let part = if !note.is_empty() {
        Ui::Warning
    } else if view.is_limited(explorer) {
        Ui::Key
    } else {
        Ui::Dim
    };
    let own = said_of_rows(state, explorer);
    let [whole, what] = view.context(state, explorer, pane).map(|text| format!("{own}{text}"));
    let left = match pane.above.is_empty() {
        true => format!("{note}{whole}"),
        // Below the outermost rows the way to the cursor is worth more than their number.
        false => {
            let room = (area.width as usize).saturating_sub(width(total) + width(&note) + 5);
            format!("{note}{}", cut_start(&format!("{what} › {}", way(pane)), room))
        }
    };
    two_ends(buffer, area, (&left, part), (total, Ui::Dim), theme);
}

/// The rows above the cursor's, from the outermost on.
fn way(pane: &TreePane) -> String {
    let name = |(table, row): &(_, _)| name_on_way(table, *row);
    pane.above.iter().map(name).collect::<Vec<_>>().join(" › ")
}

/// A row in a few words: its object, or its name without the place in a script.
fn name_on_way(table: &Arc<dyn AnyTable>, row: RowIx) -> String {
    match table.node(row) {
        Some(node) => label::short(table.heap_of(row), node),
        None => label::name(&table.label(row)),
    }
}

/// The last line: what is typed, what has happened, or what can be pressed.
fn draw_status(buffer: &mut Buffer, area: Rect, state: &State, theme: &Theme) {
    if let Some(prompt) = &state.prompt {
        let (name, hint) = match prompt.kind {
            PromptKind::Filter => ("/", "  Enter keeps, Esc clears; 'exact /regex/ !not"),
            PromptKind::Find => ("find: ", "  Enter finds, Esc leaves"),
            PromptKind::Query if prompt.line.is_empty() => {
                ("F ", "  text, /pattern/, conditions; Tab completes, ↑ older")
            }
            PromptKind::Query => ("F ", "  Enter finds, Esc leaves"),
            PromptKind::Id => ("@", "  Enter goes there, Esc leaves"),
            PromptKind::Ignore => ("ignore: ", "  EDGE in CLASS, * in CLASS, CLASS or @ID; Enter ignores, Esc leaves"),
            PromptKind::Note => ("note: ", "  Enter keeps it, empty: none; Esc leaves"),
            PromptKind::Report => ("write to: ", "  Enter writes the file, Esc leaves"),
            PromptKind::Add => ("add: ", "  a file; Tab completes, Enter adds it, Esc leaves"),
            PromptKind::Rename => ("rename: ", "  Enter renames, Esc leaves"),
            PromptKind::Mark => ("mark: ", "  a letter marks this place, Esc leaves"),
        };
        let place = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let x = overlays::draw_typed(buffer, place, name, &prompt.line, theme);
        let left = area.right().saturating_sub(x + 1) as usize;
        // What is only not finished yet needs no caret.
        let mistake = prompt.mistake.as_deref();
        let unfinished = mistake.filter(|mistake| mistake.at.start >= prompt.line.text().trim_end().len());
        if let Some(mistake) = mistake.filter(|_| unfinished.is_none()) {
            draw_caret(buffer, area, name, &prompt.line, mistake, theme);
        }
        // What is said must not hide the caret.
        let above = Rect { y: area.y.saturating_sub((prompt.kind == PromptKind::Query) as u16), ..area };
        let problem = || {
            let pane = state.explorer()?.focused_pane().filter(|_| prompt.kind == PromptKind::Filter)?;
            pane.problem.as_deref().map(|problem| format!("no pattern yet: {}", text::sanitize(problem)))
        };
        let said = state.notice.as_ref().map(|notice| (notice.text.clone(), notice.kind));
        match said.or_else(|| problem().map(|problem| (problem, Ui::Warning))) {
            Some((said, part)) if width(&said) + 2 > left => draw_above(buffer, above, &said, theme.ui(part)),
            Some((said, part)) => drop(buffer.set_stringn(x + 2, area.y, said, left, theme.ui(part))),
            None => {
                let expected = unfinished.map(|mistake| format!("  {}", text::sanitize(&mistake.problem)));
                let hint = expected.as_deref().unwrap_or(hint);
                buffer.set_stringn(x, area.y, cut(hint, left), left, theme.ui(Ui::Dim));
            }
        }
    } else if let Some(notice) = &state.notice {
        let below = Rect { y: area.y + 1, ..area };
        draw_above(buffer, below, &notice.text, theme.ui(notice.kind));
    } else {
        draw_hints(buffer, area, state, theme);
    }
}

/// So many lines say what has happened.
const MOST_SAID: usize = 4;

/// What is said, whole, above a line: where one line has no room for it, over the rows there, until the next key.
fn draw_above(buffer: &mut Buffer, below: Rect, text: &str, style: Style) {
    let room = below.width.saturating_sub(2) as usize;
    let lines = wrap_words(text, room, MOST_SAID.min(below.y.into()));
    let top = below.y - lines.len() as u16;
    for (y, line) in (top..).zip(lines) {
        let place = Rect { y, height: 1, ..below };
        Clear.render(place, buffer);
        buffer.set_stringn(place.x + 1, y, line, room, style);
    }
}

/// A caret above what cannot be read in the line that is typed, and what was expected there.
fn draw_caret(buffer: &mut Buffer, line: Rect, name: &str, typed: &Line, mistake: &QueryMistake, theme: &Theme) {
    let Some(y) = line.y.checked_sub(1) else { return };
    let room = line.width as usize;
    buffer.set_stringn(line.x, y, " ".repeat(room), room, theme.ui(Ui::Dim));
    let (start, length) = caret::place(mistake);
    // Of a line that is too long the beginning is not shown.
    let (before, under, _) = typed.parts();
    let cursor = width(&text::sanitize(before)) + width(&text::sanitize(under)).max(1);
    let hidden = (cursor + width(name)).saturating_sub(room.saturating_sub(2));
    let start = (1 + width(name) + start).saturating_sub(hidden);
    let length = length.min(room.saturating_sub(start + 1)).max(1);
    let problem = text::sanitize(&mistake.problem);
    let style = theme.ui(Ui::Warning);
    buffer.set_stringn(line.x + start as u16, y, "▼".repeat(length), length, style);
    let behind = start + length + 1;
    if behind + width(&problem) < room || behind < room / 2 {
        let left = room.saturating_sub(behind + 1);
        buffer.set_stringn(line.x + behind as u16, y, cut(&problem, left), left, style);
    } else {
        let left = start.saturating_sub(2);
        let shown = cut(&problem, left);
        buffer.set_stringn(line.x + (start - 1 - width(&shown)) as u16, y, shown, left, style);
    }
}

/// From here on there is room for the hints that are not needed to begin.
const WIDE_HINTS: u16 = 100;

fn draw_hints(buffer: &mut Buffer, area: Rect, state: &State, theme: &Theme) {
    let mut hints: Vec<(String, String)> = Vec::new();
    let is_typed = state.overlays.last().is_some_and(Overlay::is_typed_into);
    let others = (state.snapshots.len() > 1).then(|| (key_of(Command::Snapshots), "snapshots".to_owned()));
    match &state.stage {
        _ if !state.overlays.is_empty() => hints.extend(state.overlays.last().map(overlays::hints).unwrap_or_default()),
        Stage::Loading(_) => {
            hints.push(("Esc".into(), "stop".into()));
            hints.push((key_of(Command::Find), "filter".into()));
            hints.extend(others);
        }
        Stage::Failed(_) => {
            if state.snapshot().can_be_read_again() {
                hints.push((key_of(Command::LoadAgain), "load again".into()));
            }
            hints.extend(others);
        }
        Stage::Exploring(explorer) => {
            // Where there are several, one wants to get to the others.
            hints.extend(others);
            let in_tree = !has_filter(explorer.focused());
            let in_retainers = explorer.focus == Focus::Retainers;
            let narrow = area.width < WIDE_HINTS;
            if explorer.zoomed {
                // Who has forgotten it looks for the other pane.
                hints.push((key_of(Command::Zoom), "both panes".into()));
            }
            for entry in all().iter().filter(|entry| !entry.hint.is_empty() && why_not(state, entry).is_none()) {
                let word = match entry.command {
                    Command::Find if in_tree => "find",
                    Command::Take if !in_retainers => continue,
                    Command::ShowRetainers | Command::GoToId | Command::SortNext if in_retainers => continue,
                    Command::NextPath if !in_retainers => continue,
                    Command::Copy | Command::Scope | Command::Query if narrow => continue,
                    Command::Scope if explorer.view != View::SUMMARY || in_retainers => continue,
                    Command::Details if narrow && in_retainers => continue,
                    // At the end, where it is always found.
                    Command::Quit => continue,
                    _ => entry.hint,
                };
                hints.push((key_of(entry.command), word.to_owned()));
            }
        }
    }
    // In a window the same key closes it, where it is no letter of what is typed.
    let quit = match state.overlays.last() {
        None => (key_of(Command::Quit), "quit".to_owned()),
        Some(Overlay::Picker(_)) if is_typed => ("Esc".into(), "close".into()),
        Some(_) if is_typed => ("Esc".into(), "leave".into()),
        Some(_) => (key_of(Command::Quit), "close".to_owned()),
    };
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
