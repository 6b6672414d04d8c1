//! An order: 24 nodes and about 77 references, in the proportions of a heap of a hundred megabytes. Orders stand in
//! collections, and within one as the engine meets them: all orders, then what each refers to, then what is behind that.

use std::ops::Range;

use super::head::{Fixed, Head, Shape, name};
use super::{EdgeType, Edges, Node, NodeType, mixed};

/// Nodes of an order.
pub(super) const NODES: u64 = 24;
/// Strings that only one order has.
pub(super) const STRINGS: u64 = 4;
/// How many nodes of an order stand in each layer of its collection.
const LAYERS: [u64; 4] = [1, 3, 6, 14];
/// Orders in a collection, at most.
const LARGEST: u64 = 10_000;

/// The nodes of an order by slot.
mod slot {
    pub(super) const ORDER: u64 = 0;
    pub(super) const CUSTOMER: u64 = 1;
    pub(super) const ITEMS: u64 = 2;
    pub(super) const CONTEXT: u64 = 3;
    pub(super) const ADDRESS: u64 = 4;
    pub(super) const ELEMENTS: u64 = 5;
    pub(super) const PROPERTIES: u64 = 6;
    pub(super) const HANDLER: u64 = 7;
    pub(super) const TAGS: u64 = 8;
    pub(super) const ID: u64 = 9;
    pub(super) const ITEM: u64 = 10;
    pub(super) const TAG_TABLE: u64 = 13;
    pub(super) const HISTORY: u64 = 14;
    pub(super) const EMAIL: u64 = 15;
    pub(super) const EMAIL_FIRST: u64 = 16;
    pub(super) const NAME: u64 = 17;
    pub(super) const TOTAL: u64 = 18;
    pub(super) const PRICE: u64 = 19;
    pub(super) const LAST_PRICE: u64 = 20;
    pub(super) const STREET: u64 = 21;
    pub(super) const NOTE: u64 = 22;
    pub(super) const ZIP: u64 = 23;
}

pub(super) struct Orders {
    pub(super) count: u64,
    /// Orders a collection; the last one may have fewer.
    size: u64,
    /// Nodes before the first collection.
    before: u64,
}

/// Some orders that stand together.
pub(super) struct Collection {
    first: u64,
    count: u64,
}

impl Collection {
    pub(super) fn orders(&self) -> Range<u64> {
        self.first..self.first + self.count
    }
}

impl Orders {
    pub(super) fn of(count: u64) -> Orders {
        let size = count.div_ceil(4).clamp(1, LARGEST);
        let mut orders = Orders { count, size, before: 0 };
        orders.before = Head::of(&orders).nodes();
        orders
    }

    pub(super) fn collections(&self) -> u64 {
        self.count.div_ceil(self.size)
    }

    pub(super) fn collection(&self, number: u64) -> Collection {
        let first = number * self.size;
        Collection { first, count: self.size.min(self.count - first) }
    }

    /// Places that the table of a collection has.
    pub(super) fn table_places(&self) -> u64 {
        self.size * 3
    }

    /// Which node a slot of an order is.
    pub(super) fn place(&self, order: u64, slot: u64) -> u64 {
        let Collection { first, count } = self.collection(order / self.size);
        let (mut before, mut in_layer) = (0, slot);
        for width in LAYERS {
            if in_layer < width {
                return self.before + first * NODES + before * count + (order - first) * width + in_layer;
            }
            (before, in_layer) = (before + width, in_layer - width);
        }
        unreachable!("one of {NODES} slots")
    }

    /// Order and slot of all nodes, as they stand in the file.
    pub(super) fn each_node(&self, visit: &mut dyn FnMut(u64, u64) -> std::io::Result<()>) -> std::io::Result<()> {
        for number in 0..self.collections() {
            let mut first_slot = 0;
            for width in LAYERS {
                for order in self.collection(number).orders() {
                    (first_slot..first_slot + width).try_for_each(|slot| visit(order, slot))?;
                }
                first_slot += width;
            }
        }
        Ok(())
    }

    /// Key and value of an order in the table of its collection.
    pub(super) fn entry(&self, order: u64) -> [u64; 2] {
        [self.place(order, slot::ID), self.place(order, slot::ORDER)]
    }

    pub(super) fn node(&self, order: u64, slot: u64, head: &Head) -> Node {
        use NodeType::{Array, Closure, ConsString, Hidden, Number, Object, String};

        let own = |number: u64| head.string_count() + order * STRINGS + number;
        let of_length = |text: usize| (text as u64 + 16).next_multiple_of(8);
        match slot {
            slot::ORDER => (Object, name("Order"), 72),
            slot::CUSTOMER => (Object, name("Customer"), 64),
            slot::ITEMS => (Object, name("Array"), 32),
            slot::CONTEXT => (Object, name("system / Context"), 40),
            slot::ADDRESS => (Object, name("Object"), 56),
            slot::ELEMENTS => (Array, name("(object elements)"), 40),
            slot::PROPERTIES => (Hidden, name("system / PropertyArray"), 40),
            slot::HANDLER => (Closure, name("onChange"), 64),
            slot::TAGS => (Object, name("Set"), 32),
            slot::ID => (String, own(0), 24),
            slot::TAG_TABLE => (Array, name(""), 104),
            slot::HISTORY => (Array, name("(object elements)"), 32 + mixed(order ^ 0x51) % 4 * 8),
            slot::EMAIL => (ConsString, name("(concatenated string)"), 32),
            slot::EMAIL_FIRST => (String, own(1), 32),
            slot::NAME => (String, head.number_name(mixed(order ^ 0x17) % head_names(self)), 24),
            slot::TOTAL | slot::PRICE | slot::LAST_PRICE => (Number, name("heap number"), 16),
            slot::STREET => (String, own(2), 32),
            slot::NOTE => (String, own(3), of_length(note_length(order))),
            slot::ZIP => (String, head.number_name(mixed(order ^ 0x2f) % head_names(self)), 24),
            slot::ITEM..slot::TAG_TABLE => (Object, name("Object"), 48),
            _ => unreachable!("one of {NODES} slots"),
        }
    }

    pub(super) fn edges(&self, order: u64, slot: u64, head: &Head, edges: Edges<'_>) {
        use EdgeType::{Context, Element, Hidden, Internal, Property, Weak};

        let mut to = |edge_type, text, end: u64| edges(edge_type, name(text), end);
        let own = |slot: u64| self.place(order, slot);
        let shape = |shape| head.shape(shape);
        match slot {
            slot::ORDER => {
                to(Property, "id", own(slot::ID));
                to(Property, "customer", own(slot::CUSTOMER));
                to(Property, "items", own(slot::ITEMS));
                to(Property, "total", own(slot::TOTAL));
                if !(order + 1).is_multiple_of(self.size) && order + 1 < self.count {
                    to(Property, "next", self.place(order + 1, slot::ORDER));
                }
                // Every second customer was sent by another one, of whatever order.
                let other = mixed(order);
                if other.is_multiple_of(2) {
                    to(Property, "referrer", self.place((other >> 1) % self.count, slot::CUSTOMER));
                }
                if order.is_multiple_of(50) {
                    to(Weak, "previous", self.place(mixed(order ^ 0x77) % self.count, slot::ORDER));
                }
                to(Property, "__proto__", Fixed::OrderPrototype as u64);
                to(Internal, "elements", own(slot::HISTORY));
                to(Internal, "map", shape(Shape::Order));
            }
            slot::CUSTOMER => {
                to(Property, "name", own(slot::NAME));
                to(Property, "email", own(slot::EMAIL));
                to(Property, "address", own(slot::ADDRESS));
                to(Property, "tags", own(slot::TAGS));
                to(Property, "__proto__", Fixed::CustomerPrototype as u64);
                to(Internal, "properties", own(slot::PROPERTIES));
                to(Internal, "map", shape(Shape::Customer));
            }
            slot::ITEMS => {
                to(Property, "__proto__", Fixed::ArrayPrototype as u64);
                to(Internal, "elements", own(slot::ELEMENTS));
                to(Internal, "map", shape(Shape::Array));
                (0..3).for_each(|item| edges(Element, item, own(slot::ITEM + item)));
            }
            slot::CONTEXT => {
                to(Context, "order", own(slot::ORDER));
                to(Context, "handler", own(slot::HANDLER));
                to(Internal, "scope_info", Fixed::ScopeInfo as u64);
                to(Internal, "previous", Fixed::NativeContext as u64);
                to(Internal, "map", shape(Shape::Context));
            }
            slot::ADDRESS => {
                to(Property, "city", head.word("city", mixed(order ^ 0x3)));
                to(Property, "country", head.word("country", mixed(order ^ 0x5)));
                to(Property, "street", own(slot::STREET));
                to(Property, "zip", own(slot::ZIP));
                to(Property, "__proto__", Fixed::ObjectPrototype as u64);
                to(Internal, "map", shape(Shape::Address));
            }
            slot::ELEMENTS => {
                (0..3).for_each(|item| edges(Internal, head.number_name(item), own(slot::ITEM + item)));
            }
            slot::PROPERTIES => {
                edges(Internal, head.number_name(0), own(slot::HANDLER));
                edges(Internal, head.number_name(1), own(slot::LAST_PRICE));
                edges(Internal, name("map"), shape(Shape::Properties));
            }
            slot::HANDLER => {
                to(Property, "__proto__", Fixed::FunctionPrototype as u64);
                to(Internal, "context", own(slot::CONTEXT));
                to(Internal, "shared", Fixed::SharedFunction as u64);
                to(Internal, "feedback_cell", Fixed::FeedbackCell as u64);
                to(Internal, "code", Fixed::Code as u64);
                to(Internal, "map", shape(Shape::Function));
            }
            slot::TAGS => {
                to(Property, "__proto__", Fixed::SetPrototype as u64);
                to(Internal, "table", own(slot::TAG_TABLE));
                to(Internal, "map", shape(Shape::Set));
            }
            slot::TAG_TABLE => {
                edges(Internal, head.number_name(0), head.word("label", mixed(order ^ 0x9)));
                edges(Internal, head.number_name(2), own(slot::NOTE));
                edges(Internal, name("map"), shape(Shape::Table));
            }
            slot::HISTORY => {
                edges(Internal, head.number_name(0), own(slot::NOTE));
                edges(Internal, head.number_name(1), own(slot::ITEM + mixed(order ^ 0xd) % 3));
            }
            slot::EMAIL => {
                to(Internal, "first", own(slot::EMAIL_FIRST));
                to(Internal, "second", head.word("mail", mixed(order ^ 0x11)));
                to(Internal, "map", shape(Shape::ConsString));
            }
            slot::ITEM..slot::TAG_TABLE => {
                let item = slot - slot::ITEM;
                to(Property, "sku", head.word("sku", mixed(order * 3 + item)));
                to(Property, "price", own(if item == 2 { slot::LAST_PRICE } else { slot::PRICE }));
                to(Property, "__proto__", Fixed::ObjectPrototype as u64);
                to(Internal, "map", shape(Shape::Item));
                if item == 0 {
                    edges(Hidden, 2, head.word("sku", mixed(order * 3)));
                }
            }
            slot::TOTAL | slot::PRICE | slot::LAST_PRICE => to(Internal, "map", shape(Shape::Number)),
            _ => to(Internal, "map", shape(Shape::String)),
        }
    }

    /// Script, line and column of the slots that have them: functions, and what classes of the program have made.
    pub(super) fn location(&self, slot: u64) -> Option<[u64; 3]> {
        match slot {
            slot::ORDER => Some([1, 11, 14]),
            slot::CUSTOMER => Some([1, 27, 14]),
            slot::HANDLER => Some([1, 44, 31]),
            _ => None,
        }
    }

    /// The strings that only this order has: id, the first part of an address, street, note.
    pub(super) fn strings(&self, order: u64, each: &mut dyn FnMut(&str)) {
        each(&format!("o{order:x}"));
        each(&format!("u{:x}", order.wrapping_mul(0x9e37_79b1)));
        each(&format!("{} Rd {order}", mixed(order ^ 0x21) % 900));
        let note = format!("n{order} ");
        each(&note.repeat(note_length(order).div_ceil(note.len()).max(1))[..note_length(order).max(note.len())]);
    }
}

/// Most notes are short; one in 200 is a text.
fn note_length(order: u64) -> usize {
    let mixed = mixed(order ^ 0x42);
    if mixed.is_multiple_of(200) { 200 + (mixed >> 8) as usize % 1800 } else { 6 + (mixed >> 8) as usize % 8 }
}

/// How many of the numbers are names of people and postcodes.
fn head_names(orders: &Orders) -> u64 {
    orders.table_places().min(5000)
}
