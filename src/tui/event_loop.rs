//! Messages in, frames out: waits for whatever comes first, takes in all that has come, draws once.
//!
//! Generic over the backend and fed by a channel, so that a test is a channel full of keys. While nothing happens and
//! nothing is loading, the loop sleeps and writes nothing.

use std::io;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, never, select};
use ratatui::Terminal;
use ratatui::backend::Backend;

use super::message::{Effect, Exit, Msg, Outcome, Progress};
use super::render::render;
use super::state::State;
use super::theme::{Look, Theme};
use super::update::update;
use super::worker;
use crate::base::fault;
use crate::error::Error;
use crate::heap::{self, LoadOptions, Loading};

/// Progress is looked at so often while something loads.
const TICK: Duration = Duration::from_millis(100);
/// Messages taken in before a frame is drawn even if more wait: a held key must not freeze the screen.
const MOST_MESSAGES: usize = 256;

pub struct Loop<'a, B: Backend> {
    pub terminal: &'a mut Terminal<B>,
    pub theme: Theme,
    pub look: Look,
    /// How to load each of the snapshots.
    pub loads: Vec<LoadOptions>,
    /// The load that is under way, or was the last one.
    pub loading: Option<Loading>,
    /// Keys, sizes and signals. When it closes, the loop ends.
    pub inputs: &'a Receiver<Msg>,
    pub outside: &'a mut dyn Outside,
}

/// What the loop asks of the world besides drawing.
pub trait Outside {
    /// Stops the process until the shell continues it.
    fn suspend(&mut self) -> io::Result<()>;
    /// Hands a text to the terminal's clipboard.
    fn copy(&mut self, text: &str) -> io::Result<()>;
    /// Asks the terminal for its background; the answer comes as a message, or never.
    fn ask_background(&mut self) -> io::Result<()>;
}

impl<B: Backend> Loop<'_, B> {
    /// Loads the snapshots and shows them until the person leaves. The first frame does not wait for anything.
    pub fn run(&mut self, state: &mut State) -> Result<Exit, Error> {
        self.draw(state)?;
        if !state.palette_chosen {
            self.outside.ask_background().map_err(|problem| Error::system("terminal", &problem))?;
        }
        // Workers wait while it is full; the loop empties it before every frame.
        let (sender, results) = bounded(16);
        let mut sources = Sources { load: never(), loads: 0, results, next_tick: Instant::now() + TICK };
        let mut next = Some(Msg::Begin);
        loop {
            let mut taken = 0;
            while let Some(msg) = next {
                for effect in update(state, msg) {
                    if let Some(exit) = self.act(effect, state, &mut sources, &sender)? {
                        return Ok(exit);
                    }
                }
                taken += 1;
                let loading = self.loading.as_ref();
                next = if taken < MOST_MESSAGES { sources.waiting(self.inputs, state, loading) } else { None };
            }
            self.draw(state)?;
            next = sources.wait(self.inputs, state);
            if next.is_none() {
                return Ok(Exit::Done);
            }
        }
    }

    /// Does what `update` wants; an exit ends the loop.
    fn act(
        &mut self,
        effect: Effect,
        state: &mut State,
        sources: &mut Sources,
        results: &Sender<Msg>,
    ) -> Result<Option<Exit>, Error> {
        match effect {
            Effect::Quit(exit) => return Ok(Some(exit)),
            Effect::Suspend => {
                self.outside.suspend().map_err(|problem| Error::system("terminal", &problem))?;
                self.redraw(state)?;
            }
            Effect::Redraw => self.redraw(state)?,
            Effect::Load(index) => match Loading::start(self.loads[index].clone()) {
                Ok(loading) => {
                    (sources.load, sources.loads) = (loading.events.clone(), index);
                    self.loading = Some(loading);
                }
                Err(error) => {
                    // What a failure leads to is at most the next load.
                    for effect in update(state, Msg::Load(index, heap::Event::Failed(error))) {
                        self.act(effect, state, sources, results)?;
                    }
                }
            },
            Effect::CancelLoad => {
                if let Some(loading) = &self.loading {
                    loading.cancel();
                }
            }
            Effect::Aggregate(heap) => {
                let work = worker::aggregate(heap.clone());
                worker::spawn(work, |problem| Msg::NotAggregated(heap, problem), results);
            }
            Effect::Count(heap) => worker::spawn(worker::count(heap), Msg::WorkFailed, results),
            Effect::Start { number, task, meter } => {
                let failed = |problem| Msg::Done(number, Outcome::Failed(problem));
                worker::spawn(worker::answer(number, task, meter), failed, results);
            }
            Effect::Copy(text) => {
                self.outside.copy(&text).map_err(|problem| Error::system("terminal", &problem))?;
            }
            Effect::Theme(palette) => self.theme = Theme::new(self.look, palette),
        }
        Ok(None)
    }

    /// Forgets what is on the screen, so that the next frame draws every cell.
    ///
    /// `Terminal::clear` would ask the terminal for the cursor and wait for an answer that the input thread takes.
    fn redraw(&mut self, state: &mut State) -> Result<(), Error> {
        let size = self.terminal.size().map_err(failed)?;
        self.terminal.resize(size.into()).map_err(failed)?;
        update(state, Msg::Resize(size));
        Ok(())
    }

    fn draw(&mut self, state: &State) -> Result<(), Error> {
        if state.explorer().is_some() {
            fault::provoke("screen");
        }
        self.terminal.draw(|frame| render(state, &self.theme, frame.buffer_mut())).map_err(failed)?;
        Ok(())
    }
}

fn failed(problem: impl std::fmt::Display) -> Error {
    Error::System { what: "terminal", problem: problem.to_string() }
}

/// Everything that can bring a message, besides the person.
struct Sources {
    load: Receiver<heap::Event>,
    /// Which snapshot it loads.
    loads: usize,
    results: Receiver<Msg>,
    next_tick: Instant,
}

impl Sources {
    /// The next message, whenever it comes; nothing once the inputs have closed.
    fn wait(&mut self, inputs: &Receiver<Msg>, state: &State) -> Option<Msg> {
        loop {
            let tick = ticks(state).then_some(self.next_tick);
            let rest = state.explorer().and_then(|explorer| explorer.rest_at);
            let timer = match [tick, rest].into_iter().flatten().min() {
                Some(at) => crossbeam_channel::at(at),
                None => never(),
            };
            select! {
                recv(inputs) -> msg => return msg.ok(),
                recv(self.results) -> msg => match msg {
                    Ok(msg) => return Some(msg),
                    Err(_) => self.results = never(),
                },
                recv(self.load) -> event => match event {
                    Ok(event) => return Some(Msg::Load(self.loads, event)),
                    Err(_) => self.load = never(),
                },
                // Which timer it was is found out by `waiting`: here a look at nothing suffices.
                recv(timer) -> _ => return Some(Msg::Timer),
            }
        }
    }

    /// A message that is there already; timers come last.
    fn waiting(&mut self, inputs: &Receiver<Msg>, state: &State, loading: Option<&Loading>) -> Option<Msg> {
        if let Ok(msg) = inputs.try_recv() {
            return Some(msg);
        }
        if let Ok(msg) = self.results.try_recv() {
            return Some(msg);
        }
        match self.load.try_recv() {
            Ok(event) => return Some(Msg::Load(self.loads, event)),
            Err(TryRecvError::Disconnected) => self.load = never(),
            Err(TryRecvError::Empty) => {}
        }
        let now = Instant::now();
        if ticks(state) && now >= self.next_tick {
            self.next_tick = now + TICK;
            return Some(Msg::Tick(loading.filter(|_| state.loading.is_some()).map(look)));
        }
        let rest = state.explorer().and_then(|explorer| explorer.rest_at);
        rest.is_some_and(|at| now >= at).then_some(Msg::Rested)
    }
}

/// Whether something goes on whose progress is shown.
fn ticks(state: &State) -> bool {
    state.loading.is_some() || state.background.is_some() || !state.changes.is_empty()
}

/// Looks at the load.
fn look(loading: &Loading) -> Progress {
    let watch = &loading.watch;
    Progress {
        done: watch.meter.done(),
        total: watch.meter.total(),
        elapsed: watch.timings.elapsed(),
        nodes: watch.records.nodes(),
        edges: watch.records.edges(),
        facts: watch.facts(),
        running: watch.timings.running(),
        finished: watch.timings.finished(),
    }
}
