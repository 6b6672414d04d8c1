//! The table of commands → the help.

use super::TextLine;
use crate::tui::commands::{Group, TABLE};
use crate::tui::keymap;
use crate::tui::theme::Ui;
use crate::tui::widgets::cut::{width, wrap};

const KEYS: usize = 18;

pub fn lines(columns: usize) -> Vec<TextLine> {
    let mut lines = vec![vec![(
        "▸ closed  ▾ open  ↻ stands above already  ◆ reachable from JavaScript  ✂ detached".to_owned(),
        Ui::Dim,
    )]];
    for (group, heading) in Group::ALL {
        lines.push(Vec::new());
        lines.push(vec![(heading.to_owned(), Ui::Title)]);
        for entry in TABLE.iter().filter(|entry| entry.group == group) {
            let keys = entry.keys.iter().map(|key| keymap::show(key)).collect::<Vec<_>>().join(" ");
            let keys = format!("  {keys}{}", " ".repeat((KEYS - 2).saturating_sub(width(&keys))));
            let (key, doc) = if group == Group::Later { (Ui::Dim, Ui::Dim) } else { (Ui::Key, Ui::Text) };
            for (index, text) in wrap(entry.doc, columns.saturating_sub(KEYS)).into_iter().enumerate() {
                let first = if index == 0 { keys.clone() } else { " ".repeat(KEYS) };
                lines.push(vec![(first, key), (text, doc)]);
            }
        }
    }
    lines
}
