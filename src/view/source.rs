//! What the rows of a table or tree are rows of: which are outermost, which stand below which.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::column::{self, Column, Sort};
use super::filter::NameFilter;
use super::list::{Change, Form, Item, List, Rows};
use super::order;
use super::text;
use crate::analysis::aggregates::{self, Aggregate};
use crate::analysis::allocation::{self, FunctionIx, Functions};
use crate::analysis::compare::Comparison;
use crate::analysis::duplicates::TextGroup;
use crate::analysis::ignored::Ignored;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::{CHECK_EVERY, Meter};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::{ClassIx, UNREACHABLE_DISTANCE};

/// Which tree it is: what stands below a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Classes, their objects, the references of these.
    Summary,
    /// References from the root on.
    Containment,
    /// What each object dominates.
    Dominators,
    /// The same with one row for all objects of a class that one object dominates.
    DominatorsByClass,
    /// Who refers to an object, and who to that one.
    Retainers,
    /// Classes with what is new and what is gone, these objects, the references of these.
    Comparison,
    /// Texts that several strings have, these strings.
    Strings,
    /// Functions with what they have allocated, their callers.
    Allocation,
}

impl Kind {
    /// The columns from left to right.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Kind::Summary | Kind::DominatorsByClass => column::OF_CLASSES,
            Kind::Containment | Kind::Dominators | Kind::Retainers => column::OF_OBJECTS,
            Kind::Comparison => column::OF_DIFFERENCES,
            Kind::Strings => column::OF_TEXTS,
            Kind::Allocation => column::OF_FUNCTIONS,
        }
    }

    /// The order in which it opens.
    pub fn default_sort(self) -> Sort {
        match self {
            Kind::Retainers => Sort::BY_DISTANCE,
            Kind::Comparison => Sort::BY_ADDED_SIZE,
            Kind::Allocation => Sort::BY_ALLOCATED_SIZE,
            _ => Sort::BY_RETAINED,
        }
    }

    /// What the outermost rows are.
    pub fn row_word(self, count: u64) -> &'static str {
        let [one, many] = match self {
            Kind::Summary | Kind::DominatorsByClass | Kind::Comparison => ["class", "classes"],
            Kind::Containment | Kind::Dominators | Kind::Retainers => ["object", "objects"],
            Kind::Strings => ["text", "texts"],
            Kind::Allocation => ["function", "functions"],
        };
        if count == 1 { one } else { many }
    }

    /// The word over the names.
    pub fn name_title(self) -> &'static str {
        match self {
            Kind::Summary | Kind::DominatorsByClass | Kind::Comparison => "Constructor",
            Kind::Containment | Kind::Dominators | Kind::Retainers => "Object",
            Kind::Strings => "Text",
            Kind::Allocation => "Function",
        }
    }
}

/// [`Kind`] with what it takes besides the heap.
#[derive(Debug, Clone)]
pub enum Content {
    Summary {
        rows: Arc<[Aggregate]>,
        /// The objects that count; all where there is nothing.
        scope: Option<Arc<Bits>>,
    },
    Containment,
    Dominators,
    DominatorsByClass,
    /// With what distances leave out.
    Retainers(Option<Arc<Ignored>>),
    Comparison(Arc<Comparison>),
    Strings(Arc<[TextGroup]>),
    Allocation(Arc<Functions>),
}

impl Content {
    pub fn ignored(&self) -> Option<&Ignored> {
        match self {
            Content::Retainers(ignored) => ignored.as_deref(),
            _ => None,
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            Content::Summary { .. } => Kind::Summary,
            Content::Containment => Kind::Containment,
            Content::Dominators => Kind::Dominators,
            Content::DominatorsByClass => Kind::DominatorsByClass,
            Content::Retainers(_) => Kind::Retainers,
            Content::Comparison(_) => Kind::Comparison,
            Content::Strings(_) => Kind::Strings,
            Content::Allocation(_) => Kind::Allocation,
        }
    }
}

/// What the outermost rows of a table add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Objects; in a Comparison the new ones, in Allocation the live ones.
    pub count: u64,
    /// Their shallow sizes; in Strings what is wasted.
    pub bytes: u64,
    /// What is gone in a Comparison.
    pub gone: u64,
    pub gone_bytes: u64,
}

/// A heap and what is shown of it.
#[derive(Debug, Clone)]
pub struct Source {
    pub heap: Arc<Heap>,
    pub content: Content,
}

impl Source {
    pub fn new(heap: Arc<Heap>, content: Content) -> Source {
        Source { heap, content }
    }

    pub fn kind(&self) -> Kind {
        self.content.kind()
    }

    /// The heap in which the object of a row is.
    pub fn heap_of(&self, item: &Item) -> &Arc<Heap> {
        match (item, &self.content) {
            (Item::Change(Change::Gone(_)), Content::Comparison(comparison)) => &comparison.base,
            _ => &self.heap,
        }
    }

    fn list(&self, rows: Rows, sort: Sort, meter: &Meter) -> Result<List> {
        List::new(self.clone(), rows, sort, meter)
    }

    /// The outermost rows: all, or those below the object `from`.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop; so for all functions here that take one.
    pub fn roots(&self, from: Option<NodeIx>, sort: Sort, meter: &Meter) -> Result<List> {
        match self.root_rows(from) {
            Some(rows) => self.list(rows, sort, meter),
            None => self.below(&Item::Object(from.unwrap_or(self.heap.root())), sort, meter),
        }
    }

    /// The outermost rows of what is no tree below an object.
    fn root_rows(&self, from: Option<NodeIx>) -> Option<Rows> {
        let heap = &self.heap;
        // The first of several roots stands for all of them.
        let all = from.is_none_or(|from| from == heap.root()) && heap.roots().has_further();
        Some(match &self.content {
            Content::DominatorsByClass if all => self.by_class(self.tops()),
            Content::Summary { rows, .. } => Rows::classes(rows.clone()),
            Content::Containment if all => Rows::objects(heap.roots().all().iter().copied()),
            Content::Dominators if all => Rows::objects(self.tops()),
            Content::Comparison(comparison) => {
                let numbers = (0..comparison.differences.len() as u32).map(|index| [index, 0]).collect();
                Rows { form: Form::Differences, numbers }
            }
            Content::Strings(groups) => {
                Rows { form: Form::Texts, numbers: (0..groups.len() as u32).map(|index| [index, 0]).collect() }
            }
            Content::Allocation(functions) => {
                let numbers = functions.tops().map(|function| [function.top, function.vertex]).collect();
                Rows { form: Form::Functions, numbers }
            }
            _ => return None,
        })
    }

    /// The outermost rows whose name a filter lets through.
    pub fn named_roots(&self, filter: Option<&NameFilter>, sort: Sort, meter: &Meter) -> Result<List> {
        let Some(filter) = filter else { return self.roots(None, sort, meter) };
        let rows = self.root_rows(None);
        let Rows { form, numbers } = rows.unwrap_or_else(|| Rows::objects([]));
        let names = |numbers: &[u32; 2]| text::safe(&self.root_name(&form, *numbers));
        // A thousand names take about a millisecond.
        let matching = |part: &[[u32; 2]]| -> Result<Vec<[u32; 2]>> {
            meter.check()?;
            Ok(part.iter().filter(|numbers| filter.matches(&names(numbers))).copied().collect())
        };
        let found: Result<Vec<Vec<[u32; 2]>>> = match meter.is_impatient() {
            true => numbers.chunks(1024).map(matching).collect(),
            false => numbers.par_chunks(1024).map(matching).collect(),
        };
        self.list(Rows { numbers: found?.concat(), form }, sort, meter)
    }

    /// The name that filters look at.
    fn root_name(&self, form: &Form, numbers: [u32; 2]) -> Cow<'_, [u8]> {
        let index = numbers[0] as usize;
        match (form, &self.content) {
            (Form::Classes(table), _) => self.heap.classes().name(table[index].class).into(),
            (_, Content::Comparison(comparison)) => (&*comparison.differences[index].name).into(),
            (_, Content::Strings(groups)) => self.heap.name(groups[index].nodes[0]),
            (_, Content::Allocation(functions)) => {
                let function = functions.row(FunctionIx { top: numbers[0], vertex: numbers[1] }).function;
                allocation::function(&self.heap, function).name.into_bytes().into()
            }
            _ => Cow::default(),
        }
    }

    /// The names of all outermost rows, with how many objects stand behind each; nothing for more than `most`.
    pub fn root_names(&self, most: usize) -> Option<Vec<(String, u64)>> {
        let Rows { form, numbers } = self.root_rows(None).filter(|rows| rows.numbers.len() <= most)?;
        let count = |[index, vertex]: [u32; 2]| match (&form, &self.content) {
            (Form::Classes(table), _) => table[index as usize].count,
            (_, Content::Comparison(comparison)) => {
                let difference = &comparison.differences[index as usize];
                (difference.added.len() + difference.removed.len()) as u64
            }
            (_, Content::Strings(groups)) => groups[index as usize].nodes.len() as u64,
            (_, Content::Allocation(functions)) => functions.row(FunctionIx { top: index, vertex }).count,
            _ => 0,
        };
        let name = |numbers: [u32; 2]| text::safe(&self.root_name(&form, numbers));
        Some(numbers.iter().map(|&numbers| (name(numbers), count(numbers))).collect())
    }

    /// How many outermost rows a table has without a filter.
    pub fn root_count(&self) -> usize {
        match &self.content {
            Content::Summary { rows, .. } => rows.len(),
            Content::Comparison(comparison) => comparison.differences.len(),
            Content::Strings(groups) => groups.len(),
            Content::Allocation(functions) => functions.tops().count(),
            Content::Containment | Content::Dominators | Content::DominatorsByClass | Content::Retainers(_) => 0,
        }
    }

    /// Adds the numbers of an outermost row of a table.
    pub fn add(&self, item: &Item, sums: &mut Sums) {
        match (*item, &self.content) {
            (Item::Class(row), _) => {
                sums.count += row.count;
                sums.bytes += row.shallow;
            }
            (Item::Difference(index), Content::Comparison(comparison)) => {
                let difference = &comparison.differences[index as usize];
                sums.count += difference.added.len() as u64;
                sums.bytes += difference.added_size;
                sums.gone += difference.removed.len() as u64;
                sums.gone_bytes += difference.removed_size;
            }
            (Item::Text(index), Content::Strings(groups)) => {
                let group = &groups[index as usize];
                sums.count += group.nodes.len() as u64;
                sums.bytes += group.wasted();
            }
            (Item::Function(function), Content::Allocation(functions)) => {
                sums.count += functions.row(function).live_count;
                sums.bytes += functions.row(function).live_size;
            }
            _ => {}
        }
    }

    /// The rows below a row.
    pub fn below(&self, item: &Item, sort: Sort, meter: &Meter) -> Result<List> {
        let rows = match (&self.content, *item) {
            (Content::DominatorsByClass, Item::Class(row)) => self.dominated_of_class(&row, meter)?,
            (Content::DominatorsByClass, Item::Object(node)) => self.by_class(self.dominated(node, meter)?),
            (Content::Dominators, Item::Object(node)) => Rows::objects(self.dominated(node, meter)?),
            (Content::Retainers(_), Item::Object(node) | Item::Retainer { node, .. }) => self.retainers(node, meter)?,
            (Content::Summary { scope, .. }, Item::Class(row)) => {
                Rows::objects(aggregates::members(&self.heap, row.class, scope.as_deref(), meter)?)
            }
            (Content::Comparison(comparison), Item::Difference(index)) => {
                let difference = &comparison.differences[index as usize];
                let new = difference.added.iter().map(|node| [node.0, 0]);
                let gone = difference.removed.iter().map(|node| [node.0, 1]);
                Rows { form: Form::Changes, numbers: new.chain(gone).collect() }
            }
            (Content::Strings(groups), Item::Text(index)) => {
                Rows::objects(groups[index as usize].nodes.iter().copied())
            }
            (Content::Allocation(functions), Item::Function(function)) => {
                let below = functions.below(function, meter)?.into_iter();
                Rows { form: Form::Functions, numbers: below.map(|caller| [caller.top, caller.vertex]).collect() }
            }
            (_, item) => return self.references(&item, sort, meter),
        };
        self.list(rows, sort, meter)
    }

    /// The references of the object of a row.
    fn references(&self, item: &Item, sort: Sort, meter: &Meter) -> Result<List> {
        // Below an object there are only objects of its own heap.
        let source = Source::new(self.heap_of(item).clone(), Content::Containment);
        let Some(node) = item.node() else { return Ok(List::empty(source, sort)) };
        let mut numbers = Vec::new();
        for (count, edge) in source.heap.shown_edges(node).enumerate() {
            meter.check_at(count)?;
            numbers.push([edge.0, source.heap.target(edge).0]);
        }
        List::new(source, Rows { form: Form::References, numbers }, sort, meter)
    }

    fn retainers(&self, node: NodeIx, meter: &Meter) -> Result<Rows> {
        let mut numbers = Vec::new();
        for (count, (edge, from)) in self.heap.shown_retainers(node).enumerate() {
            meter.check_at(count)?;
            numbers.push([edge.0, from.0]);
        }
        Ok(Rows { form: Form::Retainers, numbers })
    }

    /// What an object dominates immediately; nothing before the dominators are known.
    fn dominated(&self, node: NodeIx, meter: &Meter) -> Result<Vec<NodeIx>> {
        let mut nodes = Vec::new();
        for child in self.heap.dominators().into_iter().flat_map(|dominators| dominators.children(node)) {
            meter.check_at(nodes.len())?;
            nodes.push(child);
        }
        Ok(nodes)
    }

    /// What nothing but the roots dominates.
    fn tops(&self) -> Vec<NodeIx> {
        self.heap.dominators().into_iter().flat_map(|dominators| dominators.tops()).collect()
    }

    /// A row for each class of some objects that dominate none of each other: counts and sizes are sums.
    fn by_class(&self, nodes: Vec<NodeIx>) -> Rows {
        let heap = &self.heap;
        let mut groups: FxHashMap<ClassIx, Aggregate> = FxHashMap::default();
        for child in nodes {
            let class = heap.classes().of(child);
            let distance = heap.distance(child);
            let group = groups.entry(class).or_insert(Aggregate {
                class,
                first: child,
                count: 0,
                distance,
                shallow: 0,
                retained: None,
            });
            group.first = group.first.min(child);
            group.count += 1;
            group.distance = group.distance.min(distance);
            group.shallow = group.shallow.saturating_add(heap.shallow_size(child));
            // Siblings of the dominator tree share nothing, so their sizes add up.
            let retained = heap.retained_size(child);
            group.retained = retained.map(|size| size.saturating_add(group.retained.unwrap_or(0)));
        }
        let mut rows: Vec<Aggregate> = groups.into_values().collect();
        rows.sort_by_key(|row| row.first);
        Rows::classes(rows)
    }

    /// The objects of a row of [`Source::by_class`]: they have the dominator of its first object.
    fn dominated_of_class(&self, row: &Aggregate, meter: &Meter) -> Result<Rows> {
        let parent = self.heap.dominators().and_then(|dominators| dominators.chain(row.first).nth(1));
        let siblings = parent.map_or_else(|| Ok(self.tops()), |parent| self.dominated(parent, meter))?;
        Ok(Rows::objects(siblings.into_iter().filter(|&node| self.heap.classes().of(node) == row.class)))
    }

    /// Whether there are rows below a row.
    pub fn has_below(&self, item: &Item) -> bool {
        let heap = self.heap_of(item);
        match (&self.content, *item) {
            (_, Item::Class(_) | Item::Difference(_) | Item::Text(_)) => true,
            (Content::Allocation(functions), Item::Function(function)) => functions.has_below(function),
            (Content::Dominators | Content::DominatorsByClass, Item::Object(node)) => {
                heap.dominators().is_some_and(|dominators| dominators.has_children(node))
            }
            (Content::Retainers(_), item) => {
                item.node().is_some_and(|node| heap.shown_retainers(node).next().is_some())
            }
            (_, item) => item.node().is_some_and(|node| heap.shown_edges(node).next().is_some()),
        }
    }

    /// Whether it is a root, or a root refers to it. Nothing else needs to hold it.
    pub fn is_held_by_root(&self, node: NodeIx) -> bool {
        let distance = match self.content.ignored() {
            Some(ignored) => Some(ignored.distance_of(node)),
            None => self.heap.distance(node),
        };
        distance.is_some_and(|distance| (0..=1).contains(&distance))
    }

    /// [`Self::retaining_path`], but nothing for what a root holds: a cycle through it is no reason to be alive.
    pub fn path_to_root(&self, node: NodeIx, meter: &Meter) -> Result<Vec<Item>> {
        if self.is_held_by_root(node) { Ok(Vec::new()) } else { self.retaining_path(node, meter) }
    }

    /// The retainers that the Retainers open by themselves from an object on: always the first, until a root. Keeps
    /// out of what is ignored as far as there is another way. Source: HeapSnapshotGridNodes.ts,
    /// `expandRetainersChain`.
    pub fn retaining_path(&self, node: NodeIx, meter: &Meter) -> Result<Vec<Item>> {
        const MOST_STEPS: usize = 19;
        let (heap, ignored) = (&*self.heap, self.content.ignored());
        let mut path = Vec::new();
        let mut node = node;
        let mut looked_at: usize = 0;
        while path.len() < MOST_STEPS {
            let mut best = None;
            for retainer in heap.shown_retainers(node) {
                // Comparing names takes long, so this looks at the meter more often than others.
                looked_at += CHECK_EVERY / 4096;
                meter.check_at(looked_at)?;
                let is_better =
                    best.is_none_or(|best| order::retainers(heap, ignored, Sort::BY_DISTANCE, retainer, best).is_lt());
                if is_better {
                    best = Some(retainer);
                }
            }
            let Some((edge, from)) = best else { break };
            path.push(Item::Retainer { edge, node: from });
            let distance = order::distance_without(heap, ignored, edge, from);
            if distance <= 1 || distance >= UNREACHABLE_DISTANCE {
                break;
            }
            node = from;
        }
        Ok(path)
    }
}
