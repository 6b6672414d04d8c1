//! What a table is: its words, its columns, its rows, what stands below each.
//!
//! A table is one file in `tables/` with one type that implements [`Table`]. Everybody else sees [`AnyTable`]: the
//! explorer draws it, the command line prints it, and both get each cell from the same column.

use std::any::type_name;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::cell::{Cell, Record};
use super::column::{ByColumn, Column};
use super::filter::{NameFilter, Typed};
use super::label::{self, Piece};
use super::row::RowIx;
use super::spec::{Show, Sort, Spec};
use super::text;
use crate::analysis::scopes::Scope;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;

/// What is said of all tables of one type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// What a row is: one, many.
    pub rows: [&'static str; 2],
    /// The order in which it opens.
    pub sort: Sort,
    /// Who holds such a row cannot be asked: what to do instead.
    pub no_object: &'static str,
    /// Screens narrower than this have no parts of the total beside the sizes: names need the room.
    pub percents_from: usize,
    /// Columns leave rather than that names get less room than this.
    pub least_name: usize,
    /// Whether on the screen what follows the first piece of its labels begins at one place in all rows.
    pub aligned: bool,
}

impl Facts {
    pub(crate) const fn new(rows: [&'static str; 2], sort: Sort) -> Facts {
        let no_object = "this row has no retainers: l opens it, then choose an object";
        Facts { rows, sort, no_object, percents_from: 0, least_name: 26, aligned: false }
    }

    /// The word for so many rows.
    pub(crate) fn row_word(&self, count: u64) -> &'static str {
        self.rows[(count != 1) as usize]
    }
}

/// What stands below an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Inner {
    /// What its program has put into it.
    #[default]
    Entries,
    /// The references that its engine has: the rows of DevTools.
    References,
}

impl Inner {
    pub(crate) fn other(self) -> Inner {
        match self {
            Inner::Entries => Inner::References,
            Inner::References => Inner::Entries,
        }
    }
}

/// The rows of one level, in no order, with the table that they are rows of.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    pub table: Arc<dyn AnyTable>,
    pub rows: Arc<Vec<RowIx>>,
}

impl Level {
    pub(crate) fn new<T: Table>(table: T, rows: Vec<RowIx>) -> Level {
        Level { table: Arc::new(table), rows: Arc::new(rows) }
    }

    /// No rows.
    pub(crate) fn empty(table: &Arc<dyn AnyTable>) -> Level {
        Level { table: table.clone(), rows: Arc::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The outermost rows of the same table with or without those that have nothing to tell.
    pub(crate) fn with_quiet(&self, all: bool) -> Level {
        let quiet = self.table.quiet_rows();
        let rows = (0..if all { quiet.end } else { quiet.start }).map(RowIx::of).collect();
        Level { table: self.table.clone(), rows: Arc::new(rows) }
    }
}

/// Objects of a snapshot, with it.
pub(crate) type Members = (Arc<Heap>, Vec<NodeIx>);

/// A type of table. One file each.
pub(crate) trait Table: fmt::Debug + Send + Sync + Sized + 'static {
    const FACTS: Facts;
    /// All columns, in the order of JSON; those that people read follow the label in this order.
    const COLUMNS: &'static [Column<Self>];

    /// The snapshot that it is about; percentages refer to its total.
    fn heap(&self) -> &Arc<Heap>;

    /// What the row is called, in pieces.
    fn label(&self, row: RowIx) -> Vec<Piece>;

    /// The order of rows that the column does not tell apart. Total. Unless a table says another one, that in which they
    /// were made.
    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        a.cmp(&b)
    }

    /// The place in a script that the label has behind the name, without spaces; empty where it has none. Filters look
    /// at it too, in tables that are filtered: at each row for each letter that is typed, so no label is made for it.
    fn place(&self, _row: RowIx) -> String {
        String::new()
    }

    /// The object of the row, where what is inside of it stands below.
    fn opens(&self, _row: RowIx) -> Option<NodeIx> {
        None
    }

    /// Whether there are rows below a row that opens no object.
    fn has_below(&self, _row: RowIx) -> bool {
        false
    }

    /// The rows below a row that opens no object. Whoever asks about any row asks `tables::inside`.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    fn below(&self, _row: RowIx, _meter: &Meter) -> Result<Option<Level>> {
        Ok(None)
    }

    /// The object that all rows are inside of.
    fn inside_of(&self) -> Option<NodeIx> {
        None
    }

    /// The snapshot that the object of the row is in.
    fn heap_of(&self, _row: RowIx) -> &Arc<Heap> {
        self.heap()
    }

    /// The object of the row, where it stands for one.
    fn node(&self, _row: RowIx) -> Option<NodeIx> {
        None
    }

    /// The reference of the row.
    fn edge(&self, _row: RowIx) -> Option<EdgeIx> {
        None
    }

    /// Whether the table still has a row that somebody remembers.
    fn has(&self, _row: RowIx) -> bool {
        true
    }

    /// What must be known of all its rows as long as they are looked at, in a few words.
    fn note(&self) -> Option<String> {
        None
    }

    /// Which of several snapshots a column is about ([`Show::Nth`]), from 0 on; nothing where there are fewer.
    fn nth(&self, _spec: &Spec) -> Option<usize> {
        None
    }

    /// The object that a row is about besides those it stands for: their one holder.
    fn leads_to(&self, _row: RowIx) -> Option<NodeIx> {
        None
    }

    /// The outermost rows that have nothing to tell stand last in the table: these, by number ([`RowIx::of`]). They are
    /// there when somebody asks for all.
    fn quiet_rows(&self) -> Range<u32> {
        0..0
    }

    /// Whether the numbers of a column are all there and stay as they are: lists are sorted as they are looked at.
    fn is_settled(&self, spec: &Spec) -> bool {
        settled_in(self.heap(), spec)
    }

    /// The order of two rows.
    fn compare(&self, order: &ByColumn<Self>, a: RowIx, b: RowIx) -> Ordering {
        order.cells(self, a, b).then_with(|| self.tie(a, b))
    }

    /// Whether [`Table::compare`] looks at the cells first: long lists are sorted by their numbers then.
    fn is_ordered_by_cells(&self) -> bool {
        true
    }

    /// Why the row keeps nothing alive, in a word.
    fn fades(&self, _row: RowIx) -> Option<&'static str> {
        None
    }

    /// What the rows add up to, in words.
    fn total(&self, _rows: &[RowIx]) -> String {
        String::new()
    }

    /// How many objects the row stands for.
    fn weight(&self, _row: RowIx) -> u64 {
        1
    }

    /// The objects that the row stands for, with the snapshot that they are in: its object, or those below it. Of rows
    /// about two snapshots those of the newer one, if it has any.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    fn objects(&self, row: RowIx, meter: &Meter) -> Result<Members> {
        let heap = self.heap_of(row).clone();
        if let Some(node) = self.node(row) {
            return Ok((heap, vec![node]));
        }
        if let Some((scope, _)) = self.scope(row) {
            let nodes = scope.nodes(&heap, meter)?.iter().map(NodeIx::new).collect();
            return Ok((heap, nodes));
        }
        let Some(below) = self.below(row, meter)? else { return Ok((heap, Vec::new())) };
        let (mut here, mut elsewhere) = (Vec::new(), None::<Members>);
        for (index, &row) in below.rows.iter().enumerate() {
            meter.check_at(index)?;
            let (of, nodes) = match below.table.node(row) {
                Some(node) => (below.table.heap_of(row).clone(), vec![node]),
                None => below.table.objects(row, meter)?,
            };
            match &mut elsewhere {
                _ if Arc::ptr_eq(&of, self.heap()) => here.extend(nodes),
                Some((_, others)) => others.extend(nodes),
                None => elsewhere = Some((of, nodes)),
            }
        }
        Ok(elsewhere.filter(|_| here.is_empty()).unwrap_or_else(|| (self.heap().clone(), here)))
    }

    /// The references that the row stands for.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    fn references(&self, row: RowIx, _meter: &Meter) -> Result<Vec<EdgeIx>> {
        Ok(self.edge(row).into_iter().collect())
    }

    /// Whether the row opens as soon as it is there.
    fn opens_by_itself(&self, _row: RowIx) -> bool {
        false
    }

    /// Whether rows of one object are different rows: a tree of them shows each with what stands below it.
    fn is_tree_of_rows(&self) -> bool {
        false
    }

    /// Computes the cells of the row that come late.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    fn fill(&self, _row: RowIx, _meter: &Meter) -> Result<()> {
        Ok(())
    }

    /// Whether no cell of the row is still to come.
    fn is_filled(&self, _row: RowIx) -> bool {
        true
    }

    /// Whether the cells of a column come late, row by row ([`Table::fill`]): an order by it waits for all of them.
    fn comes_late(&self, _spec: &Spec) -> bool {
        false
    }

    /// The objects behind the row as a part of the heap, with its title, where that can be said.
    fn scope(&self, _row: RowIx) -> Option<(Scope, String)> {
        None
    }

    /// The whole text of the row, as WTF-8: of a string all that the file has of it.
    fn text(&self, row: RowIx) -> Vec<u8> {
        label::plain(&self.label(row)).into_bytes()
    }

    /// What details say of a row besides its cells.
    fn remarks(&self, _row: RowIx) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// The rule of columns whose numbers are those of the heap.
pub(in crate::view) fn settled_in(heap: &Heap, spec: &Spec) -> bool {
    match spec.field {
        "distance" => heap.has_distances(),
        "retainedSize" => heap.has_retained_sizes(),
        _ => true,
    }
}

/// A [`Table`] of whichever type. Columns are named by their place in [`Table::COLUMNS`].
pub(crate) trait AnyTable: fmt::Debug + Send + Sync {
    fn facts(&self) -> &'static Facts;
    fn specs(&self) -> Vec<&'static Spec>;
    fn cell(&self, row: RowIx, column: usize) -> Cell<'_>;
    /// The order of two rows by the column at a place, ascending or not.
    fn compare_by(&self, order: (usize, bool), a: RowIx, b: RowIx) -> Ordering;
    fn heap(&self) -> &Arc<Heap>;
    fn heap_of(&self, row: RowIx) -> &Arc<Heap>;
    fn label(&self, row: RowIx) -> Vec<Piece>;
    fn place(&self, row: RowIx) -> String;
    fn opens(&self, row: RowIx) -> Option<NodeIx>;
    fn has_below(&self, row: RowIx) -> bool;
    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>>;
    fn inside_of(&self) -> Option<NodeIx>;
    fn node(&self, row: RowIx) -> Option<NodeIx>;
    fn edge(&self, row: RowIx) -> Option<EdgeIx>;
    fn has(&self, row: RowIx) -> bool;
    fn note(&self) -> Option<String>;
    fn nth(&self, spec: &Spec) -> Option<usize>;
    fn leads_to(&self, row: RowIx) -> Option<NodeIx>;
    fn quiet_rows(&self) -> Range<u32>;
    fn is_settled(&self, spec: &Spec) -> bool;
    fn is_ordered_by_cells(&self) -> bool;
    fn fades(&self, row: RowIx) -> Option<&'static str>;
    fn total(&self, rows: &[RowIx]) -> String;
    fn weight(&self, row: RowIx) -> u64;
    fn objects(&self, row: RowIx, meter: &Meter) -> Result<Members>;
    fn references(&self, row: RowIx, meter: &Meter) -> Result<Vec<EdgeIx>>;
    fn opens_by_itself(&self, row: RowIx) -> bool;
    fn is_tree_of_rows(&self) -> bool;
    fn fill(&self, row: RowIx, meter: &Meter) -> Result<()>;
    fn is_filled(&self, row: RowIx) -> bool;
    fn comes_late(&self, spec: &Spec) -> bool;
    fn scope(&self, row: RowIx) -> Option<(Scope, String)>;
    fn text(&self, row: RowIx) -> Vec<u8>;
    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)>;
    /// Tables of one type have one.
    fn type_name(&self) -> &'static str;
}

impl<T: Table> AnyTable for T {
    fn facts(&self) -> &'static Facts {
        const { &T::FACTS }
    }

    fn specs(&self) -> Vec<&'static Spec> {
        specs::<T>()
    }

    fn cell(&self, row: RowIx, column: usize) -> Cell<'_> {
        (T::COLUMNS[column].cell)(self, row)
    }

    fn compare_by(&self, (column, ascending): (usize, bool), a: RowIx, b: RowIx) -> Ordering {
        Table::compare(self, &ByColumn { column: &T::COLUMNS[column], ascending }, a, b)
    }

    fn heap(&self) -> &Arc<Heap> {
        Table::heap(self)
    }

    fn heap_of(&self, row: RowIx) -> &Arc<Heap> {
        Table::heap_of(self, row)
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        Table::label(self, row)
    }

    fn place(&self, row: RowIx) -> String {
        Table::place(self, row)
    }

    fn opens(&self, row: RowIx) -> Option<NodeIx> {
        Table::opens(self, row)
    }

    fn has_below(&self, row: RowIx) -> bool {
        Table::has_below(self, row)
    }

    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>> {
        Table::below(self, row, meter)
    }

    fn inside_of(&self) -> Option<NodeIx> {
        Table::inside_of(self)
    }

    fn node(&self, row: RowIx) -> Option<NodeIx> {
        Table::node(self, row)
    }

    fn edge(&self, row: RowIx) -> Option<EdgeIx> {
        Table::edge(self, row)
    }

    fn has(&self, row: RowIx) -> bool {
        Table::has(self, row)
    }

    fn note(&self) -> Option<String> {
        Table::note(self)
    }

    fn nth(&self, spec: &Spec) -> Option<usize> {
        Table::nth(self, spec)
    }

    fn leads_to(&self, row: RowIx) -> Option<NodeIx> {
        Table::leads_to(self, row)
    }

    fn quiet_rows(&self) -> Range<u32> {
        Table::quiet_rows(self)
    }

    fn is_settled(&self, spec: &Spec) -> bool {
        Table::is_settled(self, spec)
    }

    fn is_ordered_by_cells(&self) -> bool {
        Table::is_ordered_by_cells(self)
    }

    fn fades(&self, row: RowIx) -> Option<&'static str> {
        Table::fades(self, row)
    }

    fn total(&self, rows: &[RowIx]) -> String {
        Table::total(self, rows)
    }

    fn weight(&self, row: RowIx) -> u64 {
        Table::weight(self, row)
    }

    fn objects(&self, row: RowIx, meter: &Meter) -> Result<Members> {
        Table::objects(self, row, meter)
    }

    fn references(&self, row: RowIx, meter: &Meter) -> Result<Vec<EdgeIx>> {
        Table::references(self, row, meter)
    }

    fn opens_by_itself(&self, row: RowIx) -> bool {
        Table::opens_by_itself(self, row)
    }

    fn is_tree_of_rows(&self) -> bool {
        Table::is_tree_of_rows(self)
    }

    fn fill(&self, row: RowIx, meter: &Meter) -> Result<()> {
        Table::fill(self, row, meter)
    }

    fn is_filled(&self, row: RowIx) -> bool {
        Table::is_filled(self, row)
    }

    fn comes_late(&self, spec: &Spec) -> bool {
        Table::comes_late(self, spec)
    }

    fn scope(&self, row: RowIx) -> Option<(Scope, String)> {
        Table::scope(self, row)
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        Table::text(self, row)
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        Table::remarks(self, row)
    }

    fn type_name(&self) -> &'static str {
        type_name::<T>()
    }
}

/// What is said of the columns of a type of table.
pub(crate) fn specs<T: Table>() -> Vec<&'static Spec> {
    T::COLUMNS.iter().map(|column| &column.spec).collect()
}

/// The columns that people read, the label first.
pub(crate) fn seen(specs: &[&'static Spec]) -> Vec<&'static Spec> {
    let label = specs.iter().filter(|spec| spec.show == Show::Label);
    label.chain(specs.iter().filter(|spec| spec.is_seen() && spec.show != Show::Label)).copied().collect()
}

impl dyn AnyTable + '_ {
    /// The columns that people read, the label first; of several snapshots those that there are.
    pub(crate) fn seen(&self) -> Vec<&'static Spec> {
        let mut specs = seen(&self.specs());
        specs.retain(|spec| spec.show != Show::Nth || self.nth(spec).is_some());
        specs
    }

    /// What stands over a column where there is room for it.
    pub(crate) fn title(&self, spec: &Spec) -> Cow<'static, str> {
        match self.nth(spec) {
            Some(nth) => Cow::Owned((nth + 1).to_string()),
            None => Cow::Borrowed(spec.title),
        }
    }

    /// The place of the column with a field.
    pub(crate) fn column(&self, field: &str) -> Option<usize> {
        self.specs().iter().position(|spec| spec.field == field)
    }

    /// The order that rows have when `sort` is wanted: by shallow size as long as retained sizes are not there, in the
    /// table's own way where it has no such column.
    pub(in crate::view) fn order(&self, sort: Sort) -> (usize, Sort) {
        let specs = self.specs();
        let settled = |sort: Sort| {
            let place = specs.iter().position(|spec| spec.field == sort.field)?;
            self.is_settled(specs[place]).then_some((place, sort))
        };
        let has = specs.iter().any(|spec| spec.field == sort.field);
        let own = if has { sort } else { Sort::BY_RETAINED };
        settled(own)
            .or_else(|| settled(Sort { field: Sort::BY_SHALLOW.field, ..own }))
            .or_else(|| settled(self.facts().sort))
            .unwrap_or((0, self.facts().sort))
    }

    /// The name of a row, safe for terminals: what filters look at.
    pub(crate) fn name(&self, row: RowIx) -> String {
        let label = self.specs().iter().position(|spec| spec.show == Show::Label);
        match label.map(|label| self.cell(row, label)) {
            Some(Cell::Text(name)) => text::safe(&name),
            _ => label::plain(&self.label(row)),
        }
    }

    /// The fields of a row as JSON has them.
    pub(crate) fn record(&self, row: RowIx) -> Record {
        let mut record = Record::new();
        for (column, spec) in self.specs().into_iter().enumerate() {
            if spec.show == Show::Label {
                record.insert(spec.field.into(), label::plain(&self.label(row)).into());
            } else {
                self.cell(row, column).record(spec, &mut record);
            }
        }
        record
    }

    /// What details say of a row that stands for no object: its cells with their words, then what is to be remarked.
    pub(crate) fn details(&self, row: RowIx) -> Vec<(&'static str, String)> {
        let total = self.heap().total_size();
        let told = self.specs().into_iter().enumerate().filter(|(_, spec)| !spec.detail.is_empty());
        let mut details: Vec<(&'static str, String)> =
            told.map(|(column, spec)| (spec.detail, self.cell(row, column).told(spec.show, total))).collect();
        details.retain(|(_, value)| !value.is_empty());
        details.extend(self.remarks(row));
        details
    }

    /// Whether `row` of this table and `other_row` of `other` stand for the same thing.
    pub(crate) fn is_same(&self, row: RowIx, other: &dyn AnyTable, other_row: RowIx) -> bool {
        row == other_row
            && self.type_name() == other.type_name()
            && Arc::ptr_eq(self.heap_of(row), other.heap_of(other_row))
    }
}

/// What a filter lets through.
#[derive(Debug)]
pub(crate) struct Filtered {
    pub level: Level,
    /// Whether no row has the words as typed, and these have their letters in order.
    pub fuzzy: bool,
}

impl Level {
    /// The rows that a filter lets through by their name or the place beside it; letters in order count only where no
    /// row has the words as typed. No text lets all through.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn filtered(&self, filter: &Typed, meter: &Meter) -> Result<Filtered> {
        if filter.text().is_empty() {
            return Ok(Filtered { level: self.clone(), fuzzy: false });
        }
        let level = self.matching(filter.words(), meter)?;
        match filter.letters().filter(|_| level.rows.is_empty()) {
            Some(letters) => {
                let level = self.matching(letters, meter)?;
                Ok(Filtered { fuzzy: !level.rows.is_empty(), level })
            }
            None => Ok(Filtered { level, fuzzy: false }),
        }
    }

    fn matching(&self, filter: &NameFilter, meter: &Meter) -> Result<Level> {
        use rayon::prelude::*;
        // A thousand names take about a millisecond.
        let matching = |part: &[RowIx]| -> Result<Vec<RowIx>> {
            meter.check()?;
            let passes = |&&row: &&RowIx| filter.matches_at(&self.table.name(row), &self.table.place(row));
            Ok(part.iter().filter(passes).copied().collect())
        };
        let found: Result<Vec<Vec<RowIx>>> = self.rows.par_chunks(1024).map(matching).collect();
        Ok(Level { table: self.table.clone(), rows: Arc::new(found?.concat()) })
    }
}

#[cfg(test)]
mod tests {
    use super::label::Role;
    use super::*;
    use crate::analysis::aggregates;
    use crate::analysis::compare::Comparison;
    use crate::analysis::grouping::Part;
    use crate::testing::demo;
    use crate::view::tables::classes::Classes;
    use crate::view::tables::comparison::Differences;

    #[test]
    fn filters_look_at_the_place_that_the_label_shows() {
        let (heap, meter) = (demo(), Meter::default());
        let classes = Classes::of(&heap, Part::All, &meter).expect("nobody cancels");
        let found = Comparison::new(heap.clone(), heap.clone(), &meter).expect("nobody cancels");
        let compared = Differences::level(Arc::new(found), true);
        let count = aggregates::aggregate(&heap, |_| true, &meter).expect("nobody cancels").len();
        for level in [classes, compared] {
            assert_eq!(level.len(), count);
            let mut places = 0;
            for &row in &*level.rows {
                let label = level.table.label(row);
                let shown = label.iter().find(|piece| piece.role == Role::Location);
                let shown = shown.map_or("", |piece| piece.text.trim_start());
                assert_eq!(level.table.place(row), shown);
                places += !shown.is_empty() as usize;
            }
            assert!(places > 10);
        }
    }
}
