//! What was asked of the whole heap, and what has been found so far.

use std::sync::Arc;

use crate::analysis::query::Query;
use crate::view::table::Level;

/// A query and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    pub(crate) query: Arc<Query>,
    pub(crate) stage: Stage,
    /// The objects that have been found.
    pub(crate) level: Level,
    /// What the file does not know of what was asked, a sentence each, safe for the terminal.
    pub(crate) notes: Vec<String>,
}

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// What the query asks for is still being computed.
    Waiting,
    Running,
    /// Somebody has stopped it; what had been found stays.
    Stopped,
    Done,
    Failed,
}

/// What has been asked, for the line in which the next one is written.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Oldest first, each once.
    queries: Vec<String>,
    /// Which of them stands in the line; nothing where it is a new one.
    at: Option<usize>,
    /// What stood in the line before somebody looked at older ones.
    draft: String,
}

/// More than anybody looks through.
const MOST: usize = 100;

impl Asked {
    /// Remembers a query.
    pub(crate) fn remember(&mut self, query: &str) {
        self.queries.retain(|other| other != query);
        self.queries.push(query.to_owned());
        if self.queries.len() > MOST {
            self.queries.remove(0);
        }
        self.at = None;
    }

    /// A new line is begun.
    pub(crate) fn begin(&mut self) {
        self.at = None;
    }

    /// The query before the one in the line, given what the line says; nothing where there is none.
    pub(crate) fn older(&mut self, line: &str) -> Option<&str> {
        let at = self.at.unwrap_or(self.queries.len()).checked_sub(1)?;
        if self.at.is_none() {
            self.draft = line.to_owned();
        }
        self.at = Some(at);
        // Who edits the last one again wants the one before.
        if self.queries[at] == line && at > 0 {
            self.at = Some(at - 1);
        }
        self.at.map(|at| self.queries[at].as_str())
    }

    /// The query behind it; at last what was being written.
    pub(crate) fn newer(&mut self) -> Option<&str> {
        let at = self.at?;
        if at + 1 < self.queries.len() {
            self.at = Some(at + 1);
            return Some(&self.queries[at + 1]);
        }
        self.at = None;
        Some(&self.draft)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_lines_come_back_and_the_new_one_is_not_lost() {
        let mut asked = Asked::default();
        assert_eq!(asked.older("x"), None);
        for query in ["a", "b", "a", "c"] {
            asked.remember(query);
        }
        asked.begin();
        assert_eq!(asked.older("dra"), Some("c"));
        assert_eq!(asked.older("c"), Some("a"));
        assert_eq!(asked.older("a"), Some("b"));
        assert_eq!(asked.older("b"), None);
        assert_eq!([asked.newer(), None], [Some("a"), None]);
        assert_eq!(asked.newer(), Some("c"));
        assert_eq!(asked.newer(), Some("dra"));
        assert_eq!(asked.newer(), None);
        // A line that begins with the last query goes on to the one before.
        asked.begin();
        assert_eq!(asked.older("c"), Some("a"));
    }
}
