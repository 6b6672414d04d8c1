//! A message and the state → the state after it, and effects. Nothing here reads a clock, walks a heap or remembers
//! anything outside the state: the same messages lead to the same state on every machine.
//!
//! The files stand in layers: each calls those of its own layer and below, and none leads back to itself. What has to go
//! on above returns that, and who has called goes on.

// A message being taken in, and jobs for workers.
mod turn;
mod work;

// What is begun as soon as it is wanted and what it needs is there.
mod filter;
mod follow;
mod held;
mod leads;
mod queue;
mod show;
mod sums;

// What commands do, one file for those that belong together, and the words for it.
mod command_line;
mod copying;
mod escape;
mod failure;
mod find;
mod forms;
mod given;
mod help;
mod ignoring;
mod jump;
mod motion;
mod notes;
mod pages;
mod paths;
mod picture;
mod places;
pub(crate) mod remember;
mod report;
mod scopes;
mod screen;
mod search;
mod selection;
mod snapshots;
mod sorting;
mod take;
mod timeline;

// What comes in: keys and lines, the mouse, loads, answers of workers.
mod done;
mod keys;
mod loading;
mod mouse;
mod prompt;
mod run;
mod vim;

use self::turn::Turn;
use super::layout;
use super::message::{Effect, Exit, Msg};
use super::state::State;
use super::theme::Palette;

/// Takes a message in; afterwards the state is ready to be drawn.
pub(crate) fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let mut turn = Turn::new(state);
    match msg {
        Msg::Begin => queue::next_load(&mut turn),
        Msg::Key(key) => keys::on_key(&mut turn, key),
        Msg::Text { text, is_pasted } => keys::on_text(&mut turn, &text, is_pasted),
        Msg::Flood(lost) => keys::on_flood(&mut turn, lost),
        Msg::Mouse(kind, at) => mouse::on_mouse(&mut turn, kind, at),
        Msg::Background(light) => background(&mut turn, light),
        Msg::Resize(size) => turn.size = size,
        // Says when to draw, not what.
        Msg::Answered => {}
        Msg::Continued => turn.want(Effect::Redraw),
        Msg::Signal(signal) => turn.want(Effect::Quit(Exit::Signal(signal))),
        Msg::KeysFailed(problem) => turn.want(Effect::Quit(Exit::NoKeys(problem))),
        Msg::Load(index, event) => loading::on_event(&mut turn, index, event),
        Msg::Tick(progress) => {
            turn.progress = progress.unwrap_or_else(|| std::mem::take(&mut turn.progress));
            turn.look_at_jobs();
        }
        Msg::Rested => follow::rested(&mut turn),
        Msg::Done(number, outcome) => {
            done::on_done(&mut turn, number, outcome);
            keys::go_on(&mut turn);
        }
    }
    settle(&mut turn);
    turn.end()
}

/// What follows from the state whatever has happened.
fn settle(turn: &mut Turn<'_>) {
    work::go_on(turn);
    show::turn_pane(turn);
    scopes::show_chosen(turn);
    if turn.explorer_mut().is_some_and(|explorer| explorer.follow_cursor()) {
        turn.want(Effect::AwaitRest);
    }
    layout::arrange(turn);
    picture::look(turn);
    held::go_on(turn);
    remember::keep(turn);
}

/// Takes the colours that suit the terminal, unless somebody has chosen others.
fn background(turn: &mut Turn<'_>, light: bool) {
    let palette = if light { Palette::Light } else { Palette::Dark };
    if !turn.palette_chosen && turn.palette != palette {
        turn.palette = palette;
        turn.want(Effect::Theme(palette));
    }
}
