//! What a snapshot could be taken of on this machine, for completions: by what the system says of it alone. No process
//! is signalled, and only a place that somebody has written is asked for its targets.

use std::thread;
use std::time::Duration;

use super::address::Address;
use super::targets::{self, Target};
use super::{Stop, process};

/// A word that `take` takes, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Running {
    pub word: String,
    pub what: String,
}

/// Node processes of this user, then places where an inspector was asked for and somebody listens.
pub(crate) fn running() -> Vec<Running> {
    let (mut programs, mut places) = (Vec::new(), Vec::<Running>::new());
    for pid in process::ids() {
        let Some(seen) = process::seen(pid) else { continue };
        let word = seen.place.as_ref().map(|place| match place.host.as_str() {
            "127.0.0.1" => format!(":{}", place.port),
            _ => place.to_string(),
        });
        // A program and its children may say the same.
        if let Some(word) = word.filter(|word| places.iter().all(|there| there.word != *word)) {
            places.push(Running { word, what: format!("inspector of {}", seen.what) });
        }
        programs.extend(seen.is_node.then(|| Running { word: pid.to_string(), what: seen.what }));
    }
    programs.extend(places);
    programs
}

/// The targets at a place of this machine, as far as they come within a time.
pub(crate) fn targets_at(text: &str, patience: Duration) -> Vec<Target> {
    let Ok(Address::Port(place)) = Address::parse(text) else { return Vec::new() };
    if !place.is_local() {
        return Vec::new();
    }
    let stop = Stop::default();
    let late = stop.clone();
    // Ends with the process.
    let _ = thread::Builder::new().name("completion".into()).spawn(move || {
        thread::sleep(patience);
        late.ask();
    });
    targets::list(&place, &stop).map_or_else(|_| Vec::new(), |listing| listing.targets)
}
