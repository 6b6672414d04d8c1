//! A picture of the dominator tree, above its rows.

use super::containment::top;
use super::entry::{CommandParts, Entry, Making, Needs, Opening};
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::pane::TreePane;
use crate::tui::view::View;
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables::dominators::{Below, Dominated};

pub(super) struct PictureView;

impl Entry for PictureView {
    fn view(&self) -> View {
        View::PICTURE
    }

    fn columns(&self) -> Vec<&'static Spec> {
        specs::<Dominated>()
    }

    fn is_filtered(&self) -> bool {
        false
    }

    fn has_picture(&self) -> bool {
        true
    }

    fn needs(&self) -> Needs {
        Needs::RetainedSizes
    }

    fn make(&self, _state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        let (heap, by) = (explorer.heap.clone(), opening.root);
        Some(Making::table("sorting", opening, move |_, meter| Dominated::level(Below { heap, by, only: None }, meter)))
    }

    fn is_tree(&self) -> bool {
        true
    }

    fn forms(&self) -> &'static [&'static str] {
        &["colours by kind of object", "colours by package"]
    }

    fn why_empty(&self, _state: &State, _explorer: &Explorer) -> String {
        "dominates nothing".into()
    }

    fn why_waiting(&self, _state: &State, _explorer: &Explorer) -> String {
        "the picture needs retained sizes…".into()
    }

    fn context(&self, _state: &State, explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        top(explorer, pane)
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        let picture = &line.explorer.picture;
        let of = picture.root.map_or_else(String::new, |root| format!(" --of @{}", line.explorer.heap.id(root)));
        let by = if picture.paint == crate::view::picture::Paint::Package { " --by package" } else { "" };
        let base = if picture.beside { format!("{} ", line.base) } else { String::new() };
        format!("heapwalk picture {base}{}{of}{by}", line.file)
    }
}
