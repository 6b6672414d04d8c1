//! Snapshots that are added, taken out of the list and renamed while the explorer runs.
//!
//! One that is added stands behind the last, is loaded when nothing else is, and is shown once it is there: the
//! Comparison and the Series go up to what is shown.

use std::path::{Path, PathBuf};

use super::turn::Turn;
use super::{leads, queue, show, snapshots, work};
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::{Input, LoadOptions};
use crate::tui::command::Command;
use crate::tui::message::{Completed, Effect, Outcome, Task};
use crate::tui::state::Stage;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::jobs::Slot;
use crate::tui::state::leads::Leads;
use crate::tui::state::prompt::{Prompt, PromptKind};
use crate::tui::state::snapshot::Snapshot;
use crate::tui::view::View;
use crate::tui::widgets::line::Line;
use crate::view::text;

/// More snapshots have no room on a screen.
const MOST_SNAPSHOTS: usize = 100;
/// So many names of a folder are looked at, and so many are said.
const MOST_NAMES: usize = 100_000;
const MOST_SAID: usize = 12;

/// Asks for the words that a command takes.
pub(super) fn ask(turn: &mut Turn<'_>, command: Command) {
    let line = match command {
        Command::RenameSnapshot => turn.snapshot().title.clone(),
        _ => String::new(),
    };
    write(turn, command, line);
}

/// The same with what is written already.
pub(super) fn write(turn: &mut Turn<'_>, command: Command, words: String) {
    let is_begun = !words.is_empty();
    let kind = if command == Command::RenameSnapshot { PromptKind::Rename } else { PromptKind::Add };
    turn.prompt = Some(Prompt::new(kind, Line::new(words)));
    if kind == PromptKind::Add && is_begun {
        complete(turn);
    }
}

/// Does what was typed.
pub(super) fn run_with(turn: &mut Turn<'_>, command: Command, words: &str) {
    match (command, words.trim()) {
        (_, "") => {}
        (Command::RenameSnapshot, name) => rename(turn, name),
        (_, path) => add(turn, path),
    }
}

fn rename(turn: &mut Turn<'_>, name: &str) {
    let shown = turn.shown;
    turn.snapshots[shown].title = text::sanitize(name).into_owned();
}

/// Looks for a file, aside: a disk may take its time.
fn add(turn: &mut Turn<'_>, path: &str) {
    if turn.snapshots.len() >= MOST_SNAPSHOTS {
        return turn.warn(format!("there are {MOST_SNAPSHOTS} snapshots already: :remove makes room"));
    }
    if path == "-" {
        return turn.warn("standard input can only be given when heapwalk starts");
    }
    let path = at_home(path);
    let task = Task::new(move |_: &Meter| {
        let problem = |problem: String| Error::Io { path: path.display().to_string(), problem };
        let found = std::fs::metadata(&path).map_err(|error| problem(error.to_string()))?;
        if found.is_dir() {
            return Err(problem("a folder; a snapshot is a file".into()));
        }
        Ok(Outcome::Given(path))
    });
    work::ask(turn, "looking for the file", task);
}

pub(super) fn on_found(turn: &mut Turn<'_>, path: PathBuf) {
    let file = path.display().to_string();
    if let Some(there) = turn.snapshots.iter().position(|snapshot| snapshot.file == file) {
        let title = turn.snapshots[there].title.clone();
        return turn.say(format!("{title} is there already; w chooses it"));
    }
    let name = path.file_name().map_or_else(|| file.clone(), |name| name.to_string_lossy().into_owned());
    let title = text::sanitize(&name).into_owned();
    let load = LoadOptions { input: Input::Path(path), ..turn.adds.clone() };
    turn.want(Effect::Given(load.clone()));
    let added = Snapshot { again: Some(load), is_added: true, ..Snapshot::new(title.clone(), file) };
    turn.snapshots.push(added);
    turn.say(format!("{title} is loaded aside, and shown once it is there"));
    queue::next_load(turn);
}

/// Shows what was added, unless somebody is in the middle of a line or a list.
pub(super) fn on_loaded(turn: &mut Turn<'_>, index: usize) {
    if !std::mem::take(&mut turn.snapshots[index].is_added) || index == turn.shown {
        return;
    }
    let title = turn.snapshots[index].title.clone();
    if turn.prompt.is_some() || !turn.overlays.is_empty() || !matches!(turn.stage, Stage::Exploring(_)) {
        return turn.say(format!("{title} is loaded; w chooses it"));
    }
    let before = turn.snapshot().title.clone();
    snapshots::show_snapshot(turn, index);
    turn.say(format!("{title} is shown now; w goes back to {before}"));
}

/// Takes the snapshot that is shown out of the list, and shows the next one, or the one before the last.
pub(super) fn remove(turn: &mut Turn<'_>) {
    let gone = turn.shown;
    let count = turn.snapshots.len();
    if count == 1 {
        return turn.say("the only snapshot stays; :add FILE gives another one, q quits");
    }
    let title = turn.snapshot().title.clone();
    let next = if gone + 1 < count { gone + 1 } else { gone - 1 };
    snapshots::show_snapshot(turn, next);
    // What is remembered of those behind it is asked by the place that they had: it is asked again.
    let is_asked = |&index: &usize| turn.job(Slot::Recall(index)).is_some();
    let asked: Vec<usize> = (gone..count).filter(is_asked).collect();
    for &index in &asked {
        turn.cancel(Slot::Recall(index));
    }
    turn.snapshots.remove(gone);
    for index in asked.into_iter().filter(|&index| index > gone) {
        queue::recall(turn, index - 1);
    }
    turn.want(Effect::Gone(gone));
    let moved = |index: usize| if index > gone { index - 1 } else { index };
    let shown = moved(next);
    turn.shown = shown;
    turn.loading = turn.loading.filter(|&loading| loading != gone).map(moved);
    let is_compared = |base: Option<usize>| base == Some(gone);
    let is_new_base = turn.explorer().is_some_and(|explorer| is_compared(explorer.base));
    for index in 0..turn.snapshots.len() {
        let explorer = match index == shown {
            true => turn.explorer_mut(),
            false => turn.snapshots[index].parked.as_deref_mut(),
        };
        if let Some(explorer) = explorer {
            let is_compared = is_compared(explorer.base);
            explorer.base = if is_compared { index.checked_sub(1) } else { explorer.base.map(moved) };
            if is_compared && index != shown {
                explorer.set_pane(View::COMPARISON, None);
            }
            if index >= gone {
                forget_leads(explorer);
            }
        }
    }
    if shown >= gone {
        turn.cancel(Slot::Series);
        turn.cancel(Slot::Suspects);
        show::forget(turn, View::SERIES);
        show::forget(turn, View::SUSPECTS);
    }
    if is_new_base {
        show::forget(turn, View::COMPARISON);
    }
    leads::look(turn);
    queue::next_load(turn);
    show::ensure(turn);
    let now = turn.snapshot().title.clone();
    turn.say(format!("{title} is out of the list; {now} is shown"));
}

/// What is said of all snapshots up to one is no longer true of it.
fn forget_leads(explorer: &mut Explorer) {
    explorer.leads = Leads::default();
    for view in [View::SERIES, View::SUSPECTS] {
        explorer.set_pane(view, None);
        explorer.missing.remove(&view);
    }
}

/// Completes the path in the line.
pub(super) fn complete(turn: &mut Turn<'_>) {
    let Some(prompt) = &turn.prompt else { return };
    let before = prompt.line.text().to_owned();
    let task = Task::new(move |meter: &Meter| {
        let completed = completed(&before, meter)?;
        Ok(Outcome::Completed { before, completed })
    });
    work::ask(turn, "", task);
}

pub(super) fn on_completed(turn: &mut Turn<'_>, before: &str, completed: Completed) {
    let Some(prompt) = turn.prompt.as_mut().filter(|prompt| prompt.kind == PromptKind::Add) else { return };
    if prompt.line.text() != before {
        return;
    }
    prompt.line = Line::new(completed.path);
    if !completed.names.is_empty() {
        let more = completed.names.len().saturating_sub(MOST_SAID);
        let names = completed.names[..completed.names.len() - more].join("  ");
        let more = if more > 0 { format!("  … and {} more", text::count(more as u64)) } else { String::new() };
        turn.say(text::sanitize(&format!("{names}{more}")).into_owned());
    }
}

fn completed(before: &str, meter: &Meter) -> Result<Completed> {
    let cut = before.rfind('/').map_or(0, |slash| slash + 1);
    let (folder, begun) = before.split_at(cut);
    let folder_path = if folder.is_empty() { PathBuf::from(".") } else { at_home(folder) };
    let entries = std::fs::read_dir(&folder_path)
        .map_err(|error| Error::Io { path: folder_path.display().to_string(), problem: error.to_string() })?;
    let mut names: Vec<String> = Vec::new();
    for (index, entry) in entries.take(MOST_NAMES).flatten().enumerate() {
        meter.check_at(index)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_hidden = name.starts_with('.') && !begun.starts_with('.');
        if name.starts_with(begun) && !is_hidden {
            let is_folder = entry.path().is_dir();
            names.push(if is_folder { format!("{name}/") } else { name });
        }
    }
    names.sort_unstable();
    let Some(first) = names.first() else { return Ok(Completed { path: before.to_owned(), names }) };
    let common = names.iter().map(|name| common(first, name)).min().unwrap_or(0);
    let path = format!("{folder}{}", &first[..common]);
    if names.len() == 1 {
        names.clear();
    }
    Ok(Completed { path, names })
}

/// How many bytes two names have in common, whole letters.
fn common(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).map(|(letter, _)| letter.len_utf8()).sum()
}

/// `~/` is the person's own folder.
fn at_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_completed_as_far_as_there_is_one_way() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["march-1.heapsnapshot", "march-2.heapsnapshot", "other", ".hidden"] {
            std::fs::write(folder.path().join(name), "").expect("a file");
        }
        std::fs::create_dir(folder.path().join("folder")).expect("a folder");
        let at = |begun: &str| format!("{}/{begun}", folder.path().display());
        let complete = |begun: &str| completed(&at(begun), &Meter::default()).expect("the folder is there");
        let both = vec!["march-1.heapsnapshot".to_owned(), "march-2.heapsnapshot".to_owned()];
        assert_eq!(complete("m"), Completed { path: at("march-"), names: both });
        assert_eq!(complete("march-2"), Completed { path: at("march-2.heapsnapshot"), names: Vec::new() });
        assert_eq!(complete("f").path, at("folder/"));
        assert_eq!(complete("x"), Completed { path: at("x"), names: Vec::new() });
        assert_eq!(complete(".h").path, at(".hidden"));
        assert!(completed("/nowhere/at/all", &Meter::default()).is_err());
    }
}
