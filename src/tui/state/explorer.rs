//! What is shown of a heap: the views, the Retainers below, the way back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;

use super::retainers::{Retaining, Walk};
use super::timeline::Timeline;
use super::{History, Place, TreePane};
use crate::analysis::aggregates::Aggregate;
use crate::analysis::ignored::Ignored;
use crate::analysis::scopes::Scope;
use crate::analysis::statistics::Statistics;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::heap::Heap;
use crate::tui::commands::Command;
use crate::tui::message::Matches;
use crate::tui::overlays::Detail;
use crate::view::column::Sort;
use crate::view::list::Item;
use crate::view::source::{Content, Kind, Source};

/// Retainers are looked up once the cursor has stayed on a row for this long.
const REST: Duration = Duration::from_millis(80);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    Summary,
    Comparison,
    Containment,
    Dominators,
    Statistics,
    Allocation,
    Strings,
}

impl View {
    /// The command that shows it.
    pub fn command(self) -> Command {
        match self {
            View::Summary => Command::Summary,
            View::Comparison => Command::Comparison,
            View::Containment => Command::Containment,
            View::Dominators => Command::Dominators,
            View::Statistics => Command::Statistics,
            View::Allocation => Command::Allocation,
            View::Strings => Command::Strings,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            View::Summary => "Summary",
            View::Comparison => "Comparison",
            View::Containment => "Containment",
            View::Dominators => "Dominators",
            View::Statistics => "Statistics",
            View::Allocation => "Allocation",
            View::Strings => "Strings",
        }
    }
}

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    Main,
    Retainers,
}

/// A pane with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaneId {
    Main(View),
    Retainers,
}

#[derive(Debug)]
pub struct Explorer {
    pub heap: Arc<Heap>,
    /// Whether all indexes are there and the Summary has their numbers.
    pub complete: bool,
    pub view: View,
    pub focus: Focus,
    /// The pane with the keys has the whole screen.
    pub zoomed: bool,
    /// Rows that the person has given to the Retainers beyond the usual share, or taken.
    pub extra_retainers: i16,
    pub summary: Summary,
    /// The other views are made when first looked at and when what they need is there.
    pub containment: Option<TreePane>,
    pub dominators: Option<TreePane>,
    pub comparison: Option<TreePane>,
    pub strings: Option<TreePane>,
    pub allocation: Option<TreePane>,
    /// What was alive of what each interval of an allocation timeline had allocated; nothing for files without.
    pub timeline: Option<Timeline>,
    pub statistics: Option<Statistics>,
    /// Why there is no tree for a view although what it needs is there.
    pub missing: BTreeMap<View, String>,
    /// Which snapshot the Comparison compares with, by its number.
    pub base: Option<usize>,
    pub retainers: Option<Retaining>,
    /// The paths that `p` walks over.
    pub walk: Option<Walk>,
    /// What the Retainers leave out.
    pub ignored: Option<Arc<Ignored>>,
    /// What they are to leave out: a worker may still be at it.
    pub to_ignore: FxHashSet<u32>,
    /// Whether Dominators have a row for all objects of a class.
    pub by_class: bool,
    /// Whether Allocation shows classes where it could show functions.
    pub allocation_by_class: bool,
    /// Places with a letter, and what they are.
    pub marks: BTreeMap<char, (Place, String)>,
    /// The object under the main cursor.
    pub followed: Option<Object>,
    /// The row under the cursor of the pane with the keys: what the details are about.
    pub subject: Option<Subject>,
    pub detail: Option<Detail>,
    /// When Retainers and details are to follow.
    pub rest_at: Option<Instant>,
    /// Whether the Retainers are those of another object than the main cursor's since it last moved.
    pub retainers_stale: bool,
    pub history: History,
    /// What was last searched for in a tree.
    pub needle: String,
    /// Where it is.
    pub matches: Option<Matches>,
}

/// An object of the snapshot that is shown, or of the one it is compared with.
#[derive(Debug, Clone)]
pub struct Object {
    pub heap: Arc<Heap>,
    pub node: NodeIx,
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node && Arc::ptr_eq(&self.heap, &other.heap)
    }
}

/// A row with what it is a row of.
#[derive(Debug, Clone)]
pub struct Subject {
    pub item: Item,
    pub heap: Arc<Heap>,
    pub content: Content,
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        self.item == other.item && Arc::ptr_eq(&self.heap, &other.heap)
    }
}

/// The Summary with all that limits it.
#[derive(Debug)]
pub struct Summary {
    pub pane: TreePane,
    /// All classes of the heap.
    pub all: Arc<[Aggregate]>,
    /// What counts, where not everything does.
    pub scope: Option<Scoped>,
}

/// A part of the heap.
#[derive(Debug, Clone)]
pub struct Scoped {
    pub scope: Scope,
    /// What it is called.
    pub title: String,
    pub nodes: Arc<Bits>,
    /// The classes of its objects.
    pub rows: Arc<[Aggregate]>,
}

impl Summary {
    fn new(heap: &Arc<Heap>, all: Arc<[Aggregate]>, sort: Sort) -> Self {
        let source = Source::new(heap.clone(), Content::Summary { rows: all.clone(), scope: None });
        let pane = TreePane::of(source, None, sort, &Meter::default()).expect("nobody cancels");
        Summary { pane, all, scope: None }
    }

    /// What the rows are rows of now.
    pub fn source(&self, heap: &Arc<Heap>) -> Source {
        let content = match &self.scope {
            Some(scoped) => Content::Summary { rows: scoped.rows.clone(), scope: Some(scoped.nodes.clone()) },
            None => Content::Summary { rows: self.all.clone(), scope: None },
        };
        Source::new(heap.clone(), content)
    }
}

/// Whether the rows were added up when everything was known. They have all retained sizes then, or none.
pub fn are_final(heap: &Heap, classes: &[Aggregate]) -> bool {
    heap.is_complete() && (classes.is_empty() || classes.iter().any(|row| row.retained.is_some()))
}

impl Explorer {
    pub fn new(heap: Arc<Heap>, classes: Vec<Aggregate>) -> Self {
        let complete = are_final(&heap, &classes);
        let sort = if complete { Sort::BY_RETAINED } else { Sort::BY_SHALLOW };
        Explorer {
            summary: Summary::new(&heap, classes.into(), sort),
            complete,
            view: View::Summary,
            focus: Focus::Main,
            zoomed: false,
            extra_retainers: 0,
            containment: None,
            dominators: None,
            comparison: None,
            strings: None,
            allocation: None,
            timeline: None,
            statistics: None,
            missing: BTreeMap::new(),
            base: None,
            retainers: None,
            walk: None,
            ignored: None,
            to_ignore: FxHashSet::default(),
            by_class: false,
            allocation_by_class: false,
            marks: BTreeMap::new(),
            followed: None,
            subject: None,
            detail: None,
            rest_at: None,
            retainers_stale: false,
            history: History::default(),
            needle: String::new(),
            matches: None,
            heap,
        }
    }

    /// The order in which a tree opens now.
    pub fn first_sort(&self) -> Sort {
        if self.heap.is_complete() { Sort::BY_RETAINED } else { Sort::BY_SHALLOW }
    }

    pub fn pane(&self, id: PaneId) -> Option<&TreePane> {
        match id {
            PaneId::Retainers => self.retainers.as_ref().map(|retaining| &retaining.pane),
            PaneId::Main(View::Summary) => Some(&self.summary.pane),
            PaneId::Main(View::Comparison) => self.comparison.as_ref(),
            PaneId::Main(View::Containment) => self.containment.as_ref(),
            PaneId::Main(View::Dominators) => self.dominators.as_ref(),
            PaneId::Main(View::Allocation) => self.allocation.as_ref(),
            PaneId::Main(View::Strings) => self.strings.as_ref(),
            PaneId::Main(View::Statistics) => None,
        }
    }

    pub fn pane_mut(&mut self, id: PaneId) -> Option<&mut TreePane> {
        match id {
            PaneId::Retainers => self.retainers.as_mut().map(|retaining| &mut retaining.pane),
            PaneId::Main(View::Summary) => Some(&mut self.summary.pane),
            PaneId::Main(View::Comparison) => self.comparison.as_mut(),
            PaneId::Main(View::Containment) => self.containment.as_mut(),
            PaneId::Main(View::Dominators) => self.dominators.as_mut(),
            PaneId::Main(View::Allocation) => self.allocation.as_mut(),
            PaneId::Main(View::Strings) => self.strings.as_mut(),
            PaneId::Main(View::Statistics) => None,
        }
    }

    /// Shows another tree in a view, or none.
    pub fn set_pane(&mut self, view: View, pane: Option<TreePane>) {
        match (view, pane) {
            (View::Summary, Some(pane)) => self.summary.pane = pane,
            (View::Comparison, pane) => self.comparison = pane,
            (View::Containment, pane) => self.containment = pane,
            (View::Dominators, pane) => self.dominators = pane,
            (View::Allocation, pane) => self.allocation = pane,
            (View::Strings, pane) => self.strings = pane,
            (View::Summary | View::Statistics, _) => {}
        }
    }

    /// The pane with the keys.
    pub fn focused(&self) -> PaneId {
        match self.focus {
            Focus::Main => PaneId::Main(self.view),
            Focus::Retainers => PaneId::Retainers,
        }
    }

    pub fn main_pane(&self) -> Option<&TreePane> {
        self.pane(PaneId::Main(self.view))
    }

    pub fn main_pane_mut(&mut self) -> Option<&mut TreePane> {
        self.pane_mut(PaneId::Main(self.view))
    }

    pub fn focused_pane(&self) -> Option<&TreePane> {
        self.pane(self.focused())
    }

    pub fn focused_pane_mut(&mut self) -> Option<&mut TreePane> {
        self.pane_mut(self.focused())
    }

    /// The row under the cursor of the pane with the keys.
    pub fn current(&mut self) -> Option<Subject> {
        let pane = self.focused_pane_mut()?;
        let row = pane.row()?;
        Some(Subject { item: row.item, heap: row.heap, content: pane.tree.source().content.clone() })
    }

    /// The object under the cursor of the pane with the keys; that of the tree's top where the tree is empty.
    pub fn current_object(&mut self) -> Option<Object> {
        let id = self.focused();
        self.object_in(id)
    }

    fn object_in(&mut self, id: PaneId) -> Option<Object> {
        let pane = self.pane_mut(id)?;
        match pane.row() {
            Some(row) => row.item.node().map(|node| Object { heap: row.heap, node }),
            None => pane.root.map(|node| Object { heap: pane.tree.source().heap.clone(), node }),
        }
    }

    /// Whether an object is in the snapshot that is shown, not only in the one it is compared with.
    pub fn is_here(&self, object: &Object) -> bool {
        Arc::ptr_eq(&self.heap, &object.heap)
    }

    /// Where the main cursor is.
    pub fn place(&mut self) -> Place {
        let (view, by_class) = (self.view, self.by_class);
        match self.main_pane_mut() {
            Some(pane) => Place { view, root: pane.root, by_class, trail: pane.trail(), offset: pane.offset() },
            None => Place { view, root: None, by_class, trail: Vec::new(), offset: 0 },
        }
    }

    /// What is ignored of the paths to an object: only the snapshot that is shown has any.
    pub fn ignored_for(&self, object: &Object) -> Option<Arc<Ignored>> {
        self.ignored.clone().filter(|_| self.is_here(object))
    }

    /// Whether the snapshot says which functions have allocated its objects.
    pub fn has_functions(&self) -> bool {
        self.heap.columns().header.trace_function_count > 0
    }

    /// Which kind of table or tree a view has.
    pub fn kind(&self, view: View) -> Kind {
        match view {
            View::Summary | View::Statistics => Kind::Summary,
            View::Comparison => Kind::Comparison,
            View::Containment => Kind::Containment,
            View::Dominators if self.by_class => Kind::DominatorsByClass,
            View::Dominators => Kind::Dominators,
            View::Allocation if self.has_functions() && !self.allocation_by_class => Kind::Allocation,
            View::Allocation => Kind::Summary,
            View::Strings => Kind::Strings,
        }
    }

    /// What a view of the tree shows.
    pub fn tree_source(&self, view: View) -> Source {
        let content = match self.kind(view) {
            Kind::DominatorsByClass => Content::DominatorsByClass,
            Kind::Dominators => Content::Dominators,
            _ => Content::Containment,
        };
        Source::new(self.heap.clone(), content)
    }

    /// How many objects the class of an object has.
    pub fn alike(&self, object: &Object) -> Option<u64> {
        let class = object.heap.classes().of(object.node);
        let row = self.summary.all.iter().find(|row| self.is_here(object) && row.class == class);
        row.map(|row| row.count)
    }

    /// Notices where the cursors are; Retainers and details follow when they rest.
    pub fn follow_cursor(&mut self) {
        let under_cursor = self.object_in(PaneId::Main(self.view));
        let subject = self.current();
        if under_cursor != self.followed || subject != self.subject {
            self.subject = subject;
            if under_cursor != self.followed {
                self.followed = under_cursor;
                self.retainers_stale = true;
            }
            self.rest_at = Some(Instant::now() + REST);
        }
    }
}
