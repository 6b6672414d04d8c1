//! The pages that explain: their list, and the window with one of them.

use super::turn::Turn;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::answer::Choice;
use crate::tui::overlays::page::PageWindow;
use crate::tui::overlays::picker::{Item, Picker};
use crate::view::pages::PAGES;

/// A line for each page; `before` stands before its name.
pub(super) fn items(before: &str) -> impl Iterator<Item = Item> {
    PAGES.iter().enumerate().map(move |(index, page)| Item {
        key: String::new(),
        text: format!("{before}{}  {}", page.name, page.title()),
        note: String::new(),
        choice: Choice::Page(index),
    })
}

pub(super) fn show_list(turn: &mut Turn<'_>) {
    let longest = PAGES.iter().map(|page| page.name.len()).max().unwrap_or(0);
    let list = items("").map(|item| {
        let (name, title) = item.text.split_once("  ").unwrap_or((&item.text, ""));
        Item { text: format!("{name}{}  {title}", " ".repeat(longest - name.len())), ..item }
    });
    turn.overlays.retain(|overlay| !matches!(overlay, Overlay::Picker(_)));
    turn.overlays.push(Overlay::Picker(Picker::filtered("Pages that explain", list.collect())));
}

pub(super) fn open(turn: &mut Turn<'_>, index: usize) {
    turn.overlays.retain(|overlay| !matches!(overlay, Overlay::Page(_)));
    turn.overlays.push(Overlay::Page(PageWindow::new(index)));
}
