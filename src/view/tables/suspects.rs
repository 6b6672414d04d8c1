//! Where to look first: one row a suspect, below it its objects.

use std::sync::Arc;

use super::objects::Objects;
use crate::analysis::suspects::{Found, Suspect};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::Column;
use crate::view::label::{Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::suspects::{self, Told};
use crate::view::table::{Facts, Level, Members, Table};
use crate::view::text;

#[derive(Debug)]
pub(crate) struct Suspects {
    heap: Arc<Heap>,
    found: Arc<Found>,
    told: Vec<Told>,
    /// How many snapshots they are of.
    files: usize,
}

impl Suspects {
    /// The rows of what was found in so many snapshots.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn level(heap: Arc<Heap>, found: Arc<Found>, files: usize, meter: &Meter) -> Result<Level> {
        let told = found.suspects.iter().map(|own| Told::of(&heap, own, meter)).collect::<Result<Vec<_>>>()?;
        let rows = (0..told.len() as u32).map(RowIx::of).collect();
        Ok(Level::new(Suspects { heap, found, told, files }, rows))
    }

    fn get(&self, row: RowIx) -> &Suspect {
        &self.found.suspects[row.index()]
    }

    fn told(&self, row: RowIx) -> &Told {
        &self.told[row.index()]
    }

    fn share(&self, row: RowIx) -> u16 {
        let total = self.heap.total_size().unwrap_or(0).max(1);
        (u128::from(self.get(row).retained) * 1000 / u128::from(total)).min(1000) as u16
    }
}

/// What is said where nothing stands out.
pub(crate) fn nothing(files: usize) -> &'static str {
    match files {
        1 => {
            "nothing stands out: no class is held by one thing in large numbers; whether something grows needs a second snapshot"
        }
        2 => "nothing stands out: no class grew by much that one thing holds",
        _ => "nothing stands out: no class grew at every step and stayed",
    }
}

impl Table for Suspects {
    const FACTS: Facts = Facts { least_name: 40, aligned: true, ..Facts::new(["suspect", "suspects"], RANK) };
    const COLUMNS: &'static [Column<Self>] = &[
        Column::field("rank", |_: &Self, row| Cell::Number(row.index() as u64 + 1)),
        Column::field("title", |table: &Self, row| table.told(row).title.clone().into()),
        Column::field("className", |table: &Self, row| {
            Cell::Text(table.heap.classes().name(table.get(row).class).into())
        }),
        Column::field("key", |table: &Self, row| table.heap.classes().key(table.get(row).class).into()),
        Column::new(["Count", "Count", "count"], Show::Times, |table: &Self, row| table.get(row).objects.len().into())
            .told_as("objects"),
        Column::new(["Retained size", "Retained", "bytes"], Show::Size, |table: &Self, row| {
            Cell::Number(table.get(row).retained)
        })
        .told_as("retained"),
        Column::new(["Noticed", "Noticed", "kind"], Show::Word, |table: &Self, row| {
            suspects::kind(table.get(row)).to_owned().into()
        }),
        Column::field("share", |table: &Self, row| Cell::Share(table.share(row))),
        Column::field("path", |table: &Self, row| table.told(row).path.join(" › ").into()).told_as("path"),
        Column::field("holder", |table: &Self, row| table.told(row).holder.clone().into()).told_as("held by"),
        Column::field("place", |table: &Self, row| table.told(row).place.clone().into()).told_as("place"),
        Column::field("evidence", |table: &Self, row| {
            Cell::Data(table.told(row).evidence.iter().map(suspects::Evidence::record).collect())
        }),
        Column::field("growth", |table: &Self, row| Cell::Data(table.get(row).growth.clone().into())),
        Column::field("query", |table: &Self, row| table.told(row).query.clone().into()),
        Column::label("Suspect", |table: &Self, row| {
            Cell::Text(table.heap.classes().name(table.get(row).class).into())
        }),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let told = self.told(row);
        let mut pieces = vec![piece(Role::Class, text::safe(self.heap.classes().name(self.get(row).class)))];
        pieces.push(piece(Role::Separator, "  "));
        pieces.push(piece(Role::Property, told.holder.clone()));
        // It goes before a name is cut: below the rows and in details it is whole.
        pieces.push(piece(Role::Location, format!("  {}", told.brief)));
        pieces
    }

    fn is_settled(&self, _spec: &Spec) -> bool {
        true
    }

    fn has(&self, row: RowIx) -> bool {
        row.index() < self.told.len()
    }

    fn has_below(&self, _row: RowIx) -> bool {
        true
    }

    fn below(&self, row: RowIx, _meter: &Meter) -> Result<Option<Level>> {
        Ok(Some(Objects::level(self.heap.clone(), self.get(row).objects.clone())))
    }

    fn objects(&self, row: RowIx, _meter: &Meter) -> Result<Members> {
        Ok((self.heap.clone(), self.get(row).objects.clone()))
    }

    fn leads_to(&self, row: RowIx) -> Option<NodeIx> {
        self.get(row).chain.holder().map(|(holder, _)| holder)
    }

    fn weight(&self, row: RowIx) -> u64 {
        self.get(row).objects.len() as u64
    }

    fn note(&self) -> Option<String> {
        (self.files == 1 && !self.found.tells_age).then(|| "whether something grows needs a second snapshot".into())
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        self.told(row).evidence.iter().map(|evidence| (suspects::EVIDENCE, evidence.text.clone())).collect()
    }
}

/// The strongest first.
const RANK: Sort = Sort { field: "rank", ascending: true };
