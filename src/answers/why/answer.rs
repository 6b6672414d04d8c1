//! Why one object is alive, with its path: what `heapwalk why` prints.

use serde_json::{Value, json};

use super::{Held, MOST_LOOKED_AT, Other, Why, why};
use crate::analysis::holders::Limits;
use crate::analysis::paths;
use crate::analysis::ways::Path;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::view::cell::Record;
use crate::view::label;
use crate::view::table::Table;
use crate::view::tables::retainers::Retainers;

/// Why an object is alive, and over which references.
#[derive(Debug)]
pub(crate) struct Answer {
    retainers: Retainers,
    why: Why,
    path: Path,
    /// Where the ways part, whether the sentence goes so far or not.
    fork: Option<Fork>,
}

/// What several hold.
#[derive(Debug)]
struct Fork {
    node: NodeIx,
    holders: usize,
    has_more: bool,
}

/// Looks for what holds an object.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn answer(retainers: &Retainers, node: NodeIx, meter: &Meter) -> Result<Answer> {
    let path = retainers.path_to_root(node, meter)?;
    let why = why(retainers.ways(), node, &path, meter)?;
    let fork = match &why {
        Why::Held(_) => fork(retainers, node, meter)?,
        _ => None,
    };
    Ok(Answer { retainers: retainers.clone(), why, path, fork })
}

fn fork(retainers: &Retainers, node: NodeIx, meter: &Meter) -> Result<Option<Fork>> {
    let limits = (Limits::few(MOST_LOOKED_AT), |_| true);
    let fork = paths::fork(retainers.ways(), node, limits, meter)?;
    let (node, found) = (fork.held(node), &fork.found);
    let told = Fork { node, holders: found.list.len(), has_more: !found.complete };
    Ok(fork.is_one().then_some(told))
}

impl Answer {
    /// The fields of `heapwalk why --json`.
    pub(crate) fn record(&self) -> Record {
        let table = self.retainers.table();
        let path = self.path.iter().map(|&(edge, from)| Value::from(table.record(Retainers::row(edge, from))));
        let heap = table.heap();
        let other = |other: &Other| json!({ "text": other.text, "id": heap.id(other.holder) });
        let mut record = self.head();
        record.insert("path".into(), path.collect());
        let held = self.held();
        record.insert("others".into(), held.iter().flat_map(|held| &held.others).map(other).collect());
        record.insert("othersAlike".into(), held.is_some_and(|held| held.has_alike).into());
        record.insert("moreOthers".into(), held.is_some_and(|held| held.has_more).into());
        let fork = self
            .fork
            .as_ref()
            .map(|fork| json!({ "id": heap.id(fork.node), "holders": fork.holders, "more": fork.has_more }));
        record.insert("fork".into(), fork.into());
        record
    }

    /// The same in lines.
    pub(crate) fn printed(&self) -> Record {
        let table = self.retainers.table();
        let step = |&(edge, from): &(_, _)| Value::from(label::plain(&table.label(Retainers::row(edge, from))));
        let mut record = self.head();
        record.insert("path".into(), self.path.iter().map(step).collect());
        record.insert("others".into(), self.others_printed().into_iter().map(Value::from).collect());
        record
    }

    /// What else holds it, a line each; and where the ways part behind what the sentence speaks of.
    fn others_printed(&self) -> Vec<String> {
        let (Some(held), heap) = (self.held(), self.retainers.heap()) else { return Vec::new() };
        let said = held.others_said();
        match &self.fork {
            Some(fork) if said.is_empty() => {
                let more = if fork.has_more { " and more" } else { "" };
                let shared = label::short(heap, fork.node);
                vec![format!("none; farther out the ways part: {shared} has {} holders{more}", fork.holders)]
            }
            _ => {
                let what = match &held.shared {
                    (shared, Some(_)) => format!(", of {}", label::short(heap, *shared)),
                    _ => String::new(),
                };
                said.into_iter().map(|other| format!("{other}{what}")).collect()
            }
        }
    }

    fn head(&self) -> Record {
        Record::from_iter([("text".to_owned(), Value::from(self.why.to_string()))])
    }

    fn held(&self) -> Option<&Held> {
        match &self.why {
            Why::Held(held) => Some(held),
            _ => None,
        }
    }
}
