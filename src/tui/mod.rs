//! The explorer: a heap on the screen, keys in, views out.
//!
//! ```text
//! key, size, signal, load, worker ─▶ Msg ─ update ─▶ State ─ layout, render ─▶ cells
//!                                             └──▶ Effect ─ loop ─▶ worker, job, terminal
//! ```
//!
//! Rows and labels come from `view`, which the command line prints from as well.

mod available;
mod backend;
mod column_names;
mod command;
mod commands;
mod copied;
mod event_loop;
mod key;
mod keymap;
mod layout;
mod message;
mod moved;
mod overlays;
mod pace;
mod panes;
mod render;
mod settings;
mod state;
mod subject;
mod terminal;
mod theme;
mod update;
mod view;
mod views;
mod widgets;
mod worker;

#[cfg(test)]
mod tests;

use std::io::IsTerminal;

use crate::config;
use crate::error::Error;
use crate::heap::{Input, LoadOptions};
use crate::remembered::Memory;
use crate::view::text;
use event_loop::Loop;
use message::Exit;
pub(crate) use settings::{described as described_settings, theme_text};
use state::{Stage, State};
use theme::{Look, Palette, Theme, choose};

/// A snapshot to explore.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    /// What it is called on the screen: the name of the file.
    pub(crate) title: String,
    pub(crate) load: LoadOptions,
}

impl Snapshot {
    fn is_standard_input(&self) -> bool {
        matches!(&self.load.input, Input::Path(path) if path.as_os_str() == "-")
    }

    /// As the state knows it.
    fn given(&self) -> state::snapshot::Snapshot {
        let title = text::sanitize(&self.title).into_owned();
        let file = match &self.load.input {
            Input::Path(path) => path.display().to_string(),
            Input::Bundled(_) => title.clone(),
        };
        let again = Some(self.load.clone()).filter(|_| !self.is_standard_input());
        state::snapshot::Snapshot { again, ..state::snapshot::Snapshot::new(title, file) }
    }
}

/// What the command line says of the screen.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Options {
    /// The mouse is left to the terminal.
    pub(crate) no_mouse: bool,
    /// Nothing is remembered of snapshots, and nothing that was is taken.
    pub(crate) no_state: bool,
    /// It opens with what grew over the snapshots.
    pub(crate) series: bool,
}

/// Shows the last of `snapshots` until the person leaves; each is compared with the one before. The terminal is left as
/// it was, whatever happens.
///
/// # Errors
/// [`Error::Usage`] without a terminal or a snapshot, [`Error::Cancelled`] after Ctrl-C, [`Error::Io`] when the
/// terminal fails. A snapshot that cannot be read is shown as such until the person leaves, then why is the error.
pub(crate) fn run(snapshots: Vec<Snapshot>, options: &Options) -> Result<(), Error> {
    let adds = can_begin(&snapshots)?.load.clone();
    let env = |name: &str| std::env::var(name).ok();
    let look = Look::from_env(env);
    let found = config::of_user();
    let set = settings::take(found);
    let chosen = choose(env, set.theme);
    let taken = terminal::take(terminal::Wanted {
        mouse: found.settings.mouse && !options.no_mouse,
        paste: found.settings.paste,
    });
    // One that comes while the terminal is being taken.
    if let (Err(_), Some(signal)) = (&taken, terminal::signal()) {
        terminal::die(signal);
    }
    let (mut screen, inputs, guard) = taken?;
    let size = screen.size().map_err(|problem| Error::system("terminal", &problem))?;
    let mut state = State::new(snapshots.iter().map(Snapshot::given).collect(), size);
    state.adds = adds;
    state.looks_ahead = true;
    state.opens_with = options.series.then_some(view::View::SERIES);
    state.memory = Memory::of_user().filter(|_| found.settings.remember && !options.no_state);
    set.begin(found, &mut state);
    state.palette = chosen.unwrap_or(Palette::Dark);
    // Without colours there is nothing to ask for.
    state.palette_chosen = chosen.is_some() || look.depth == theme::Depth::None;
    let mut explorer = Loop {
        terminal: &mut screen,
        theme: Theme::new(look, state.palette),
        look,
        loads: snapshots.into_iter().map(|snapshot| snapshot.load).collect(),
        loading: None,
        inputs: &inputs,
        outside: &mut terminal::World::default(),
    };
    let exit = explorer.run(&mut state);
    update::remember::keep_last(&state);
    drop(guard);
    terminal::tell_caught();
    let failure = match &state.stage {
        Stage::Failed(failure) => failure.error.clone(),
        _ => None,
    };
    // The process is about to end; taking gigabytes of columns apart first would make people wait.
    std::mem::forget(state);
    // Whatever a signal has interrupted, it ends the process as signals do.
    if let Some(signal) = terminal::signal() {
        terminal::die(signal);
    }
    match exit? {
        Exit::Done => failure.map_or(Ok(()), Err),
        Exit::Interrupted => Err(Error::Cancelled),
        Exit::Signal(signal) => {
            terminal::die(signal);
            Err(Error::Cancelled)
        }
        Exit::NoKeys(problem) => Err(Error::System { what: "terminal", problem }),
    }
}

/// The last of `snapshots`, where there is a terminal to show it on.
fn can_begin(snapshots: &[Snapshot]) -> Result<&Snapshot, Error> {
    let Some(last) = snapshots.last() else {
        return Err(Error::Usage("nothing to explore; try `heapwalk demo`".into()));
    };
    let file = match &last.load.input {
        Input::Path(path) => text::shell_word(&path.display().to_string()),
        Input::Bundled(_) => last.title.clone(),
    };
    terminal::require(&text::sanitize(&file))?;
    if snapshots.iter().any(Snapshot::is_standard_input) && std::io::stdin().is_terminal() {
        return Err(Error::Usage("standard input is the terminal; pipe a snapshot: `cat FILE | heapwalk -`".into()));
    }
    Ok(last)
}
