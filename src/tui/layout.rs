//! The size of the screen → where everything stands, and which rows each pane shows.

use ratatui::layout::{Rect, Size};

use super::command::Command;
use super::key::show;
use super::keymap::describe;
use super::overlays;
use super::state::explorer::Explorer;
use super::state::focus::{Focus, PaneId};
use super::state::prompt::{Prompt, PromptKind};
use super::state::{Stage, State};
use super::view::View;
use super::views::entry;
use crate::view::cut::width;

/// Below this there is one line that asks for a larger window.
pub(crate) const SMALLEST: Size = Size { width: 60, height: 10 };
/// From here on the Retainers stand below the main pane.
const TWO_PANES: u16 = 16;
/// Lines that are no pane: title, views, context; status.
const ABOVE: u16 = 3;
/// From here on details stand at the right; the tables keep a width at which nothing is left out.
const THREE_PANES: u16 = 140;
const TABLE_WIDTH: u16 = 100;
const WIDEST_DETAIL: u16 = 64;
const BELOW: u16 = 1;
/// Retainers of so many lines say in words what keeps the object alive.
const LEAST_WITH_WHY: u16 = 6;
/// Longer sentences give up whole clauses.
const MOST_WHY: u16 = 3;
/// Panes keep so many lines.
const LEAST_PANE: u16 = 6;

/// Where a pane stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PaneArea {
    /// The line with the pane's name; the main pane has its name in the line of views.
    pub(crate) rule: Option<Rect>,
    /// The line that says what keeps the object alive.
    pub(crate) why: Option<Rect>,
    pub(crate) header: Rect,
    pub(crate) rows: Rect,
}

/// Where everything stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Areas {
    pub(crate) title: Rect,
    pub(crate) views: Rect,
    pub(crate) context: Rect,
    /// All panes together.
    pub(crate) body: Rect,
    pub(crate) body_height: u16,
    pub(crate) main: Option<PaneArea>,
    /// The picture of the timeline above the rows.
    pub(crate) chart: Option<Rect>,
    /// What speaks for the row under the cursor, below the rows; with a line above it where there is room for one.
    pub(crate) evidence: Option<Rect>,
    pub(crate) retainers: Option<PaneArea>,
    pub(crate) detail: Option<Rect>,
    pub(crate) status: Rect,
}

pub(crate) fn too_small(size: Size) -> bool {
    size.width < SMALLEST.width || size.height < SMALLEST.height
}

pub(crate) fn areas(state: &State) -> Areas {
    let Size { width, height } = state.size;
    let line = |y: u16| Rect::new(0, y.min(height.saturating_sub(1)), width, 1.min(height));
    // Above a query that is written its caret has a line: none of the rows is hidden, and nothing jumps with a mistake.
    let is_query = |prompt: &Prompt| prompt.kind == PromptKind::Query;
    let below = BELOW + state.prompt.as_ref().is_some_and(is_query) as u16;
    let body = Rect::new(0, ABOVE.min(height), width, height.saturating_sub(ABOVE + below));
    let is_tree = state.explorer().is_some_and(|explorer| entry(explorer.view).has_rows() && !explorer.zoomed);
    let detail = (width >= THREE_PANES && is_tree).then(|| {
        let columns = (width - TABLE_WIDTH).min(WIDEST_DETAIL);
        Rect { x: width - columns, width: columns, ..body }
    });
    // A column between numbers and details, so that they never touch.
    let tables = Rect { width: width - detail.map_or(0, |area| area.width + 1), ..body };
    let (main, retainers) = panes(state, tables);
    let (chart, main) = with_chart(state, main);
    let (evidence, main) = with_evidence(state, main);
    Areas {
        title: line(0),
        views: line(1),
        context: line(2),
        body,
        body_height: body.height,
        main,
        chart,
        evidence,
        retainers,
        detail,
        status: line(height.saturating_sub(1)),
    }
}

/// Columns at the left of the picture of a timeline, for its scale.
pub(crate) const CHART_LEFT: u16 = 11;
/// Rows that are left below the picture at least.
const LEAST_BELOW_CHART: u16 = 2;

/// The bars that the picture of a timeline has room for.
pub(crate) fn chart_columns(state: &State) -> usize {
    areas(state).chart.map_or(1, |chart| chart.width.saturating_sub(CHART_LEFT + 2).max(1) as usize)
}

/// Gives the picture of a timeline the upper third of the pane.
fn with_chart(state: &State, main: Option<PaneArea>) -> (Option<Rect>, Option<PaneArea>) {
    let has_timeline = |explorer: &Explorer| entry(explorer.view).has_timeline() && explorer.timeline.is_some();
    let has_picture = |explorer: &Explorer| entry(explorer.view).has_picture() && explorer.heap.has_retained_sizes();
    let has = |test: &dyn Fn(&Explorer) -> bool| state.explorer().is_some_and(test);
    let Some(area) = main.filter(|_| has(&has_timeline) || has(&has_picture)) else { return (None, main) };
    let all = area.rows.height;
    // The rows below a picture say what it cannot: they get a third.
    let wanted = if has(&has_picture) { all - all / 3 } else { (all / 3).clamp(4, 9) };
    let height = wanted.min(all.saturating_sub(LEAST_BELOW_CHART));
    if height < 3 {
        return (None, main);
    }
    let chart = Rect { height, ..area.header };
    let header = Rect { y: area.header.y + height, ..area.header };
    let rows = Rect { y: area.rows.y + height, height: all - height, ..area.rows };
    (Some(chart), Some(PaneArea { header, rows, ..area }))
}

/// Gives what speaks for the row under the cursor the lines that the rows leave free, or a third of the pane.
fn with_evidence(state: &State, main: Option<PaneArea>) -> (Option<Rect>, Option<PaneArea>) {
    let none = (None, main);
    let explorer = state.explorer().filter(|explorer| entry(explorer.view).has_evidence());
    let (Some(area), Some(explorer)) = (main, explorer) else { return none };
    let all = area.rows.height;
    let rows = explorer.main_pane().map_or(0, |pane| pane.len()).min(all as usize) as u16;
    let most = (all - rows).max(all / 3);
    let lines = explorer.evidence_lines(why_room(area.rows), most as usize).len() as u16;
    if lines == 0 {
        return none;
    }
    let height = lines + u16::from(lines < all - rows);
    let evidence = Rect { y: area.rows.bottom() - height, height, ..area.rows };
    let rows = Rect { height: all - height, ..area.rows };
    (Some(evidence), Some(PaneArea { rows, ..area }))
}

fn panes(state: &State, body: Rect) -> (Option<PaneArea>, Option<PaneArea>) {
    let Some(explorer) = state.explorer() else { return (None, None) };
    if !entry(explorer.view).has_rows() {
        return (Some(pane(body, None)), None);
    }
    let told = |room: usize, most: usize| explorer.why_lines(room, most).map(|lines| lines.len());
    let why: &WhyLines<'_> = &told;
    if explorer.zoomed || state.size.height < TWO_PANES || entry(explorer.view).has_picture() {
        return match explorer.focus {
            Focus::Main => (Some(pane(body, None)), None),
            Focus::Retainers => (None, Some(pane(body, Some(why)))),
        };
    }
    let extra = allowed_extra(body.height, state.retainers_height, explorer.extra_retainers);
    let below = usual_share(body.height, state.retainers_height).saturating_add_signed(extra);
    let above = body.height - below;
    let top = Rect { height: above, ..body };
    let bottom = Rect { y: body.y + above, height: below, ..body };
    (Some(pane(top, None)), Some(pane(bottom, Some(why))))
}

/// Rows of the Retainers as long as nobody has changed them.
fn usual_share(body: u16, percent: u16) -> u16 {
    let share = u32::from(body) * u32::from(percent) / 100;
    (share as u16).min(body.saturating_sub(LEAST_PANE)).max(LEAST_PANE)
}

/// How far the border between the panes may be moved: both keep some rows.
pub(crate) fn allowed_extra(body: u16, percent: u16, wanted: i16) -> i16 {
    const LEAST: i16 = LEAST_PANE as i16;
    let usual = usual_share(body, percent) as i16;
    wanted.clamp(LEAST - usual, (body as i16 - LEAST - usual).max(LEAST - usual))
}

/// The Retainers have a name and a line above their rows, with a sentence where they are those of an object.
/// How many lines the sentence above the Retainers takes, of so many columns, at most so many; nothing without one.
type WhyLines<'a> = dyn Fn(usize, usize) -> Option<usize> + 'a;

fn pane(area: Rect, why: Option<&WhyLines<'_>>) -> PaneArea {
    let line = |y: u16| Rect { y: area.y + y, height: 1.min(area.height.saturating_sub(y)), ..area };
    let named = why.is_some();
    // Very low panes need their rows more.
    let most = match area.height {
        8.. => MOST_WHY,
        7 => 2,
        LEAST_WITH_WHY.. => 1,
        _ => 0,
    };
    let told = why.map_or(0, |lines| lines(why_room(area), most as usize).map_or(most.min(1), |lines| lines as u16));
    let used = 1 + named as u16 + told;
    PaneArea {
        rule: named.then(|| line(0)),
        why: (told > 0).then(|| Rect { height: told, ..line(1) }),
        header: line(used - 1),
        rows: Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area },
    }
}

/// The key of a view.
fn tab_key(view: View) -> Option<String> {
    Some(show(describe(Command::Show(view))?.keys.first()?))
}

/// The beginning of the keys of all views, where they share one: it is said once, before the first.
const SHARED: &str = "Alt-";

/// What stands before the line of views.
pub(crate) fn tabs_lead() -> &'static str {
    let mut keys = View::ALL.into_iter().filter_map(tab_key);
    if keys.all(|key| key.starts_with(SHARED)) { "Alt: " } else { "" }
}

/// Key, space and three letters; where even that has no room, one of them at least.
const LEAST_TAB: usize = 5;
const LEAST_KEY: usize = 3;

/// Where the name of each view stands in the line of views: those with keys.
pub(crate) fn tabs(area: Rect) -> Vec<(Rect, String, View)> {
    let lead = tabs_lead();
    let area = Rect { x: area.x + lead.len() as u16, width: area.width.saturating_sub(lead.len() as u16), ..area };
    let key = |view: View| tab_key(view).map(|key| key[if lead.is_empty() { 0 } else { SHARED.len() }..].to_owned());
    let keyed: Vec<(View, String)> = View::ALL.into_iter().filter_map(|view| Some((view, key(view)?))).collect();
    let shown = || keyed.iter().map(|(view, key)| (*view, key.as_str()));
    let name = |length: usize| move |(view, key): (View, &str)| format!("{key} {}", view.names()[length]);
    let taken = |length: usize| shown().map(name(length)).map(|name| width(&name) + 2).sum::<usize>();
    let room = area.width as usize;
    // One space between them rather than names that are cut.
    let is_tight = |length: usize| taken(length) > room && taken(length) - shown().count() <= room;
    let length = (0..2).find(|&length| taken(length) <= room || length > 0 && is_tight(length)).unwrap_or(2);
    // The last name needs no space behind it; where even the shortest have no room for two between them, one is enough.
    let gap = if length == 2 && taken(length) < room + 2 || length < 2 && !is_tight(length) { 2 } else { 1 };
    // And where that is too much, the beginnings of the names have to do: keys must be seen.
    let all = taken(length).saturating_sub(shown().count() * (2 - gap as usize));
    // One column is empty before the first, none behind the last.
    let least = (room / keyed.len().max(1)).saturating_sub(1).clamp(LEAST_KEY, LEAST_TAB);
    let most = if all > room + gap as usize - 1 { least } else { usize::MAX };
    let mut x = area.x + 1;
    let place = |(view, key): (View, &str)| {
        let name: String = name(length)((view, key)).chars().take(most).collect();
        let room = area.right().saturating_sub(x).min(width(&name) as u16);
        let place = Rect { x, width: room, ..area };
        x += room + gap;
        (place, name, view)
    };
    shown().map(place).collect()
}

/// The columns of the sentence above the Retainers.
pub(crate) fn why_room(area: Rect) -> usize {
    (area.width as usize).saturating_sub(2)
}

/// Gives every pane that is seen its rows; run after each change and before drawing.
pub(crate) fn arrange(state: &mut State) {
    overlays::arrange(&mut state.overlays, state.size);
    arrange_panes(state);
    // Evidence is that of a row, which must be known first; and it takes lines of the others.
    if state.explorer().is_some_and(|explorer| entry(explorer.view).has_evidence()) {
        arrange_panes(state);
    }
}

fn arrange_panes(state: &mut State) {
    let areas = areas(state);
    let Stage::Exploring(explorer) = &mut state.stage else { return };
    if let (Some(area), Some(pane)) = (areas.main, explorer.main_pane_mut()) {
        pane.arrange(area.rows.height as usize);
    }
    if let (Some(area), Some(pane)) = (areas.retainers, explorer.pane_mut(PaneId::Retainers)) {
        pane.arrange(area.rows.height as usize);
    }
}
