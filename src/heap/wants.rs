//! What can be computed about a snapshot, and sets of it: what a load is asked for.

use std::fmt;

/// A thing that a stage of a load gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Product {
    /// Which DOM nodes are attached.
    DomState,
    /// Shallow sizes and their sum.
    ShallowSizes,
    Classes,
    /// Names of scripts.
    Scripts,
    /// Scratch of the dominators: the depth-first search. Gone once the next stage has taken it.
    Search,
    /// Scratch of the dominators: the search with its cross edges by target.
    Predecessors,
    /// Scratch of the dominators: who dominates whom, in numbers of the search.
    ImmediateDominators,
    /// Which nodes are the page's rather than the debugger's.
    PageObjects,
    /// The dominator tree in preorder.
    Preorder,
    /// Where each node stands in the dominator tree.
    TreePlaces,
    Distances,
    Retainers,
    /// What programs can reach over their own properties.
    Queriable,
    RetainedSizes,
    /// What is odd about the file and takes a walk to find.
    LateWarnings,
    /// Whose window or realm each node is; computed when somebody asks unless a load wants it.
    NativeContexts,
}

impl Product {
    pub(crate) const ALL: [Product; 16] = [
        Product::DomState,
        Product::ShallowSizes,
        Product::Classes,
        Product::Scripts,
        Product::Search,
        Product::Predecessors,
        Product::ImmediateDominators,
        Product::PageObjects,
        Product::Preorder,
        Product::TreePlaces,
        Product::Distances,
        Product::Retainers,
        Product::Queriable,
        Product::RetainedSizes,
        Product::LateWarnings,
        Product::NativeContexts,
    ];
}

/// A set of products.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Wants(u32);

impl Wants {
    pub(crate) const NONE: Wants = Wants(0);
    /// What the first table of the explorer shows: sizes, classes, places.
    pub(crate) const SUMMARY: Wants =
        Wants::of(&[Product::DomState, Product::ShallowSizes, Product::Classes, Product::Scripts]);
    /// A table of all classes: counts, distances, shallow and retained sizes, places.
    pub(crate) const ALL_CLASSES: Wants = Wants::SUMMARY.and(Wants::of(&[
        Product::Distances,
        Product::Preorder,
        Product::RetainedSizes,
        Product::LateWarnings,
    ]));
    /// The columns of any table of classes, of whichever objects.
    pub(crate) const CLASS_ROWS: Wants = Wants::ALL_CLASSES.and(Wants::of(&[Product::TreePlaces]));
    /// The columns of a table of objects, and the marks behind their names.
    pub(crate) const OBJECT_ROWS: Wants = Wants::CLASS_ROWS.and(Wants::of(&[Product::Queriable]));
    /// Objects, and who refers to them.
    pub(crate) const RETAINER_ROWS: Wants = Wants::OBJECT_ROWS.and(Wants::of(&[Product::Retainers]));
    /// Shallow sizes by kind of node or by call site, whatever the classes and the roots: Statistics, Allocation.
    pub(crate) const SIZES: Wants = Wants::of(&[Product::ShallowSizes, Product::LateWarnings]);
    /// What the explorer shows, sooner or later. Native contexts wait until somebody asks.
    pub(crate) const ALL: Wants = Wants::RETAINER_ROWS.and(Wants::of(&[Product::PageObjects]));

    pub(crate) const fn of(products: &[Product]) -> Wants {
        let (mut set, mut at) = (0, 0);
        while at < products.len() {
            set |= 1 << products[at] as u32;
            at += 1;
        }
        Wants(set)
    }

    /// What is in one of the two.
    #[must_use]
    pub(crate) const fn and(self, other: Wants) -> Wants {
        Wants(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub(crate) const fn common(self, other: Wants) -> Wants {
        Wants(self.0 & other.0)
    }

    #[must_use]
    pub(crate) const fn without(self, other: Wants) -> Wants {
        Wants(self.0 & !other.0)
    }

    pub(crate) const fn contains(self, product: Product) -> bool {
        self.0 >> product as u32 & 1 != 0
    }

    /// Whether all of `other` is in it.
    pub(crate) const fn covers(self, other: Wants) -> bool {
        other.without(self).0 == 0
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Debug for Wants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(Product::ALL.iter().filter(|&&product| self.contains(product))).finish()
    }
}
