//! What the roots refer to, or one object.

use super::entry::{CommandParts, Entry, Making, Needs, Opening};
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::pane::TreePane;
use crate::tui::view::View;
use crate::view::label;
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables::entries::Entries;
use crate::view::tables::inside;
use crate::view::tables::references::References;

pub(super) struct ContainmentView;

/// How the tree of an object is made, or of all roots.
fn making(explorer: &Explorer, opening: Opening) -> Making {
    let heap = explorer.heap.clone();
    let root = opening.root;
    let opening = Opening { sort: opening.sort.or(Some(explorer.first_sort())), ..opening };
    Making::table("sorting", opening, move |inner, meter| match root {
        Some(root) => inside::below(&heap, root, inner, meter),
        None => Entries::level(&heap, meter),
    })
}

/// What stands at the top of a tree of objects, for [`Entry::context`].
pub(super) fn top(explorer: &Explorer, pane: &TreePane) -> [String; 2] {
    let top = label::short(&explorer.heap, pane.root.unwrap_or(explorer.heap.root()));
    [top.clone(), top]
}

impl Entry for ContainmentView {
    fn view(&self) -> View {
        View::CONTAINMENT
    }

    fn columns(&self) -> Vec<&'static Spec> {
        specs::<References>()
    }

    fn is_filtered(&self) -> bool {
        false
    }

    fn needs(&self) -> Needs {
        Needs::Classes
    }

    fn make(&self, _state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        Some(making(explorer, opening))
    }

    fn is_tree(&self) -> bool {
        true
    }

    fn why_empty(&self, _state: &State, _explorer: &Explorer) -> String {
        "no references".into()
    }

    fn why_waiting(&self, _state: &State, _explorer: &Explorer) -> String {
        String::new()
    }

    fn context(&self, _state: &State, explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        top(explorer, pane)
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        format!("heapwalk containment {}{}", line.file, line.below)
    }
}
