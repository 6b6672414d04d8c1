//! Why one object is alive, with its path: what `heapwalk why` prints.

use serde_json::{Value, json};

use super::{Other, Why, why};
use crate::analysis::ways::Path;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::view::cell::Record;
use crate::view::label;
use crate::view::tables::retainers::Retainers;

/// Why an object is alive, and over which references.
#[derive(Debug)]
pub(crate) struct Answer {
    retainers: Retainers,
    why: Why,
    path: Path,
}

/// Looks for what holds an object.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn answer(retainers: &Retainers, node: NodeIx, meter: &Meter) -> Result<Answer> {
    let path = retainers.path_to_root(node, meter)?;
    let why = why(retainers.ways(), node, &path, meter)?;
    Ok(Answer { retainers: retainers.clone(), why, path })
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
        record.insert("others".into(), self.others().iter().map(other).collect());
        record.insert("moreOthers".into(), self.has_more().into());
        record
    }

    /// The same in lines.
    pub(crate) fn printed(&self) -> Record {
        let table = self.retainers.table();
        let step = |&(edge, from): &(_, _)| Value::from(label::plain(&table.label(Retainers::row(edge, from))));
        let mut record = self.head();
        record.insert("path".into(), self.path.iter().map(step).collect());
        record.insert("others".into(), self.others().iter().map(|other| Value::from(other.text.as_str())).collect());
        record
    }

    fn head(&self) -> Record {
        Record::from_iter([("text".to_owned(), Value::from(self.why.to_string()))])
    }

    fn others(&self) -> &[Other] {
        match &self.why {
            Why::Held(held) => &held.others,
            _ => &[],
        }
    }

    fn has_more(&self) -> bool {
        matches!(&self.why, Why::Held(held) if held.has_more)
    }
}
