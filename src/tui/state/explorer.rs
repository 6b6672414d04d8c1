//! What is shown of a heap: the views, the Retainers below, the way back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{History, Place, TreePane};
use crate::analysis::aggregates::Aggregate;
use crate::analysis::statistics::Statistics;
use crate::base::ids::NodeIx;
use crate::heap::Heap;
use crate::tui::overlays::Detail;
use crate::view::filter::NameFilter;
use crate::view::list::{Item, List};
use crate::view::order::{Column, Sort};
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
        let (heap, view) = (self.heap.clone(), self.view);
        match self.main_pane_mut() {
            Some(pane) => {
                Place { view, root: pane.root, trail: pane.tree.trail(&heap, pane.cursor), offset: pane.offset() }
            }
            None => Place { view, root: None, trail: Vec::new(), offset: 0 },
        }
    }

    /// Makes the trees of the view that need nothing that is still missing.
    pub fn ensure_view(&mut self) {
        let sort = self.first_sort();
        match self.view {
            View::Containment if self.containment.is_none() => self.containment = Some(self.containment_of(None)),
            View::Dominators if self.dominators.is_none() && self.heap.has_retained_sizes() => {
                let tree = Tree::dominators(&self.heap, self.heap.root(), sort);
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
        let tree = Tree::retainers(&self.heap, node, Sort::BY_DISTANCE, None);
        self.retainers = Some(TreePane::new(tree, Some(node)));
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
        self.detail = self.subject.map(|item| Detail::new(&self.heap, &item));
        // While somebody is in the Retainers, what they look at stays.
        if !std::mem::take(&mut self.retainers_stale) {
            return;
        }
        match self.followed {
            Some(node) => self.show_retainers(node),
            None => self.retainers = None,
        }
    }
}
