//! Which columns panes show, in which order, and how wide: what somebody has set, and what the mouse has dragged.

use std::collections::BTreeMap;

use crate::view::spec::{Show, Spec};

/// The pane that is no view.
pub(crate) const RETAINERS: &str = "retainers";
/// A column of numbers is as wide at least, and at most.
pub(crate) const WIDTHS: std::ops::RangeInclusive<usize> = 4..=60;

/// What is set of the columns of all panes. A pane is called as the command of its view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ColumnLayout {
    pub(crate) shown: BTreeMap<&'static str, Vec<&'static str>>,
    pub(crate) widths: BTreeMap<(&'static str, &'static str), usize>,
}

impl ColumnLayout {
    /// Those of the columns of a pane that it shows, the label first. Where none of them was chosen, the table has
    /// another form, and shows all.
    pub(crate) fn seen(&self, pane: &str, all: Vec<&'static Spec>) -> Vec<&'static Spec> {
        let Some(shown) = self.shown.get(pane) else { return all };
        let named = |field: &&'static str| all.iter().find(|spec| spec.field == *field && spec.show != Show::Label);
        let chosen: Vec<&'static Spec> = shown.iter().filter_map(named).copied().collect();
        if chosen.is_empty() {
            return all;
        }
        all.iter().filter(|spec| spec.show == Show::Label).copied().chain(chosen).collect()
    }

    /// How wide a column of a pane is, where that is set.
    pub(crate) fn width(&self, pane: &'static str, field: &'static str) -> Option<usize> {
        self.widths.get(&(pane, field)).copied()
    }

    /// Makes a column so wide, as far as columns can be.
    pub(crate) fn set_width(&mut self, pane: &'static str, field: &'static str, width: usize) {
        self.widths.insert((pane, field), width.clamp(*WIDTHS.start(), *WIDTHS.end()));
    }
}
