//! All commands, to be read and to be chosen from.

use super::pages;
use super::turn::Turn;
use crate::tui::available;
use crate::tui::command::Command;
use crate::tui::commands::{Entry, Group};
use crate::tui::key::show;
use crate::tui::keymap::{all, key_of};
use crate::tui::overlays::Overlay;
use crate::tui::overlays::answer::Choice;
use crate::tui::overlays::help::{Help, HelpEntry};
use crate::tui::overlays::picker::{Item, Picker};

pub(super) fn show_help(turn: &mut Turn<'_>) {
    turn.overlays.retain(|overlay| !matches!(overlay, Overlay::Help(_)));
    let pane = available::pane_name(turn.explorer());
    let groups = Group::ALL.map(|(group, heading)| {
        let own = all().iter().filter(|entry| entry.group == group);
        let said = own.map(|entry| HelpEntry {
            name: entry.name,
            keys: if entry.keys.is_empty() { vec![key_of(entry.command)] } else { shown(entry) },
            doc: entry.doc,
            reason: available::why_not(turn, entry),
        });
        (heading, said.collect())
    });
    turn.overlays.push(Overlay::Help(Help::new(pane, groups.into())));
}

pub(super) fn show_palette(turn: &mut Turn<'_>) {
    let entries = all().iter().filter(|entry| entry.command != Command::Palette);
    let items = entries
        .map(|entry| Item {
            key: shown(entry).join(" "),
            text: format!("{}  {}", entry.name, entry.doc),
            note: available::why_not(turn, entry).map_or_else(String::new, |reason| format!("({reason})")),
            choice: Choice::Run(entry.command),
        })
        .chain(pages::items("page "))
        .collect();
    turn.overlays.clear();
    turn.overlays.push(Overlay::Picker(Picker::commands(items)));
}

/// The keys of a command as people read them.
fn shown(entry: &Entry) -> Vec<String> {
    entry.keys.iter().map(|key| show(key)).collect()
}
