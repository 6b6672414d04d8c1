//! What workers have said.

use super::turn::Turn;
use super::{
    copying, find, follow, given, held, ignoring, leads, loading, paths, picture, remember, report, scopes, search,
    show, work,
};
use crate::error::Error;
use crate::tui::message::Outcome;
use crate::tui::state::change::{Performed, Work};
use crate::tui::state::focus::PaneId;
use crate::tui::state::jobs::{Job, Purpose, Slot};
use crate::tui::state::pane::TreePane;
use crate::view::text;

/// Takes an answer in, unless something else has been asked since.
pub(super) fn on_done(turn: &mut Turn<'_>, number: u64, outcome: Outcome) {
    let Some(index) = turn.jobs.iter().position(|job| job.number == number) else { return };
    match outcome {
        Outcome::Found { id, version, place } => return find::on_first(turn, id, version, place),
        Outcome::Searched(searched) if searched.end.is_none() => return search::on_searched(turn, *searched),
        // The Retainers come first, the details have still to come.
        Outcome::Followed { detail: None, retaining: Some(retaining) } if waits_for_details(&turn.jobs[index]) => {
            if let Purpose::Follows { retained, .. } = &mut turn.jobs[index].purpose {
                *retained = None;
            }
            return follow::on_followed(turn, None, Some(retaining));
        }
        _ => {}
    }
    let job = turn.jobs.remove(index);
    let slot = job.slot;
    match outcome {
        Outcome::Failed(error) => on_failed(turn, job, &error),
        outcome => take(turn, job, outcome),
    }
    let may_be_awaited = match slot {
        // It may have replaced what a view was waiting for.
        Slot::Question => true,
        Slot::Series | Slot::Suspects => true,
        Slot::Count | Slot::Held => leads::look(turn),
        _ => false,
    };
    if may_be_awaited {
        show::ensure(turn);
    }
}

fn waits_for_details(job: &Job) -> bool {
    matches!(job.purpose, Purpose::Follows { subject: Some(_), .. })
}

/// Does what an answer says.
fn take(turn: &mut Turn<'_>, job: Job, outcome: Outcome) {
    match outcome {
        Outcome::Paths { object, wanted, found } => paths::on_paths(turn, object, wanted, found),
        Outcome::Ignored(ignored, each) => ignoring::on_ignored(turn, ignored, each),
        Outcome::Recalled(index, found) => remember::on_recalled(turn, index, found.map(|found| *found)),
        Outcome::Kept => {}
        Outcome::Reached { object, objects, bytes } => paths::on_reached(turn, &object, objects, bytes),
        Outcome::Changed { pane, version, performed } => {
            if let (Slot::Change(id), Purpose::Changes(work)) = (job.slot, job.purpose) {
                on_changed(turn, id, Changed { pane, version, performed, work });
            }
        }
        Outcome::Made { view, made } => show::on_made(turn, view, made),
        Outcome::Retained(retaining) => paths::on_retained(turn, *retaining),
        Outcome::Followed { detail, retaining } => follow::on_followed(turn, detail, retaining),
        Outcome::Held(held) => held::on_held(turn, *held),
        Outcome::Counted => {}
        Outcome::Details(detail) => follow::on_details(turn, detail),
        Outcome::Text { title, text } => copying::on_text(turn, title, &text),
        Outcome::Told(text) => turn.say(text::sanitize(&text).into_owned()),
        Outcome::ReportIsThere(name) => report::on_file_is_there(turn, name),
        Outcome::Copied { what, text } => copying::hand_over(turn, what, text),
        Outcome::Limited(scoped) => scopes::on_limited(turn, scoped),
        Outcome::Contexts { sizes, newest } => scopes::on_contexts(turn, &sizes, &newest),
        Outcome::Searched(searched) => search::on_searched(turn, *searched),
        Outcome::Matches(matches) => find::on_matches(turn, matches),
        Outcome::Classes(heap, classes) => loading::on_classes(turn, &heap, classes),
        Outcome::Timeline(heap, timeline) => loading::on_timeline(turn, &heap, timeline),
        Outcome::Given(path) => given::on_found(turn, path),
        Outcome::Completed { before, completed } => given::on_completed(turn, &before, completed),
        Outcome::Series(series) => leads::on_series(turn, series),
        Outcome::Suspects(found) => leads::on_suspects(turn, found),
        Outcome::Picture(drawn) => picture::on_drawn(turn, drawn),
        // Told before the end only, and by failures.
        Outcome::Found { .. } | Outcome::Failed(_) => {}
    }
}

/// The work has failed. Who asked for it is told; a view says why it is empty.
fn on_failed(turn: &mut Turn<'_>, job: Job, error: &Error) {
    match (job.slot, job.purpose) {
        (Slot::Classes, _) => return loading::on_no_classes(turn, error),
        (slot @ (Slot::Series | Slot::Suspects), _) => leads::on_failed(turn, slot, error),
        (Slot::Picture, _) => picture::on_failed(turn),
        (Slot::Search, _) => search::on_failed(turn, &error.to_string()),
        (Slot::Keep, _) => return remember::on_not_kept(turn, error),
        (Slot::Recall(_), _) => return,
        (_, Purpose::Makes(view)) => show::on_not_made(turn, view, &error.to_string()),
        _ => {}
    }
    turn.warn(text::sanitize(&error.to_string()).into_owned());
}

/// A pane that has been changed in a copy.
struct Changed {
    pane: Box<TreePane>,
    version: u64,
    performed: Performed,
    work: Work,
}

fn on_changed(turn: &mut Turn<'_>, id: PaneId, changed: Changed) {
    let Changed { pane: made, version, performed, work } = changed;
    let Some(pane) = turn.explorer_mut().and_then(|explorer| explorer.pane_mut(id)) else { return };
    if pane.tree.version() != version {
        // Rows have opened or closed meanwhile: again, with those.
        return work::change(turn, id, work);
    }
    pane.take_over(*made, &work);
    match (work, performed) {
        (Work::Open(_), Performed::NothingThere) => turn.say("nothing below this row"),
        (Work::OpenLevel(_), Performed::Level { opened, all }) => said_of_level(turn, opened, all),
        (work, Performed::NothingThere) if work.decides_row() => turn.say("this row is not there any more"),
        _ => {}
    }
}

fn said_of_level(turn: &mut Turn<'_>, opened: usize, all: bool) {
    let rows = if opened == 1 { "row" } else { "rows" };
    let more = if all { "" } else { "L again goes on, " };
    turn.say(match opened {
        0 => "nothing more to open in this level".into(),
        _ => format!("opened {} {rows} of this level; {more}H closes them", text::count(opened as u64)),
    });
}
