//! Whether there is room for what is about to be allocated, asked before: a failed allocation ends the process at once,
//! in the middle of a sentence. And that what is freed is there for others.

use std::hint::black_box;

use crate::error::{Error, Result};

/// What must be left beside what is asked for: blocks under way, stacks, small things, and the 64 MB of address space that
/// the C library takes at once when a thread asks it for the first time. Large enough that it maps and unmaps the probe
/// and learns nothing from it.
const SLACK: u64 = 104 << 20;

/// An error unless so many bytes and some more can be had; `doing` says what for.
pub(crate) fn require(bytes: u64, doing: &str) -> Result<()> {
    let wanted = usize::try_from(bytes.saturating_add(SLACK)).unwrap_or(usize::MAX);
    let mut probe = Vec::<u8>::new();
    // Nothing is written to it: it takes address space for a moment, and no memory.
    match black_box(&mut probe).try_reserve_exact(wanted) {
        Ok(()) => Ok(()),
        Err(_) => Err(Error::Memory { doing: doing.to_owned(), whole: 0 }),
    }
}

/// The most memory that this process has held so far, in bytes; nothing where the system does not say it.
pub(crate) fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// About how much it takes to open a snapshot: what was measured for files from 5 MB to 1 GB, rounded up.
pub(crate) fn forecast(nodes: u64, edges: u64) -> u64 {
    nodes.saturating_mul(70).saturating_add(edges.saturating_mul(20)).saturating_add(8_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn what_was_held_once_counts_for_the_peak() {
        let before = peak().expect("Linux says it");
        drop(black_box(vec![1u8; 100 << 20]));
        assert!(peak().expect("Linux says it") >= before.max(100 << 20));
    }

    #[test]
    fn what_no_machine_has_is_refused() {
        assert!(require(0, "for nothing").is_ok());
        let refused = require(1 << 60, "for a million terabytes").expect_err("it is not there");
        assert_eq!(refused.to_string(), "memory: there is none left for a million terabytes");
        assert_eq!(
            refused.for_whole(forecast(4_000_000, 20_000_000)).to_string(),
            "memory: there is none left for a million terabytes; opening this file takes about 688 MB"
        );
    }
}
