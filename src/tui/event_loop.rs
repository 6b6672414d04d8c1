//! Messages in, frames out: waits for whatever comes first, takes in what has come, gives the workers a moment to answer,
//! draws once. Keys behind one that has asked for something wait for that moment too, so that what is typed ahead means
//! the same on any machine.
//!
//! Generic over the backend and fed by a channel, so that a test is a channel full of keys. While nothing happens and
//! nothing is loading, the loop sleeps and writes nothing.

use std::io;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, TryRecvError, bounded, never, select};
use ratatui::Terminal;
use ratatui::backend::Backend;

use super::command::Command;
use super::keymap;
use super::message::{Effect, Exit, Msg};
use super::pace::Pace;
use super::render::render;
use super::state::State;
use super::state::progress::Progress;
use super::theme::{Look, Theme};
use super::update::update;
use super::worker::Workers;
use crate::base::fault;
use crate::error::Error;
use crate::heap::{self, LoadOptions, Loading};

/// Progress is looked at so often while something loads.
const TICK: Duration = Duration::from_millis(100);
/// How long the cursor must stay on a row before Retainers and details follow.
const REST: Duration = Duration::from_millis(80);
/// Workers have so long to answer before a frame is drawn without their answer: most answers are there sooner, and
/// nothing flickers.
const MOMENT: Duration = Duration::from_millis(10);
/// Messages taken in before a frame is drawn even if more wait: a held key must not freeze the screen.
const MOST_MESSAGES: usize = 256;
/// Keys that may wait: more than hands are ahead of a slow line. Where more do, something else types.
const MOST_AHEAD: usize = 128;

pub(crate) struct Loop<'a, B: Backend> {
    pub(crate) terminal: &'a mut Terminal<B>,
    pub(crate) theme: Theme,
    pub(crate) look: Look,
    /// How to load each of the snapshots.
    pub(crate) loads: Vec<LoadOptions>,
    /// The load that is under way, or was the last one.
    pub(crate) loading: Option<Loading>,
    /// Keys, sizes and signals. When it closes, the loop ends.
    pub(crate) inputs: &'a Receiver<Msg>,
    pub(crate) outside: &'a mut dyn Outside,
}

/// What the loop asks of the world besides drawing.
pub(crate) trait Outside {
    /// Stops the process until the shell continues it.
    fn suspend(&mut self) -> io::Result<()>;
    /// Hands a text to the terminal's clipboard.
    fn copy(&mut self, text: &str) -> io::Result<()>;
    /// Asks the terminal for its background; the answer comes as a message, or never.
    fn ask_background(&mut self) -> io::Result<()>;
    /// How many bytes have been drawn.
    fn drawn(&self) -> u64 {
        0
    }
    /// Asks the terminal for an answer behind all that was drawn since it was asked last; false where nothing was, or
    /// nobody can be asked.
    fn ask_for_answer(&mut self) -> io::Result<bool> {
        Ok(false)
    }
}

impl<B: Backend> Loop<'_, B> {
    /// Loads the snapshots and shows them until the person leaves. The first frame does not wait for anything.
    pub(crate) fn run(&mut self, state: &mut State) -> Result<Exit, Error> {
        // Workers wait while it is full; the loop empties it before every frame.
        let (sender, results) = bounded(16);
        let mut around = Around::new(Workers::new(sender), results);
        self.draw(state, &mut around)?;
        if !state.palette_chosen {
            self.outside.ask_background().map_err(|problem| Error::system("terminal", &problem))?;
        }
        let mut next = Some(Msg::Begin);
        loop {
            let mut taken = 0;
            while let Some(msg) = next {
                let msg = around.joined(msg, self.inputs, state);
                if let Some(exit) = self.take(msg, state, &mut around)? {
                    return Ok(self.leave(exit, &mut around));
                }
                taken += 1;
                // The next key may be about the rows that the last one has asked for.
                let goes_on = taken < MOST_MESSAGES && around.awaited.is_empty();
                let loading = self.loading.as_ref();
                next = if goes_on { around.waiting(self.inputs, state, loading) } else { None };
            }
            let until = Instant::now() + MOMENT;
            while let Some(msg) = around.answer(until) {
                if let Some(exit) = self.take(msg, state, &mut around)? {
                    return Ok(self.leave(exit, &mut around));
                }
            }
            self.show(state, &mut around)?;
            next = match around.wait(self.inputs, state) {
                Woken::By(msg) => Some(msg),
                Woken::ByTime => around.waiting(self.inputs, state, self.loading.as_ref()),
                Woken::ByTheEnd => return Ok(Exit::Done),
            };
        }
    }

    /// Takes a message in and does what it leads to; an exit ends the loop.
    fn take(&mut self, msg: Msg, state: &mut State, around: &mut Around) -> Result<Option<Exit>, Error> {
        if let Msg::Done(number, _) = &msg {
            around.awaited.retain(|awaited| awaited != number);
        }
        match msg {
            Msg::Rested => around.rest_at = None,
            // The terminal may have moved what it shows, also when it has its old size again.
            Msg::Resize(_) => around.is_unknown = true,
            Msg::Answered => around.pace.on_answer(Instant::now()),
            _ => {}
        }
        let mut exit = None;
        for effect in update(state, msg) {
            match effect {
                Effect::Quit(wanted) => exit = exit.or(Some(wanted)),
                other => self.act(other, state, around)?,
            }
        }
        Ok(exit)
    }

    /// Does what `update` wants.
    fn act(&mut self, effect: Effect, state: &mut State, around: &mut Around) -> Result<(), Error> {
        match effect {
            Effect::Quit(_) => {}
            Effect::Suspend => {
                self.await_answer(around);
                self.outside.suspend().map_err(|problem| Error::system("terminal", &problem))?;
                around.is_unknown = true;
            }
            Effect::Redraw => around.is_unknown = true,
            Effect::Load(index) => match Loading::start(self.loads[index].clone()) {
                Ok(loading) => {
                    (around.load, around.loads) = (loading.events.clone(), index);
                    self.loading = Some(loading);
                }
                // What a failure leads to is at most the next load.
                Err(error) => drop(self.take(Msg::Load(index, heap::Event::Failed(error)), state, around)?),
            },
            Effect::Given(load) => self.loads.push(load),
            Effect::Gone(index) => {
                self.loads.remove(index);
                if around.loads == index {
                    // Whoever loads it is told to stop with this.
                    (self.loading, around.load) = (None, never());
                } else if around.loads > index {
                    around.loads -= 1;
                }
            }
            Effect::CancelLoad => {
                if let Some(loading) = &self.loading {
                    loading.cancel();
                }
            }
            Effect::Start { number, task, meter } => {
                around.awaited.push(number);
                around.workers.start(number, task, meter);
            }
            Effect::StartAside { number, task, meter } => around.workers.start(number, task, meter),
            Effect::AwaitRest => around.rest_at = Some(Instant::now() + REST),
            Effect::Copy(text) => {
                self.outside.copy(&text).map_err(|problem| Error::system("terminal", &problem))?;
            }
            Effect::Theme(palette) => self.theme = Theme::new(self.look, palette),
        }
        Ok(())
    }

    /// Who leaves at will leaves nothing on the way.
    fn leave(&self, exit: Exit, around: &mut Around) -> Exit {
        if matches!(exit, Exit::Done | Exit::Interrupted) {
            self.await_answer(around);
        }
        exit
    }

    /// Waits a little for an answer that is on its way. What else comes meanwhile is lost but for the first of it.
    fn await_answer(&self, around: &mut Around) {
        let Some(until) = around.pace.leaves_at() else { return };
        while let Ok(msg) = self.inputs.recv_deadline(until) {
            match msg {
                Msg::Answered => return around.pace.on_answer(Instant::now()),
                other => drop(around.held.get_or_insert(other)),
            }
        }
    }

    /// Draws a frame, unless the terminal has not taken in the last one yet: then once it has.
    fn show(&mut self, state: &mut State, around: &mut Around) -> Result<(), Error> {
        around.late = around.pace.drawn_at(self.outside.drawn()).filter(|&at| Instant::now() < at);
        if around.late.is_some() {
            return Ok(());
        }
        self.draw(state, around)?;
        let now = Instant::now();
        if around.pace.on_frame(now) && self.outside.ask_for_answer().map_err(failed)? {
            around.pace.on_question(now, self.outside.drawn());
        }
        Ok(())
    }

    /// Draws a frame. The terminal is asked for its size once, and everything is arranged for that size, made and
    /// written for it: `Terminal::draw` would ask again, and panes arranged for one size do not fit another.
    ///
    /// A frame behind which nobody knows what is on the screen draws every cell. (`Terminal::clear` would ask the terminal
    /// for the cursor and wait for an answer that the input thread takes.)
    fn draw(&mut self, state: &mut State, around: &mut Around) -> Result<(), Error> {
        if state.explorer().is_some() {
            fault::provoke("screen");
        }
        let size = self.terminal.size().map_err(failed)?;
        if size != state.size {
            // Nobody leaves by a new size.
            let _no_exit = self.take(Msg::Resize(size), state, around)?;
        }
        if std::mem::take(&mut around.is_unknown) || self.terminal.get_frame().area().as_size() != size {
            self.terminal.resize(size.into()).map_err(failed)?;
        }
        render(state, &self.theme, self.terminal.get_frame().buffer_mut());
        self.terminal.apply_buffer().map_err(failed)?;
        Ok(())
    }
}

fn failed(problem: impl std::fmt::Display) -> Error {
    Error::System { what: "terminal", problem: problem.to_string() }
}

/// Everything that can bring a message, besides the person.
pub(crate) struct Around {
    workers: Workers,
    results: Receiver<Msg>,
    load: Receiver<heap::Event>,
    /// Which snapshot it loads.
    loads: usize,
    next_tick: Instant,
    /// When the cursor has rested.
    rest_at: Option<Instant>,
    /// Jobs that may be answered before the next frame.
    awaited: Vec<u64>,
    /// Whether the terminal may show something else than the last frame.
    is_unknown: bool,
    pace: Pace,
    /// Until when a frame waits for the answer of the terminal.
    late: Option<Instant>,
    /// An input that was looked at and comes next.
    held: Option<Msg>,
}

/// Why the loop goes on.
enum Woken {
    By(Msg),
    /// Something is due.
    ByTime,
    /// The inputs have closed.
    ByTheEnd,
}

impl Around {
    pub(crate) fn new(workers: Workers, results: Receiver<Msg>) -> Around {
        Around {
            workers,
            results,
            load: never(),
            loads: 0,
            next_tick: Instant::now() + TICK,
            rest_at: None,
            awaited: Vec::new(),
            is_unknown: false,
            pace: Pace::default(),
            late: None,
            held: None,
        }
    }

    /// The next message, whenever it comes.
    fn wait(&mut self, inputs: &Receiver<Msg>, state: &State) -> Woken {
        // Whoever has not answered in time is not waited for again.
        self.awaited.clear();
        if let Some(msg) = self.held.take() {
            return Woken::By(msg);
        }
        loop {
            let tick = ticks(state).then_some(self.next_tick);
            let timer = match [tick, self.rest_at, self.late].into_iter().flatten().min() {
                Some(at) => crossbeam_channel::at(at),
                None => never(),
            };
            select! {
                recv(inputs) -> msg => match msg {
                    // Changes nothing that is drawn.
                    Ok(Msg::Answered) => {
                        self.pace.on_answer(Instant::now());
                        if self.late.is_some() {
                            return Woken::ByTime;
                        }
                    }
                    msg => return msg.map_or(Woken::ByTheEnd, Woken::By),
                },
                recv(self.results) -> msg => match msg {
                    Ok(msg) => return Woken::By(msg),
                    Err(_) => self.results = never(),
                },
                recv(self.load) -> event => match event {
                    Ok(event) => return Woken::By(Msg::Load(self.loads, event)),
                    Err(_) => self.load = never(),
                },
                recv(timer) -> _ => return Woken::ByTime,
            }
        }
    }

    /// What a worker says that was asked just now, if it says it before `until`.
    fn answer(&mut self, until: Instant) -> Option<Msg> {
        if self.awaited.is_empty() { None } else { self.results.recv_deadline(until).ok() }
    }

    /// A message that is there already; timers come last.
    pub(crate) fn waiting(&mut self, inputs: &Receiver<Msg>, state: &State, loading: Option<&Loading>) -> Option<Msg> {
        if let Some(msg) = self.held.take().or_else(|| inputs.try_recv().ok()) {
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
            let loading = loading.filter(|_| state.loading.is_some());
            return Some(Msg::Tick(loading.map(|loading| Progress::of(&loading.watch))));
        }
        self.rest_at.is_some_and(|at| now >= at).then_some(Msg::Rested)
    }
}

impl Around {
    /// A message with what belongs to it of those that wait: letters typed into a line are one text, so that what is
    /// done for each change of the line is done once. A flood of keys becomes one word about it.
    pub(crate) fn joined(&mut self, msg: Msg, inputs: &Receiver<Msg>, state: &State) -> Msg {
        match &msg {
            // Whoever wants to leave does, however much waits.
            Msg::Key(key) if keymap::command(*key) == Some(Command::Leave) => msg,
            Msg::Key(key) if state.is_typing() => match key.letter() {
                Some(letter) => self.typed(letter, msg, inputs),
                None => self.without_flood(msg, inputs),
            },
            Msg::Key(_) | Msg::Mouse(..) => self.without_flood(msg, inputs),
            _ => msg,
        }
    }

    fn typed(&mut self, letter: char, msg: Msg, inputs: &Receiver<Msg>) -> Msg {
        let mut text = String::from(letter);
        while self.held.is_none() {
            let Ok(next) = inputs.try_recv() else { break };
            match &next {
                Msg::Key(key) if key.letter().is_some() => text.extend(key.letter()),
                _ => self.held = Some(next),
            }
        }
        if text.len() == letter.len_utf8() { msg } else { Msg::Text { text, is_pasted: false } }
    }

    fn without_flood(&mut self, msg: Msg, inputs: &Receiver<Msg>) -> Msg {
        if inputs.len() < MOST_AHEAD {
            return msg;
        }
        let mut lost = 1;
        while self.held.is_none() {
            let Ok(next) = inputs.try_recv() else { break };
            match next {
                Msg::Key(key) if keymap::command(key) == Some(Command::Leave) => self.held = Some(next),
                Msg::Key(_) | Msg::Mouse(..) | Msg::Text { .. } => lost += 1,
                Msg::Flood(more) => lost += more,
                other => self.held = Some(other),
            }
        }
        Msg::Flood(lost)
    }
}

/// Whether something goes on whose progress is shown.
fn ticks(state: &State) -> bool {
    state.loading.is_some() || state.jobs.iter().any(|job| !job.text.is_empty())
}
