//! The façade over one snapshot: columns and indexes behind names of the field.
//!
//! A [`Heap`] is published as soon as classes and shallow sizes are known; the later indexes arrive in cells that are
//! filled once and never change. Nothing here formats for people.

mod job;
mod names;
pub mod producer;
mod stages;
mod values;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashSet;

pub use job::{Event, Input, LoadOptions, Loading, load};
pub use stages::{FOR_SUMMARY, FOR_THE_REST, share};

use crate::base::bits::Bits;
use crate::base::ids::{EdgeIx, NodeIx, ObjectId};
use crate::base::meter::Meter;
use crate::base::uints::UintColumn;
use crate::columns::{Columns, EdgeType, Location, NodeType};
use crate::error::{Error, Result};
use crate::index::distances::{self, Graph};
use crate::index::{
    Classes, DomState, Dominators, Ephemerons, Interface, Known, NO_DISTANCE, NativeContexts, Retainers, RootKind,
    RootMode, Roots, Scripts, classes, contexts, detached, dominators, ownership, queriable, retained, retainers,
    scripts,
};
use crate::input::{self, Watch};

/// One snapshot with what has been computed about it.
#[derive(Debug)]
pub struct Heap {
    columns: Arc<Columns>,
    known: Arc<Known>,
    ephemerons: Arc<Ephemerons>,
    roots: Arc<Roots>,
    producer: Arc<str>,
    dom: DomState,
    classes: Classes,
    scripts: Scripts,
    shallow: UintColumn,
    distances: OnceLock<Vec<i32>>,
    dominators: OnceLock<Dominators>,
    page_objects: OnceLock<Bits>,
    retained: OnceLock<UintColumn>,
    retainers: OnceLock<Retainers>,
    queriable: OnceLock<Bits>,
    contexts: OnceLock<NativeContexts>,
    late_warnings: OnceLock<Vec<String>>,
}

/// The columns with what every index needs.
#[derive(Clone)]
pub struct Ground {
    pub columns: Arc<Columns>,
    pub known: Arc<Known>,
    pub ephemerons: Arc<Ephemerons>,
    pub roots: Arc<Roots>,
    /// The program that wrote the snapshot.
    pub producer: Arc<str>,
}

impl Ground {
    pub fn new(columns: Columns, mode: RootMode) -> Self {
        let known = Known::find(&columns);
        let ephemerons = Ephemerons::find(&columns);
        let roots = Roots::find(&columns, &known, mode);
        Ground {
            producer: producer::name(&columns).into(),
            columns: Arc::new(columns),
            known: Arc::new(known),
            ephemerons: Arc::new(ephemerons),
            roots: Arc::new(roots),
        }
    }

    /// The first stage: states, classes, shallow sizes and names of scripts. The Summary can be shown after it.
    pub fn first_stage(&self, watch: &Watch) -> Result<Heap> {
        let meter = &watch.meter;
        let Ground { columns, known, ephemerons, roots, producer } = self;
        let dom = watch.stage("DOM state", || Ok(detached::compute(columns)))?;
        let shallow = watch.stage("shallow sizes", || ownership::compute(columns, known, &dom, roots, meter))?;
        let classes = watch.stage("classes", || classes::compute(columns, known, &dom, None, meter))?;
        let scripts = watch.stage("scripts", || scripts::compute(columns, known, meter))?;
        Ok(Heap {
            columns: columns.clone(),
            known: known.clone(),
            ephemerons: ephemerons.clone(),
            roots: roots.clone(),
            producer: producer.clone(),
            dom,
            classes,
            scripts,
            shallow,
            distances: OnceLock::new(),
            dominators: OnceLock::new(),
            page_objects: OnceLock::new(),
            retained: OnceLock::new(),
            retainers: OnceLock::new(),
            queriable: OnceLock::new(),
            contexts: OnceLock::new(),
            late_warnings: OnceLock::new(),
        })
    }

    /// The dominator tree, which depends on nothing but the ground.
    pub fn dominators(&self, watch: &Watch) -> Result<dominators::Computed> {
        let Watch { meter, timings, .. } = watch;
        dominators::compute(&self.columns, &self.known, &self.ephemerons, &self.roots, timings, meter)
    }
}

impl Heap {
    /// Computes and publishes what is still missing, except what comes from outside ([`Heap::publish_dominators`]) and
    /// what only few ask for ([`Heap::native_contexts`]).
    pub fn second_stage(&self, with_retainers: bool, watch: &Watch) -> Result<()> {
        let (columns, meter) = (&self.columns, &watch.meter);
        publish(&self.distances, watch.stage("distances", || self.distances_without(&FxHashSet::default(), meter))?);
        if with_retainers {
            publish(&self.retainers, watch.stage("retainers", || retainers::compute(columns, meter))?);
        }
        publish(&self.queriable, watch.stage("reachable", || queriable::compute(columns, &self.roots, meter))?);
        // The dominators take longer than all of the above: nobody waits for this.
        publish(&self.late_warnings, input::late_warnings(columns, meter)?);
        Ok(())
    }

    /// Publishes the dominator tree and the retained sizes that follow from it.
    pub fn publish_dominators(&self, computed: dominators::Computed, watch: &Watch) -> Result<()> {
        let sizes =
            watch.stage("retained sizes", || retained::compute(&computed.dominators, &self.shallow, &watch.meter))?;
        publish(&self.page_objects, computed.page_objects);
        publish(&self.dominators, computed.dominators);
        publish(&self.retained, sizes);
        Ok(())
    }

    /// What is odd about the file, a sentence each, as far as it has been looked for.
    pub fn warnings(&self) -> impl Iterator<Item = &String> {
        self.columns.warnings.iter().chain(self.late_warnings.get().into_iter().flatten())
    }

    /// The classes with the plain objects named by the interfaces of another snapshot, for a comparison with it.
    pub fn classes_by(&self, interfaces: &[Interface], meter: &Meter) -> Result<Classes> {
        classes::compute(&self.columns, &self.known, &self.dom, Some(interfaces.to_vec()), meter)
    }

    /// Distances as if the nodes `ignored` were not there.
    pub fn distances_without(&self, ignored: &FxHashSet<u32>, meter: &Meter) -> Result<Vec<i32>> {
        let graph =
            Graph { columns: &self.columns, known: &self.known, ephemerons: &self.ephemerons, roots: &self.roots };
        distances::compute(&graph, ignored, meter)
    }

    // ---- what is there ----

    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    pub fn known(&self) -> &Known {
        &self.known
    }

    pub fn ephemerons(&self) -> &Ephemerons {
        &self.ephemerons
    }

    pub fn classes(&self) -> &Classes {
        &self.classes
    }

    pub fn dom(&self) -> &DomState {
        &self.dom
    }

    /// The program that wrote the snapshot, with its approximate version.
    pub fn producer(&self) -> &str {
        &self.producer
    }

    /// Node 0, or what `root_index` names.
    pub fn root(&self) -> NodeIx {
        self.columns.root()
    }

    /// All roots that count; more than one in merged and rootless files.
    pub fn roots(&self) -> &Roots {
        &self.roots
    }

    pub fn node_count(&self) -> usize {
        self.columns.nodes.len()
    }

    pub fn edge_count(&self) -> usize {
        self.columns.edges.len()
    }

    /// All nodes in the order of the file.
    pub fn nodes(&self) -> impl Iterator<Item = NodeIx> + use<> {
        (0..self.node_count()).map(NodeIx::new)
    }

    /// Whether distances and retained sizes, trees and retainers are all there.
    pub fn is_complete(&self) -> bool {
        self.retained.get().is_some() && self.queriable.get().is_some()
    }

    pub fn dominators(&self) -> Option<&Dominators> {
        self.dominators.get()
    }

    pub fn retainers(&self) -> Option<&Retainers> {
        self.retainers.get()
    }

    pub fn has_distances(&self) -> bool {
        self.distances.get().is_some()
    }

    pub fn has_retained_sizes(&self) -> bool {
        self.retained.get().is_some()
    }

    /// The native context of every node, computed when first asked for.
    pub fn native_contexts(&self, meter: &Meter) -> Result<&NativeContexts> {
        if let Some(contexts) = self.contexts.get() {
            return Ok(contexts);
        }
        let computed = contexts::compute(&self.columns, &self.known, &self.dom, meter)?;
        Ok(self.contexts.get_or_init(|| computed))
    }

    // ---- one node ----

    pub fn id(&self, node: NodeIx) -> ObjectId {
        self.columns.nodes.id(node)
    }

    /// The first node of the file with this id.
    pub fn find_id(&self, id: ObjectId) -> Option<NodeIx> {
        match &self.columns.nodes.ids {
            UintColumn::Narrow(ids) => {
                let id = u32::try_from(id).ok()?;
                ids.iter().position(|&other| other == id)
            }
            UintColumn::Wide(ids) => ids.iter().position(|&other| other == id),
        }
        .map(NodeIx::new)
    }

    /// [`Heap::find_id`] with the error to show when there is no such node.
    pub fn require_id(&self, id: ObjectId) -> Result<NodeIx> {
        self.find_id(id).ok_or_else(|| Error::Unknown(format!("no object has the id @{id}")))
    }

    #[inline(always)]
    pub fn node_type(&self, node: NodeIx) -> NodeType {
        self.columns.nodes.node_type(node)
    }

    pub fn type_name(&self, node: NodeIx) -> &str {
        self.columns.types.node(self.node_type(node))
    }

    /// The shallow size in bytes, after backing stores have moved to their owners.
    #[inline(always)]
    pub fn shallow_size(&self, node: NodeIx) -> u64 {
        self.shallow.get(node.ix())
    }

    /// The retained size in bytes; nothing before it is known.
    #[inline(always)]
    pub fn retained_size(&self, node: NodeIx) -> Option<u64> {
        self.retained.get().map(|sizes| sizes.get(node.ix()))
    }

    /// DevTools' distance: 100 000 000 and more for what only the system reaches, -5 for what nothing reaches; nothing
    /// before it is known.
    #[inline(always)]
    pub fn distance(&self, node: NodeIx) -> Option<i32> {
        self.distances.get().map(|distances| distances[node.ix()])
    }

    /// Whether only cycles and weak references lead to the node.
    pub fn is_unreachable(&self, node: NodeIx) -> bool {
        self.distance(node) == Some(NO_DISTANCE)
    }

    /// The sum that percentages refer to: what the root retains, and what V8 counts besides. Nothing before it is
    /// known.
    pub fn total_size(&self) -> Option<u64> {
        let tops = self.dominators()?.tops().filter_map(|top| self.retained_size(top));
        self.retained.get()?;
        Some(tops.sum::<u64>() + self.columns.header.extra_native_bytes)
    }

    pub fn class_name(&self, node: NodeIx) -> &[u8] {
        self.classes.name(self.classes.of(node))
    }

    /// Where the function or the constructor of the object stands.
    pub fn location(&self, node: NodeIx) -> Option<Location> {
        self.columns.locations.get(node)
    }

    /// The name of a script that a location speaks of, as WTF-8: a path or a URL.
    pub fn script_name(&self, script_id: u32) -> Option<Cow<'_, [u8]>> {
        self.scripts.name(&self.columns, script_id)
    }

    /// Whether programs can reach the object over their own properties: DevTools' flag 1.
    pub fn is_queriable(&self, node: NodeIx) -> bool {
        self.queriable.get().is_some_and(|queriable| queriable.contains(node.ix()))
    }

    /// A DOM node or another native object that is no longer part of a document: DevTools' flag 2.
    pub fn is_detached_dom_node(&self, node: NodeIx) -> bool {
        self.dom.is_detached_dom_node(&self.columns, node)
    }

    /// Whether the object belongs to the page or program rather than to the debugger: DevTools' flag 4.
    pub fn is_page_object(&self, node: NodeIx) -> bool {
        self.page_objects.get().is_some_and(|page| page.contains(node.ix()))
    }

    // ---- edges ----

    /// The outgoing edges that lists show, in the order of the file: all but invisible ones, weak ones among them.
    pub fn shown_edges(&self, node: NodeIx) -> impl Iterator<Item = EdgeIx> + '_ {
        self.columns.edges_of(node).filter(|&edge| !self.columns.is_invisible(edge))
    }

    /// Roots are no news as retainers, except those that say who holds an object: native code, contexts.
    fn hides_as_retainer(&self, source: NodeIx) -> bool {
        source == self.root() && !self.roots.has_further()
            || self.roots.has_further() && matches!(self.roots.kind(source), Some(RootKind::Heap(_)))
    }

    /// The incoming edges that lists show, the last of the file first: no invisible and weak ones, none from the root.
    /// Nothing before retainers are known.
    pub fn shown_retainers(&self, node: NodeIx) -> impl Iterator<Item = (EdgeIx, NodeIx)> + '_ {
        self.retainers
            .get()
            .into_iter()
            .flat_map(move |retainers| retainers.edges(node).rev())
            .filter(|&edge| !self.columns.is_invisible(edge) && self.columns.edges.edge_type(edge) != EdgeType::WEAK)
            .map(|edge| (edge, Retainers::source(&self.columns, edge)))
            .filter(|&(_, source)| !self.hides_as_retainer(source))
    }

    #[inline(always)]
    pub fn edge_type(&self, edge: EdgeIx) -> EdgeType {
        self.columns.edges.edge_type(edge)
    }

    pub fn edge_type_name(&self, edge: EdgeIx) -> &str {
        self.columns.types.edge(self.edge_type(edge))
    }

    #[inline(always)]
    pub fn target(&self, edge: EdgeIx) -> NodeIx {
        self.columns.edges.target(edge)
    }

    pub fn source(&self, edge: EdgeIx) -> NodeIx {
        Retainers::source(&self.columns, edge)
    }
}

fn publish<T>(cell: &OnceLock<T>, value: T) {
    // A second value would be equal; the first stays.
    let _ = cell.set(value);
}
