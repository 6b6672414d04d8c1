//! The state → the cells of the screen. Decides nothing and remembers nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::available::{kinds_found, why_empty};
use super::layout::{self, Areas, tabs};
use super::overlays;
use super::panes::statistics::Kinds;
use super::panes::tree::RowLook;
use super::panes::{context, loading, picture, retainers, statistics, status, timeline, title, tree};
use super::state::explorer::Explorer;
use super::state::focus::{Focus, Pane};
use super::state::prompt::PromptKind;
use super::state::{Stage, State};
use super::theme::{Theme, Ui};
use super::views::entry;
use super::widgets::ascii;
use super::widgets::canvas::Canvas;

pub(crate) fn render(state: &State, theme: &Theme, buffer: &mut Buffer) {
    let screen = Rect::new(0, 0, state.size.width, state.size.height).intersection(*buffer.area());
    if screen.is_empty() {
        return;
    }
    let canvas = &mut Canvas { buffer, theme };
    if layout::too_small(state.size) {
        loading::draw_too_small(canvas, screen);
    } else {
        draw(canvas, state);
    }
    if theme.ascii {
        ascii::fold(canvas.buffer);
    }
}

fn draw(canvas: &mut Canvas<'_>, state: &State) {
    let areas = layout::areas(state);
    title::draw(canvas, areas.title, state);
    draw_views(canvas, areas.views, state);
    match &state.stage {
        Stage::Loading(_) => loading::draw(canvas, areas.body, &state.progress),
        Stage::Failed(failure) => loading::draw_failed(canvas, areas.body, failure),
        Stage::Exploring(explorer) => draw_explorer(canvas, &areas, state, explorer),
    }
    if let Some(overlay) = state.overlays.last() {
        overlays::draw(canvas, state.size, overlay);
    }
    status::draw(canvas, areas.status, state);
}

fn draw_views(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let now = state.explorer().map(|explorer| explorer.view);
    canvas.buffer.set_stringn(area.x + 1, area.y, layout::tabs_lead(), area.width as usize, canvas.theme.ui(Ui::Tab));
    for (place, name, view) in tabs(area) {
        let part = if Some(view) == now { Ui::ActiveTab } else { Ui::Tab };
        canvas.buffer.set_stringn(place.x, place.y, name, place.width as usize, canvas.theme.ui(part));
    }
}

fn draw_explorer(canvas: &mut Canvas<'_>, areas: &Areas, state: &State, explorer: &Explorer) {
    context::draw(canvas, areas.context, state, explorer);
    if let Some(area) = areas.chart.filter(|_| entry(explorer.view).has_picture()) {
        picture::draw(canvas, area, state, explorer);
    } else if let (Some(area), Some(timeline)) = (areas.chart, &explorer.timeline) {
        let limited = entry(explorer.view).shows_scope(explorer);
        timeline::draw(canvas, area, timeline, limited);
    }
    draw_main(canvas, areas, state, explorer);
    if let Some(area) = areas.evidence {
        draw_evidence(canvas, area, explorer);
    }
    if let Some(area) = &areas.retainers {
        retainers::draw(canvas, area, state, explorer);
    }
    if let Some(area) = areas.detail {
        overlays::draw_detail(canvas, area, explorer.detail.as_ref());
    }
}

/// The rows of the view, or the kinds of memory, which take all of the body.
fn draw_main(canvas: &mut Canvas<'_>, areas: &Areas, state: &State, explorer: &Explorer) {
    let Some(area) = &areas.main else { return };
    if let Some(Pane::Statistics(known)) = explorer.panes.get(&explorer.view) {
        // While a text is typed what has it is seen already.
        let typed = state.prompt.as_ref().filter(|prompt| prompt.kind == PromptKind::Find);
        let needle = typed.map_or(explorer.finding.needle.as_str(), |prompt| prompt.line.text());
        let found = if needle.is_empty() { Vec::new() } else { kinds_found(known, needle).unwrap_or_default() };
        let kinds = Kinds { statistics: known, found: &found, exact: state.exact };
        return statistics::draw(canvas, areas.body, &kinds);
    }
    let empty = why_empty(state, explorer);
    let look = RowLook {
        theme: canvas.theme,
        exact: state.exact,
        focused: explorer.focus == Focus::Main,
        empty: &empty,
        columns: entry(explorer.view).columns_now(explorer),
        selected: &explorer.selected,
        layout: &state.columns,
        pane: explorer.pane_name(Focus::Main),
    };
    tree::draw(canvas, area, explorer.main_pane(), &look);
}

/// What speaks for the row under the cursor.
fn draw_evidence(canvas: &mut Canvas<'_>, area: Rect, explorer: &Explorer) {
    let columns = layout::why_room(area);
    let lines = explorer.evidence_lines(columns, area.height as usize);
    let start = area.bottom().saturating_sub(lines.len() as u16);
    if start > area.y {
        let room = area.width as usize;
        canvas.buffer.set_stringn(area.x, area.y, "─".repeat(room), room, canvas.theme.ui(Ui::Rule));
        canvas.buffer.set_stringn(area.x, area.y, "─ Evidence ", room, canvas.theme.ui(Ui::Rule));
    }
    for (y, line) in (start..area.bottom()).zip(&lines) {
        canvas.buffer.set_stringn(area.x + 1, y, line, columns, canvas.theme.ui(Ui::Info));
    }
}
