//! The façade over one snapshot: columns and indexes behind names of the field.
//!
//! A [`Heap`] is there as soon as its columns are; what is computed about it arrives in cells that are filled once and
//! never change. Nothing here formats for people.

mod job;
mod kept;
mod names;
mod options;
pub(crate) mod producer;
pub(crate) mod register;
mod run;
mod stages;
mod values;
mod wants;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

pub(crate) use job::{Event, Loading, load};
pub(crate) use kept::{OPENING, OneByOne, is_kept};
pub(crate) use options::{Input, LoadOptions};
pub(crate) use stages::{share, stages};
pub(crate) use wants::{Product, Wants};

use crate::base::array::Array;
use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::base::uints::UintColumn;
use crate::columns::{Columns, EdgeType, Location, NodeType, Producer};
use crate::error::{Error, Result};
use crate::index::globals::Global;
use crate::index::{
    Classes, Cut, DomState, Dominators, Ephemerons, Ground, Holding, Interface, Known, NO_DISTANCE, NativeContexts,
    Preorder, Queriable, Retainers, RootKind, RootMode, Roots, Scripts, Sources, TreePlaces, classes, contexts,
    distances, globals, naming, roots,
};
use crate::input::Watch;
use kept::Kept;
use run::{Errand, Threads, run};
use stages::Ahead;

/// One snapshot with what has been computed about it.
#[derive(Debug)]
pub(crate) struct Heap {
    ground: Ground,
    producer: Producer,
    /// What it is to have in the end.
    wants: Wants,
    products: Products,
    kept: Kept,
}

/// What stages have given so far, each whole.
#[derive(Debug, Default)]
struct Products {
    dom: OnceLock<DomState>,
    shallow: OnceLock<UintColumn>,
    /// Published before `shallow`.
    total_size: OnceLock<u64>,
    classes: OnceLock<Classes>,
    scripts: OnceLock<Scripts>,
    page_objects: OnceLock<Bits>,
    preorder: OnceLock<Preorder>,
    tree_places: OnceLock<TreePlaces>,
    distances: OnceLock<Array<i32>>,
    retainers: OnceLock<Retainers>,
    queriable: OnceLock<Queriable>,
    retained: OnceLock<UintColumn>,
    contexts: OnceLock<NativeContexts>,
    late_warnings: OnceLock<Vec<String>>,
    /// Of no stage: whoever asks who holds what waits for it.
    holding: OnceLock<Holding>,
    /// The same: it takes a pass over the nodes.
    sources: OnceLock<Sources>,
}

impl Heap {
    /// A heap of which nothing is known but its names and roots. Looking for these and for the producer's traces are
    /// walks over strings and nodes that run side by side.
    pub(crate) fn new(mut columns: Columns, mode: RootMode, wants: Wants) -> Heap {
        if mode == RootMode::All {
            roots::type_old_roots(&mut columns);
        }
        let columns = Arc::new(columns);
        let (ground, producer) = rayon::join(|| Ground::new(columns.clone(), mode), || producer::of(&columns));
        Heap { ground, producer, wants, products: Products::default(), kept: Kept::default() }
    }

    /// Computes what is not there yet of `wants`, on this thread.
    ///
    /// # Errors
    /// `Error::Cancelled` once somebody has asked the work to stop.
    pub(crate) fn compute(&self, wants: Wants, watch: &Watch) -> Result<()> {
        run(Errand { heap: self, wants, watch, ahead: &Ahead::new() }, Threads::One, &mut |_| {})
    }

    /// What is odd about the file, a sentence each, as far as it has been looked for.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &String> {
        let late_warnings = self.products.late_warnings.get();
        self.columns().warnings.iter().chain(late_warnings.into_iter().flatten())
    }

    /// The classes with the plain objects named by the interfaces of another snapshot, for a comparison with it.
    pub(crate) fn classes_by(&self, interfaces: &[Interface], meter: &Meter) -> Result<Classes> {
        classes::compute(&self.ground, self.dom(), Some(interfaces.to_vec()), meter)
    }

    /// Distances without what is cut.
    pub(crate) fn distances_without(&self, cut: &Cut, meter: &Meter) -> Result<Vec<i32>> {
        distances::compute(&self.ground, cut, meter)
    }

    /// Fills a cell. A second value would be equal; the first stays.
    fn publish<T>(&self, cell: impl FnOnce(&Products) -> &OnceLock<T>, value: T) {
        let _ = cell(&self.products).set(value);
    }

    /// Publishes shallow sizes and what they add up to.
    fn publish_shallow(&self, sizes: UintColumn) {
        // All nodes stand in the dominator tree, so this is also what the roots retain.
        let heap = sizes.sum();
        self.publish(|products| &products.total_size, heap.saturating_add(self.columns().header.extra_native_bytes));
        self.publish(|products| &products.shallow, sizes);
    }

    // ---- what is there ----

    pub(crate) fn ground(&self) -> &Ground {
        &self.ground
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.ground.columns
    }

    pub(crate) fn known(&self) -> &Known {
        &self.ground.known
    }

    pub(crate) fn ephemerons(&self) -> &Ephemerons {
        &self.ground.ephemerons
    }

    /// The classes; only of a heap that has [`Product::Classes`].
    #[inline]
    pub(crate) fn classes(&self) -> &Classes {
        self.products.classes.get().expect("whoever asks for classes wants them, and waits for Event::Ready")
    }

    /// The states of DOM nodes; every heap that has shallow sizes or classes has them.
    #[inline]
    pub(crate) fn dom(&self) -> &DomState {
        self.products.dom.get().expect("all that is wanted needs the states of DOM nodes")
    }

    /// The shallow size of every node.
    #[inline(always)]
    pub(crate) fn shallow(&self) -> &UintColumn {
        self.products.shallow.get().expect("whoever asks for shallow sizes wants them, and waits for Event::Ready")
    }

    /// The retained size of every node; nothing before they are known.
    pub(crate) fn retained(&self) -> Option<&UintColumn> {
        self.products.retained.get()
    }

    /// The program that wrote the snapshot, with its approximate version.
    pub(crate) fn producer(&self) -> Producer {
        self.producer
    }

    /// Node 0, or what `root_index` names.
    pub(crate) fn root(&self) -> NodeIx {
        self.columns().root()
    }

    /// All roots that count; more than one in merged and rootless files.
    pub(crate) fn roots(&self) -> &Roots {
        &self.ground.roots
    }

    pub(crate) fn node_count(&self) -> usize {
        self.columns().nodes.len()
    }

    pub(crate) fn edge_count(&self) -> usize {
        self.columns().edges.len()
    }

    /// All nodes in the order of the file.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeIx> + use<> {
        (0..self.node_count()).map(NodeIx::new)
    }

    /// Whether all that is wanted of this heap is there.
    pub(crate) fn is_complete(&self) -> bool {
        self.there().covers(self.wants)
    }

    /// Whether all that rows show is there, though what is odd about the file may still be looked for.
    pub(crate) fn has_numbers(&self) -> bool {
        self.there().covers(self.wants.without(Wants::of(&[Product::LateWarnings])))
    }

    /// All that is there.
    pub(crate) fn there(&self) -> Wants {
        let there = Product::ALL.into_iter().filter(|&product| self.has(product));
        there.fold(Wants::NONE, |set, product| set.and(Wants::of(&[product])))
    }

    /// The dominator tree; nothing before it is known where each node stands in it.
    pub(crate) fn dominators(&self) -> Option<Dominators<'_>> {
        Some(Dominators::new(self.preorder()?, self.products.tree_places.get()?))
    }

    /// The dominator tree by position alone, which is there before [`Heap::dominators`].
    pub(crate) fn preorder(&self) -> Option<&Preorder> {
        self.products.preorder.get()
    }

    pub(crate) fn retainers(&self) -> Option<&Retainers> {
        self.products.retainers.get()
    }

    pub(crate) fn has_distances(&self) -> bool {
        self.products.distances.get().is_some()
    }

    /// [`Heap::distance`] of every node.
    pub(crate) fn distances(&self) -> Option<&[i32]> {
        self.products.distances.get().map(Array::as_slice)
    }

    pub(crate) fn has_retained_sizes(&self) -> bool {
        self.products.retained.get().is_some()
    }

    /// The native context of every node, computed when first asked for.
    pub(crate) fn native_contexts(&self, meter: &Meter) -> Result<&NativeContexts> {
        if let Some(contexts) = self.products.contexts.get() {
            return Ok(contexts);
        }
        let computed = contexts::compute(&self.ground, self.dom(), meter)?;
        Ok(self.products.contexts.get_or_init(|| computed))
    }

    /// Whether the holding graph is there.
    pub(crate) fn has_holding(&self) -> bool {
        self.products.holding.get().is_some()
    }

    /// The holding graph, computed when first asked for.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn holding(&self, meter: &Meter) -> Result<&Holding> {
        if let Some(holding) = self.products.holding.get() {
            return Ok(holding);
        }
        let computed = Holding::compute(&self.ground, meter)?;
        Ok(self.products.holding.get_or_init(|| computed))
    }

    // ---- one node ----

    pub(crate) fn id(&self, node: NodeIx) -> ObjectId {
        self.columns().nodes.id(node)
    }

    /// The first node of the file with this id.
    pub(crate) fn find_id(&self, id: ObjectId) -> Option<NodeIx> {
        match &self.columns().nodes.ids {
            UintColumn::Narrow(ids) => {
                let id = u32::try_from(id).ok()?;
                ids.iter().position(|&other| other == id)
            }
            UintColumn::Wide(ids) => ids.iter().position(|&other| other == id),
        }
        .map(NodeIx::new)
    }

    /// [`Heap::find_id`] with the error to show when there is no such node.
    pub(crate) fn require_id(&self, id: ObjectId) -> Result<NodeIx> {
        self.find_id(id).ok_or_else(|| Error::Unknown(format!("no object has the id @{id}")))
    }

    #[inline(always)]
    pub(crate) fn node_type(&self, node: NodeIx) -> NodeType {
        self.columns().nodes.node_type(node)
    }

    pub(crate) fn type_name(&self, node: NodeIx) -> &str {
        self.columns().types.node(self.node_type(node))
    }

    /// The shallow size in bytes, after backing stores have moved to their owners.
    #[inline(always)]
    pub(crate) fn shallow_size(&self, node: NodeIx) -> u64 {
        self.shallow().get(node.ix())
    }

    /// The retained size in bytes; nothing before it is known.
    #[inline(always)]
    pub(crate) fn retained_size(&self, node: NodeIx) -> Option<u64> {
        self.products.retained.get().map(|sizes| sizes.get(node.ix()))
    }

    /// DevTools' distance: 100 000 000 and more for what only the system reaches, -5 for what nothing reaches; nothing
    /// before it is known.
    #[inline(always)]
    pub(crate) fn distance(&self, node: NodeIx) -> Option<i32> {
        self.products.distances.get().map(|distances| distances[node.ix()])
    }

    /// Whether only cycles and weak references lead to the node.
    pub(crate) fn is_unreachable(&self, node: NodeIx) -> bool {
        self.distance(node) == Some(NO_DISTANCE)
    }

    /// The sum that percentages refer to: what the roots retain, and what V8 counts besides. Nothing before retained
    /// sizes are known, if they are wanted: shares and retained sizes appear together.
    pub(crate) fn total_size(&self) -> Option<u64> {
        let waits = self.wants.contains(Product::RetainedSizes) && !self.has_retained_sizes();
        self.products.total_size.get().copied().filter(|_| !waits)
    }

    pub(crate) fn class_name(&self, node: NodeIx) -> &[u8] {
        self.classes().name(self.classes().of(node))
    }

    /// Where the function or the constructor of the object stands.
    pub(crate) fn location(&self, node: NodeIx) -> Option<Location> {
        self.columns().locations.get(node)
    }

    /// The name of a script that a location speaks of, as WTF-8: a path or a URL.
    pub(crate) fn script_name(&self, script_id: u32) -> Option<Cow<'_, [u8]>> {
        self.products.scripts.get()?.name(self.columns(), script_id)
    }

    /// DevTools' flag 1: programs can reach the object over their own properties from what the root refers to.
    pub(crate) fn is_queriable(&self, node: NodeIx) -> bool {
        self.products.queriable.get().is_some_and(|queriable| queriable.by_devtools.contains(node.ix()))
    }

    /// Whether programs can reach the object over their own properties, from their global objects too.
    pub(crate) fn is_reachable_by_program(&self, node: NodeIx) -> bool {
        self.products.queriable.get().is_some_and(|queriable| queriable.by_program.contains(node.ix()))
    }

    /// Whether the file says nowhere where programs begin, so that nothing is known of what they reach.
    pub(crate) fn hides_what_programs_reach(&self) -> bool {
        self.products.queriable.get().is_some_and(|queriable| queriable.by_program.iter().next().is_none())
    }

    /// The global objects of its programs, with their native contexts.
    pub(crate) fn globals(&self, meter: &Meter) -> Result<Vec<Global>> {
        globals::find(&self.ground, meter)
    }

    /// A DOM node or another native object that is no longer part of a document: DevTools' flag 2.
    pub(crate) fn is_detached_dom_node(&self, node: NodeIx) -> bool {
        self.dom().is_detached_dom_node(self.columns(), node)
    }

    /// A node of the DOM that is in no document: of what DevTools marks, not what only belongs to such nodes, nor
    /// objects of runtimes.
    pub(crate) fn is_detached_node(&self, node: NodeIx) -> bool {
        self.is_detached_dom_node(node) && naming::is_dom_node(&self.raw_name(node))
    }

    /// Whether the object belongs to the page or program rather than to the debugger: DevTools' flag 4.
    pub(crate) fn is_page_object(&self, node: NodeIx) -> bool {
        self.products.page_objects.get().is_some_and(|page| page.contains(node.ix()))
    }

    // ---- edges ----

    /// The outgoing edges that lists show, in the order of the file: all but invisible ones, weak ones among them.
    pub(crate) fn shown_edges(&self, node: NodeIx) -> impl Iterator<Item = EdgeIx> + '_ {
        self.columns().edges_of(node).filter(|&edge| !self.columns().is_invisible(edge))
    }

    /// Roots are no news as retainers, except those that say who holds an object: native code, contexts.
    pub(crate) fn hides_as_retainer(&self, source: NodeIx) -> bool {
        source == self.root() && !self.ground.roots.has_further()
            || self.ground.roots.has_further() && matches!(self.ground.roots.kind(source), Some(RootKind::Heap(_)))
    }

    /// The incoming edges that lists show, the last of the file first: no invisible and weak ones, none from the root.
    /// Nothing before retainers are known.
    pub(crate) fn shown_retainers(&self, node: NodeIx) -> impl Iterator<Item = (EdgeIx, NodeIx)> + '_ {
        self.products
            .retainers
            .get()
            .into_iter()
            .flat_map(move |retainers| retainers.edges(node).rev())
            .filter(|&edge| {
                !self.columns().is_invisible(edge) && self.columns().edges.edge_type(edge) != EdgeType::WEAK
            })
            .map(|edge| (edge, self.source(edge)))
            .filter(|&(_, source)| !self.hides_as_retainer(source))
    }

    #[inline(always)]
    pub(crate) fn edge_type(&self, edge: EdgeIx) -> EdgeType {
        self.columns().edges.edge_type(edge)
    }

    pub(crate) fn edge_type_name(&self, edge: EdgeIx) -> &str {
        self.columns().types.edge(self.edge_type(edge))
    }

    #[inline(always)]
    pub(crate) fn target(&self, edge: EdgeIx) -> NodeIx {
        self.columns().edges.target(edge)
    }

    pub(crate) fn source(&self, edge: EdgeIx) -> NodeIx {
        let sources = self.products.sources.get_or_init(|| Sources::of(self.columns()));
        sources.get(self.columns(), edge)
    }
}
