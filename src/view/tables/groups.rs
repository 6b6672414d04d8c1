//! Objects by file or by package: what each adds up to, below each its classes.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::classes::Classes;
use super::of_sums::{self, OfSums};
use crate::analysis::aggregates::{self, Aggregate};
use crate::analysis::grouping::{By, Group, Grouping, Part, What};
use crate::analysis::own;
use crate::base::bits::Bits;
use crate::base::meter::Meter;
use crate::base::text::{compare_utf16, well_formed};
use crate::columns::Producer;
use crate::error::Result;
use crate::heap::Heap;
use crate::view::cell::Cell;
use crate::view::column::{ByColumn, Column};
use crate::view::label::{Piece, Role, piece};
use crate::view::row::RowIx;
use crate::view::spec::{Sort, Spec};
use crate::view::table::{Facts, Level, Table};
use crate::view::{place, text};

/// What the rows of such a table are.
pub(crate) trait GroupKind: fmt::Debug + Send + Sync + 'static {
    /// The word over the names.
    const TITLE: &'static str;
}

#[derive(Debug)]
pub(crate) struct ByFile;

impl GroupKind for ByFile {
    const TITLE: &'static str = "File";
}

#[derive(Debug)]
pub(crate) struct ByPackage;

impl GroupKind for ByPackage {
    const TITLE: &'static str = "Package";
}

/// The groups of a heap, or of a part of it. A row is the place of its group in the list.
#[derive(Debug)]
pub(crate) struct Groups<K> {
    heap: Arc<Heap>,
    grouping: Arc<Grouping>,
    /// What each is called, safe for terminals.
    names: Vec<String>,
    /// Nothing where none of its objects counts.
    sums: Vec<Option<Aggregate>>,
    /// The objects that count; all where there is nothing.
    within: Option<Arc<Bits>>,
    kind: PhantomData<K>,
}

/// The groups of a heap; of a part of it where there is one.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn level(heap: &Arc<Heap>, grouping: Grouping, within: Option<Arc<Bits>>, meter: &Meter) -> Result<Level> {
    match grouping.by {
        By::File => Groups::<ByFile>::level(heap, grouping, within, meter),
        By::Package => Groups::<ByPackage>::level(heap, grouping, within, meter),
    }
}

impl<K: GroupKind> Groups<K> {
    fn level(heap: &Arc<Heap>, grouping: Grouping, within: Option<Arc<Bits>>, meter: &Meter) -> Result<Level> {
        let grouping = Arc::new(grouping);
        let part = Part::from(within.clone());
        let group = |node| part.has(node).then(|| grouping.of(node));
        let sums = aggregates::by_group(heap, grouping.list.len(), group, meter)?;
        let rows = sums.iter().enumerate().filter(|(_, sum)| sum.is_some());
        let rows = rows.map(|(place, _)| RowIx::of(place as u32)).collect();
        let names = names(&grouping.list, heap.producer());
        Ok(Level::new(Groups::<K> { heap: heap.clone(), grouping, names, sums, within, kind: PhantomData }, rows))
    }

    fn group(&self, row: RowIx) -> &Group {
        &self.grouping.list[row.index()]
    }

    fn part(&self, row: RowIx) -> Part {
        Part::Group { grouping: self.grouping.clone(), number: row.index(), within: self.within.clone() }
    }
}

/// What groups are called: files of the program by their way from the folder that all of them are in.
pub(crate) fn names(list: &[Group], producer: Producer) -> Vec<String> {
    let of_program = |group: &Group| match group {
        Group::File(name) if own::is_own_script(producer, name) => Some(path(name)),
        _ => None,
    };
    // `[eval]` is in no folder.
    let is_absolute = |name: &str| name.starts_with('/') || name.contains(":/") || name.contains(":\\");
    let is_placed = |name: &String| is_absolute(name) && !place::is_in_package(name);
    let files: Vec<String> = list.iter().filter_map(of_program).filter(is_placed).collect();
    let folder = place::common_folder(&files);
    list.iter().map(|group| name(group, producer, folder)).collect()
}

/// The path of a script. Modules of Node.js have URLs beside the paths of older scripts.
fn path(name: &[u8]) -> String {
    let name = well_formed(name);
    name.strip_prefix("file://").unwrap_or(&name).to_owned()
}

fn name(group: &Group, producer: Producer, folder: &str) -> String {
    match group {
        Group::File(name) => {
            let path = path(name);
            let below = path.strip_prefix(folder).filter(|rest| !rest.is_empty()).unwrap_or(&path);
            text::sanitize(below).into_owned()
        }
        Group::Script(number) => format!("script {number}"),
        Group::Package(name) => text::safe(name),
        Group::Program => "the program".into(),
        Group::Runtime if matches!(producer, Producer::Node(_)) => "node: internals".into(),
        Group::Runtime => "the runtime's own scripts".into(),
        Group::Scripts => "(scripts without a name)".into(),
        Group::NoFile(what) => format!("(no file) {}", word(*what)),
    }
}

fn word(what: What) -> &'static str {
    match what {
        What::Strings => "strings",
        What::Values => "numbers, symbols, patterns",
        What::Functions => "functions",
        What::Code => "compiled code",
        What::Arrays => "internal arrays",
        What::Objects => "objects",
        What::Native => "native objects",
        What::Hidden => "the engine's own",
    }
}

/// What a group is, in a sentence.
fn about(group: &Group) -> &'static str {
    match group {
        Group::File(_) | Group::Script(_) => {
            "functions and objects of classes that stand in this file, and plain objects of which the nearest of \
             these leads here"
        }
        Group::Package(_) => "what belongs to files of this package in node_modules, wherever it is installed",
        Group::Program => "what belongs to files of the program that are in no node_modules",
        Group::Runtime => "what belongs to scripts that come with the runtime",
        Group::Scripts => "code that was made while the program ran, or whose name the file leaves out",
        Group::NoFile(_) => {
            "nothing says which file these belong to; what a file's objects hold alone of them counts in its retained \
             size"
        }
    }
}

/// The word for a kind of group in JSON.
fn kind(group: &Group) -> &'static str {
    match group {
        Group::File(_) => "file",
        Group::Script(_) | Group::Scripts => "script",
        Group::Package(_) => "package",
        Group::Program => "program",
        Group::Runtime => "runtime",
        Group::NoFile(_) => "none",
    }
}

impl<K: GroupKind> OfSums for Groups<K> {
    fn sum(&self, row: RowIx) -> Option<&Aggregate> {
        self.sums.get(row.index())?.as_ref()
    }
}

impl<K: GroupKind> Table for Groups<K> {
    const FACTS: Facts = Facts {
        no_object: "l opens the classes in it, then the objects: those have retainers",
        ..Facts::new(["group", "groups"], Sort::BY_RETAINED)
    };
    const COLUMNS: &'static [Column<Self>] = &[
        Column::field("name", |table: &Self, row| match table.group(row) {
            Group::File(name) => Cell::Text(Cow::Borrowed(name)),
            _ => Cell::Text(Cow::Borrowed(table.names[row.index()].as_bytes())),
        }),
        Column::field("kind", |table: &Self, row| Cell::Text(Cow::Borrowed(kind(table.group(row)).as_bytes()))),
        of_sums::count(),
        of_sums::distance(),
        of_sums::unreachable(),
        of_sums::shallow(),
        of_sums::retained(),
        Column::label(K::TITLE, |table: &Self, row| Cell::Text(Cow::Borrowed(table.names[row.index()].as_bytes()))),
    ];

    fn heap(&self) -> &Arc<Heap> {
        &self.heap
    }

    fn label(&self, row: RowIx) -> Vec<Piece> {
        let role = match self.group(row) {
            Group::File(_) | Group::Package(_) | Group::Program => Role::File,
            _ => Role::Hidden,
        };
        vec![piece(role, self.names[row.index()].clone())]
    }

    /// By name, then in the order of the file.
    fn tie(&self, a: RowIx, b: RowIx) -> Ordering {
        let name = |row: RowIx| self.names[row.index()].as_bytes();
        compare_utf16(name(a), name(b)).then(a.cmp(&b))
    }

    /// What has no file stands behind all that has one, whichever way they stand: files and packages are looked for.
    fn compare(&self, order: &ByColumn<Self>, a: RowIx, b: RowIx) -> Ordering {
        let has_none = |row| matches!(self.group(row), Group::NoFile(_));
        has_none(a).cmp(&has_none(b)).then_with(|| order.cells(self, a, b)).then_with(|| self.tie(a, b))
    }

    fn is_ordered_by_cells(&self) -> bool {
        false
    }

    fn is_settled(&self, spec: &Spec) -> bool {
        of_sums::are_settled(self.sums.iter().flatten(), spec)
    }

    fn has(&self, row: RowIx) -> bool {
        self.sum(row).is_some()
    }

    fn has_below(&self, _row: RowIx) -> bool {
        true
    }

    fn below(&self, row: RowIx, meter: &Meter) -> Result<Option<Level>> {
        Classes::of(&self.heap, self.part(row), meter).map(Some)
    }

    fn total(&self, rows: &[RowIx]) -> String {
        of_sums::total(rows.iter().filter_map(|&row| self.sum(row)))
    }

    fn weight(&self, row: RowIx) -> u64 {
        self.sum(row).map_or(0, |sum| sum.count)
    }

    fn text(&self, row: RowIx) -> Vec<u8> {
        match self.group(row) {
            Group::File(name) => name.to_vec(),
            _ => self.names[row.index()].clone().into_bytes(),
        }
    }

    fn remarks(&self, row: RowIx) -> Vec<(&'static str, String)> {
        let group = self.group(row);
        let whole = match group {
            Group::File(name) => Some(("file", text::safe(name))),
            _ => None,
        };
        whole.into_iter().chain([("about", about(group).to_owned())]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::grouping::Files;
    use crate::notation::Graph;
    use crate::view::list::List;

    /// Two files of the program and one of a package; what each holds counts once, the strings last.
    fn graph() -> Graph {
        Graph::new(
            "r -f-> f:closure@1/2/3[1]; f =shared=> fs:code; fs =script=> /srv/app/src/a.mjs:code
             r -g-> g:closure@2/2/3[2]; g =shared=> gs:code; gs =script=> /srv/app/b.js:code
             r -h-> h:closure@3/2/3[4]; h =shared=> hs:code; hs =script=> /srv/app/node_modules/p/c.js:code
             f -a-> A#1@1/5/5[8]; A#1 -b-> A#2@1/5/5[16]; A#2 -s-> s:string[32]; g -t-> t:string[512]; h -c-> C@3/6/6[128]",
        )
    }

    fn rows(graph: &Graph, by: By, within: Option<Arc<Bits>>, sort: Sort) -> Vec<String> {
        let meter = Meter::default();
        let files = Files::find(&graph.heap, &meter).expect("nobody cancels");
        let grouping = files.grouping(by, graph.heap.producer());
        let level = level(&graph.heap, grouping, within, &meter).expect("nobody cancels");
        let table = level.table.clone();
        let cell = |row, field| match table.cell(row, table.column(field).expect("a column")) {
            Cell::Number(number) => number,
            other => panic!("{other:?}"),
        };
        let mut list = List::new(level, sort, &meter).expect("nobody cancels");
        let row = |&row: &RowIx| {
            let [count, shallow, retained] = ["count", "selfSize", "retainedSize"].map(|field| cell(row, field));
            format!("{} {count}x {shallow} {retained}", table.name(row))
        };
        list.first(usize::MAX).iter().map(row).collect()
    }

    #[test]
    fn what_files_retain_counts_once_and_rows_without_a_file_come_last() {
        let graph = graph();
        let sort = Sort::BY_RETAINED;
        assert_eq!(
            rows(&graph, By::File, None, sort),
            ["b.js 1x 2 514", "node_modules/p/c.js 2x 132 132", "src/a.mjs 3x 25 57", "(no file) strings 2x 544 544"]
        );
        assert_eq!(
            rows(&graph, By::Package, None, Sort { ascending: true, ..sort }),
            ["p 2x 132 132", "the program 4x 27 571", "(no file) strings 2x 544 544"]
        );
    }

    #[test]
    fn a_part_of_the_heap_has_the_groups_of_its_objects() {
        let graph = graph();
        let mut part = Bits::new(graph.heap.node_count());
        part.insert(graph.node("A#2").ix());
        let rows = rows(&graph, By::File, Some(Arc::new(part)), Sort::BY_RETAINED);
        assert_eq!(rows, ["src/a.mjs 1x 16 48"]);
    }

    #[test]
    fn below_a_group_stand_its_classes_and_below_these_its_objects() {
        let graph = graph();
        let meter = Meter::default();
        let files = Files::find(&graph.heap, &meter).expect("nobody cancels");
        let grouping = files.grouping(By::File, graph.heap.producer());
        let level = level(&graph.heap, grouping, None, &meter).expect("nobody cancels");
        let file = *level.rows.iter().find(|&&row| level.table.name(row) == "src/a.mjs").expect("a row");
        let classes = level.table.below(file, &meter).expect("nobody cancels").expect("rows");
        let mut names: Vec<String> = classes.rows.iter().map(|&row| classes.table.name(row)).collect();
        names.sort_unstable();
        assert_eq!(names, ["A", "Function"]);
        let class = *classes.rows.iter().find(|&&row| classes.table.name(row) == "A").expect("a row");
        assert_eq!(classes.table.below(class, &meter).expect("nobody cancels").expect("rows").len(), 2);
    }

    #[test]
    fn modules_and_scripts_of_one_folder_are_named_from_there() {
        let file = |name: &str| Group::File(name.as_bytes().into());
        let list = [
            file("file:///srv/app/a.mjs"),
            file("/srv/app/b/c.js"),
            file("/srv/app/node_modules/p/d.js"),
            file("/opt/node_modules/q/e.js"),
            file("node:fs"),
            file("[eval]"),
            Group::Script(7),
        ];
        let names = names(&list, Producer::Node(crate::columns::V8::V12));
        assert_eq!(
            names,
            ["a.mjs", "b/c.js", "node_modules/p/d.js", "/opt/node_modules/q/e.js", "node:fs", "[eval]", "script 7"]
        );
    }

    #[test]
    fn json_has_the_whole_name_of_a_file() {
        let graph = graph();
        let files = Files::find(&graph.heap, &Meter::default()).expect("nobody cancels");
        let grouping = files.grouping(By::File, graph.heap.producer());
        let level = level(&graph.heap, grouping, None, &Meter::default()).expect("nobody cancels");
        let records: Vec<_> = level.rows.iter().map(|&row| level.table.record(row)).collect();
        let named = |name: &str| records.iter().find(|record| record["name"] == name).expect("a row");
        assert_eq!(named("/srv/app/b.js")["kind"], "file");
        assert_eq!(named("/srv/app/b.js")["label"], "b.js");
        assert_eq!(named("(no file) strings")["kind"], "none");
    }
}
