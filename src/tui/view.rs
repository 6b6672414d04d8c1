//! The names by which views are known. What a view is, its entry says: see `views/`.

/// A view of the explorer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct View(&'static str);

impl View {
    /// The views to which others lead.
    pub(crate) const SUMMARY: View = View::new("Summary");
    pub(crate) const COMPARISON: View = View::new("Comparison");
    pub(crate) const CONTAINMENT: View = View::new("Containment");
    pub(crate) const DOMINATORS: View = View::new("Dominators");
    pub(crate) const SEARCH: View = View::new("Search");
    pub(crate) const SERIES: View = View::new("Series");
    pub(crate) const SUSPECTS: View = View::new("Suspects");
    pub(crate) const ALLOCATION: View = View::new("Allocation");
    pub(crate) const PICTURE: View = View::new("Picture");

    pub(crate) const fn new(name: &'static str) -> View {
        View(name)
    }

    pub(crate) fn name(self) -> &'static str {
        self.0
    }
}

/// One of the ways in which the rows of a view are put together, from 0 on: single objects, by class, by file …
pub(crate) type Form = usize;
