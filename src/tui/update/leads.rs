//! What grew over the snapshots, and where to look first: looked up aside, once the snapshot that is shown is complete.

use std::sync::Arc;

use super::turn::Turn;
use super::{held, queue, work};
use crate::analysis::series::Series;
use crate::analysis::suspects::{self, Found};
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::{Heap, OneByOne};
use crate::tui::command::Command;
use crate::tui::keymap::key_of;
use crate::tui::message::{Outcome, Task};
use crate::tui::state::earlier::Earlier;
use crate::tui::state::jobs::Slot;
use crate::tui::state::leads::{Known, Leads};
use crate::tui::view::View;
use crate::view::table::Level;
use crate::view::tables::suspects::Suspects;
use crate::view::text::{count, sanitize};

/// Rows that are open by themselves on the way to a holder.
const MOST_PASSED: usize = 64;

/// Begins what is still to be looked for; whether something is known now that a view has waited for.
pub(super) fn look(turn: &mut Turn<'_>) -> bool {
    if !turn.wants_leads() {
        return false;
    }
    let Some(explorer) = turn.explorer() else { return false };
    let (heap, leads) = (explorer.heap.clone(), &explorer.leads);
    if turn.shown > 0 && leads.series.is_open() {
        return read(turn);
    }
    // Unasked, they come behind what makes the holding graph for the row under the cursor: it is made once.
    let is_ready = turn.shows_leads() || heap.has_holding();
    if is_ready && leads.suspects.is_open() && turn.job(Slot::Suspects).is_none() {
        let series = leads.series.get().cloned();
        let task = Task::new(move |meter| Ok(Outcome::Suspects(suspects(heap, series, meter)?)));
        work::start(turn, Slot::Suspects, "looking for suspects", task);
    }
    false
}

fn suspects(heap: Arc<Heap>, series: Option<Arc<Series>>, meter: &Meter) -> Result<Level> {
    let files = series.as_ref().map_or(1, |series| series.briefs.len());
    let found = match series {
        Some(series) => Arc::new(suspects::find(&heap, Some(&series), meter)?),
        None => alone(&heap, meter)?,
    };
    Suspects::level(heap, found, files, meter)
}

/// The suspects of one snapshot.
#[cfg(not(test))]
fn alone(heap: &Arc<Heap>, meter: &Meter) -> Result<Arc<Found>> {
    suspects::find(heap, None, meter).map(Arc::new)
}

/// Those of the bundled heap, which tests ask for a hundred times, are looked for once.
#[cfg(test)]
fn alone(heap: &Arc<Heap>, meter: &Meter) -> Result<Arc<Found>> {
    static FOUND: std::sync::OnceLock<Arc<Found>> = std::sync::OnceLock::new();
    const LARGE: usize = 50_000;
    let is_demo = heap.node_count() > LARGE && Arc::ptr_eq(heap, &crate::testing::demo());
    if let Some(found) = FOUND.get().filter(|_| is_demo) {
        return Ok(found.clone());
    }
    let found = Arc::new(suspects::find(heap, None, meter)?);
    Ok(if is_demo { FOUND.get_or_init(|| found).clone() } else { found })
}

/// Reads the snapshots before the one that is shown, as soon as all can be had; whether it is known that they cannot.
fn read(turn: &mut Turn<'_>) -> bool {
    let Some(explorer) = turn.explorer().filter(|_| turn.job(Slot::Series).is_none()) else { return false };
    let heap = explorer.heap.clone();
    // Where there is only one, that may be loaded to be compared with.
    let is_base = turn.shown == 1 && explorer.base == Some(0);
    match Earlier::of(&turn.snapshots[..turn.shown], is_base) {
        Earlier::Waits => queue::next_load(turn),
        Earlier::Lacks(why) => {
            lacks(turn, why);
            // Without them there are still suspects.
            look(turn);
            return true;
        }
        Earlier::All(sources) => {
            let files = sources.len() as u64;
            let task = Task::new(move |meter: &Meter| {
                meter.set_total(files + 1);
                let next = sources.into_iter().map(|source| {
                    let heap = source.get(meter);
                    meter.add_done(1);
                    heap
                });
                Ok(Outcome::Series(Series::read(heap, OneByOne::new(next), &meter.within())?))
            });
            let word = if files == 1 { "snapshot" } else { "snapshots" };
            let said = format!("adding up {} earlier {word}", count(files));
            work::start(turn, Slot::Series, said, task);
        }
    }
    false
}

pub(super) fn on_series(turn: &mut Turn<'_>, series: Series) {
    know(turn, |leads| leads.series = Known::There(series.into()));
}

pub(super) fn on_suspects(turn: &mut Turn<'_>, rows: Level) {
    know(turn, |leads| leads.suspects = Known::There(rows.into()));
}

fn know(turn: &mut Turn<'_>, change: impl FnOnce(&mut Leads)) {
    let Some(explorer) = turn.explorer_mut() else { return };
    change(&mut explorer.leads);
    queue::next_load(turn);
}

/// Without the snapshots before it there are the suspects of the one that is shown.
fn lacks(turn: &mut Turn<'_>, why: String) {
    know(turn, |leads| leads.series = Known::Not(why));
}

pub(super) fn on_failed(turn: &mut Turn<'_>, slot: Slot, error: &Error) {
    let why = sanitize(&error.to_string()).into_owned();
    match slot {
        Slot::Series => lacks(turn, why),
        _ => know(turn, |leads| leads.suspects = Known::Not(why)),
    }
}

/// Goes from a suspect to the one thing that holds its objects, in the Retainers.
pub(super) fn go(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let holder = explorer.current().and_then(|subject| subject.table.leads_to(subject.row));
    if !held::go(turn) {
        return turn.say("who holds them is still being looked up");
    }
    let Some(explorer) = turn.explorer_mut() else { return };
    if let (Some(holder), Some(held)) = (holder, explorer.held.as_mut()) {
        let tree = &mut held.pane.tree;
        let place = (0..MOST_PASSED).find(|&place| tree.row(place).and_then(|row| row.node()) == Some(holder));
        held.pane.move_to(place.unwrap_or(0));
    }
}

/// Somebody comes to see what could not be had: it is tried again.
pub(super) fn try_again(turn: &mut Turn<'_>, view: View) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let leads = &mut explorer.leads;
    let is_missing = leads.series.why_not().is_some();
    if matches!(view, View::SERIES | View::SUSPECTS) && is_missing {
        leads.series = Known::NotYet;
        // Those that were found without the snapshots before.
        leads.suspects = Known::NotYet;
        explorer.set_pane(View::SUSPECTS, None);
    }
    if view == View::SUSPECTS && explorer.leads.suspects.why_not().is_some() {
        explorer.leads.suspects = Known::NotYet;
    }
}

/// Esc in the views that wait for it; whether there was anything to stop.
pub(super) fn stop(turn: &mut Turn<'_>) -> bool {
    let Some(view) = turn.explorer().map(|explorer| explorer.view).filter(|_| turn.shows_leads()) else {
        return false;
    };
    let why = format!("stopped; {} begins anew", key_of(Command::Show(view)));
    let stopped_series = turn.cancel(Slot::Series).is_some();
    let stopped = stopped_series || turn.cancel(Slot::Suspects).is_some();
    if let Some(explorer) = turn.explorer_mut().filter(|_| stopped) {
        if stopped_series {
            explorer.leads.series = Known::Not(why.clone());
        }
        explorer.leads.suspects = Known::Not(why);
        queue::next_load(turn);
    }
    stopped
}
