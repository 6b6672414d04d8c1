//! Finding a text in the rows of a tree that are open, in the kinds of memory, in a picture.

use super::turn::Turn;
use super::{picture, work};
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::tui::available::kinds_found;
use crate::tui::message::{Outcome, Task};
use crate::tui::state::explorer::Explorer;
use crate::tui::state::finding::Matches;
use crate::tui::state::focus::PaneId;
use crate::view::filter::NameFilter;
use crate::view::label;
use crate::view::text;
use crate::view::tree::Tree;

/// Goes to the next row, or the one before, that contains what was searched for last; round the end of the tree.
pub(super) fn next(turn: &mut Turn<'_>, forward: bool) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if explorer.finding.needle.is_empty() {
        return turn.say("nothing searched for yet: / finds a row in trees");
    }
    let (id, needle) = (explorer.focused(), explorer.finding.needle.clone());
    if explorer.statistics().is_some() {
        return tell_kinds(turn, &needle);
    }
    if picture::is_shown(turn) && picture::find(turn, &needle, forward) {
        return;
    }
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(pane) = explorer.pane(id) else { return };
    let (version, from) = (pane.tree.version(), pane.cursor);
    let is_known = |matches: &&Matches| matches.id == id && matches.version == version && matches.needle == needle;
    if let Some(matches) = explorer.finding.matches.as_ref().filter(is_known) {
        let found = step(&matches.places, from, forward);
        return show(turn, id, found);
    }
    let tree = pane.tree.clone();
    let matches = Matches { id, version, needle, places: Vec::new(), from, forward };
    let task = Task::telling(move |meter, early| Ok(Outcome::Matches(search(tree, matches, meter, early)?)));
    work::ask(turn, "searching the open rows", task);
}

/// Tells which kinds of memory have a text in their names; the view marks them.
fn tell_kinds(turn: &mut Turn<'_>, needle: &str) {
    let found = turn.explorer().and_then(Explorer::statistics).map(|statistics| kinds_found(statistics, needle));
    let shown = text::sanitize(needle).into_owned();
    match found {
        Some(Ok(found)) if !found.is_empty() => turn.say(format!("“{shown}”: {}", found.join(", "))),
        Some(Err(problem)) => turn.warn(problem),
        _ => turn.warn(format!("no kind of memory is called “{shown}”; F finds objects in the whole heap")),
    }
}

/// Rows looked at between two looks at the meter.
const FIND_STEP: usize = 1024;

/// Looks through all open rows, first in the wanted direction.
fn search(mut tree: Tree, mut matches: Matches, meter: &Meter, early: &dyn Fn(Outcome)) -> Result<Matches> {
    let filter = NameFilter::to_find(&matches.needle).map_err(Error::Usage)?;
    let (rows, from) = (tree.len(), matches.from);
    meter.set_total(rows as u64);
    for step in 0..rows {
        if step % FIND_STEP == 0 {
            meter.check()?;
            meter.add_done(FIND_STEP as u64);
        }
        // Round the end of the tree, back to where it began.
        let place = if matches.forward { (from + 1 + step) % rows } else { (from + rows - 1 - step) % rows };
        let Some(row) = tree.row(place) else { continue };
        if filter.matches(&label::plain(&row.label())) {
            if matches.places.is_empty() {
                early(Outcome::Found { id: matches.id, version: matches.version, place });
            }
            matches.places.push(place as u32);
        }
    }
    matches.places.sort_unstable();
    Ok(matches)
}

/// One of the rows that match.
#[derive(Clone, Copy)]
struct Hit {
    place: usize,
    /// Which it is, from 1 on, of how many.
    number: usize,
    all: usize,
    /// Whether it was found round the end of the tree.
    wrapped: bool,
}

/// Which of the matches comes next.
fn step(places: &[u32], from: usize, forward: bool) -> Option<Hit> {
    let index = match forward {
        true => places.iter().position(|&place| place as usize > from).unwrap_or(0),
        false => places.iter().rposition(|&place| (place as usize) < from).unwrap_or(places.len().saturating_sub(1)),
    };
    let place = *places.get(index)? as usize;
    let wrapped = if forward { place <= from } else { place >= from };
    Some(Hit { place, number: index + 1, all: places.len(), wrapped })
}

fn show(turn: &mut Turn<'_>, id: PaneId, found: Option<Hit>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let shown = text::sanitize(&explorer.finding.needle).into_owned();
    let Some(pane) = explorer.pane_mut(id) else { return };
    match found {
        Some(Hit { place, number, all, wrapped }) => {
            pane.move_to(place);
            let end = if wrapped { ", round the end" } else { "" };
            let (number, all) = (text::count(number as u64), text::count(all as u64));
            turn.say(format!("“{shown}” {number} of {all}{end}; n next, N before"));
        }
        None => turn.warn(format!("“{shown}” is not in the open rows; rows that are closed are not searched")),
    }
}

/// The first match of a long search is there; the others are still counted.
pub(super) fn on_first(turn: &mut Turn<'_>, id: PaneId, version: u64, place: usize) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let shown = text::sanitize(&explorer.finding.needle).into_owned();
    if let Some(pane) = explorer.pane_mut(id).filter(|pane| pane.tree.version() == version) {
        pane.move_to(place);
        turn.say(format!("“{shown}” found; counting the others, Esc stops"));
    }
}

pub(super) fn on_matches(turn: &mut Turn<'_>, matches: Matches) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let (id, from, forward) = (matches.id, matches.from, matches.forward);
    let is_current = explorer.pane(id).is_some_and(|pane| pane.tree.version() == matches.version);
    let found = step(&matches.places, from, forward);
    explorer.finding.matches = Some(matches);
    if !is_current {
        return turn.say("rows have opened or closed meanwhile: n searches again");
    }
    // Whoever has moved on since the first match was shown stays there.
    let cursor = explorer.pane(id).map(|pane| pane.cursor);
    let moved_on = cursor != Some(from) && found.is_none_or(|hit| cursor != Some(hit.place));
    if moved_on {
        let all = found.map_or(0, |hit| hit.all);
        return turn.say(format!("{} rows match; n next, N before", text::count(all as u64)));
    }
    show(turn, id, found);
}
