//! The rows of a table that a filter lets through.

use super::turn::Turn;
use super::work;
use crate::tui::state::change::Work;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::PaneId;
use crate::tui::state::pane::TreePane;
use crate::tui::state::rows::Rows;
use crate::tui::view::View;
use crate::tui::views::entry;
use crate::view::cut::cut;
use crate::view::filter;
use crate::view::text;

/// A slip is looked up among so many names, which takes some 10 ms; tables of a million texts are not looked through.
const MOST_NAMES: usize = 20_000;

/// Filters the table with the keys by a text; none shows all rows.
pub(super) fn set(turn: &mut Turn<'_>, text: String) {
    let Some(explorer) = turn.explorer_mut() else {
        turn.early_filter = text;
        return;
    };
    let id = explorer.focused();
    let work = filled(explorer, id);
    let Some(pane) = explorer.pane_mut(id) else { return };
    pane.filter = text;
    pane.touched = true;
    if let Some(work) = work {
        work::change(turn, id, work);
    }
}

/// Takes the filter away that is being typed; perhaps as if it had never been begun.
pub(super) fn give_up(turn: &mut Turn<'_>, goes_back: bool) {
    let before = turn.explorer_mut().and_then(|explorer| explorer.before_filter.take()).filter(|_| goes_back);
    let Some((explorer, before)) = turn.explorer_mut().zip(before) else { return set(turn, String::new()) };
    let id = explorer.focused();
    let rows = filled_rows(explorer, id);
    if let (Some(pane), Some(rows)) = (explorer.pane_mut(id), rows) {
        pane.filter.clone_from(&before.filter);
        work::change(turn, id, Work::Return { before, rows });
    }
}

/// Filters the first table by what was typed before it was there.
pub(super) fn set_early(turn: &mut Turn<'_>) {
    let text = std::mem::take(&mut turn.early_filter);
    if !text.is_empty() {
        set(turn, text);
    }
}

/// The rows that the filters let through, where that was given up because another snapshot was shown.
pub(super) fn refilter(turn: &mut Turn<'_>) {
    for view in View::ALL.into_iter().map(PaneId::Main) {
        let is_filtered = |explorer: &&Explorer| explorer.pane(view).is_some_and(|pane| !pane.filter.is_empty());
        if let Some(work) = turn.explorer().filter(is_filtered).and_then(|explorer| filled(explorer, view)) {
            work::change(turn, view, work);
        }
    }
}

/// All rows of a table again, in its order.
fn filled(explorer: &Explorer, id: PaneId) -> Option<Work> {
    Some(Work::Fill { rows: filled_rows(explorer, id)?, sort: None, keep_open: true })
}

fn filled_rows(explorer: &Explorer, id: PaneId) -> Option<Rows> {
    let pane = explorer.pane(id)?;
    Some(match id {
        PaneId::Main(view) if entry(view).shows_scope(explorer) => explorer.scope_rows(view),
        _ => Rows::There(pane.all.clone()),
    })
}

/// Says what the filter lets through.
pub(super) fn tell(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else {
        let shown = text::sanitize(&turn.early_filter).into_owned();
        if !shown.is_empty() {
            turn.say(format!("“{shown}” filters the table once it is there"));
        }
        return;
    };
    let id = explorer.focused();
    let Some(pane) = explorer.pane(id).filter(|pane| !pane.filter.is_empty()) else { return };
    if pane.problem.is_some() {
        return give_up_pattern(turn, id);
    }
    // What is there now are the rows of the filter before.
    if turn.change_of(id).is_some() {
        return;
    }
    let shown = text::sanitize(&pane.filter).into_owned();
    let facts = pane.tree.table().facts();
    let (count, all) = (pane.tree.roots().len() as u64, pane.all.len() as u64);
    if count == 0 {
        let next = match meant(pane) {
            Some((name, count)) => format!("did you mean {} ({})? Esc clears", cut(&name, 40), text::count(count)),
            None => "Esc clears the filter".into(),
        };
        turn.warn(format!("no {} matches “{shown}”; {next}", facts.row_word(1)));
    } else {
        let word = facts.row_word(all);
        let how = if pane.fuzzy { ", by letters in order: none has these words" } else { "" };
        turn.say(format!("{} of {} {word}{how}; Esc clears the filter", text::count(count), text::count(all)));
    }
}

/// What was typed is no pattern: from now on the filter is that of the rows which are there.
fn give_up_pattern(turn: &mut Turn<'_>, id: PaneId) {
    let Some(pane) = turn.explorer_mut().and_then(|explorer| explorer.pane_mut(id)) else { return };
    let problem = pane.problem.take().unwrap_or_default();
    let typed = std::mem::replace(&mut pane.filter, pane.applied.text().to_owned());
    let rows = match pane.filter.is_empty() {
        true => "all rows are shown".to_owned(),
        false => format!("the filter is still {}", text::sanitize(&pane.filter)),
    };
    turn.warn(format!("{} is no pattern: {}; {rows}", text::sanitize(&typed), text::sanitize(&problem)));
}

/// The row whose name is most like what was typed, and how many objects it stands for.
fn meant(pane: &TreePane) -> Option<(String, u64)> {
    let all = Some(&pane.all).filter(|all| all.len() <= MOST_NAMES)?;
    let names = all.rows.iter().map(|&row| (all.table.name(row), all.table.weight(row)));
    filter::nearest(names, &pane.filter)
}
