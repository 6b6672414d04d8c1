//! Variables that functions have captured and that no living function can use any more.
//!
//! V8 15 writes which scopes a script has, which variables they declare, and where each is used. A variable of a
//! `system / Context` is dead when no function that exists, nor one that an existing function could make, uses it.
//! Source: ContextAnalyzer.ts.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::bits::Bits;
use crate::base::ids::{NodeIx, StrIx};
use crate::base::meter::Meter;
use crate::columns::{EdgeType, NodeType, Strings};
use crate::error::Result;
use crate::heap::Heap;
use crate::index::naming;

/// A dead variable of one context.
#[derive(Debug, Clone)]
pub(crate) struct DeadField {
    /// WTF-8.
    pub name: Vec<u8>,
    pub value: NodeIx,
}

/// A context with dead variables, those that retain most first.
#[derive(Debug, Clone)]
pub(crate) struct DeadContext {
    pub context: NodeIx,
    /// Sum of the retained sizes of the values.
    pub dead_size: u64,
    pub fields: Vec<DeadField>,
}

/// A scope of a script with those of its contexts that have dead variables.
#[derive(Debug, Clone)]
pub(crate) struct DeadScope {
    pub scope_info: NodeIx,
    pub script: NodeIx,
    /// WTF-8; empty when the file does not tell.
    pub script_name: Vec<u8>,
    /// The name of the function, where the file has it.
    pub name: Option<Vec<u8>>,
    pub start: i64,
    pub end: i64,
    /// How many variables a context of the scope has.
    pub field_count: usize,
    pub contexts: Vec<DeadContext>,
}

/// A script about whose scopes the file says nothing.
#[derive(Debug, Clone)]
pub(crate) struct UnknownScript {
    pub script: NodeIx,
    pub name: Vec<u8>,
    pub contexts: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Analysis {
    /// Those that waste most first.
    pub scopes: Vec<DeadScope>,
    pub unknown: Vec<UnknownScript>,
}

/// A scope of the file's tables.
struct ScriptScope {
    parent: Option<usize>,
    id: u64,
    /// Names (as string indexes) with the scopes that use them.
    variables: Vec<(u64, Vec<usize>)>,
}

/// Scopes by script and id. Scripts are nodes; ids of scopes are unique within one.
struct Tables {
    scopes: Vec<ScriptScope>,
    by_id: FxHashMap<(u64, u64), usize>,
    scripts: FxHashSet<u64>,
}

impl Tables {
    fn read(heap: &Heap) -> Tables {
        let columns = &heap.columns().scopes;
        let mut tables = Tables { scopes: Vec::new(), by_id: FxHashMap::default(), scripts: FxHashSet::default() };
        let mut stack: Vec<usize> = Vec::new();
        let mut script = None;
        let mut variables = columns.variables.iter();
        for record in &columns.scopes {
            if script.replace(record.script_node_index) != Some(record.script_node_index) {
                stack.clear();
            }
            // A depth that skips a level has no parent to hang on; such a file is damaged, and the scope stands alone.
            stack.truncate(record.depth as usize);
            let parent = if record.depth as usize == stack.len() { stack.last().copied() } else { None };
            let own = variables.by_ref().take(record.variables as usize);
            let number = tables.scopes.len();
            tables.scopes.push(ScriptScope {
                parent,
                id: record.scope_id,
                variables: own.map(|&name| (name, Vec::new())).collect(),
            });
            stack.push(number);
            tables.by_id.insert((record.script_node_index, record.scope_id), number);
            tables.scripts.insert(record.script_node_index);
        }
        let mut uses = columns.uses.iter();
        for record in &columns.scopes {
            let own = uses.by_ref().take(record.uses as usize);
            let Some(&scope) = tables.by_id.get(&(record.script_node_index, record.scope_id)) else { continue };
            for &[declaring, slot] in own {
                let Some(&declaring) = tables.by_id.get(&(record.script_node_index, declaring)) else { continue };
                if let Some((_, uses)) = tables.scopes[declaring].variables.get_mut(slot as usize)
                    && !uses.contains(&scope)
                {
                    uses.push(scope);
                }
            }
        }
        tables
    }

    /// The scopes that use a variable of a scope of the tables; nothing where the tables do not know it.
    fn uses(&self, strings: &Strings, table: usize, name: &[u8]) -> Option<&[usize]> {
        let is_named = |&variable: &u64| {
            let index = u32::try_from(variable).ok().filter(|&index| (index as usize) < strings.len());
            index.is_some_and(|index| *strings.get(StrIx(index)) == *name)
        };
        let variables = &self.scopes[table].variables;
        variables.iter().find(|(variable, _)| is_named(variable)).map(|(_, uses)| &uses[..])
    }

    /// The contexts that living functions of one of the scopes, or of one around it, reach.
    fn living<'a>(
        &'a self,
        uses: &'a [usize],
        script: NodeIx,
        reached: &'a Reached,
    ) -> impl Iterator<Item = &'a FxHashSet<NodeIx>> {
        let scopes = uses.iter().flat_map(|&using| self.around(using));
        scopes.filter_map(move |scope| reached.get(&(script, self.scopes[scope].id)))
    }

    /// A scope and those around it.
    fn around(&self, scope: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(scope), |&scope| self.scopes[scope].parent)
    }
}

struct Analyzer<'a> {
    heap: &'a Heap,
    tables: Tables,
    context_names: Bits,
    node_fields: u64,
}

/// Finds the dead variables. Empty for files without the tables.
pub(crate) fn analyze(heap: &Heap, meter: &Meter) -> Result<Analysis> {
    let analyzer = Analyzer {
        heap,
        tables: Tables::read(heap),
        context_names: naming::strings_where(heap.columns(), naming::is_context),
        node_fields: heap.columns().header.node_fields.len() as u64,
    };
    let scan = analyzer.scan(meter)?;
    let reached = analyzer.reached_contexts(&scan, meter)?;
    let (found, unknown) = analyzer.known_scopes(scan, meter)?;
    let mut scopes = Vec::new();
    for scope in found {
        meter.check()?;
        scopes.extend(analyzer.dead_scope(scope, &reached));
    }
    scopes.sort_by_key(|scope| analyzer.order(&scope.contexts[0]));
    Ok(Analysis { scopes, unknown })
}

/// What one walk over all nodes finds.
#[derive(Default)]
struct Scan {
    scripts: FxHashMap<NodeIx, Vec<u8>>,
    /// Contexts with what describes their scope.
    contexts: Vec<(NodeIx, NodeIx)>,
    /// Context, script and scope id of every function.
    closures: Vec<(NodeIx, NodeIx, u64)>,
    script_of_scope_info: FxHashMap<NodeIx, Option<NodeIx>>,
}

/// A scope that the tables know, with the names of its variables and all of its contexts.
struct TableScope {
    scope: DeadScope,
    /// Its place in the tables.
    table: usize,
    names: Vec<Vec<u8>>,
    contexts: Vec<NodeIx>,
}

/// Context, script and scope id of a function.
fn function_of(heap: &Heap, closure: NodeIx) -> Option<(NodeIx, NodeIx, u64)> {
    let known = heap.known();
    let shared = heap.internal_target(closure, &known.shared)?;
    let context = heap.internal_target(closure, &known.context)?;
    let script = naming::script_of_shared(heap.columns(), known, shared)?;
    let scope_id = heap.internal_int(shared, &known.scope_id)?;
    Some((context, script, scope_id as u64))
}

/// For a function of a script (script, scope id) the contexts that its living closures reach.
type Reached = FxHashMap<(NodeIx, u64), FxHashSet<NodeIx>>;

impl Analyzer<'_> {
    fn is_context(&self, node: NodeIx) -> bool {
        self.heap.dom().shows(self.heap.columns(), &self.context_names, node)
    }

    fn scan(&self, meter: &Meter) -> Result<Scan> {
        let (heap, known) = (self.heap, self.heap.known());
        let columns = heap.columns();
        let scripts = naming::strings_where(columns, naming::is_script);
        let functions = naming::strings_where(columns, naming::is_shared_function);
        let is = |names: &Bits, node: NodeIx| heap.dom().shows(columns, names, node);
        let mut scan = Scan::default();
        for node in heap.nodes() {
            meter.check_at(node.ix())?;
            if is(&scripts, node) {
                scan.scripts.insert(node, self.script_name(node));
            } else if self.is_context(node) {
                if let Some(scope_info) = heap.internal_target(node, &known.scope_info) {
                    scan.contexts.push((node, scope_info));
                }
            } else if heap.node_type(node) == NodeType::CLOSURE {
                scan.closures.extend(function_of(heap, node));
            } else if is(&functions, node) {
                let scope_info = heap.internal_target(node, &known.name_or_scope_info);
                let script = naming::script_of_shared(columns, known, node);
                if let (Some(scope_info), Some(script)) = (scope_info, script)
                    && known.system_scope_info.contains(columns.nodes.name(scope_info))
                    && is(&scripts, script)
                {
                    scan.script_of_scope_info.insert(scope_info, Some(script));
                }
            }
        }
        Ok(scan)
    }

    fn script_name(&self, script: NodeIx) -> Vec<u8> {
        if let Some(url) = naming::url_of_system_script(&self.heap.raw_name(script)) {
            return url.to_vec();
        }
        let url = self.heap.internal_target(script, &self.heap.known().source_url);
        url.map_or_else(Vec::new, |url| self.heap.name(url).into_owned())
    }

    fn reached_contexts(&self, scan: &Scan, meter: &Meter) -> Result<Reached> {
        let mut reached = Reached::default();
        for (index, &(context, script, scope_id)) in scan.closures.iter().enumerate() {
            meter.check_at(index)?;
            let contexts = reached.entry((script, scope_id)).or_default();
            let mut next = Some(context);
            while let Some(context) = next {
                if !self.is_context(context) || !contexts.insert(context) {
                    break;
                }
                next = self.heap.internal_target(context, &self.heap.known().previous);
            }
        }
        Ok(reached)
    }

    /// The values of the variables of a context, in order.
    fn fields(&self, context: NodeIx) -> impl Iterator<Item = (Vec<u8>, NodeIx)> + '_ {
        let edges = self.heap.columns().edges_of(context);
        edges
            .filter(|&edge| self.heap.edge_type(edge) == EdgeType::CONTEXT)
            .map(|edge| (self.heap.edge_name(edge).into_owned(), self.heap.target(edge)))
    }

    /// Brings contexts, scopes and scripts together. The scopes in the order of their first contexts, then the scripts
    /// about which the file says nothing, in the order of the file.
    fn known_scopes(&self, mut scan: Scan, meter: &Meter) -> Result<(Vec<TableScope>, Vec<UnknownScript>)> {
        let mut places: FxHashMap<NodeIx, usize> = FxHashMap::default();
        let mut found: Vec<TableScope> = Vec::new();
        let mut unknown: FxHashMap<NodeIx, UnknownScript> = FxHashMap::default();
        for (index, (context, scope_info)) in std::mem::take(&mut scan.contexts).into_iter().enumerate() {
            meter.check_at(index)?;
            if let Some(&place) = places.get(&scope_info) {
                found[place].contexts.push(context);
                continue;
            }
            let Some(scope_id) = self.heap.internal_int(scope_info, &self.heap.known().scope_id) else { continue };
            let Some(script) = self.script_of(scope_info, &mut scan.script_of_scope_info) else { continue };
            let Some(script_name) = scan.scripts.get(&script) else { continue };
            if let Some(unknown) = unknown.get_mut(&script) {
                unknown.contexts += 1;
                continue;
            }
            let flat = script.0 as u64 * self.node_fields;
            if !self.tables.scripts.contains(&flat) {
                unknown.insert(script, UnknownScript { script, name: script_name.clone(), contexts: 1 });
                continue;
            }
            let Some(&table) = self.tables.by_id.get(&(flat, scope_id as u64)) else { continue };
            let names: Vec<Vec<u8>> = self.fields(context).map(|(name, _)| name).collect();
            places.insert(scope_info, found.len());
            let scope = DeadScope {
                script,
                script_name: script_name.clone(),
                field_count: names.len(),
                ..self.describe(scope_info)
            };
            found.push(TableScope { scope, table, names, contexts: vec![context] });
        }
        let mut unknown: Vec<UnknownScript> = unknown.into_values().collect();
        unknown.sort_by_key(|script| script.script);
        Ok((found, unknown))
    }

    /// What the description of a scope says of it; the rest is empty.
    fn describe(&self, scope_info: NodeIx) -> DeadScope {
        let (heap, known) = (self.heap, self.heap.known());
        let name = heap.internal_target(scope_info, &known.function_name);
        DeadScope {
            scope_info,
            script: scope_info,
            script_name: Vec::new(),
            name: name.map(|name| heap.name(name).into_owned()),
            start: heap.internal_int(scope_info, &known.start_position).unwrap_or(0),
            end: heap.internal_int(scope_info, &known.end_position).unwrap_or(0),
            field_count: 0,
            contexts: Vec::new(),
        }
    }

    /// The scope with those of its contexts that have dead variables; nothing where there are none.
    fn dead_scope(&self, found: TableScope, reached: &Reached) -> Option<DeadScope> {
        let TableScope { mut scope, table, names, contexts } = found;
        let size = |field: &DeadField| self.heap.retained_size(field.value).unwrap_or(0);
        for context in contexts {
            let values = self.fields(context).map(|(_, value)| value);
            let mut fields = Vec::new();
            for (name, value) in names.iter().zip(values) {
                let uses = self.tables.uses(&self.heap.columns().strings, table, name);
                let is_used =
                    |uses| self.tables.living(uses, scope.script, reached).any(|contexts| contexts.contains(&context));
                if uses.is_some_and(|uses| !is_used(uses)) {
                    fields.push(DeadField { name: name.clone(), value });
                }
            }
            if !fields.is_empty() {
                let dead_size = fields.iter().fold(0, |sum: u64, field| sum.saturating_add(size(field)));
                fields.sort_by_key(|field| Reverse(size(field)));
                scope.contexts.push(DeadContext { context, dead_size, fields });
            }
        }
        scope.contexts.sort_by_key(|context| self.order(context));
        (!scope.contexts.is_empty()).then_some(scope)
    }

    /// Most waste first, then the largest, then the order of the file.
    fn order(&self, context: &DeadContext) -> (Reverse<u64>, Reverse<Option<u64>>, NodeIx) {
        (Reverse(context.dead_size), Reverse(self.heap.retained_size(context.context)), context.context)
    }

    /// The script of a scope: that of its function, or of the nearest one around it.
    fn script_of(&self, scope_info: NodeIx, known: &mut FxHashMap<NodeIx, Option<NodeIx>>) -> Option<NodeIx> {
        let mut visited = Vec::new();
        let mut at = Some(scope_info);
        let script = loop {
            let Some(node) = at else { break None };
            if let Some(&script) = known.get(&node) {
                break script;
            }
            if visited.contains(&node) {
                break None;
            }
            visited.push(node);
            at = self.heap.internal_target(node, &self.heap.known().outer_scope_info);
        };
        known.extend(visited.into_iter().map(|node| (node, script)));
        script
    }
}

/// Which variables of the scopes around one function are used, by it and by anything that lives.
pub(crate) struct Uses<'a> {
    heap: &'a Heap,
    tables: Tables,
    script: NodeIx,
    /// The scope id of the function.
    own: u64,
    /// The place in the tables of each of its contexts.
    contexts: FxHashMap<NodeIx, usize>,
    reached: Reached,
}

/// What the file says of the use of the variables of `contexts`, the scopes around `closure` from the inside out; nothing
/// where it says nothing, or retainers are not known.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn uses_of<'a>(
    heap: &'a Heap,
    closure: NodeIx,
    contexts: &[NodeIx],
    meter: &Meter,
) -> Result<Option<Uses<'a>>> {
    if heap.columns().scopes.scopes.is_empty() || heap.retainers().is_none() {
        return Ok(None);
    }
    let Some((_, script, own)) = function_of(heap, closure) else { return Ok(None) };
    let tables = Tables::read(heap);
    let flat = script.0 as u64 * heap.columns().header.node_fields.len() as u64;
    let table = |&context: &NodeIx| {
        let scope_info = heap.internal_target(context, &heap.known().scope_info)?;
        let scope_id = heap.internal_int(scope_info, &heap.known().scope_id)?;
        Some((context, *tables.by_id.get(&(flat, scope_id as u64))?))
    };
    let contexts: FxHashMap<NodeIx, usize> = contexts.iter().filter_map(table).collect();
    let mut reached = Reached::default();
    for &context in contexts.keys() {
        for (script, scope_id) in functions_over(heap, context, meter)? {
            reached.entry((script, scope_id)).or_default().insert(context);
        }
    }
    Ok(Some(Uses { heap, tables, script, own, contexts, reached }))
}

/// The functions (script, scope id) whose scope is `context` or stands in it.
fn functions_over(heap: &Heap, context: NodeIx, meter: &Meter) -> Result<FxHashSet<(NodeIx, u64)>> {
    let known = heap.known();
    let mut found = FxHashSet::default();
    let mut seen = FxHashSet::from_iter([context]);
    let (mut open, mut looked_at) = (vec![context], 0);
    while let Some(context) = open.pop() {
        for (edge, from) in heap.shown_retainers(context) {
            looked_at += 1;
            meter.check_at(looked_at)?;
            if heap.edge_type(edge) != EdgeType::INTERNAL {
                continue;
            }
            let name = heap.columns().edges.name(edge);
            if known.context.contains(name) && heap.node_type(from) == NodeType::CLOSURE {
                found.extend(function_of(heap, from).map(|(_, script, scope_id)| (script, scope_id)));
            } else if known.previous.contains(name) && naming::is_context(&heap.raw_name(from)) && seen.insert(from) {
                open.push(from);
            }
        }
    }
    Ok(found)
}

impl Uses<'_> {
    /// Whether the function, or one made in it, uses a variable, and whether anything that lives does; nothing where the
    /// file does not know the variable.
    pub(crate) fn of(&self, context: NodeIx, name: &[u8]) -> Option<(bool, bool)> {
        let table = *self.contexts.get(&context)?;
        let uses = self.tables.uses(&self.heap.columns().strings, table, name)?;
        let is_own = |scope: usize| self.tables.scopes[scope].id == self.own;
        let used = uses.iter().any(|&using| self.tables.around(using).any(is_own));
        let mut living = self.tables.living(uses, self.script, &self.reached);
        Some((used, living.any(|contexts| contexts.contains(&context))))
    }
}

#[cfg(test)]
#[path = "closures_tests.rs"]
pub(crate) mod tests;
