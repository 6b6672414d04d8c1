//! One message being taken in: the state, and what it leads to.

use std::ops::{Deref, DerefMut};

use crate::tui::message::Effect;
use crate::tui::state::State;

pub(crate) struct Turn<'a> {
    state: &'a mut State,
    effects: Vec<Effect>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(state: &'a mut State) -> Turn<'a> {
        Turn { state, effects: Vec::new() }
    }

    /// Wants something done.
    pub(super) fn want(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn end(self) -> Vec<Effect> {
        self.effects
    }
}

impl Deref for Turn<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        self.state
    }
}

impl DerefMut for Turn<'_> {
    fn deref_mut(&mut self) -> &mut State {
        self.state
    }
}
