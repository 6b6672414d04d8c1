//! What every snapshot begins with: roots, the global object, shapes and prototypes, a little code, the collections of
//! orders, and the strings that many nodes share. Much less of it than a real engine has, so that a file of 1 MB still
//! consists of orders.

use super::orders::{Collection, Orders};
use super::{EdgeType, Edges, Node, NodeType, mixed};

/// The nodes before the collections.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(super) enum Fixed {
    Root,
    GcRoots,
    StrongRoots,
    Global,
    NativeContext,
    Shop,
    Shards,
    ShardElements,
    FunctionPrototype,
    ObjectPrototype,
    ArrayPrototype,
    MapPrototype,
    SetPrototype,
    OrderPrototype,
    CustomerPrototype,
    /// A closure: the constructor of orders.
    OrderClass,
    CustomerClass,
    Code,
    SharedFunction,
    FeedbackCell,
    ScopeInfo,
    Script,
    /// The shape of all shapes; those of [`Shape`] follow.
    MetaShape,
}

/// Shapes, each a node.
#[derive(Clone, Copy)]
#[repr(u64)]
pub(super) enum Shape {
    Object,
    Array,
    Map,
    Set,
    Order,
    Customer,
    Address,
    Item,
    Function,
    Context,
    String,
    ConsString,
    Number,
    Properties,
    Table,
}

const FIXED: u64 = Fixed::MetaShape as u64 + 1;
const SHAPES: u64 = Shape::Table as u64 + 1;
/// What orders name again and again, each a string of its own: cities, countries, products, labels, hosts.
const WORDS: [(&str, u64); 5] = [("city", 300), ("country", 8), ("sku", 600), ("label", 24), ("mail", 12)];

/// Names that are not made of numbers.
const NAMES: [&str; 70] = [
    "<dummy>",
    "",
    "(GC roots)",
    "(Strong roots)",
    "global",
    "system / NativeContext",
    "Shop",
    "Array",
    "(object elements)",
    "Object",
    "Map",
    "Set",
    "Order",
    "Customer",
    "system / Map",
    "(map descriptors)",
    "code",
    "system / SharedFunctionInfo",
    "system / FeedbackCell",
    "system / ScopeInfo",
    "system / Script",
    "Address",
    "system / Context",
    "system / PropertyArray",
    "(concatenated string)",
    "heap number",
    "onChange",
    "__proto__",
    "map",
    "properties",
    "elements",
    "table",
    "context",
    "shared",
    "feedback_cell",
    "scope_info",
    "previous",
    "first",
    "second",
    "prototype",
    "constructor",
    "orders",
    "shop",
    "shards",
    "globalThis",
    "script",
    "name_or_scope_info",
    "id",
    "customer",
    "items",
    "total",
    "next",
    "referrer",
    "name",
    "email",
    "address",
    "tags",
    "city",
    "country",
    "street",
    "zip",
    "sku",
    "price",
    "order",
    "handler",
    "history",
    "(code)",
    "global_object",
    "function_map",
    "server.js",
];

/// Where a name stands in the strings.
pub(super) fn name(text: &str) -> u64 {
    NAMES.iter().position(|&name| name == text).expect("one of NAMES") as u64
}

pub(super) struct Head {
    /// The numbers that name elements: 0 to the last place of a table.
    numbers: u64,
    collections: u64,
}

impl Head {
    pub(super) fn of(orders: &Orders) -> Head {
        Head { numbers: orders.table_places(), collections: orders.collections() }
    }

    /// The shapes, then the shared strings, then the collections: a Map and its table each.
    pub(super) fn nodes(&self) -> u64 {
        self.first_collection() + 2 * self.collections
    }

    fn first_word() -> u64 {
        FIXED + SHAPES
    }

    fn words() -> u64 {
        WORDS.iter().map(|&(_, count)| count).sum()
    }

    fn first_collection(&self) -> u64 {
        Head::first_word() + Head::words()
    }

    pub(super) fn shape(&self, shape: Shape) -> u64 {
        FIXED + shape as u64
    }

    /// Any of the shared strings of a kind, chosen by `number`.
    pub(super) fn word(&self, kind: &str, number: u64) -> u64 {
        let mut first = Head::first_word();
        for (name, count) in WORDS {
            if name == kind {
                return first + number % count;
            }
            first += count;
        }
        unreachable!("one of WORDS")
    }

    /// The name of the element with this number.
    pub(super) fn number_name(&self, number: u64) -> u64 {
        NAMES.len() as u64 + Head::words() + number
    }

    /// How many strings stand before those of the orders.
    pub(super) fn string_count(&self) -> u64 {
        self.number_name(self.numbers)
    }

    pub(super) fn strings(&self, each: &mut dyn FnMut(&str)) {
        NAMES.iter().for_each(|name| each(name));
        for (kind, count) in WORDS {
            (0..count).for_each(|number| each(&format!("{kind}-{:x}", mixed(number) >> 44)));
        }
        (0..self.numbers).for_each(|number| each(&number.to_string()));
    }

    pub(super) fn node(&self, at: u64) -> Node {
        use NodeType::{Array, Closure, Code, Hidden, Object, Shape, String, Synthetic};

        if at >= self.first_collection() {
            let is_map = (at - self.first_collection()).is_multiple_of(2);
            return if is_map { (Object, name("Map"), 32) } else { (Array, name(""), 64 + 24 * self.numbers / 3) };
        }
        if at >= Head::first_word() {
            return (String, NAMES.len() as u64 + at - Head::first_word(), 24);
        }
        if at >= Fixed::MetaShape as u64 {
            return (Shape, name("system / Map"), 80);
        }
        let nodes = [
            (Synthetic, "", 0),
            (Synthetic, "(GC roots)", 0),
            (Synthetic, "(Strong roots)", 0),
            (Object, "global", 40),
            (Hidden, "system / NativeContext", 2304),
            (Object, "Shop", 40),
            (Object, "Array", 32),
            (Array, "(object elements)", 16 + 8 * self.collections),
            (Object, "Object", 64),
            (Object, "Object", 64),
            (Object, "Array", 64),
            (Object, "Object", 64),
            (Object, "Object", 64),
            (Object, "Order", 64),
            (Object, "Customer", 64),
            (Closure, "Order", 64),
            (Closure, "Customer", 64),
            (Code, "code", 120),
            (Code, "system / SharedFunctionInfo", 64),
            (Code, "system / FeedbackCell", 24),
            (Code, "system / ScopeInfo", 48),
            (Code, "system / Script", 120),
        ];
        let (node_type, text, size) = nodes[at as usize];
        (node_type, name(text), size)
    }

    pub(super) fn edges(&self, at: u64, orders: &Orders, edges: Edges<'_>) {
        use EdgeType::{Element, Internal, Property, Shortcut, Weak};
        use Fixed::*;

        let mut add = |edge_type, text, to: u64| edges(edge_type, name(text), to);
        if at >= self.first_collection() {
            let place = at - self.first_collection();
            let collection = orders.collection(place / 2);
            return match place.is_multiple_of(2) {
                true => {
                    add(Property, "__proto__", MapPrototype as u64);
                    add(Internal, "table", at + 1);
                    add(Internal, "map", self.shape(Shape::Map));
                }
                false => self.table(collection, orders, edges),
            };
        }
        if at >= Head::first_word() {
            return add(Internal, "map", self.shape(Shape::String));
        }
        if at >= MetaShape as u64 {
            add(Internal, "map", MetaShape as u64);
            let prototypes = [
                ObjectPrototype,
                ArrayPrototype,
                MapPrototype,
                SetPrototype,
                OrderPrototype,
                CustomerPrototype,
                ObjectPrototype,
                ObjectPrototype,
                FunctionPrototype,
            ];
            if let Some(&prototype) = at.checked_sub(FIXED).and_then(|shape| prototypes.get(shape as usize)) {
                add(Internal, "prototype", prototype as u64);
                add(Internal, "constructor", NativeContext as u64);
            }
            return;
        }
        const PLACES: [Fixed; FIXED as usize] = [
            Root,
            GcRoots,
            StrongRoots,
            Global,
            NativeContext,
            Shop,
            Shards,
            ShardElements,
            FunctionPrototype,
            ObjectPrototype,
            ArrayPrototype,
            MapPrototype,
            SetPrototype,
            OrderPrototype,
            CustomerPrototype,
            OrderClass,
            CustomerClass,
            Code,
            SharedFunction,
            FeedbackCell,
            ScopeInfo,
            Script,
            MetaShape,
        ];
        match PLACES[at as usize] {
            Root => {
                edges(Element, 1, GcRoots as u64);
                edges(Shortcut, name("globalThis"), Global as u64);
            }
            GcRoots => edges(Element, 1, StrongRoots as u64),
            StrongRoots => {
                let fixed = [NativeContext, Code, ScopeInfo, Script].map(|node| node as u64);
                let shared = Head::first_word()..self.first_collection();
                let all = fixed.into_iter().chain(MetaShape as u64..Head::first_word()).chain(shared);
                all.enumerate().for_each(|(number, node)| edges(Element, number as u64 + 1, node));
            }
            Global => {
                add(Property, "shop", Shop as u64);
                add(Property, "Order", OrderClass as u64);
                add(Property, "Customer", CustomerClass as u64);
                add(Property, "__proto__", ObjectPrototype as u64);
                add(Internal, "map", self.shape(Shape::Object));
            }
            NativeContext => {
                add(Internal, "global_object", Global as u64);
                add(Internal, "function_map", self.shape(Shape::Function));
                add(Internal, "scope_info", ScopeInfo as u64);
                let prototypes =
                    [FunctionPrototype, ObjectPrototype, ArrayPrototype, MapPrototype, SetPrototype].into_iter();
                prototypes.for_each(|prototype| add(Internal, "prototype", prototype as u64));
            }
            Shop => {
                add(Property, "orders", Shards as u64);
                add(Property, "__proto__", ObjectPrototype as u64);
                add(Internal, "map", self.shape(Shape::Object));
            }
            Shards => {
                add(Property, "__proto__", ArrayPrototype as u64);
                add(Internal, "elements", ShardElements as u64);
                add(Internal, "map", self.shape(Shape::Array));
                (0..self.collections).for_each(|map| edges(Element, map, self.first_collection() + 2 * map));
            }
            ShardElements => {
                let named = |map| self.number_name(map % self.numbers);
                (0..self.collections).for_each(|map| edges(Internal, named(map), self.first_collection() + 2 * map));
            }
            ObjectPrototype => add(Internal, "map", self.shape(Shape::Object)),
            FunctionPrototype | ArrayPrototype | MapPrototype | SetPrototype => {
                add(Property, "__proto__", ObjectPrototype as u64);
                add(Internal, "map", self.shape(Shape::Object));
            }
            OrderPrototype | CustomerPrototype => {
                let class = if at == OrderPrototype as u64 { OrderClass } else { CustomerClass };
                add(Property, "constructor", class as u64);
                add(Property, "__proto__", ObjectPrototype as u64);
                add(Internal, "map", self.shape(Shape::Object));
            }
            OrderClass | CustomerClass => {
                let prototype = if at == OrderClass as u64 { OrderPrototype } else { CustomerPrototype };
                add(Property, "prototype", prototype as u64);
                add(Property, "__proto__", FunctionPrototype as u64);
                add(Internal, "context", NativeContext as u64);
                add(Internal, "shared", SharedFunction as u64);
                add(Internal, "feedback_cell", FeedbackCell as u64);
                add(Internal, "code", Code as u64);
                add(Internal, "map", self.shape(Shape::Function));
            }
            SharedFunction => {
                add(Internal, "script", Script as u64);
                add(Internal, "name_or_scope_info", ScopeInfo as u64);
                add(Weak, "code", Code as u64);
            }
            Code | FeedbackCell | ScopeInfo | Script | MetaShape => {}
        }
    }

    /// The table behind a Map: key and value of each entry, three places an entry.
    fn table(&self, collection: Collection, orders: &Orders, edges: Edges<'_>) {
        edges(EdgeType::Internal, name("map"), self.shape(Shape::Table));
        for (entry, order) in collection.orders().enumerate() {
            let [key, value] = orders.entry(order);
            edges(EdgeType::Internal, self.number_name(entry as u64 * 3), key);
            edges(EdgeType::Internal, self.number_name(entry as u64 * 3 + 1), value);
        }
    }
}
