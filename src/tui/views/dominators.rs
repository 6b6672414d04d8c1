//! What is freed with what: the dominator tree, object by object or by class.

use std::sync::Arc;

use super::containment::top;
use super::entry::{CommandParts, Entry, Making, Needs, Opening};
use crate::analysis::dominated::Only;
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::PaneId;
use crate::tui::state::pane::TreePane;
use crate::tui::state::snapshot::Load;
use crate::tui::view::{Form, View};
use crate::view::spec::Spec;
use crate::view::table::specs;
use crate::view::tables::dominators::{Below, Dominated, DominatedClasses};

pub(super) struct DominatorsView;

/// The form in which all objects of a class that one object dominates are one row.
const BY_CLASS: Form = 1;

fn by_class(explorer: &Explorer) -> bool {
    explorer.form(View::DOMINATORS) == BY_CLASS
}

fn making(explorer: &Explorer, opening: Opening) -> Making {
    let (heap, by_class, by) = (explorer.heap.clone(), by_class(explorer), opening.root);
    let own = explorer.scope().filter(|_| explorer.is_own()).map(|scoped| scoped.nodes.clone());
    Making::table("sorting", opening, move |_, meter| {
        let only = own.map(|nodes| Only::new(&heap, &nodes, meter)).transpose()?.map(Arc::new);
        let below = Below { heap, by, only };
        match by_class {
            true => DominatedClasses::level(below, meter),
            false => Dominated::level(below, meter),
        }
    })
}

impl Entry for DominatorsView {
    fn view(&self) -> View {
        View::DOMINATORS
    }

    fn columns(&self) -> Vec<&'static Spec> {
        [specs::<Dominated>(), specs::<DominatedClasses>()].concat()
    }

    fn columns_now(&self, explorer: &Explorer) -> Vec<&'static Spec> {
        if by_class(explorer) { specs::<DominatedClasses>() } else { specs::<Dominated>() }
    }

    fn is_filtered(&self) -> bool {
        false
    }

    fn needs(&self) -> Needs {
        Needs::RetainedSizes
    }

    fn make(&self, _state: &State, explorer: &Explorer, opening: Opening) -> Option<Making> {
        Some(making(explorer, opening))
    }

    fn is_tree(&self) -> bool {
        true
    }

    fn follows_own(&self, _explorer: &Explorer) -> bool {
        true
    }

    fn forms(&self) -> &'static [&'static str] {
        &["single objects again", "one row a class; t shows single objects"]
    }

    fn why_not_turned(&self, explorer: &Explorer) -> Option<&'static str> {
        let is_there = explorer.pane(PaneId::Main(View::DOMINATORS)).is_some();
        (!is_there).then_some("dominators are not there yet")
    }

    fn why_empty(&self, _state: &State, _explorer: &Explorer) -> String {
        "dominates nothing".into()
    }

    fn why_waiting(&self, state: &State, _explorer: &Explorer) -> String {
        match state.load() {
            Load::Stopped => "dominators were not computed: loading was stopped".into(),
            _ => "dominators are not there yet…".into(),
        }
    }

    fn context(&self, _state: &State, explorer: &Explorer, pane: &TreePane) -> [String; 2] {
        top(explorer, pane)
    }

    fn command_line(&self, line: &CommandParts<'_>) -> String {
        format!("heapwalk dominators {}{}{}", line.file, line.own, line.below)
    }
}
