//! The class of every node: the rows of the Summary view.
//!
//! Source: HeapSnapshot.ts, `calculateObjectNames`, `classKeyInternal`.

use bytemuck::{Pod, Zeroable};
use rustc_hash::FxHashMap;

use crate::base::array::Array;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::columns::{Columns, Location, NodeType};
use crate::error::Result;
use crate::index::interfaces::{self, Shapes};
use crate::index::{DomState, Ground, Interface, naming};

/// A class of this snapshot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Pod, Zeroable)]
#[repr(transparent)]
pub(crate) struct ClassIx(pub u32);

impl ClassIx {
    pub(crate) const fn ix(self) -> usize {
        self.0 as usize
    }
}

/// What objects of one row of the Summary view share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Class {
    name: u32,
    /// Where the constructor stands, for objects that say it. Functions share one class wherever they stand.
    pub location: Option<Location>,
}

/// A [`Class`] as it is kept.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct ClassRecord {
    name: u32,
    is_located: u32,
    location: Location,
}

impl From<Class> for ClassRecord {
    fn from(Class { name, location }: Class) -> Self {
        let nowhere = Location { script_id: 0, line: 0, column: 0 };
        ClassRecord { name, is_located: location.is_some() as u32, location: location.unwrap_or(nowhere) }
    }
}

/// The class of each node, 4 bytes a node, and the table of classes.
#[derive(Debug, Default)]
pub(crate) struct Classes {
    pub(crate) of_node: Array<ClassIx>,
    pub(crate) list: Array<ClassRecord>,
    /// Distinct names as WTF-8.
    pub(crate) names: Vec<Box<[u8]>>,
    /// The names that plain objects got by their properties, most frequent first.
    pub interfaces: Vec<Interface>,
}

impl Classes {
    #[inline(always)]
    pub(crate) fn of(&self, node: NodeIx) -> ClassIx {
        self.of_node[node.ix()]
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn get(&self, class: ClassIx) -> Class {
        let ClassRecord { name, is_located, location } = self.list[class.ix()];
        Class { name, location: (is_located != 0).then_some(location) }
    }

    /// The name as WTF-8.
    pub(crate) fn name(&self, class: ClassIx) -> &[u8] {
        &self.names[self.list[class.ix()].name as usize]
    }

    /// DevTools' key: `,Name`, or `scriptId,line,column,Name` with a location.
    pub(crate) fn key(&self, class: ClassIx) -> String {
        let name = well_formed(self.name(class));
        match self.get(class).location {
            Some(Location { script_id, line, column }) => format!("{script_id},{line},{column},{name}"),
            None => format!(",{name}"),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = ClassIx> + use<> {
        (0..self.list.len() as u32).map(ClassIx)
    }
}

/// Names the classes of all nodes. Plain objects are named by `interfaces`, or by those of this snapshot.
pub(crate) fn compute(
    ground: &Ground,
    dom: &DomState,
    interfaces: Option<Vec<Interface>>,
    meter: &Meter,
) -> Result<Classes> {
    let (columns, known) = (&*ground.columns, &*ground.known);
    let shapes = Shapes::find(ground, meter)?;
    let interfaces = match interfaces {
        Some(interfaces) => interfaces,
        None => interfaces::infer(ground, &shapes, meter)?,
    };
    let mut namer = ClassNamer { columns, dom, names: Interner::default(), by_string: FxHashMap::default() };
    let interface_names: Vec<u32> = interfaces.iter().map(|interface| namer.names.intern(&interface.name)).collect();
    let object_name = namer.names.intern(b"Object");
    let mut matcher = interfaces::Matcher::new(columns, &shapes, &interfaces);
    let by_type: Vec<u32> = (0..=u8::MAX).map(|number| namer.type_name(NodeType(number))).collect();

    let mut list: Vec<Class> = Vec::new();
    // Classes without a location by name; those with one are fewer.
    let mut plain: Vec<u32> = Vec::new();
    let mut located: FxHashMap<(u32, Location), u32> = FxHashMap::default();
    let mut of_node = Vec::with_capacity(columns.nodes.len());
    let mut locations = columns.locations.iter().peekable();
    for index in 0..columns.nodes.len() {
        meter.check_at(index)?;
        let node = NodeIx::new(index);
        let node_type = columns.nodes.node_type(node);
        let location = locations.next_if(|&(at, _)| at == node).map(|(_, location)| location);
        let name = match node_type {
            NodeType::OBJECT if known.is_plain_object(columns, node) => match matcher.next(node) {
                Some(interface) => interface_names[interface],
                None => object_name,
            },
            NodeType::OBJECT | NodeType::NATIVE => namer.own_name(node),
            _ => by_type[node_type.0 as usize],
        };
        let class = match location.filter(|_| node_type == NodeType::OBJECT) {
            Some(location) => *located.entry((name, location)).or_insert_with(|| {
                list.push(Class { name, location: Some(location) });
                list.len() as u32 - 1
            }),
            None => {
                if plain.len() <= name as usize {
                    plain.resize(name as usize + 1, u32::MAX);
                }
                let class = &mut plain[name as usize];
                if *class == u32::MAX {
                    list.push(Class { name, location: None });
                    *class = list.len() as u32 - 1;
                }
                *class
            }
        };
        of_node.push(ClassIx(class));
    }
    let list = list.into_iter().map(ClassRecord::from).collect();
    Ok(Classes { of_node: of_node.into(), list, names: namer.names.list, interfaces })
}

#[derive(Default)]
struct Interner {
    list: Vec<Box<[u8]>>,
    numbers: FxHashMap<Box<[u8]>, u32>,
}

impl Interner {
    fn intern(&mut self, name: &[u8]) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = self.list.len() as u32;
        self.list.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }
}

struct ClassNamer<'a> {
    columns: &'a Columns,
    dom: &'a DomState,
    names: Interner,
    /// String and whether it gets the prefix `Detached ` → class name.
    by_string: FxHashMap<(u32, bool), u32>,
}

impl ClassNamer<'_> {
    fn type_name(&mut self, node_type: NodeType) -> u32 {
        match node_type {
            NodeType::HIDDEN => self.names.intern(b"(system)"),
            NodeType::CODE => self.names.intern(b"(compiled code)"),
            NodeType::CLOSURE => self.names.intern(b"Function"),
            NodeType::REGEXP => self.names.intern(b"RegExp"),
            _ => {
                let name = format!("({})", self.columns.types.node(node_type));
                self.names.intern(name.as_bytes())
            }
        }
    }

    /// The class of an object or native node: its raw name, elements without their attributes.
    fn own_name(&mut self, node: NodeIx) -> u32 {
        let string = self.columns.nodes.name(node);
        let prefix = self.dom.has_prefix(self.columns, node);
        if let Some(&name) = self.by_string.get(&(string.0, prefix)) {
            return name;
        }
        let raw = self.columns.strings.get(string);
        let full = if prefix { naming::detached(&raw) } else { raw.into_owned() };
        // `<div id="a">` is a `<div>`; the search for the space begins behind `Detached <`.
        let element = naming::after_detached(&full).unwrap_or(&full);
        // Of a detached one DevTools looks behind the `<`.
        let behind = (element.len() < full.len()) as usize;
        let start = element.starts_with(b"<").then_some(full.len() - element.len() + behind);
        let space = start.and_then(|start| memchr::memchr(b' ', &full[start..]).map(|at| start + at));
        let name = match space {
            Some(space) => self.names.intern(&[&full[..space], b">"].concat()),
            None => self.names.intern(&full),
        };
        self.by_string.insert((string.0, prefix), name);
        name
    }
}
