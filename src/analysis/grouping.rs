//! Objects by the file or the package of the code that they belong to.
//!
//! Three ways lead from an object to a file:
//! - a function and an object of a class stand in one: the place that the file says of them;
//! - code of the engine is compiled from one: what functions share names its script, and is held by nothing else that
//!   says so;
//! - a plain object of the program ([`own`]) belongs to the nearest of these that leads to it.
//!
//! Of all others no file can be told. They stand apart by what they are.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::own;
use crate::base::bits::Bits;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::{NodeType, Producer};
use crate::error::{Error, Result};
use crate::heap::Heap;
use crate::index::naming;

/// What objects are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum By {
    File,
    /// The package in `node_modules`; all other files of the program are one.
    Package,
}

/// What a group of objects has in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Group {
    /// The name of a script: a path or a URL, as WTF-8.
    File(Box<[u8]>),
    /// A script without a name, by its number.
    Script(u32),
    /// The name of a package, with its scope: `@scope/name`.
    Package(Box<[u8]>),
    /// Files of the program that are in no package.
    Program,
    /// Scripts of the runtime: `node:fs`.
    Runtime,
    /// Scripts without a name.
    Scripts,
    /// Objects whose file cannot be told.
    NoFile(What),
}

/// What an object is whose file cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum What {
    Strings,
    /// Numbers, symbols, regular expressions.
    Values,
    Functions,
    Code,
    /// Elements, properties, tables.
    Arrays,
    Objects,
    /// Memory outside the heap, DOM nodes.
    Native,
    /// Shapes and whatever else only the engine knows.
    Hidden,
}

impl What {
    pub(crate) const ALL: [What; 8] = [
        What::Strings,
        What::Values,
        What::Functions,
        What::Code,
        What::Arrays,
        What::Objects,
        What::Native,
        What::Hidden,
    ];

    fn of(node_type: NodeType) -> What {
        match node_type {
            NodeType::STRING | NodeType::CONS_STRING | NodeType::SLICED_STRING => What::Strings,
            NodeType::NUMBER | NodeType::BIGINT | NodeType::SYMBOL | NodeType::REGEXP => What::Values,
            NodeType::CLOSURE => What::Functions,
            NodeType::CODE => What::Code,
            NodeType::ARRAY => What::Arrays,
            NodeType::OBJECT => What::Objects,
            NodeType::NATIVE => What::Native,
            _ => What::Hidden,
        }
    }
}

/// The file of each object: what the groups are made of. Four bytes an object.
#[derive(Debug)]
pub(crate) struct Files {
    /// Files and what stands in place of one, in the order in which the file has them.
    list: Vec<Group>,
    of: Arc<[u32]>,
}

impl Files {
    /// Whether the heap says of any object where it stands.
    pub(crate) fn are_told(heap: &Heap) -> bool {
        heap.columns().locations.iter().next().is_some()
    }

    /// # Errors
    /// `Error::Unknown` where the heap says of no object where it stands, `Error::Cancelled` once the meter says stop.
    pub(crate) fn find(heap: &Heap, meter: &Meter) -> Result<Files> {
        if !Files::are_told(heap) {
            let why = "the file says of no object which script it stands in, so files and packages cannot be told";
            return Err(Error::Unknown(why.into()));
        }
        let mut finding =
            Finding { heap, list: Vec::new(), scripts: FxHashMap::default(), names: FxHashMap::default() };
        let mut of = vec![NONE; heap.node_count()];
        for node in heap.nodes() {
            meter.check_at(node.ix())?;
            if let Some(location) = heap.location(node) {
                of[node.ix()] = finding.script(location.script_id);
            } else if heap.node_type(node) == NodeType::CODE
                && let Some((script, file)) = finding.code(node)
            {
                of[script.ix()] = file;
                of[node.ix()] = file;
            }
        }
        own::each(heap, meter, |node, from| of[node.ix()] = of[from.ix()])?;
        let mut others = [NONE; What::ALL.len()];
        for node in heap.nodes() {
            meter.check_at(node.ix())?;
            if of[node.ix()] == NONE {
                let what = What::of(heap.node_type(node));
                let place = &mut others[what as usize];
                if *place == NONE {
                    *place = finding.add(Group::NoFile(what));
                }
                of[node.ix()] = *place;
            }
        }
        Ok(Files { list: finding.list, of: of.into() })
    }

    /// The objects by file, or by package.
    pub(crate) fn grouping(&self, by: By, producer: Producer) -> Grouping {
        let mut list: Vec<Group> = Vec::new();
        let mut places: FxHashMap<Group, u32> = FxHashMap::default();
        let group_of = |file: &Group| {
            let group = match by {
                By::File => file.clone(),
                By::Package => package_of(producer, file),
            };
            *places.entry(group.clone()).or_insert_with(|| {
                list.push(group);
                list.len() as u32 - 1
            })
        };
        let groups = self.list.iter().map(group_of).collect();
        Grouping { by, list, groups, of: self.of.clone() }
    }
}

/// No file yet.
const NONE: u32 = u32::MAX;

struct Finding<'a> {
    heap: &'a Heap,
    list: Vec<Group>,
    /// The file of a script, by its number.
    scripts: FxHashMap<u32, u32>,
    names: FxHashMap<Box<[u8]>, u32>,
}

impl Finding<'_> {
    fn add(&mut self, group: Group) -> u32 {
        self.list.push(group);
        self.list.len() as u32 - 1
    }

    /// The file of a script. A file that is run several times is one.
    fn script(&mut self, script: u32) -> u32 {
        if let Some(&file) = self.scripts.get(&script) {
            return file;
        }
        let file = match self.heap.script_name(script).filter(|name| !name.is_empty()) {
            Some(name) => self.named(&name),
            None => self.add(Group::Script(script)),
        };
        self.scripts.insert(script, file);
        file
    }

    fn named(&mut self, name: &[u8]) -> u32 {
        if let Some(&file) = self.names.get(name) {
            return file;
        }
        let file = self.add(Group::File(name.into()));
        self.names.insert(name.into(), file);
        file
    }

    /// The script that code was compiled from, with its file.
    fn code(&mut self, node: NodeIx) -> Option<(NodeIx, u32)> {
        let (heap, columns) = (self.heap, self.heap.columns());
        let script = naming::script_of_shared(columns, heap.known(), node)?;
        let name = columns.strings.get(columns.nodes.name(script));
        if heap.node_type(script) != NodeType::CODE || naming::is_other_than_script(&name) {
            return None;
        }
        let name = naming::script_url(name)?;
        Some((script, self.named(&name)))
    }
}

/// The package of a file; what has no file stays what it is.
fn package_of(producer: Producer, file: &Group) -> Group {
    match file {
        Group::File(name) => match package(name) {
            Some(package) => Group::Package(package.into()),
            None if own::is_own_script(producer, name) => Group::Program,
            None => Group::Runtime,
        },
        Group::Script(_) => Group::Scripts,
        other => other.clone(),
    }
}

/// The package that a path leads into: what follows its last `node_modules`, with its scope.
fn package(path: &[u8]) -> Option<Vec<u8>> {
    let is_separator = |&byte: &u8| matches!(byte, b'/' | b'\\');
    let mut segments: Vec<&[u8]> = path.split(is_separator).collect();
    let last = segments.iter().rposition(|&segment| segment == b"node_modules")?;
    // The last segment is a file: `node_modules/x.js` is in no package.
    segments.pop();
    let mut names = segments.get(last + 1..)?.iter().filter(|segment| !segment.is_empty());
    let first = *names.next()?;
    match names.next().filter(|_| first.starts_with(b"@")) {
        Some(second) => Some([first, second].join(&b'/')),
        None => Some(first.to_vec()),
    }
}

/// All objects of a heap in groups.
#[derive(Debug)]
pub(crate) struct Grouping {
    pub by: By,
    pub list: Vec<Group>,
    /// The group of each file.
    groups: Vec<u32>,
    of: Arc<[u32]>,
}

impl Grouping {
    /// The place of an object's group in the list.
    pub(crate) fn of(&self, node: NodeIx) -> usize {
        self.groups[self.of[node.ix()] as usize] as usize
    }
}

/// Some objects of a heap.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    All,
    Of(Arc<Bits>),
    /// Those of one group that are in a part.
    Group {
        grouping: Arc<Grouping>,
        number: usize,
        within: Option<Arc<Bits>>,
    },
}

impl From<Option<Arc<Bits>>> for Part {
    fn from(nodes: Option<Arc<Bits>>) -> Part {
        nodes.map_or(Part::All, Part::Of)
    }
}

impl Part {
    pub(crate) fn has(&self, node: NodeIx) -> bool {
        match self {
            Part::All => true,
            Part::Of(nodes) => nodes.contains(node.ix()),
            Part::Group { grouping, number, within } => {
                grouping.of(node) == *number && within.as_ref().is_none_or(|nodes| nodes.contains(node.ix()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::base::text::well_formed;
    use crate::notation::Graph;

    fn told(group: &Group) -> String {
        match group {
            Group::File(name) | Group::Package(name) => well_formed(name).into_owned(),
            other => format!("{other:?}"),
        }
    }

    /// The objects of each group.
    fn groups(graph: &Graph, by: By) -> BTreeMap<String, String> {
        let files = Files::find(&graph.heap, &Meter::default()).expect("nobody cancels");
        let grouping = files.grouping(by, graph.heap.producer());
        let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for node in graph.heap.nodes() {
            groups.entry(told(&grouping.list[grouping.of(node)])).or_default().push(graph.name(node));
        }
        groups.into_iter().map(|(group, names)| (group, names.join(" "))).collect()
    }

    /// Functions of five scripts, one of them without a name, and what they lead to.
    const PROGRAM: &str = "
        r -a-> f:closure@1/2/3; f =shared=> fs:code; fs =script=> /srv/app/a.js:code
        r -b-> g:closure@2/2/3; g =shared=> gs:code; gs =script=> /srv/app/node_modules/p/lib/x.js:code
        r -c-> h:closure@3/2/3; h =shared=> hs:code; hs =script=> internal/fs.js:code
        r -d-> k:closure@4/2/3; k =shared=> ks:code; ks =script=> /srv/node_modules/q/node_modules/p/y.js:code
        r -e-> nameless:closure@5/2/3; f =context=> system+/+Context; system+/+Context $map$> Map; Map =table=> t:array
        t =1=> plain; g -x-> other; g -x-> near; f -y-> near; Map -z-> other; h -p-> theirs; f -s-> text:string
        r -t-> Cart@1/9/1; Cart -items-> items; t =2=> items; Cart -deep-> Socket@3/1/1; r -lost-> nothing";

    fn program() -> Graph {
        Graph::new(PROGRAM)
    }

    #[test]
    fn objects_belong_to_the_file_of_their_code_or_of_the_nearest_that_leads_to_them() {
        let groups = groups(&program(), By::File);
        // Both lead to `near` in one step: the first in the file has it. `other` is nearer to g than to f.
        assert_eq!(groups["/srv/app/a.js"], "f fs /srv/app/a.js Map plain near Cart items");
        assert_eq!(groups["/srv/app/node_modules/p/lib/x.js"], "g gs /srv/app/node_modules/p/lib/x.js other");
        assert_eq!(groups["internal/fs.js"], "h hs internal/fs.js Socket");
        assert_eq!(groups["Script(5)"], "nameless");
        assert_eq!(groups["NoFile(Arrays)"], "t");
        assert_eq!(groups["NoFile(Objects)"], "system+/+Context theirs nothing");
        assert_eq!(groups["NoFile(Strings)"], "text");
    }

    #[test]
    fn packages_are_one_wherever_they_are_installed() {
        let groups = groups(&program(), By::Package);
        assert_eq!(groups["Program"], "f fs /srv/app/a.js Map plain near Cart items");
        assert!(groups["p"].starts_with("g gs") && groups["p"].contains("/y.js other"), "{groups:?}");
        assert_eq!(groups["Runtime"], "h hs internal/fs.js Socket");
        assert_eq!(groups["Scripts"], "nameless");
    }

    #[test]
    fn the_package_is_what_follows_the_last_node_modules() {
        let check = |path: &str, name: Option<&str>| {
            let package = package(path.as_bytes()).map(|name| String::from_utf8(name).expect("ASCII"));
            assert_eq!(package.as_deref(), name, "{path}");
        };
        check("/srv/app/server.js", None);
        check("/srv/node_modules/express/lib/router/index.js", Some("express"));
        check("/srv/node_modules/@scope/name/index.js", Some("@scope/name"));
        check("/srv/node_modules/.pnpm/a@1.0.0/node_modules/b/index.js", Some("b"));
        check(r"C:\srv\node_modules\a\index.js", Some("a"));
        check("file:///srv/node_modules/a/index.mjs", Some("a"));
        check("webpack://shop/./node_modules/a/dist/a.js?1234", Some("a"));
        check("/srv/node_modules/loose.js", None);
        check("/srv/node_modules/@scope/loose.js", Some("@scope"));
        check("/srv/my_node_modules/a/index.js", None);
        check("node_modules", None);
    }

    #[test]
    fn a_file_without_places_tells_nothing() {
        let graph = Graph::new("r -a-> f:closure; f -b-> Cart");
        assert!(matches!(Files::find(&graph.heap, &Meter::default()), Err(Error::Unknown(_))));
    }

    /// From each function or class of a program on its own: how many steps lead to what.
    fn steps_from(graph: &Graph, source: NodeIx, own: &Bits) -> Vec<Option<usize>> {
        let heap = &graph.heap;
        let mut steps = vec![None; heap.node_count()];
        steps[source.ix()] = Some(0);
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for node in heap.nodes() {
                let between = matches!(heap.node_type(node), NodeType::ARRAY) || graph.name(node).starts_with("system");
                let passes = node == source || between || own.contains(node.ix()) && heap.location(node).is_none();
                let Some(here) = steps[node.ix()].filter(|_| passes) else { continue };
                for edge in heap.columns().edges_of(node) {
                    let target = heap.target(edge);
                    let leads_on = heap.edge_type(edge) != crate::columns::EdgeType::WEAK;
                    if leads_on && steps[target.ix()].is_none_or(|steps| steps > here + 1) {
                        steps[target.ix()] = Some(here + 1);
                        changed = true;
                    }
                }
            }
        }
        steps
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn plain_objects_belong_to_the_nearest_of_random_programs(
            edges in prop::collection::vec((0usize..12, 0usize..4, 0usize..12), 1..40),
        ) {
            let names = ["f", "g", "h", "p", "q", "s", "t", "u", "a", "b", "system+/+Context", "system+/+Context#2"];
            let arrows = ["-x->", "=y=>", "$z$>", "~w~>"];
            let mut text = "r -f-> f:closure@1/1/1; r -g-> g:closure@2/1/1; r -h-> h:closure@3/1/1
                f =shared=> fs:code; fs =script=> /a.js:code; g =shared=> gs:code; gs =script=> /b.js:code
                h =shared=> hs:code; hs =script=> /c.js:code; r -t-> a:array; r -t-> b:array".to_owned();
            for (from, arrow, to) in edges {
                text += &format!("; {} {} {}", names[from], arrows[arrow], names[to]);
            }
            let graph = Graph::new(&text);
            let heap = &graph.heap;
            let own = own::nodes(heap, &Meter::default()).expect("nobody cancels").expect("places");
            let sources = ["f", "g", "h"].map(|name| (graph.node(name), steps_from(&graph, graph.node(name), &own)));
            let files = Files::find(heap, &Meter::default()).expect("nobody cancels");
            let grouping = files.grouping(By::File, heap.producer());
            for node in heap.nodes().filter(|&node| own.contains(node.ix()) && heap.location(node).is_none()) {
                let nearest = sources.iter().filter_map(|(source, steps)| Some((steps[node.ix()]?, *source))).min();
                let (_, source) = nearest.expect("own objects are led to");
                prop_assert_eq!(grouping.of(node), grouping.of(source), "{} in {}", graph.name(node), text);
            }
        }
    }
}
