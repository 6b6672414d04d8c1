//! What is shown of a heap: the views, the Retainers below, the way back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{History, Place, TreePane};
use crate::analysis::aggregates::Aggregate;
use crate::analysis::ignored::Ignored;
use crate::analysis::paths::Path;
use crate::analysis::statistics::Statistics;
use crate::base::ids::NodeIx;
use crate::heap::Heap;
use crate::index::NO_DISTANCE;
use crate::tui::overlays::{About, Detail};
use crate::view::filter::NameFilter;
use crate::view::list::{self, Item, List};
use crate::view::order::{Column, Sort};
use crate::view::sentence;
use crate::view::text;
use crate::view::tree::{Kind, Tree};

/// Retainers are looked up once the cursor has stayed on a row for this long.
const REST: Duration = Duration::from_millis(80);

/// The order of everything before retained sizes are known: the only one whose numbers cannot change meanwhile.
pub const BY_SHALLOW: Sort = Sort { column: Column::Shallow, ascending: false };

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Summary,
    Containment,
    Dominators,
    Statistics,
}

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    Main,
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
    /// Made when first looked at.
    pub containment: Option<TreePane>,
    /// Made when first looked at and when dominators are known.
    pub dominators: Option<TreePane>,
    pub statistics: Option<Statistics>,
    /// The Retainers of the object that is its root.
    pub retainers: Option<TreePane>,
    /// The path that is open in the Retainers, from the object outwards.
    pub path: Vec<Item>,
    /// What that path says, in words.
    pub why: Option<String>,
    /// The paths that `p` walks over.
    pub walk: Option<Walk>,
    /// What the Retainers leave out.
    pub ignored: Option<Arc<Ignored>>,
    /// Whether Dominators have a row for all objects of a class.
    pub by_class: bool,
    /// Places with a letter, and what they are.
    pub marks: BTreeMap<char, (Place, String)>,
    /// The object under the main cursor.
    pub followed: Option<NodeIx>,
    /// The row under the cursor of the pane with the keys: what the details are about.
    pub subject: Option<Item>,
    pub detail: Option<Detail>,
    /// When Retainers and details are to follow.
    pub rest_at: Option<Instant>,
    /// Whether the Retainers are those of another object than the main cursor's since it last moved.
    pub retainers_stale: bool,
    pub history: History,
    /// What was last searched for in a tree.
    pub needle: String,
}

/// The shortest paths of one object, of which one is open in the Retainers.
#[derive(Debug)]
pub struct Walk {
    pub of: NodeIx,
    pub found: Vec<Path>,
    pub at: usize,
    /// How many were asked for: fewer found means that there are no more.
    pub wanted: usize,
}

impl Walk {
    /// Whether there are no more paths than those found.
    pub fn is_complete(&self) -> bool {
        self.found.len() < self.wanted
    }
}

/// The Summary with all that filters it.
#[derive(Debug)]
pub struct Summary {
    pub pane: TreePane,
    /// The classes that the filter lets through, and all of them.
    pub classes: usize,
    /// What the shown classes add up to.
    pub objects: u64,
    pub bytes: u64,
    pub all: Vec<Aggregate>,
    pub filter: String,
    /// Why the filter is none.
    pub problem: Option<String>,
}

impl Summary {
    fn new(heap: &Heap, all: Vec<Aggregate>, sort: Sort) -> Self {
        let pane = TreePane::new(Tree::new(Kind::Summary, List::new(Vec::new(), sort), sort), None);
        let mut summary = Summary { pane, classes: 0, objects: 0, bytes: 0, all, filter: String::new(), problem: None };
        summary.rebuild(heap, sort);
        summary
    }

    /// Filters and sorts anew; the cursor stays on its row where that is still there.
    pub fn rebuild(&mut self, heap: &Heap, sort: Sort) {
        let rows = self.matching(heap);
        self.classes = rows.len();
        self.objects = rows.iter().map(|row| row.count).sum();
        self.bytes = rows.iter().map(|row| row.shallow).sum();
        let list = List::new(rows.into_iter().map(Item::Class).collect(), sort);
        self.pane.set_rows(heap, sort, list);
    }

    fn matching(&mut self, heap: &Heap) -> Vec<Aggregate> {
        let filter = match NameFilter::parse(&self.filter) {
            Ok(filter) => filter,
            Err(problem) => {
                // Half a pattern is no reason to empty the table.
                self.problem = Some(problem);
                return self.all.clone();
            }
        };
        self.problem = None;
        if self.filter.is_empty() {
            return self.all.clone();
        }
        let matches = |row: &&Aggregate| filter.matches(&text::safe(heap.classes().name(row.class)));
        self.all.iter().filter(matches).copied().collect()
    }
}

/// Whether the rows were added up when everything was known. They have all retained sizes then, or none.
pub fn are_final(heap: &Heap, classes: &[Aggregate]) -> bool {
    heap.is_complete() && (classes.is_empty() || classes.iter().any(|row| row.retained.is_some()))
}

impl Explorer {
    pub fn new(heap: Arc<Heap>, classes: Vec<Aggregate>) -> Self {
        let complete = are_final(&heap, &classes);
        let sort = if complete { Sort::BY_RETAINED } else { BY_SHALLOW };
        Explorer {
            summary: Summary::new(&heap, classes, sort),
            complete,
            view: View::Summary,
            focus: Focus::Main,
            zoomed: false,
            extra_retainers: 0,
            containment: None,
            dominators: None,
            statistics: None,
            retainers: None,
            path: Vec::new(),
            why: None,
            walk: None,
            ignored: None,
            by_class: false,
            marks: BTreeMap::new(),
            followed: None,
            subject: None,
            detail: None,
            rest_at: None,
            retainers_stale: false,
            history: History::default(),
            needle: String::new(),
            heap,
        }
    }

    /// The order in which a tree opens now.
    pub fn first_sort(&self) -> Sort {
        if self.heap.is_complete() { Sort::BY_RETAINED } else { BY_SHALLOW }
    }

    pub fn main_pane(&self) -> Option<&TreePane> {
        match self.view {
            View::Summary => Some(&self.summary.pane),
            View::Containment => self.containment.as_ref(),
            View::Dominators => self.dominators.as_ref(),
            View::Statistics => None,
        }
    }

    pub fn main_pane_mut(&mut self) -> Option<&mut TreePane> {
        match self.view {
            View::Summary => Some(&mut self.summary.pane),
            View::Containment => self.containment.as_mut(),
            View::Dominators => self.dominators.as_mut(),
            View::Statistics => None,
        }
    }

    pub fn focused_pane(&self) -> Option<&TreePane> {
        match self.focus {
            Focus::Main => self.main_pane(),
            Focus::Retainers => self.retainers.as_ref(),
        }
    }

    pub fn focused_pane_mut(&mut self) -> Option<&mut TreePane> {
        match self.focus {
            Focus::Main => self.main_pane_mut(),
            Focus::Retainers => self.retainers.as_mut(),
        }
    }

    /// The row under the cursor of the pane with the keys.
    pub fn current_item(&mut self) -> Option<Item> {
        let heap = self.heap.clone();
        self.focused_pane_mut()?.item(&heap)
    }

    /// The object under the cursor of the pane with the keys; that of the tree's top where the tree is empty.
    pub fn current_object(&mut self) -> Option<NodeIx> {
        let heap = self.heap.clone();
        let pane = self.focused_pane_mut()?;
        match pane.item(&heap) {
            Some(item) => item.node(),
            None => pane.root,
        }
    }

    /// Where the main cursor is.
    pub fn place(&mut self) -> Place {
        let (heap, view, by_class) = (self.heap.clone(), self.view, self.by_class);
        match self.main_pane_mut() {
            Some(pane) => {
                let trail = pane.tree.trail(&heap, pane.cursor);
                Place { view, root: pane.root, by_class, trail, offset: pane.offset() }
            }
            None => Place { view, root: None, by_class, trail: Vec::new(), offset: 0 },
        }
    }

    /// Makes the trees of the view that need nothing that is still missing.
    pub fn ensure_view(&mut self) {
        let sort = self.first_sort();
        match self.view {
            View::Containment if self.containment.is_none() => self.containment = Some(self.containment_of(None)),
            View::Dominators if self.dominators.is_none() && self.heap.has_retained_sizes() => {
                let root = self.heap.root();
                let tree = self.dominator_tree(root, sort);
                self.dominators = Some(TreePane::new(tree, None));
            }
            _ => {}
        }
    }

    /// Containment from the root, or from an object.
    pub fn containment_of(&self, root: Option<NodeIx>) -> TreePane {
        let from = root.unwrap_or(self.heap.root());
        TreePane::new(Tree::containment(&self.heap, from, self.first_sort()), root)
    }

    /// Shows who refers to `node` in the Retainers pane.
    pub fn show_retainers(&mut self, node: NodeIx) {
        self.retainers_stale = false;
        if self.heap.retainers().is_none() || self.retainers.as_ref().is_some_and(|pane| pane.root == Some(node)) {
            return;
        }
        self.open_retainers(node);
    }

    /// Shows the Retainers of `node` anew, open along the nearest way to a root.
    pub fn open_retainers(&mut self, node: NodeIx) {
        let path = list::retaining_path_without(&self.heap, self.ignored.as_deref(), node);
        self.walk = None;
        self.open_along(node, path);
    }

    /// Shows the Retainers of `node`, open along `path`; the cursor goes where the path leaves the one before.
    pub fn open_along(&mut self, node: NodeIx, path: Vec<Item>) {
        let tree = Tree::retainers_along(&self.heap, node, Sort::BY_DISTANCE, self.ignored.clone(), &path);
        let mut pane = TreePane::new(tree, Some(node));
        let same = self.path.iter().zip(&path).take_while(|(old, new)| old == new).count();
        let same_object = self.retainers.as_ref().is_some_and(|pane| pane.root == Some(node));
        if same_object && same > 0 && same < path.len() {
            let place = pane.tree.find_trail(&self.heap, &path[..=same]);
            // The beginning of the path stays in view as far as there is room.
            pane.show_at(place, usize::MAX);
        }
        self.why = Some(self.sentence(node, &path));
        self.path = path;
        self.retainers = Some(pane);
    }

    /// What keeps `node` alive over `path`, in words.
    pub fn sentence(&self, node: NodeIx, path: &[Item]) -> String {
        if self.ignored.as_ref().is_some_and(|ignored| ignored.distance_of(node) == NO_DISTANCE)
            && self.heap.distance(node) != Some(NO_DISTANCE)
        {
            return "nothing else holds it: without what is ignored it would be freed".into();
        }
        let steps: Vec<sentence::Step> = path.iter().filter_map(|item| Some((item.edge()?, item.node()?))).collect();
        sentence::alive_because(&self.heap, node, &steps)
    }

    /// The dominator tree below `node`, as the person wants it.
    pub fn dominator_tree(&self, node: NodeIx, sort: Sort) -> Tree {
        if self.by_class {
            Tree::dominators_by_class(&self.heap, node, sort)
        } else {
            Tree::dominators(&self.heap, node, sort)
        }
    }

    /// Everything about a row.
    pub fn detail_of(&self, item: &Item) -> Detail {
        let class = item.node().map(|node| self.heap.classes().of(node));
        let alike = self.summary.all.iter().find(|row| Some(row.class) == class).map(|row| row.count);
        let why = item.node().filter(|_| self.heap.retainers().is_some()).map(|node| {
            let path = list::retaining_path_without(&self.heap, self.ignored.as_deref(), node);
            self.sentence(node, &path)
        });
        Detail::new(&self.heap, item, &About { alike, ignored: self.ignored.as_deref(), why })
    }

    /// Notices where the cursors are; Retainers and details follow when they rest.
    pub fn follow_cursor(&mut self) {
        let heap = self.heap.clone();
        let under_cursor = self.main_pane_mut().and_then(|pane| match pane.item(&heap) {
            Some(item) => item.node(),
            None => pane.root,
        });
        let subject = self.current_item();
        if under_cursor != self.followed || subject != self.subject {
            self.subject = subject;
            if under_cursor != self.followed {
                self.followed = under_cursor;
                self.retainers_stale = true;
            }
            self.rest_at = Some(Instant::now() + REST);
        }
    }

    /// The cursor has rested: Retainers and details show its object.
    pub fn rested(&mut self) {
        self.rest_at = None;
        self.detail = self.subject.map(|item| self.detail_of(&item));
        // While somebody is in the Retainers, what they look at stays.
        if !std::mem::take(&mut self.retainers_stale) {
            return;
        }
        match self.followed {
            Some(node) => self.show_retainers(node),
            None => {
                self.retainers = None;
                self.walk = None;
                self.path = Vec::new();
                self.why = None;
            }
        }
    }
}
