//! What grew over the snapshots that were given, and where to look first: what is known of it so far.

use std::sync::Arc;

use crate::analysis::series::Series;
use crate::view::table::Level;

/// An answer that is looked for aside.
#[derive(Debug, Default)]
pub(crate) enum Known<T> {
    /// Nobody has asked yet, or it is on its way.
    #[default]
    NotYet,
    There(Arc<T>),
    /// Why there is none, safe for the terminal.
    Not(String),
}

impl<T> Known<T> {
    pub(crate) fn get(&self) -> Option<&Arc<T>> {
        match self {
            Known::There(answer) => Some(answer),
            Known::NotYet | Known::Not(_) => None,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Known::NotYet)
    }

    pub(crate) fn why_not(&self) -> Option<&str> {
        match self {
            Known::Not(why) => Some(why),
            Known::NotYet | Known::There(_) => None,
        }
    }
}

/// What is known of the snapshot that is shown, with all that were given before it.
#[derive(Debug, Default)]
pub(crate) struct Leads {
    pub(crate) series: Known<Series>,
    /// Their rows.
    pub(crate) suspects: Known<Level>,
}
