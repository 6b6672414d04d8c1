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

/// All views, in the order of `View::ALL`.
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
    fn every_view_stands_in_the_list_at_the_same_place() {
        assert!(VIEWS.iter().map(|entry| entry.view()).eq(View::ALL));
    }
}
