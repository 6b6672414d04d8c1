//! The mouse: the wheel scrolls what is under it, a click chooses, opens and sorts.

use ratatui::layout::{Position, Rect};

use super::turn::Turn;
use super::{motion, picture, show, sorting, timeline};
use crate::tui::layout::{self, PaneArea};
use crate::tui::message::Mouse;
use crate::tui::overlays;
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::state::{Grip, State};
use crate::tui::views::entry;
use crate::tui::widgets::table::Columns;

/// Columns at the left of a row that open and close it.
const MARK: u16 = 3;
/// Rows that one step of the wheel moves.
const STEP: isize = 3;

pub(super) fn on_mouse(turn: &mut Turn<'_>, mouse: Mouse, at: Position) {
    if mouse == Mouse::Release {
        turn.grip = None;
        return;
    }
    turn.notice = None;
    let rows = match mouse {
        Mouse::Drag => return drag(turn, at),
        Mouse::Release => return,
        Mouse::WheelDown => STEP,
        Mouse::WheelUp => -STEP,
        Mouse::Click => return click(turn, at),
    };
    if let Some(top) = turn.overlays.last_mut() {
        overlays::wheel(top, rows);
    } else if let Some(focus) = pane_at(turn, at) {
        scroll(turn, focus, rows);
    }
}

/// Chooses the part of the timeline under the pointer.
fn choose_bar(turn: &mut Turn<'_>, at: Position) {
    let columns = layout::chart_columns(turn);
    let Some(chart) = layout::areas(turn).chart else { return };
    let Some(chart_timeline) = turn.explorer_mut().and_then(|explorer| explorer.timeline.as_mut()) else { return };
    let (bars, wide) = crate::tui::state::timeline::wide_bars(chart_timeline, columns);
    if let Some(bar) = bars.get(at.x.saturating_sub(chart.x + layout::CHART_LEFT) as usize / wide) {
        chart_timeline.chosen = Some(bar.clone());
        timeline::range_chosen(turn);
    }
}

/// Which pane is at a place of the screen.
fn pane_at(state: &State, at: Position) -> Option<Focus> {
    let areas = layout::areas(state);
    let has = |area: &PaneArea| {
        area.rows.contains(at) || area.header.contains(at) || area.rule.is_some_and(|rule| rule.contains(at))
    };
    let main = areas.main.filter(has).map(|_| Focus::Main);
    main.or_else(|| areas.retainers.filter(has).map(|_| Focus::Retainers))
}

/// Moves the window; the cursor stays on its row as long as that is seen.
fn scroll(turn: &mut Turn<'_>, focus: Focus, rows: isize) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let pane = match focus {
        Focus::Main => explorer.main_pane_mut(),
        Focus::Retainers => explorer.pane_mut(PaneId::Retainers),
    };
    let Some(pane) = pane else { return };
    pane.scroll(rows);
}

/// Moves what the mouse holds to where the pointer is.
fn drag(turn: &mut Turn<'_>, at: Position) {
    match turn.grip {
        Some(Grip::Border) => drag_border(turn, at),
        Some(Grip::Column(focus, field)) => drag_column(turn, focus, field, at),
        None => {}
    }
}

fn drag_border(turn: &mut Turn<'_>, at: Position) {
    let (areas, share) = (layout::areas(turn), turn.retainers_height);
    let rule = areas.retainers.and_then(|area| area.rule).filter(|_| areas.main.is_some());
    let (Some(rule), Some(explorer)) = (rule, turn.explorer_mut()) else { return };
    let wanted = explorer.extra_retainers.saturating_add(rule.y as i16).saturating_sub(at.y as i16);
    explorer.extra_retainers = layout::allowed_extra(areas.body_height, share, wanted);
}

/// The columns of a pane as they stand now, the part of the screen that has them, and what the names need.
fn columns(state: &State, focus: Focus) -> Option<(Columns, Rect, usize)> {
    let areas = layout::areas(state);
    let area = match focus {
        Focus::Main => areas.main,
        Focus::Retainers => areas.retainers,
    };
    let (explorer, header) = (state.explorer()?, area?.header);
    let (name, id) = match focus {
        Focus::Main => (explorer.pane_name(focus), PaneId::Main(explorer.view)),
        Focus::Retainers => (explorer.pane_name(focus), PaneId::Retainers),
    };
    let table = explorer.pane(id)?.tree.table();
    let specs = state.columns.seen(name, table.seen());
    let set = |field| state.columns.width(name, field);
    let columns = Columns::of(&specs, table.facts(), (header.width as usize, state.exact), set)?;
    Some((columns, header, table.facts().least_name))
}

/// Moves the left edge of a column; names get what it leaves, or give it, as long as no other column has to go.
fn drag_column(turn: &mut Turn<'_>, focus: Focus, field: &'static str, at: Position) {
    let Some((columns, header, least)) = columns(turn, focus) else { return };
    let Some(end) = columns.end_of(field) else { return };
    let Some(name) = turn.explorer().map(|explorer| explorer.pane_name(focus)) else { return };
    let wide = columns.numbers.iter().find(|number| number.spec.field == field);
    let most = wide.map_or(0, |number| number.size + number.percent) + columns.name.saturating_sub(least);
    let wanted = end.saturating_sub(at.x.saturating_sub(header.x) as usize);
    turn.columns.set_width(name, field, wanted.min(most));
}

fn click(turn: &mut Turn<'_>, at: Position) {
    if turn.overlays.pop().is_some() {
        return;
    }
    // Whoever clicks has done with typing; what is filtered stays so.
    turn.prompt = None;
    let areas = layout::areas(turn);
    if areas.views.contains(at) {
        let tabs = layout::tabs(areas.views);
        if let Some((_, _, view)) = tabs.into_iter().find(|(place, _, _)| place.contains(at)) {
            show::show(turn, view);
        }
        return;
    }
    if areas.chart.is_some_and(|chart| chart.contains(at)) {
        return match picture::is_shown(turn) {
            true => picture::click(turn, at),
            false => choose_bar(turn, at),
        };
    }
    let Some(focus) = pane_at(turn, at) else { return };
    let on_border = areas.retainers.and_then(|area| area.rule).is_some_and(|rule| rule.contains(at));
    turn.grip = on_border.then_some(Grip::Border);
    let area = match focus {
        Focus::Main => areas.main,
        Focus::Retainers => areas.retainers,
    };
    let Some(area) = area else { return };
    let Some(explorer) = turn.explorer_mut() else { return };
    if focus == Focus::Main && !entry(explorer.view).has_rows()
        || focus == Focus::Retainers && !explorer.has_retainers()
    {
        return;
    }
    let had_keys = explorer.focus == focus;
    explorer.focus = focus;
    if area.header.contains(at) {
        let Some((columns, header, _)) = columns(turn, focus) else { return };
        let x = (at.x - header.x) as usize;
        match columns.edge_at(x) {
            Some(spec) => turn.grip = Some(Grip::Column(focus, spec.field)),
            None => sorting::by_column(turn, columns.at(x)),
        }
        return;
    }
    if !area.rows.contains(at) {
        return;
    }
    let Some(pane) = explorer.focused_pane_mut() else { return };
    let row = pane.top + (at.y - area.rows.y) as usize;
    if row >= pane.len() {
        return;
    }
    // The mark that says whether a row is open, and the column before it.
    let on_mark = at.x < area.rows.x + MARK;
    let again = on_mark || had_keys && row == pane.cursor;
    pane.move_to(row);
    if again {
        motion::toggle(turn);
    }
}
