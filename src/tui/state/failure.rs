//! Why there is nothing to show, in three lines: what, where, what to do.

use crate::error::Error;

#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) what: String,
    pub(crate) place: String,
    pub(crate) advice: String,
    /// What is left on the terminal afterwards; nothing where somebody has stopped the load.
    pub(crate) error: Option<Error>,
}
