//! What is shown of a heap: the views, the Retainers below, the way back.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::before::Before;
use super::columns::RETAINERS;
use super::finding::Finding;
use super::focus::{Focus, Pane, PaneId};
use super::held::{HeldSet, Recent};
use super::history::{History, Mark, Place};
use super::ignoring::Ignoring;
use super::leads::Leads;
use super::pane::TreePane;
use super::picture::PictureState;
use super::retainers::{Retaining, Walk};
use super::rows::{Grouped, Rows};
use super::scoped::Scoped;
use super::search::Search;
use super::timeline::Timeline;
use crate::analysis::aggregates::Aggregate;
use crate::analysis::grouping::{By, Files, Part};
use crate::analysis::ignored::Ignored;
use crate::analysis::scopes::Scope;
use crate::analysis::statistics::Statistics;
use crate::answers::report;
use crate::base::meter::Meter;
use crate::heap::Heap;
use crate::tui::overlays::detail::Detail;
use crate::tui::subject::{Object, Subject};
use crate::tui::view::{Form, View};
use crate::view::spec::Sort;
use crate::view::table::Level;
use crate::view::tables::classes::Classes;

#[derive(Debug)]
pub(crate) struct Explorer {
    pub(crate) heap: Arc<Heap>,
    /// Whether all indexes are there and the Summary has their numbers.
    pub(crate) complete: bool,
    pub(crate) view: View,
    pub(crate) focus: Focus,
    /// The pane with the keys has the whole screen.
    pub(crate) zoomed: bool,
    /// Rows that the person has given to the Retainers beyond the usual share, or taken.
    pub(crate) extra_retainers: i16,
    /// All classes of the heap.
    pub(crate) classes: Arc<[Aggregate]>,
    /// What counts in the Summary, where not everything does.
    scope: Option<Scoped>,
    /// What the views showed that have the scope now, before it was chosen.
    before_scope: BTreeMap<View, Arc<Before>>,
    /// What the pane with the keys showed before the filter that is being typed.
    pub(crate) before_filter: Option<Arc<Before>>,
    /// What each view shows: made when first looked at and when what it needs is there.
    pub(crate) panes: BTreeMap<View, Pane>,
    /// Why a view has nothing to show although what it needs is there.
    pub(crate) missing: BTreeMap<View, String>,
    /// The form that the rows of a view have, where it is not the one in which it opens.
    pub(crate) forms: BTreeMap<View, Form>,
    /// Where somebody was in the tree of an object when they turned to another of its forms.
    pub(crate) turned: BTreeMap<(View, Form), Place>,
    /// What a table showed when somebody turned to another of its forms.
    pub(crate) turned_panes: BTreeMap<(View, Form), Pane>,
    /// The file of each object, once somebody has asked for it.
    files: Arc<OnceLock<Files>>,
    /// Objects by file or package, as the Summary shows them.
    grouped: Option<Arc<Grouped>>,
    /// What was alive of what each interval of an allocation timeline had allocated; nothing for files without.
    pub(crate) timeline: Option<Timeline>,
    /// The picture of the heap, and what it is to show.
    pub(crate) picture: PictureState,
    /// Which snapshot the Comparison compares with, by its number.
    pub(crate) base: Option<usize>,
    /// Whether the Comparison has classes without change too.
    pub(crate) unchanged: bool,
    /// What grew, and where to look first.
    pub(crate) leads: Leads,
    /// Whether below a class of the Series stands only what came between the first and the second snapshot.
    pub(crate) came_and_stayed: bool,
    pub(crate) retainers: Option<Retaining>,
    /// Who holds the objects of a row that stands for many; instead of the Retainers of one.
    pub(crate) held: Option<HeldSet>,
    /// Rows of one pane that somebody has put together to a set.
    pub(crate) selected: Vec<Subject>,
    /// The paths that `p` walks over.
    pub(crate) walk: Option<Walk>,
    pub(crate) ignoring: Ignoring,
    /// Places with a letter, and what they are.
    pub(crate) marks: BTreeMap<char, Mark>,
    /// What a note is about, in words that last, to its text.
    pub(crate) notes: BTreeMap<String, String>,
    /// Orders that somebody has chosen, by view.
    pub(crate) orders: BTreeMap<View, Sort>,
    /// Those of the time before, until their views are made.
    pub(crate) first_orders: BTreeMap<View, Sort>,
    /// Sets whose holders are known.
    pub(crate) recent_sets: Arc<Recent>,
    pub(crate) cursor: Cursor,
    pub(crate) detail: Option<Detail>,
    pub(crate) history: History,
    pub(crate) finding: Finding,
    /// What was asked of the whole heap last.
    pub(crate) search: Option<Search>,
}

/// What the panes beside the cursor follow.
#[derive(Debug, Default)]
pub(crate) struct Cursor {
    /// The object under the main cursor.
    pub(crate) object: Option<Object>,
    /// The row there, where it stands for many objects.
    pub(crate) set: Option<Subject>,
    /// The row under the cursor of the pane with the keys: what the details are about.
    pub(crate) subject: Option<Subject>,
    /// Whether it has moved and not rested since.
    pub(crate) moved: bool,
    /// Whether the Retainers are those of another object since.
    pub(crate) retainers_stale: bool,
}

/// Whether the classes were added up when everything was known. They have all retained sizes then, or none.
fn are_final(heap: &Heap, classes: &[Aggregate]) -> bool {
    heap.has_numbers() && (classes.is_empty() || classes.iter().any(|row| row.retained.is_some()))
}

impl Explorer {
    pub(crate) fn new(heap: Arc<Heap>, classes: Vec<Aggregate>) -> Self {
        let complete = are_final(&heap, &classes);
        let sort = if complete { Sort::BY_RETAINED } else { Sort::BY_SHALLOW };
        let classes: Arc<[Aggregate]> = classes.into();
        let level = Classes::level(heap.clone(), classes.clone(), Part::All);
        let summary = TreePane::new(level, None, sort, &Meter::default()).expect("nobody cancels");
        Explorer {
            panes: BTreeMap::from([(View::SUMMARY, Pane::Tree(Box::new(summary)))]),
            heap,
            complete,
            classes,
            view: View::SUMMARY,
            focus: Focus::Main,
            zoomed: false,
            extra_retainers: 0,
            scope: None,
            before_scope: BTreeMap::new(),
            before_filter: None,
            missing: BTreeMap::new(),
            forms: BTreeMap::new(),
            turned: BTreeMap::new(),
            turned_panes: BTreeMap::new(),
            files: Arc::default(),
            grouped: None,
            timeline: None,
            picture: PictureState::default(),
            base: None,
            unchanged: false,
            leads: Leads::default(),
            came_and_stayed: false,
            retainers: None,
            held: None,
            selected: Vec::new(),
            walk: None,
            ignoring: Ignoring::default(),
            marks: BTreeMap::new(),
            notes: BTreeMap::new(),
            orders: BTreeMap::new(),
            first_orders: BTreeMap::new(),
            recent_sets: Arc::default(),
            cursor: Cursor::default(),
            detail: None,
            history: History::default(),
            finding: Finding::default(),
            search: None,
        }
    }

    /// Takes better numbers; whether they are the last ones, and were not there before.
    pub(crate) fn take_classes(&mut self, classes: Vec<Aggregate>) -> bool {
        let was_complete = self.complete;
        self.complete = are_final(&self.heap, &classes);
        self.classes = classes.into();
        self.group();
        self.complete && !was_complete
    }

    /// What counts in the Summary, where not everything does.
    pub(crate) fn scope(&self) -> Option<&Scoped> {
        self.scope.as_ref()
    }

    /// Whether what counts are the objects of a list: those that would go.
    pub(crate) fn shows_list(&self) -> bool {
        self.scope.as_ref().is_some_and(|scoped| matches!(scoped.scope, Scope::Set(_)))
    }

    /// Whether only the program's own objects count.
    pub(crate) fn is_own(&self) -> bool {
        self.scope.as_ref().is_some_and(|scoped| scoped.scope == Scope::Own)
    }

    /// Limits what counts. What some views showed before is remembered until everything counts again.
    pub(crate) fn set_scope(&mut self, scope: Option<Scoped>, showing: &[View]) {
        // Rows that a filter has left out are those of another scope from now on.
        self.before_filter = None;
        match (&self.scope, &scope) {
            (None, Some(_)) => self.before_scope = showing.iter().filter_map(|&view| self.before(view)).collect(),
            (_, None) => self.before_scope.clear(),
            (Some(_), Some(_)) => {}
        }
        self.scope = scope;
        self.group();
    }

    fn before(&mut self, view: View) -> Option<(View, Arc<Before>)> {
        let form = self.form(view);
        let pane = self.pane_mut(PaneId::Main(view))?;
        Some((view, Arc::new(pane.before(form))))
    }

    /// What the views showed before the scope.
    pub(crate) fn take_before_scope(&mut self) -> BTreeMap<View, Arc<Before>> {
        std::mem::take(&mut self.before_scope)
    }

    /// Remembers what the pane with the keys shows, unless it has no rows.
    pub(crate) fn remember_before_filter(&mut self) {
        self.before_filter = self.before(self.view).map(|(_, before)| before);
    }

    /// The form of the rows of a view.
    pub(crate) fn form(&self, view: View) -> Form {
        self.forms.get(&view).copied().unwrap_or(0)
    }

    pub(crate) fn set_form(&mut self, view: View, form: Form) {
        self.forms.insert(view, form);
        self.group();
    }

    /// What the Summary puts its objects together by, where that is not the class.
    pub(crate) fn by(&self) -> Option<By> {
        [None, Some(By::File), Some(By::Package)].get(self.form(View::SUMMARY)).copied().flatten()
    }

    /// What is grouped by file or package was so before the numbers, the scope or the form changed.
    fn group(&mut self) {
        self.grouped = self.by().map(|by| {
            let within = self.scope.as_ref().map(|scoped| scoped.nodes.clone());
            let (heap, files) = (self.heap.clone(), self.files.clone());
            Arc::new(Grouped { heap, by, files, within, made: OnceLock::new() })
        });
    }

    /// All classes, or those of the scope.
    pub(crate) fn summary(&self) -> Level {
        let (classes, nodes) = match &self.scope {
            Some(scoped) => (scoped.classes.clone(), Some(scoped.nodes.clone())),
            None => (self.classes.clone(), None),
        };
        Classes::level(self.heap.clone(), classes, nodes.into())
    }

    /// Where the file of each object is put once somebody has asked for it.
    pub(crate) fn files(&self) -> Arc<OnceLock<Files>> {
        self.files.clone()
    }

    /// The rows of a table that shows the scope.
    pub(crate) fn scope_rows(&self, view: View) -> Rows {
        match &self.grouped {
            Some(grouped) if view == View::SUMMARY => Rows::Grouped(grouped.clone()),
            _ => Rows::There(self.summary()),
        }
    }

    /// The order in which a tree opens now.
    pub(crate) fn first_sort(&self) -> Sort {
        if self.heap.has_numbers() { Sort::BY_RETAINED } else { Sort::BY_SHALLOW }
    }

    pub(crate) fn pane(&self, id: PaneId) -> Option<&TreePane> {
        match id {
            PaneId::Retainers => {
                let held = self.held.as_ref().map(|held| &held.pane);
                held.or_else(|| self.retainers.as_ref().map(|retaining| &retaining.pane))
            }
            PaneId::Main(view) => match self.panes.get(&view)? {
                Pane::Tree(pane) => Some(pane),
                Pane::Statistics(_) => None,
            },
        }
    }

    pub(crate) fn pane_mut(&mut self, id: PaneId) -> Option<&mut TreePane> {
        match id {
            PaneId::Retainers => {
                let held = self.held.as_mut().map(|held| &mut held.pane);
                held.or_else(|| self.retainers.as_mut().map(|retaining| &mut retaining.pane))
            }
            PaneId::Main(view) => match self.panes.get_mut(&view)? {
                Pane::Tree(pane) => Some(pane),
                Pane::Statistics(_) => None,
            },
        }
    }

    /// Shows something else in a view, or nothing.
    pub(crate) fn set_pane(&mut self, view: View, pane: Option<Pane>) {
        self.forget_matches(PaneId::Main(view));
        match pane {
            Some(pane) => drop(self.panes.insert(view, pane)),
            None => drop(self.panes.remove(&view)),
        }
    }

    /// Shows other Retainers.
    pub(crate) fn set_retainers(&mut self, retaining: Option<Retaining>) {
        self.forget_matches(PaneId::Retainers);
        self.retainers = retaining;
        self.held = None;
    }

    /// Shows who holds a set instead of the Retainers of one object.
    pub(crate) fn set_held(&mut self, held: Option<HeldSet>) {
        self.forget_matches(PaneId::Retainers);
        self.held = held;
        self.retainers = None;
    }

    /// Whether the Retainers pane has something to show.
    pub(crate) fn has_retainers(&self) -> bool {
        self.retainers.is_some() || self.held.is_some()
    }

    /// Places in another tree mean other rows.
    fn forget_matches(&mut self, id: PaneId) {
        self.finding.matches.take_if(|matches| matches.id == id);
    }

    /// Kinds of memory, where they are what is seen and has the keys.
    pub(crate) fn statistics(&self) -> Option<&Statistics> {
        match self.panes.get(&self.view) {
            Some(Pane::Statistics(known)) if self.focus == Focus::Main => Some(known),
            _ => None,
        }
    }

    /// What a pane is called where its columns are set.
    pub(crate) fn pane_name(&self, focus: Focus) -> &'static str {
        match focus {
            Focus::Main => self.view.command(),
            Focus::Retainers => RETAINERS,
        }
    }

    /// The pane with the keys.
    pub(crate) fn focused(&self) -> PaneId {
        match self.focus {
            Focus::Main => PaneId::Main(self.view),
            Focus::Retainers => PaneId::Retainers,
        }
    }

    pub(crate) fn main_pane(&self) -> Option<&TreePane> {
        self.pane(PaneId::Main(self.view))
    }

    pub(crate) fn main_pane_mut(&mut self) -> Option<&mut TreePane> {
        self.pane_mut(PaneId::Main(self.view))
    }

    pub(crate) fn focused_pane(&self) -> Option<&TreePane> {
        self.pane(self.focused())
    }

    pub(crate) fn focused_pane_mut(&mut self) -> Option<&mut TreePane> {
        self.pane_mut(self.focused())
    }

    /// Whether an object is in the snapshot that is shown, not only in the one it is compared with.
    pub(crate) fn is_here(&self, object: &Object) -> bool {
        Arc::ptr_eq(&self.heap, &object.heap)
    }

    /// Where the main cursor is.
    pub(crate) fn place(&mut self) -> Place {
        let (view, form) = (self.view, self.form(self.view));
        match self.main_pane_mut() {
            Some(pane) => Place { view, root: pane.root, form, trail: pane.trail(), offset: pane.offset() },
            None => Place { view, root: None, form, trail: Vec::new(), offset: 0 },
        }
    }

    /// Remembers the place for back.
    pub(crate) fn leave(&mut self) {
        let place = self.place();
        self.history.leave(place);
    }

    /// What is ignored of the paths to an object: only the snapshot that is shown has any.
    pub(crate) fn ignored_for(&self, object: &Object) -> Option<Arc<Ignored>> {
        self.ignoring.now.as_ref().filter(|_| self.is_here(object)).map(|cut| cut.ignored.clone())
    }

    /// Whether the Retainers are those of an object.
    pub(crate) fn shows_retainers_of(&self, object: &Object) -> bool {
        self.retained().is_some_and(|retained| retained == *object)
    }

    /// Whether the Retainers pane shows who holds what is selected.
    pub(crate) fn shows_selected(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.of == self.selected)
    }

    /// The object in the Retainers.
    pub(crate) fn retained(&self) -> Option<Object> {
        let retaining = self.retainers.as_ref()?;
        Some(Object { heap: retaining.heap.clone(), node: retaining.pane.root? })
    }

    /// Whether the snapshot says which functions have allocated its objects.
    pub(crate) fn has_functions(&self) -> bool {
        self.heap.columns().header.trace_function_count > 0
    }

    /// The note on a row.
    pub(crate) fn note_on(&self, subject: &Subject) -> Option<String> {
        let is_here = Arc::ptr_eq(subject.table.heap_of(subject.row), &self.heap);
        self.notes.get(&report::key(&*subject.table, subject.row)).filter(|_| is_here).cloned()
    }

    /// How many objects the class of an object has.
    pub(crate) fn alike(&self, object: &Object) -> Option<u64> {
        let class = object.heap.classes().of(object.node);
        let row = self.classes.iter().find(|row| self.is_here(object) && row.class == class);
        row.map(|row| row.count)
    }
}
