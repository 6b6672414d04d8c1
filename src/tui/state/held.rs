//! Who holds a set of objects: what the Retainers show of a row that stands for many.

use std::sync::Arc;

use super::explorer::Subject;
use super::pane::TreePane;
use crate::analysis::merged::{Level, Options};
use crate::analysis::ways::Ways;
use crate::answers::cut::Cut;
use crate::answers::set;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::label;
use crate::view::table::Table;
use crate::view::tables::holders::Holders;
use crate::view::text;

#[derive(Debug)]
pub(crate) struct HeldSet {
    pub(crate) pane: TreePane,
    pub(crate) heap: Arc<Heap>,
    /// The rows that stand for the objects.
    pub(crate) of: Vec<Subject>,
    /// `4,000 × Session`
    pub(crate) title: String,
    /// What holds most of them, in words.
    pub(crate) why: String,
    /// The objects, and who holds them.
    pub(crate) level: Arc<Level>,
}

/// How holders are looked for.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The engine's own references.
    pub(crate) engine: bool,
    /// What is ignored in the snapshot that is shown.
    pub(crate) cut: Option<Arc<Cut>>,
    pub(crate) here: Arc<Heap>,
}

/// So many rows are named in the title.
const MOST_NAMED: usize = 3;

impl HeldSet {
    /// Who holds the objects that some rows stand for, open along the way of most.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn of(of: Vec<Subject>, asked: Asked, meter: &Meter) -> Result<HeldSet> {
        let (mut heap, mut objects) = (of[0].table.heap().clone(), Vec::new());
        for subject in &of {
            let (own, nodes) = subject.table.objects(subject.row, meter)?;
            if objects.is_empty() {
                heap = own;
                objects = nodes;
            } else if Arc::ptr_eq(&own, &heap) {
                objects.extend(nodes);
            }
        }
        let cut = asked.cut.filter(|_| Arc::ptr_eq(&heap, &asked.here));
        let options = Options { engine: asked.engine, without: cut.as_ref().map(|cut| cut.holding.clone()) };
        let level = Arc::new(Level::of_set(heap.clone(), objects, options, meter)?);
        let rows = Holders::of(level.clone());
        let ways = Ways { heap: &heap, ignored: cut.as_ref().map(|cut| &*cut.ignored) };
        let why = set::sentence(ways, &level, &*rows.table, meter)?;
        let mut pane = TreePane::new(rows, None, Holders::FACTS.sort, meter)?;
        let mut place = 0;
        while pane.tree.row(place).is_some_and(|row| row.table.opens_by_itself(row.row)) {
            if pane.tree.open(place, meter)? == 0 {
                break;
            }
            place += 1;
        }
        let title = title(&of, level.objects().len());
        Ok(HeldSet { pane, heap, of, title, why, level })
    }
}

/// `4,000 × Session`, `4,010 × Session, Request`
fn title(of: &[Subject], objects: usize) -> String {
    let name = |subject: &Subject| {
        let pieces = subject.table.label(subject.row);
        pieces.first().map_or_else(|| label::plain(&pieces), |piece| piece.text.clone())
    };
    let names: Vec<String> = of.iter().take(MOST_NAMED).map(name).collect();
    let more = if of.len() > MOST_NAMED { ", …" } else { "" };
    format!("{} × {}{more}", text::count(objects as u64), names.join(", "))
}
