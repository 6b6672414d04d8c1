//! The picture of the heap: what it shows, made aside whenever that or the room for it changes.

use std::sync::Arc;

use ratatui::layout::Position;

use super::turn::Turn;
use super::{jump, work};
use crate::analysis::grouping::Files;
use crate::analysis::picture::{Frame, What};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::tui::layout;
use crate::tui::message::{Outcome, Task};
use crate::tui::state::State;
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::state::jobs::Slot;
use crate::tui::state::picture::{AROUND, Drawn, Sheet, Wanted, head, levels, lines_each};
use crate::tui::view::View;
use crate::tui::views::entry;
use crate::view::filter::NameFilter;
use crate::view::picture::layout::icicle;
use crate::view::picture::{Paint, Painted, Shown, paint};
use crate::view::{label, text};

/// Zooming out goes to something that is so many times larger, if there is any: a chain of equals would look the same.
const LARGER: f64 = 1.25;

/// Whether the keys are those of a picture.
pub(super) fn is_shown(state: &State) -> bool {
    state.explorer().is_some_and(|explorer| explorer.focus == Focus::Main && entry(explorer.view).has_picture())
}

/// Has the picture made that is to be shown, unless it is there or on its way, and finds the current object in it.
pub(super) fn look(turn: &mut Turn<'_>) {
    // Nearly always another view is shown; to know where everything stands takes longer than to know that.
    let Some(explorer) = turn.explorer().filter(|explorer| entry(explorer.view).has_picture()) else { return };
    let Some(area) = layout::areas(turn).chart else { return };
    let state = &explorer.picture;
    let beside = explorer.base.filter(|_| state.beside);
    let wanted = Wanted {
        root: state.root,
        paint: state.paint,
        columns: area.width.saturating_sub(AROUND),
        levels: levels(area, beside.is_some()),
        beside,
    };
    if state.asked != Some(wanted) {
        draw(turn, wanted);
    }
    let Some(explorer) = turn.explorer_mut() else { return };
    let object = explorer.pane_mut(PaneId::Main(View::PICTURE)).and_then(|pane| pane.row()?.node());
    let drawn = explorer.picture.drawn.as_ref();
    explorer.picture.current =
        drawn.zip(object).and_then(|(drawn, node)| drawn.here.painted.picture.piece_of(&drawn.here.heap, node));
}

fn draw(turn: &mut Turn<'_>, wanted: Wanted) {
    let title = |index: usize| turn.snapshots[index].title.clone();
    let (here, before) = (title(turn.shown), wanted.beside.map(title));
    let base =
        wanted.beside.and_then(|index| turn.snapshots[index].heap.clone()).filter(|heap| heap.has_retained_sizes());
    let Some(explorer) = turn.explorer_mut() else { return };
    explorer.picture.asked = Some(wanted);
    let (heap, files) = (explorer.heap.clone(), explorer.files());
    let task = Task::new(move |meter| {
        if wanted.paint == Paint::Package && files.get().is_none() {
            // Two that ask at once find the same.
            let _ = files.set(Files::find(&heap, meter)?);
        }
        let Some(picture) = painted(&heap, wanted, files.get(), meter)? else {
            return Ok(Outcome::Picture(None));
        };
        let before = match base.zip(before) {
            None => None,
            Some((base, title)) => {
                let files = if wanted.paint == Paint::Package { Some(Files::find(&base, meter)?) } else { None };
                let same = match wanted.root.map(|root| same_in(&base, &heap, root)) {
                    Some(None) => None,
                    root => painted(&base, Wanted { root: root.flatten(), ..wanted }, files.as_ref(), meter)?,
                };
                same.map(|painted| Sheet { heap: base, title, painted })
            }
        };
        let here = Sheet { heap, title: here, painted: picture };
        Ok(Outcome::Picture(Some(Drawn { here, before })))
    });
    work::start(turn, Slot::Picture, "drawing", task);
}

/// The same object in the earlier snapshot, if it was there already.
fn same_in(base: &Heap, heap: &Heap, node: NodeIx) -> Option<NodeIx> {
    base.find_id(heap.id(node)).filter(|&other| base.class_name(other) == heap.class_name(node))
}

fn painted(heap: &Heap, wanted: Wanted, files: Option<&Files>, meter: &Meter) -> Result<Option<Arc<Painted>>> {
    let frame = Frame { root: wanted.root, parts: u64::from(wanted.columns.max(1)), depth: wanted.levels as usize };
    let painted = paint(heap, frame, files.filter(|_| wanted.paint == Paint::Package), meter)?;
    Ok(painted.map(Arc::new))
}

pub(super) fn on_drawn(turn: &mut Turn<'_>, drawn: Option<Drawn>) {
    if let Some(explorer) = turn.explorer_mut() {
        explorer.picture.drawn = drawn;
    }
}

/// Packages may be what could not be had: then the colours are those of kinds again.
pub(super) fn on_failed(turn: &mut Turn<'_>) {
    if let Some(explorer) = turn.explorer_mut() {
        explorer.picture.paint = Paint::Kind;
    }
}

/// Makes the current object all of the picture.
pub(super) fn zoom_in(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let Some(object) = explorer.current_object() else { return turn.say("choose a row first") };
    let heap = object.heap.clone();
    if heap.retained_size(object.node).unwrap_or(0) == 0 || explorer.picture.root == Some(object.node) {
        return turn.say("there is nothing more to see of it");
    }
    explorer.picture.root = Some(object.node);
    turn.say(format!("all of it is {}; - goes out again, Esc to the whole heap", label::short(&heap, object.node)));
}

/// Makes what keeps that alive, which is all of the picture, all of it.
pub(super) fn zoom_out(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    let heap = explorer.heap.clone();
    let Some((root, dominators)) = explorer.picture.root.zip(heap.dominators()) else {
        return turn.say("this is the whole heap");
    };
    let size = |node: NodeIx| heap.retained_size(node).unwrap_or(0) as f64;
    let least = size(root) * LARGER;
    let above = dominators.chain(root).skip(1).find(|&above| size(above) >= least);
    let root = above.filter(|&above| above != heap.root());
    explorer.picture.root = root;
    turn.say(match root {
        Some(root) => format!("all of it is {}", label::short(&heap, root)),
        None => "the whole heap".to_owned(),
    });
}

/// Colours by kind or by package.
pub(super) fn next_paint(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer_mut() else { return };
    if explorer.picture.paint == Paint::Kind && !Files::are_told(&explorer.heap) {
        return turn.say("this snapshot does not tell which package its objects belong to");
    }
    let paint = explorer.picture.paint.other();
    explorer.picture.paint = paint;
    turn.say(match paint {
        Paint::Kind => "colours by kind of object",
        Paint::Package => "colours by package; the largest have their own",
    });
}

/// The snapshot to compare with beside the one that is shown, and back.
pub(super) fn toggle_beside(turn: &mut Turn<'_>) {
    let Some(explorer) = turn.explorer() else { return };
    let base = explorer.base.map(|base| &turn.snapshots[base]);
    let is_there = base.is_some_and(|base| base.heap.as_ref().is_some_and(|heap| heap.has_retained_sizes()));
    if base.is_none() {
        return turn.say("there is no second snapshot; start with two files");
    }
    if !is_there {
        return turn.say("the snapshot to compare with is not there yet; 2 waits for it");
    }
    let Some(explorer) = turn.explorer_mut() else { return };
    let beside = !explorer.picture.beside;
    explorer.picture.beside = beside;
    turn.say(match beside {
        true => "the snapshot before at the left, in the same scale; B takes it away",
        false => "only the snapshot that is shown",
    });
}

/// Goes to the next piece of the picture that has a text in its words, or the one before; false where none has it.
pub(super) fn find(turn: &mut Turn<'_>, needle: &str, forward: bool) -> bool {
    let Some(explorer) = turn.explorer() else { return false };
    let (Some(drawn), Ok(filter)) = (&explorer.picture.drawn, NameFilter::to_find(needle)) else { return false };
    let is_found = |shown: &Shown| !matches!(shown.piece.what, What::All | What::Rest) && filter.matches(&shown.label);
    let pieces = &drawn.here.painted.shown;
    let found: Vec<usize> = (0..pieces.len()).filter(|&at| is_found(&pieces[at])).collect();
    let now = explorer.picture.current;
    let next = match forward {
        true => found.iter().position(|&at| now.is_none_or(|now| at > now)).or(Some(0)),
        false => found.iter().rposition(|&at| now.is_some_and(|now| at < now)).or(found.len().checked_sub(1)),
    };
    let Some((next, &at)) = next.and_then(|next| Some((next, found.get(next)?))) else { return false };
    jump::to_dominated(turn, View::PICTURE, pieces[at].piece.sample);
    let (shown, all) = (text::sanitize(needle), text::count(found.len() as u64));
    turn.say(format!("“{shown}” {} of {all} in the picture; n next, N before", text::count(next as u64 + 1)));
    true
}

/// A click on a piece: its object, or one of them, becomes the current one.
pub(super) fn click(turn: &mut Turn<'_>, at: Position) {
    let Some(area) = layout::areas(turn).chart else { return };
    let Some(drawn) = turn.explorer().and_then(|explorer| explorer.picture.drawn.clone()) else { return };
    let columns = area.width.saturating_sub(AROUND);
    let start = drawn.starts(columns).last().copied().unwrap_or(0) + area.x + 1;
    let width = drawn.widths(columns).last().copied().unwrap_or(0);
    let head = head(drawn.before.is_some());
    let (Some(x), Some(row)) = (at.x.checked_sub(start), at.y.checked_sub(area.y + head)) else { return };
    let picture = &drawn.here.painted.picture;
    let each = lines_each(area, &drawn);
    let hit = icicle(picture, u32::from(width))
        .into_iter()
        .find(|span| span.level == (row / each) as usize && (span.x..span.x + span.width).contains(&u32::from(x)));
    let Some(piece) = hit.map(|span| picture.pieces[span.piece].clone()) else { return };
    match piece.what {
        What::All => turn.say("all objects"),
        What::Rest => turn.say("objects too small to be told apart here; + on what is above them shows more"),
        What::One(_) | What::Class(_) => jump::to_dominated(turn, View::PICTURE, piece.sample),
    }
}
