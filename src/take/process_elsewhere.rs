//! Processes where no signal opens an inspector.

use super::address::Place;
use super::{Ways, failed};
use crate::error::Result;

#[derive(Debug)]
pub(super) struct Reached {
    pub place: Place,
    pub opened: bool,
    pub inner_pid: u32,
}

pub(super) fn reach(pid: u32, _ways: &Ways) -> Result<Reached> {
    Err(failed(format!(
        "process {pid}: here no signal opens an inspector; `node -e \"process._debugProcess({pid})\"` does, then \
         `heapwalk take 127.0.0.1:9229`"
    )))
}

pub(super) fn is_gone(_pid: u32) -> bool {
    false
}

pub(super) fn listens(_pid: u32, _port: u16) -> Option<bool> {
    None
}

/// What the system says of a process.
pub(super) struct Seen {
    pub what: String,
    pub is_node: bool,
    pub place: Option<Place>,
}

pub(super) fn ids() -> Vec<u32> {
    Vec::new()
}

pub(super) fn seen(_pid: u32) -> Option<Seen> {
    None
}
