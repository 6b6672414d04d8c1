//! Objects by class: the Summary, and whatever else adds objects up by class.
//!
//! Source: HeapSnapshotGridNodes.ts, `HeapSnapshotConstructorNode`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::objects::Objects;
use super::of_sums::{self, OfSums};
use crate::analysis::aggregates::{self, Aggregate};
use crate::analysis::grouping::Part;
use crate::base::meter::Meter;
use crate::base::text::compare_utf16;
use crate::error::Result;
use crate::heap::Heap;
use crate::index::ClassIx;
use crate::view::cell::Cell;
use crate::view::column::Column;
use crate::view::label::{self, Piece};
use crate::view::row::RowIx;
use crate::view::spec::{Sort, Spec};
use crate::view::table::{Facts, Level, Table};
use crate::view::{glossary, place, text};

/// The sums of some classes, by class.
#[derive(Clone)]
pub(super) struct ClassSums {
    pub(super) heap: Arc<Heap>,
    list: Arc<[Aggregate]>,
    /// For each class of the heap its place in the list; `u32::MAX`: it has none.
    places: Arc<[u32]>,
}

impl fmt::Debug for ClassSums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} classes", self.list.len())
    }
}

impl ClassSums {
    pub(super) fn new(heap: Arc<Heap>, list: Arc<[Aggregate]>) -> ClassSums {
        let mut places = vec![u32::MAX; heap.classes().len()];
        for (place, row) in list.iter().enumerate() {
            places[row.class.ix()] = place as u32;
        }
        ClassSums { heap, list, places: places.into() }
    }

    pub(super) fn rows(&self) -> Vec<RowIx> {
        self.list.iter().map(|sum| row(sum.class)).collect()
    }

    /// The sums of a row; nothing where the class has none here (a row that somebody remembers of other sums).
    fn get(&self, row: RowIx) -> Option<&Aggregate> {
        self.list.get(*self.places.get(row.index())? as usize)
    }
}

/// The row of a class.
pub(crate) fn row(class: ClassIx) -> RowIx {
    RowIx::of(class.0)
}

/// The class of a row.
pub(crate) fn class_of(row: RowIx) -> ClassIx {
    ClassIx(row.number())
}

/// A table whose rows are classes with sums: the columns are the same wherever the sums come from.
pub(super) trait OfClasses: Table {
    fn sums(&self) -> &ClassSums;
}

impl<T: OfClasses> OfSums for T {
    fn sum(&self, row: RowIx) -> Option<&Aggregate> {
        self.sums().get(row)
    }
}

pub(super) const fn columns<T: OfClasses>() -> [Column<T>; 9] {
    [
        Column::field("name", |table, row| Cell::Text(Cow::Borrowed(name(table, row)))),
        Column::field("key", |table, row| table.heap().classes().key(class_of(row)).into()),
        of_sums::count(),
        of_sums::distance(),
        of_sums::unreachable(),
        of_sums::shallow(),
        of_sums::retained(),
        Column::field("location", |table: &T, row| {
            let location = table.heap().classes().get(class_of(row)).location;
            location.map(|location| place::text(table.heap(), location)).into()
        })
        .told_as("defined at"),
        Column::label("Constructor", |table, row| Cell::Text(Cow::Borrowed(name(table, row)))),
    ]
}

pub(super) fn name<T: OfClasses>(table: &T, row: RowIx) -> &[u8] {
    table.heap().classes().name(class_of(row))
}

pub(super) const FACTS: Facts = Facts {
    no_object: "no object of this class is there, so nothing holds one",
    ..Facts::new(["class", "classes"], Sort::BY_RETAINED)
};

pub(super) fn label(sums: &ClassSums, row: RowIx) -> Vec<Piece> {
    let (classes, class) = (sums.heap.classes(), class_of(row));
    label::class(&sums.heap, classes.name(class), classes.get(class).location)
}

pub(super) fn place_of(sums: &ClassSums, row: RowIx) -> String {
    label::class_place(&sums.heap, sums.heap.classes().get(class_of(row)).location)
}

/// By name, then by first object in the file.
pub(super) fn tie(sums: &ClassSums, a: RowIx, b: RowIx) -> Ordering {
    let classes = sums.heap.classes();
    let first = |row| sums.get(row).map(|sum| sum.first);
    compare_utf16(classes.name(class_of(a)), classes.name(class_of(b)))
        .then_with(|| first(a).cmp(&first(b)))
        .then(a.cmp(&b))
}

pub(super) fn is_settled(sums: &ClassSums, spec: &Spec) -> bool {
    of_sums::are_settled(sums.list.iter(), spec)
}

pub(super) fn total(sums: &ClassSums, rows: &[RowIx]) -> String {
    of_sums::total(rows.iter().filter_map(|&row| sums.get(row)))
}

pub(super) fn remarks(sums: &ClassSums, row: RowIx) -> Vec<(&'static str, String)> {
    let name = text::safe(sums.heap.classes().name(class_of(row)));
    let first = sums.get(row).map(|sum| ("first object", format!("@{}", sums.heap.id(sum.first))));
    first.into_iter().chain(glossary::about_class(&name).map(|text| ("about", text.to_owned()))).collect()
}

pub(super) fn count_of(sums: &ClassSums, row: RowIx) -> u64 {
    sums.get(row).map_or(0, |sum| sum.count)
}

/// Whether the list has the class.
pub(super) fn has(sums: &ClassSums, row: RowIx) -> bool {
    sums.get(row).is_some()
}

/// The classes of a heap, or of a part of it.
#[derive(Debug, Clone)]
pub(crate) struct Classes {
    sums: ClassSums,
    /// The objects that count.
    part: Part,
}

impl Classes {
    pub(crate) fn level(heap: Arc<Heap>, list: Arc<[Aggregate]>, part: Part) -> Level {
        let sums = ClassSums::new(heap, list);
        let rows = sums.rows();
        Level::new(Classes { sums, part }, rows)
    }

    /// The classes of a part of a heap.
    pub(crate) fn of(heap: &Arc<Heap>, part: Part, meter: &Meter) -> Result<Level> {
        let list = aggregates::aggregate(heap, |node| part.has(node), meter)?;
        Ok(Classes::level(heap.clone(), list.into(), part))
    }
}

impl Table for Classes {
    const FACTS: Facts = FACTS;
    const COLUMNS: &'static [Column<Self>] = &columns();

    fn heap(&self) -> &Arc<Heap> {
        &self.sums.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        label(&self.sums, row)
    }

    fn place(&self, row: RowIx) -> String {
        place_of(&self.sums, row)
    }

    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        tie(&self.sums, a, b)
    }

    fn is_settled(&self, spec: &Spec) -> bool {
        is_settled(&self.sums, spec)
    }

    fn has(&self, row: RowIx) -> bool {
        has(&self.sums, row)
    }

    fn has_below(&self, _row: RowIx) -> bool {
        true
    }

    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>> {
        let nodes = aggregates::members(self.heap(), class_of(row), |node| self.part.has(node), meter)?;
        Ok(Some(Objects::level(self.heap().clone(), nodes)))
    }

    fn total(&self, rows: &[RowIx]) -> String {
        total(&self.sums, rows)
    }

    fn weight(&self, row: RowIx) -> u64 {
        count_of(&self.sums, row)
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        name(self, row).to_vec()
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        remarks(&self.sums, row)
    }
}

impl OfClasses for Classes {
    fn sums(&self) -> &ClassSums {
        &self.sums
    }
}
