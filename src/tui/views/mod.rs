//! The views of the explorer: one file each, and the list of them.

pub(crate) mod entry;

mod allocation;
mod comparison;
mod containment;
mod contexts;
mod dominators;
mod picture;
mod search;
mod series;
mod statistics;
mod strings;
mod summary;
mod suspects;

use self::entry::Entry;
use super::view::View;

/// All views; those with keys stand in the line of views in this order.
pub(crate) static VIEWS: &[&dyn Entry] = &[
    &summary::SummaryView,
    &comparison::ComparisonView,
    &containment::ContainmentView,
    &dominators::DominatorsView,
    &statistics::StatisticsView,
    &allocation::AllocationView,
    &strings::StringsView,
    &search::SearchView,
    &series::SeriesView,
    &suspects::SuspectsView,
    &contexts::ContextsView,
    &picture::PictureView,
];

/// What the list says about a view.
pub(crate) fn entry(view: View) -> &'static dyn Entry {
    *VIEWS.iter().find(|entry| entry.view() == view).expect("every view stands in the list: a test looks at all")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_view_stands_twice_and_those_that_others_lead_to_are_there() {
        let known = [View::SUMMARY, View::COMPARISON, View::CONTAINMENT, View::DOMINATORS, View::ALLOCATION];
        assert!(known.into_iter().all(|view| entry(view).view() == view));
        for (index, entry) in VIEWS.iter().enumerate() {
            let others = &VIEWS[..index];
            assert!(others.iter().all(|other| other.view() != entry.view() && other.command() != entry.command()));
            assert!(entry.keys().is_empty() || others.iter().all(|other| other.keys() != entry.keys()));
        }
    }
}
