//! Who holds all objects of a set: merged retainers. Below a row stands who holds its holders, up to the roots.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::analysis::merged::{self, HolderKind, HolderRow, Link, Reference};
use crate::base::ids::{EdgeIx, NodeIx, StrIx};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::NO_DISTANCE;
use crate::view::cell::Cell;
use crate::view::column::{ByColumn, Column};
use crate::view::label::{self, Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::scope::FunctionScope;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::table::{Facts, Level, Members, Table, settled_in};
use crate::view::text;
use crate::view::{functions, globals};

/// The first row opens by itself if it has so many of ten objects, up to what everybody knows.
const MOST: u64 = 9;
/// So deep rows open by themselves.
const DEEPEST: usize = 60;

/// What is said of a row without which more would go than it is on the way to.
pub(crate) const FREES_MORE: [&str; 2] = ["only > objects", "others of the set go with what the row holds"];

#[derive(Debug)]
pub(crate) struct Holders {
    level: Arc<merged::HolderLevel>,
    depth: usize,
}

impl Holders {
    /// Who holds the objects of a set.
    pub(crate) fn of(level: Arc<merged::HolderLevel>) -> Level {
        Holders::table(level).whole()
    }

    pub(crate) fn table(level: Arc<merged::HolderLevel>) -> Holders {
        Holders { level, depth: 0 }
    }

    /// The row of a link, by its place in the level.
    pub(crate) fn row(place: usize) -> RowIx {
        RowIx::of(place as u32)
    }

    fn whole(self) -> Level {
        let rows = (0..self.level.rows().len() as u32).map(RowIx::of).collect();
        Level::new(self, rows)
    }

    fn get(&self, row: RowIx) -> &HolderRow {
        &self.level.rows()[row.index()]
    }

    /// The holder of a row that has only one.
    fn holder(&self, row: RowIx) -> Option<NodeIx> {
        match self.get(row).holders[..] {
            [holder] => Some(holder),
            _ => None,
        }
    }

    fn set_len(&self) -> u64 {
        self.level.set().objects().len() as u64
    }

    /// The references of a row's link, as words of [`Holders::label`] without the holder.
    pub(crate) fn link_text(&self, row: RowIx) -> String {
        label::plain(&self.link(row))
    }

    fn link(&self, row: RowIx) -> Vec<Piece> {
        let Link { reference, inside } = self.get(row).key.link;
        let mut pieces = vec![self.reference(reference)];
        if let Some((outer, _)) = inside {
            pieces.push(piece(Role::Separator, " of "));
            pieces.push(self.reference(outer));
        }
        pieces
    }

    fn reference(&self, reference: Reference) -> Piece {
        let name = |name: StrIx| match text::safe(&self.level.heap().columns().strings.get(name)) {
            name if name.is_empty() => "(empty)".into(),
            name => name,
        };
        match reference {
            Reference::Property(property) => piece(Role::Property, name(property)),
            Reference::Variable(variable) => piece(Role::ContextVariable, format!("variable {}", name(variable))),
            Reference::Element => piece(Role::Element, "[…]"),
            Reference::Entry => piece(Role::Element, "entry"),
            Reference::Key => piece(Role::Element, "key"),
            Reference::WeakValue => piece(Role::Element, "WeakMap value for"),
            Reference::Any => piece(Role::Property, "{…}"),
            Reference::Internal(slot) => piece(Role::InternalReference, name(slot)),
            Reference::Slot => piece(Role::InternalReference, "(slot)"),
        }
    }

    /// The holders: the object, or what they are with how many there are.
    fn holder_pieces(&self, row: RowIx) -> Vec<Piece> {
        let heap = self.level.heap();
        let HolderRow { key, holders, one_function, .. } = self.get(row);
        let times = || match holders.len() {
            1 => piece(Role::Id, format!(" @{}", heap.id(holders[0]))),
            many => piece(Role::Separator, format!(" ×{}", text::count(many as u64))),
        };
        match key.kind {
            HolderKind::Root(root) if root == heap.root() => vec![piece(Role::Hidden, label::short(heap, root))],
            HolderKind::Root(root) => label::object(heap, root),
            HolderKind::Scope(_) | HolderKind::UsedBy(_) => {
                vec![piece(Role::Function, FunctionScope::of(heap, holders[0]).to_string()), times()]
            }
            HolderKind::Class(_) if holders.len() == 1 => label::object(heap, holders[0]),
            HolderKind::Class(_) if *one_function => {
                vec![piece(Role::Function, functions::placed(heap, holders[0])), times()]
            }
            HolderKind::Class(class) => vec![piece(Role::Class, text::safe(heap.classes().name(class))), times()],
        }
    }

    pub(super) fn holder_text(&self, row: RowIx) -> String {
        label::plain(&self.holder_pieces(row))
    }

    /// What several holders of a row are, with how many.
    pub(crate) fn several(&self, row: RowIx) -> Option<String> {
        let HolderRow { key, holders, one_function, .. } = self.get(row);
        let count = text::count(holders.len() as u64);
        (holders.len() > 1).then(|| match key.kind {
            HolderKind::Scope(_) | HolderKind::UsedBy(_) => format!("{count} scopes"),
            HolderKind::Class(_) if *one_function => format!("{count} functions"),
            HolderKind::Class(class) => format!("{count} {}", text::safe(self.level.heap().classes().name(class))),
            HolderKind::Root(_) => format!("{count} roots"),
        })
    }

    /// Whether more would go than the row is on the way to.
    fn frees_more(&self, row: RowIx) -> bool {
        let row = self.get(row);
        row.only().is_some_and(|only| only > row.objects)
    }

    fn is_far(&self, row: RowIx) -> bool {
        self.get(row).distance == NO_DISTANCE
    }
}

impl Table for Holders {
    const FACTS: Facts = Facts {
        least_name: 48,
        ..Facts::new(["row of holders", "rows of holders"], Sort { field: "objects", ascending: false })
    };
    const COLUMNS: &'static [Column<Self>] = &[
        Column::field("link", |table: &Self, row| table.link_text(row).into()),
        Column::field("holder", |table: &Self, row| table.holder_text(row).into()),
        Column::field("className", |table: &Self, row| {
            Cell::Text(table.level.heap().class_name(table.get(row).holders[0]).into())
        }),
        Column::field("id", |table: &Self, row| match table.holder(row) {
            Some(holder) => Cell::Number(table.level.heap().id(holder)),
            None => Cell::Absent,
        }),
        Column::new(["Objects", "Objects", "objects"], Show::Count, |table: &Self, row| {
            Cell::Number(table.get(row).objects)
        })
        .told_as("objects"),
        Column::new(["of all", "%", "share"], Show::Share, |table: &Self, row| {
            let (objects, all) = (table.get(row).objects, table.set_len().max(1));
            Cell::Share((u128::from(objects) * 1000 / u128::from(all)) as u16)
        })
        .leaves(3),
        Column::new(["Only", "Only", "only"], Show::Count, |table: &Self, row| table.get(row).only().into())
            .told_as("only by this"),
        Column::new(["Holders", "Holders", "holderCount"], Show::Count, |table: &Self, row| {
            table.get(row).holders.len().into()
        })
        .leaves(1)
        .told_as("holders"),
        Column::new(["Retained size", "Retained", "retainedSize"], Show::Size, |table: &Self, row| {
            Cell::Number(table.get(row).retained)
        })
        .leaves(2)
        .told_as("retained by the objects"),
        Column::label("Held by", |table: &Self, row| label::plain(&table.label(row)).into()),
        Column::field("again", |table: &Self, row| match table.get(row).key.again {
            true => Cell::Flag(true),
            false => Cell::Absent,
        }),
    ];

    fn heap(&self) -> &Arc<Heap> {
        self.level.heap()
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let HolderRow { key, .. } = self.get(row);
        let joint = match key.link {
            Link { inside: None, reference: Reference::WeakValue } => " key ",
            link if matches!(link.outer(), Reference::Variable(_)) => " of ",
            _ => " in ",
        };
        let again = key.again.then(|| piece(Role::Separator, "↻ "));
        let before = again.into_iter().chain(self.link(row)).chain([piece(Role::Separator, joint)]);
        before.chain(self.holder_pieces(row)).collect()
    }

    /// What leads nowhere new comes last, whatever the column.
    fn compare(&self, order: &ByColumn<Self>, a: RowIx, b: RowIx) -> Ordering {
        let again = self.get(a).key.again.cmp(&self.get(b).key.again);
        again.then_with(|| order.cells(self, a, b)).then_with(|| self.tie(a, b))
    }

    fn is_ordered_by_cells(&self) -> bool {
        false
    }

    fn is_settled(&self, spec: &Spec) -> bool {
        let is_counted = || self.level.rows().iter().all(|row| row.only().is_some());
        settled_in(self.heap(), spec) && (spec.field != "only" || is_counted())
    }

    fn has_below(&self, row: RowIx) -> bool {
        let key = self.get(row).key;
        !key.again && !matches!(key.kind, HolderKind::Root(_))
    }

    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>> {
        let level = self.level.below(row.index(), meter)?;
        Ok(Some(Holders { level: Arc::new(level), depth: self.depth + 1 }.whole()))
    }

    fn objects(&self, row: RowIx, _meter: &Meter) -> Result<Members> {
        Ok((self.heap().clone(), self.get(row).holders.clone()))
    }

    fn references(&self, row: RowIx, meter: &Meter) -> Result<Vec<EdgeIx>> {
        self.level.references(row.index(), meter)
    }

    fn opens_by_itself(&self, row: RowIx) -> bool {
        let is_known = || self.holder(row).is_some_and(|holder| globals::is_global(self.heap(), holder));
        let is_way_of_most = self.get(row).objects * 10 >= self.set_len() * MOST;
        row.index() == 0 && is_way_of_most && self.depth < DEEPEST && Table::has_below(self, row) && !is_known()
    }

    fn is_tree_of_rows(&self) -> bool {
        true
    }

    fn fill(&self, row: RowIx, meter: &Meter) -> Result<()> {
        self.level.count_only(row.index(), meter).map(|_| ())
    }

    fn is_filled(&self, row: RowIx) -> bool {
        self.get(row).only().is_some()
    }

    fn comes_late(&self, spec: &Spec) -> bool {
        spec.field == "only"
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        self.holder(row)
    }

    fn has(&self, row: RowIx) -> bool {
        row.index() < self.level.rows().len()
    }

    fn weight(&self, row: RowIx) -> u64 {
        self.get(row).holders.len() as u64
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        let [what, why] = FREES_MORE;
        self.frees_more(row).then(|| (what, why.into())).into_iter().collect()
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        match self.get(row).key.again {
            true => Some("holds what holds it: see the rows above"),
            false => self.is_far(row).then_some("unreachable"),
        }
    }
}
