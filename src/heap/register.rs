//! The register of all that a heap consists of: every array by name, with the product that it belongs to.
//!
//! A heap can be taken apart into these parts and be put together again without computing anything. What keeps parts on
//! disk (`kept.rs`) or hands them to other programs goes through here. Nothing here looks into the arrays: whoever keeps
//! parts knows that they are whole.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::kept::Kept;
use super::wants::{Product, Wants};
use super::{Heap, Products};
use crate::base::array::Part;
use crate::columns::{Columns, Producer};
use crate::error::{FormatError, Result};
use crate::index::{Ephemerons, Ground, Known, Roots};

/// An array of a heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ArrayEntry {
    pub name: &'static str,
    /// The product that the array is a part of; nothing for what every heap has.
    pub product: Option<Product>,
}

/// What every heap has, while it is put together.
#[derive(Default)]
struct BaseParts {
    ground: GroundParts,
    producer: Producer,
}

#[derive(Default)]
struct GroundParts {
    columns: Columns,
    known: Known,
    ephemerons: Ephemerons,
    roots: Roots,
}

/// Where the parts of a heap come from: for an entry the bytes that an item takes, and all bytes. Nothing for what is
/// not kept.
pub(crate) type PartSource<'a> = dyn FnMut(&'static ArrayEntry) -> Option<(usize, Bytes)> + 'a;

/// The part called `name`, unless it is not kept.
fn find<P: Part>(name: &'static str, from: &mut PartSource<'_>) -> Result<Option<P>> {
    let entry = ENTRIES.iter().find(|entry| entry.name == name).expect("made from the same list");
    let Some((width, bytes)) = from(entry) else { return Ok(None) };
    match P::from_part(width, bytes) {
        Some(part) => Ok(Some(part)),
        None => Err(FormatError::new(name, None, "is no part of a heap").into()),
    }
}

/// Takes the part called `name` into its place; false where it is not kept.
fn fill<P: Part>(name: &'static str, place: &mut P, from: &mut PartSource<'_>) -> Result<bool> {
    let part = find(name, from)?;
    let is_there = part.is_some();
    if let Some(part) = part {
        *place = part;
    }
    Ok(is_there)
}

fn empty<T: Default>(_of: &OnceLock<T>) -> T {
    T::default()
}

macro_rules! register {
    (
        base { $($base_name:literal = $(.$base_field:ident)+;)* }
        $($product:ident $cell:ident { $($name:literal = $(.$field:ident)*;)* })*
    ) => {
        /// All arrays of a heap, in the order in which they are visited.
        pub(crate) static ENTRIES: &[ArrayEntry] = &[
            $(ArrayEntry { name: $base_name, product: None },)*
            $($(ArrayEntry { name: $name, product: Some(Product::$product) },)*)*
        ];

        impl Wants {
            /// All that stays: products with arrays. The others are scratch.
            pub(crate) const STAYING: Wants = Wants::of(&[$(Product::$product),*]);
        }

        impl Heap {
            /// Whether a product is there, with all that belongs to it. Scratch never is.
            pub(crate) fn has(&self, product: Product) -> bool {
                $(if product == Product::$product && self.products.$cell.get().is_none() {
                    return false;
                })*
                Wants::STAYING.contains(product)
            }

            /// Shows every array that is there: its entry, the bytes that an item takes, and all bytes in the byte
            /// order of this machine.
            pub(crate) fn visit_parts(&self, visit: &mut dyn FnMut(&'static ArrayEntry, usize, &[u8])) {
                let mut entries = ENTRIES.iter();
                let mut show = |part: Option<(usize, Cow<'_, [u8]>)>| {
                    let entry = entries.next().expect("one entry for each part");
                    if let Some((width, bytes)) = part {
                        visit(entry, width, &bytes);
                    }
                };
                $(show(Some(self$(.$base_field)+.part()));)*
                $($(show(self.products.$cell.get().map(|product| product$(.$field)*.part()));)*)*
            }
        }

        fn base(from: &mut PartSource<'_>) -> Result<BaseParts> {
            let mut base = BaseParts::default();
            $(if !fill($base_name, &mut base$(.$base_field)+, from)? {
                return Err(FormatError::new($base_name, None, "is missing").into());
            })*
            Ok(base)
        }

        impl Heap {
            /// Publishes a product made of parts, without computing anything; false where one of them is not kept.
            ///
            /// # Errors
            /// `Error::Format` with the name of a part that cannot be what it should.
            pub(crate) fn put(&self, product: Product, from: &mut PartSource<'_>) -> Result<bool> {
                $(if product == Product::$product {
                    let mut value = empty(&self.products.$cell);
                    if !($(fill($name, &mut value$(.$field)*, from)? &&)* true) {
                        return Ok(false);
                    }
                    self.publish(|products| &products.$cell, value);
                })*
                Ok(true)
            }
        }
    };
}

register! {
    base {
        "header" = .ground.columns.header;
        "types" = .ground.columns.types;
        "warnings" = .ground.columns.warnings;
        "cut off" = .ground.columns.is_cut_off;
        "file bytes" = .ground.columns.file_bytes;
        "producer" = .producer;
        "node types" = .ground.columns.nodes.types;
        "node names" = .ground.columns.nodes.names;
        "node ids" = .ground.columns.nodes.ids;
        "self sizes" = .ground.columns.nodes.self_sizes;
        "first edges" = .ground.columns.nodes.first_edges;
        "detachedness" = .ground.columns.nodes.detachedness;
        "trace nodes" = .ground.columns.nodes.trace_nodes;
        "edges" = .ground.columns.edges.links;
        "large edge names" = .ground.columns.edges.large;
        "string bytes" = .ground.columns.strings.bytes;
        "string ends" = .ground.columns.strings.ends;
        "coded strings" = .ground.columns.strings.coded;
        "located nodes" = .ground.columns.locations.nodes;
        "locations" = .ground.columns.locations.places;
        "script nodes" = .ground.columns.locations.scripts;
        "sample times" = .ground.columns.samples.timestamps_us;
        "sample ids" = .ground.columns.samples.last_assigned_ids;
        "trace functions" = .ground.columns.trace_functions;
        "call sites" = .ground.columns.trace_tree.ids;
        "called functions" = .ground.columns.trace_tree.functions;
        "call counts" = .ground.columns.trace_tree.counts;
        "call sizes" = .ground.columns.trace_tree.sizes;
        "callers" = .ground.columns.trace_tree.parents;
        "call sites by id" = .ground.columns.trace_tree.by_id.dense;
        "large call site ids" = .ground.columns.trace_tree.by_id.large;
        "call sites by large id" = .ground.columns.trace_tree.by_id.large_sites;
        "problem of call sites" = .ground.columns.trace_tree.problem;
        "scopes" = .ground.columns.scopes.scopes;
        "scope variables" = .ground.columns.scopes.variables;
        "scope uses" = .ground.columns.scopes.uses;
        "known names" = .ground.known;
        "table half names" = .ground.ephemerons.names;
        "table halves" = .ground.ephemerons.halves;
        "roots" = .ground.roots;
    }
    DomState dom {
        "DOM states" = .states;
        "DOM prefixes" = .prefixes;
    }
    ShallowSizes total_size {
        "total size" = ;
    }
    ShallowSizes shallow {
        "shallow sizes" = ;
    }
    Classes classes {
        "classes" = .of_node;
        "class list" = .list;
        "class names" = .names;
        "interfaces" = .interfaces;
    }
    Scripts scripts {
        "script names" = .names;
    }
    PageObjects page_objects {
        "page objects" = ;
    }
    Preorder preorder {
        "preorder" = .order;
        "subtrees" = .subtrees;
    }
    TreePlaces tree_places {
        "dominators" = .parents;
        "positions" = .positions;
    }
    Distances distances {
        "distances" = ;
    }
    Retainers retainers {
        "first retainers" = .first;
        "retainers" = .edges;
    }
    Queriable queriable {
        "queriable" = .by_devtools;
        "reachable" = .by_program;
    }
    RetainedSizes retained {
        "retained sizes" = ;
    }
    LateWarnings late_warnings {
        "late warnings" = ;
    }
    NativeContexts contexts {
        "native contexts" = .contexts;
        "context owners" = .owners;
    }
}

impl Heap {
    /// Puts together what every heap has; [`Heap::put`] adds products.
    ///
    /// # Errors
    /// `Error::Format` with the name of a part that is missing or that cannot be what it should.
    pub(crate) fn of_base(wants: Wants, from: &mut PartSource<'_>) -> Result<Heap> {
        let BaseParts { ground: GroundParts { columns, known, ephemerons, roots }, producer } = base(from)?;
        let ground = Ground {
            columns: Arc::new(columns),
            known: Arc::new(known),
            ephemerons: Arc::new(ephemerons),
            roots: Arc::new(roots),
        };
        Ok(Heap { ground, producer, wants, products: Products::default(), kept: Kept::default() })
    }
}

#[cfg(test)]
#[path = "register_tests.rs"]
mod tests;
