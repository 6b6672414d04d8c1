//! A snapshot that was given: how far it is loaded, what is kept of it while another one is shown.

use std::sync::Arc;

use super::explorer::Explorer;
use super::failure::Failure;
use crate::heap::{Heap, LoadOptions};
use crate::remembered::{Place, Remembered};

/// A snapshot that was given.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// The name of the file, safe for the terminal.
    pub(crate) title: String,
    /// What a command line would call the file.
    pub(crate) file: String,
    pub(crate) load: Load,
    /// There once it has classes and shallow sizes.
    pub(crate) heap: Option<Arc<Heap>>,
    /// Why it could not be loaded.
    pub(crate) problem: Option<Failure>,
    /// How to read it for a question about several; nothing where it cannot be read again.
    pub(crate) again: Option<LoadOptions>,
    /// Whether it was added while the explorer runs: it is loaded aside, and shown once it is there.
    pub(crate) is_added: bool,
    /// What was shown of it when another one was chosen.
    pub(crate) parked: Option<Box<Explorer>>,
    /// Where it is remembered, once that is known.
    pub(crate) place: Option<Place>,
    /// What is remembered and not taken yet.
    pub(crate) recalled: Option<Remembered>,
    /// What was handed over last to be remembered.
    pub(crate) kept: Remembered,
}

impl Snapshot {
    pub(crate) fn new(title: String, file: String) -> Self {
        Snapshot {
            title,
            file,
            load: Load::Waiting,
            heap: None,
            problem: None,
            again: None,
            is_added: false,
            parked: None,
            place: None,
            recalled: None,
            kept: Remembered::default(),
        }
    }

    /// Standard input is there once.
    pub(crate) fn can_be_read_again(&self) -> bool {
        self.file != "-"
    }
}

/// How far the load of a snapshot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// Nobody has asked for it yet.
    Waiting,
    Running,
    Complete,
    /// Cancelled or failed; what is ready stays.
    Stopped,
}
