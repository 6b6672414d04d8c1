//! The views by their names: what they are called, with which keys and by which command they are shown. What a view is,
//! its entry says: see `views/`.

use std::fmt;

/// A view of the explorer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct View(&'static Names);

/// What a view is called.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Names {
    name: &'static str,
    names: [&'static str; 3],
    command: &'static str,
    keys: &'static [&'static str],
    doc: &'static str,
}

impl View {
    pub(crate) const SUMMARY: View = View(&Names {
        name: "Summary",
        names: ["Summary", "Summary", "Sum"],
        command: "summary",
        keys: &["1"],
        doc: "Summary: objects by class",
    });
    pub(crate) const COMPARISON: View = View(&Names {
        name: "Comparison",
        names: ["Comparison", "Compare", "Comp"],
        command: "comparison",
        keys: &["2"],
        doc: "Comparison: what is new and what is gone since the snapshot before",
    });
    pub(crate) const CONTAINMENT: View = View(&Names {
        name: "Containment",
        names: ["Containment", "Contain", "Cont"],
        command: "containment",
        keys: &["3"],
        doc: "Containment: what the roots refer to",
    });
    pub(crate) const DOMINATORS: View = View(&Names {
        name: "Dominators",
        names: ["Dominators", "Dominators", "Dom"],
        command: "dominators",
        keys: &["4"],
        doc: "Dominators: what is freed with what",
    });
    pub(crate) const STATISTICS: View = View(&Names {
        name: "Statistics",
        names: ["Statistics", "Stats", "Stat"],
        command: "statistics",
        keys: &["5"],
        doc: "Statistics: kinds of memory",
    });
    pub(crate) const ALLOCATION: View = View(&Names {
        name: "Allocation",
        names: ["Allocation", "Alloc", "Alloc"],
        command: "allocation",
        keys: &["6"],
        doc: "Allocation: who allocated what, and when",
    });
    pub(crate) const STRINGS: View = View(&Names {
        name: "Strings",
        names: ["Strings", "Strings", "Str"],
        command: "strings",
        keys: &["7"],
        doc: "Strings: texts that are there more than once",
    });
    pub(crate) const SEARCH: View = View(&Names {
        name: "Search",
        names: ["Search", "Search", "Find"],
        command: "search",
        keys: &["8"],
        doc: "Search: objects of the whole heap that a query has found; F asks for one",
    });
    pub(crate) const SERIES: View = View(&Names {
        name: "Series",
        names: ["Series", "Series", "Ser"],
        command: "series",
        keys: &["9"],
        doc: "Series: what grew over all snapshots that were given, class by class",
    });
    pub(crate) const SUSPECTS: View = View(&Names {
        name: "Suspects",
        names: ["Suspects", "Suspects", "Sus"],
        command: "suspects",
        keys: &["0"],
        doc: "Suspects: where to look first, who holds it, and what speaks for it",
    });
    pub(crate) const CONTEXTS: View = View(&Names {
        name: "Contexts",
        names: ["Native contexts", "Contexts", "Ctx"],
        command: "contexts",
        keys: &[],
        doc: "Native contexts: what each window, worker or vm context owns, what they share",
    });
    pub(crate) const PICTURE: View = View(&Names {
        name: "Picture",
        names: ["Picture"; 3],
        command: "picture",
        keys: &[],
        doc: "Picture: what is freed with what, as wide as it is large",
    });

    /// All views; those with keys stand in the line of views in this order.
    pub(crate) const ALL: [View; 12] = [
        View::SUMMARY,
        View::COMPARISON,
        View::CONTAINMENT,
        View::DOMINATORS,
        View::STATISTICS,
        View::ALLOCATION,
        View::STRINGS,
        View::SEARCH,
        View::SERIES,
        View::SUSPECTS,
        View::CONTEXTS,
        View::PICTURE,
    ];

    pub(crate) fn name(self) -> &'static str {
        self.0.name
    }

    /// Its name in the line of views, for as much room as there is: whole, shorter, the shortest.
    pub(crate) fn names(self) -> [&'static str; 3] {
        self.0.names
    }

    /// The name of the command that shows it.
    pub(crate) fn command(self) -> &'static str {
        self.0.command
    }

    /// The keys that show it unless somebody sets others; none for views that are found by their names.
    pub(crate) fn keys(self) -> &'static [&'static str] {
        self.0.keys
    }

    /// What that command does, one line.
    pub(crate) fn doc(self) -> &'static str {
        self.0.doc
    }

    /// The view that a command shows.
    pub(crate) fn called(command: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.command() == command)
    }
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One of the ways in which the rows of a view are put together, from 0 on: single objects, by class, by file …
pub(crate) type Form = usize;

#[cfg(test)]
mod tests {
    use super::View;

    #[test]
    fn no_two_views_are_called_the_same() {
        for (index, view) in View::ALL.into_iter().enumerate() {
            for other in &View::ALL[..index] {
                assert!(other.name() != view.name() && other.command() != view.command(), "{view:?}");
                assert!(view.keys().is_empty() || other.keys() != view.keys(), "{view:?}");
            }
        }
    }
}
