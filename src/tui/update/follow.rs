//! What belongs to the cursor: the Retainers of its object, the details of its row. They follow when it rests.

use std::sync::Arc;

use super::turn::Turn;
use super::work::Wish;
use super::{held, work};
use crate::analysis::ignored::Ignored;
use crate::analysis::paths::Path;
use crate::answers::object::{ObjectQuestion, card};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::tui::message::{Outcome, Task};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::detail::Detail;
use crate::tui::state::change::Work;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::PaneId;
use crate::tui::state::jobs::{Purpose, Slot, Wanted};
use crate::tui::state::retainers::{Opened, Retaining};
use crate::tui::subject::{Object, Subject};
use crate::view::table::Inner;
use crate::view::tables::retainers::Retainers;

/// References that details list.
const REFERENCES: usize = 20;

/// The cursor has rested: Retainers and details show its object.
pub(super) fn rested(turn: &mut Turn<'_>) {
    let looks_up_set = turn.job(Slot::Held).is_some();
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.cursor.moved = false;
    // While somebody is in the Retainers, what they look at stays; what is selected is shown until it is not any more.
    let shows_selected = !explorer.selected.is_empty() && (looks_up_set || explorer.shows_selected());
    let stale = std::mem::take(&mut explorer.cursor.retainers_stale) && !shows_selected;
    let retained = explorer.cursor.object.clone().filter(|object| stale && wants_retainers(explorer, object));
    let set = explorer.cursor.set.clone().filter(|_| stale && retained.is_none() && explorer.complete);
    let is_shown = explorer.cursor.object.as_ref().is_some_and(|object| explorer.shows_retainers_of(object));
    if stale && retained.is_none() && !is_shown {
        explorer.walk = None;
        let is_other = set.is_none() || explorer.held.as_ref().is_none_or(|held| !set.iter().eq(&held.of));
        if is_other {
            explorer.set_held(None);
        }
        if set.is_none() && explorer.cursor.object.as_ref().is_none_or(|object| object.heap.retainers().is_none()) {
            explorer.set_retainers(None);
        }
    }
    let subject = explorer.cursor.subject.clone();
    if subject.is_none() {
        explorer.detail = None;
    }
    if stale {
        turn.cancel(Slot::Held);
    }
    look(turn, subject, retained.map(|object| Wanted { object, is_asked: false, before: None, then: None }));
    if let Some(set) = set {
        held::look(turn, vec![set]);
    }
}

/// Whether the Retainers of an object can be shown and are not shown yet.
fn wants_retainers(explorer: &Explorer, object: &Object) -> bool {
    object.heap.retainers().is_some() && !explorer.shows_retainers_of(object)
}

/// Shows who refers to an object in the Retainers pane, whatever the cursor does; whether there is a way to know.
pub(super) fn show_retainers(turn: &mut Turn<'_>, object: &Object) -> bool {
    let Some(explorer) = turn.explorer_mut() else { return false };
    explorer.cursor.retainers_stale = false;
    if wants_retainers(explorer, object) {
        look(turn, None, Some(Wanted { object: object.clone(), is_asked: true, before: None, then: None }));
    }
    object.heap.retainers().is_some()
}

/// Looks up the Retainers anew, with what is ignored now; `then` is done with them at once.
pub(super) fn reopen_retainers(turn: &mut Turn<'_>, object: Object, before: Option<Path>, then: Option<Work>) {
    look(turn, None, Some(Wanted { object, is_asked: true, before, then }));
}

/// Looks up what is wanted, and what was wanted before and is not there yet.
fn look(turn: &mut Turn<'_>, subject: Option<Subject>, retained: Option<Wanted>) {
    let (mut subject, mut retained) = (subject, retained);
    if let Some(Purpose::Follows { subject: wanted, retained: held }) = turn.cancel(Slot::Follow).map(|job| job.purpose)
        && let Some(explorer) = turn.explorer()
    {
        subject = subject.or(wanted.filter(|wanted| explorer.cursor.subject.as_ref() == Some(wanted)));
        retained =
            retained.or(held.filter(|held| held.is_asked || explorer.cursor.object.as_ref() == Some(&held.object)));
    }
    if subject.is_none() && retained.is_none() {
        return;
    }
    let Some(explorer) = turn.explorer() else { return };
    let telling = subject.as_ref().map(|subject| Telling::of(explorer, subject.clone(), turn.inner));
    let note = subject.as_ref().and_then(|subject| explorer.note_on(subject));
    let folding = turn.inner == Inner::Entries;
    let retaining = retained.clone().map(|wanted| {
        let ignored = explorer.ignored_for(&wanted.object);
        (wanted, ignored)
    });
    let task = Task::telling(move |meter, early| {
        // The Retainers first: slow details must not keep them waiting.
        let retaining = retaining.map(|(wanted, ignored)| retaining_of(wanted, ignored, folding, meter)).transpose()?;
        match telling {
            Some(telling) => {
                if retaining.is_some() {
                    early(Outcome::Followed { detail: None, retaining });
                }
                Ok(Outcome::Followed { detail: Some(telling.tell(meter)?.with_note(note)), retaining: None })
            }
            None => Ok(Outcome::Followed { detail: None, retaining }),
        }
    });
    let wish = Wish { slot: Slot::Follow, text: String::new(), purpose: Purpose::Follows { subject, retained } };
    work::start_for(turn, wish, task);
}

fn retaining_of(wanted: Wanted, ignored: Option<Arc<Ignored>>, folding: bool, meter: &Meter) -> Result<Box<Retaining>> {
    let retainers = Retainers::new(wanted.object.heap, ignored);
    let opened = Opened { path: None, before: wanted.before, folding };
    let mut retaining = Retaining::of(retainers, wanted.object.node, opened, meter)?;
    if let Some(work) = wanted.then {
        retaining.pane.perform(&work, meter)?;
    }
    Ok(Box::new(retaining))
}

/// What is asked about a row.
enum Telling {
    Object(ObjectQuestion),
    Row(Subject),
}

impl Telling {
    fn of(explorer: &Explorer, subject: Subject, inner: Inner) -> Telling {
        let Some(object) = subject.object() else { return Telling::Row(subject) };
        Telling::Object(ObjectQuestion {
            reference: subject.table.edge(subject.row),
            ignored: explorer.ignored_for(&object),
            alike: explorer.alike(&object),
            is_gone: !explorer.is_here(&object),
            inner,
            ..ObjectQuestion::of(object.heap, object.node, REFERENCES)
        })
    }

    fn tell(self, meter: &Meter) -> Result<Detail> {
        Ok(match self {
            Telling::Object(question) => Detail::of_object(&card(question, meter)?, meter)?,
            Telling::Row(subject) => Detail::of_row(&*subject.table, subject.row),
        })
    }
}

/// Takes what belongs to the cursor.
pub(super) fn on_followed(turn: &mut Turn<'_>, detail: Option<Detail>, retaining: Option<Box<Retaining>>) {
    if let Some(retaining) = retaining {
        turn.cancel(Slot::Change(PaneId::Retainers));
        let Some(explorer) = turn.explorer_mut() else { return };
        explorer.walk = None;
        explorer.set_retainers(Some(*retaining));
    }
    if let (Some(detail), Some(explorer)) = (detail, turn.explorer_mut()) {
        explorer.detail = Some(detail);
    }
}

/// Opens a window with everything about the current row.
pub(super) fn details(turn: &mut Turn<'_>) {
    let subject = turn.explorer_mut().and_then(Explorer::current_subject);
    let told = turn.explorer().zip(subject).map(|(explorer, subject)| {
        let note = explorer.note_on(&subject);
        (Telling::of(explorer, subject, turn.inner), note)
    });
    let Some((telling, note)) = told else { return turn.say("nothing to tell about here") };
    work::ask(
        turn,
        "looking up details",
        Task::new(move |meter| Ok(Outcome::Details(telling.tell(meter)?.with_note(note)))),
    );
}

pub(super) fn on_details(turn: &mut Turn<'_>, detail: Detail) {
    turn.overlays.push(Overlay::Detail(detail));
}
