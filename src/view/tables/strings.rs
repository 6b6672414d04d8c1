//! Texts that several strings have, and below each these strings.

use std::sync::Arc;

use super::objects::Objects;

use super::of_objects::text_of;
use crate::analysis::duplicates::TextGroup;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::Column;
use crate::view::label::{self, Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::{Show, Sort, Spec};
use crate::view::table::{Facts, Level, Table};
use crate::view::text;

#[derive(Debug)]
pub(crate) struct Strings {
    heap: Arc<Heap>,
    groups: Vec<TextGroup>,
}

impl Strings {
    pub(crate) fn level(heap: Arc<Heap>, groups: Vec<TextGroup>) -> Level {
        let rows = (0..groups.len() as u32).map(RowIx::of).collect();
        Level::new(Strings { heap, groups }, rows)
    }

    fn get(&self, row: RowIx) -> &TextGroup {
        &self.groups[row.index()]
    }
}

impl Table for Strings {
    const FACTS: Facts = Facts {
        no_object: "a text has no retainers: l opens it, then choose a string",
        percents_from: 120,
        ..Facts::new(["text", "texts"], Sort::BY_RETAINED)
    };
    const COLUMNS: &'static [Column<Self>] = &[
        Column::field("value", |table: &Self, row| Cell::Text(table.heap.name(table.get(row).nodes[0]))),
        Column::new(["Count", "Count", "count"], Show::Times, |table: &Self, row| table.get(row).nodes.len().into())
            .leaves(3)
            .told_as("strings"),
        Column::new(["Shallow size", "Shallow", "selfSize"], Show::Size, |table: &Self, row| {
            Cell::Number(table.get(row).shallow)
        })
        .leaves(1)
        .told_as("shallow"),
        Column::new(["Wasted", "Wasted", "wastedSize"], Show::Size, |table: &Self, row| {
            Cell::Number(table.get(row).wasted())
        })
        .told_as("wasted"),
        Column::new(["Retained size", "Retained", "retainedSize"], Show::Size, |table: &Self, row| {
            Cell::Number(table.get(row).retained)
        })
        .leaves(2)
        .with_bar()
        .told_as("retained"),
        Column::field("truncated", |table: &Self, row| Cell::Flag(table.get(row).truncated.is_some())),
        Column::field("ids", |table: &Self, row| {
            Cell::Ids(table.get(row).nodes.iter().map(|&node| table.heap.id(node)).collect())
        }),
        Column::label("Text", |table: &Self, row| Cell::Text(table.heap.name(table.get(row).nodes[0]))),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let group = self.get(row);
        let mut pieces = vec![piece(Role::String, label::value(&self.heap, group.nodes[0]))];
        if group.truncated.is_some() {
            pieces.push(piece(Role::Separator, "  cut by the engine"));
        }
        pieces
    }

    /// The order of the groups.
    fn is_settled(&self, _spec: &Spec) -> bool {
        true
    }

    fn has(&self, row: RowIx) -> bool {
        row.index() < self.groups.len()
    }

    fn has_below(&self, _row: RowIx) -> bool {
        true
    }

    fn below(&self, row: RowIx, _meter: &Meter) -> Result<Option<Level>> {
        Ok(Some(Objects::level(self.heap.clone(), self.get(row).nodes.iter().copied())))
    }

    fn total(&self, rows: &[RowIx]) -> String {
        let (count, bytes) = rows.iter().map(|&row| self.get(row)).fold((0u64, 0u64), |(count, bytes), group| {
            (count + group.nodes.len() as u64, bytes.saturating_add(group.wasted()))
        });
        format!("{} strings · {} wasted", text::count(count), text::bytes(bytes))
    }

    fn weight(&self, row: RowIx) -> u64 {
        self.get(row).nodes.len() as u64
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        text_of(&self.heap, self.get(row).nodes[0])
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        let group = self.get(row);
        let length = well_formed(&text_of(&self.heap, group.nodes[0])).chars().count();
        let mut remarks = vec![("characters", text::count(length as u64))];
        if group.may_differ() {
            let why = "the engine wrote the beginning only: strings of different size are different texts, so only \
                       those of one size count as wasted";
            remarks.push(("cut", why.into()));
        }
        if let Some(truncated) = group.truncated {
            let length = truncated.length.map_or("unknown".into(), |length| text::count(length.unsigned_abs()));
            remarks.push(("cut", format!("the engine wrote the beginning only; the whole has {length} characters")));
        }
        remarks
    }
}
