//! Everything about one object, as a card that the explorer shows and `heapwalk object` prints.

use std::sync::Arc;

use serde_json::{Value, json};

use super::inside;
use super::why::{self, Why};
use crate::analysis::allocation::{self, FunctionName};
use crate::analysis::ignored::Ignored;
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::columns::{Location, NodeType};
use crate::error::Result;
use crate::heap::{Heap, producer};
use crate::index::naming;
use crate::view::cell::{Cell, Record};
use crate::view::cut::cut;
use crate::view::list::List;
use crate::view::spec::Sort;
use crate::view::table::Inner;
use crate::view::tables::objects::Objects;
use crate::view::tables::references::References;
use crate::view::tables::retainers::Retainers;
use crate::view::{glossary, label, place, text};

/// What is asked about.
#[derive(Debug, Clone)]
pub(crate) struct ObjectQuestion {
    pub heap: Arc<Heap>,
    pub node: NodeIx,
    /// The reference by which somebody came to it.
    pub reference: Option<EdgeIx>,
    /// What is ignored where it is asked why the object lives.
    pub ignored: Option<Arc<Ignored>>,
    /// How many objects its class has, where that is known already.
    pub alike: Option<u64>,
    /// Whether only the base of a comparison has it.
    pub is_gone: bool,
    /// Whether people see what is inside it or what its engine has it refer to.
    pub inner: Inner,
    /// So many of what it refers to are told, and of all other lists.
    pub limit: usize,
}

impl ObjectQuestion {
    /// All of it, for an object of a heap that is looked at alone.
    pub(crate) fn of(heap: Arc<Heap>, node: NodeIx, limit: usize) -> ObjectQuestion {
        let inner = Inner::References;
        ObjectQuestion { heap, node, reference: None, ignored: None, alike: None, is_gone: false, inner, limit }
    }
}

/// What sets an object apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Reachable,
    /// The file names no global object, so nobody knows what programs reach.
    ReachUnknown,
    Detached,
    /// The same state of an object of Node.js, which never was part of a document.
    LetGo,
    Unreachable,
    Gone,
    Ignored,
}

impl Mark {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Mark::Reachable => "reachable from JavaScript",
            Mark::ReachUnknown => "reachable from JavaScript or not: the file names no global object",
            Mark::Detached => "detached from the document",
            Mark::LetGo => "held by its JavaScript object alone: native code has let go of it",
            Mark::Unreachable => "no way from a root leads to it",
            Mark::Gone => "gone: only the base of the comparison has it",
            Mark::Ignored => "ignored: X lists what is, and counts it again",
        }
    }

    /// The sign that rows have for it.
    fn sign(self) -> &'static str {
        match self {
            Mark::Reachable => "◆ ",
            Mark::Detached | Mark::LetGo => "✂ ",
            Mark::ReachUnknown | Mark::Unreachable | Mark::Gone | Mark::Ignored => "",
        }
    }
}

/// What is known of one object.
#[derive(Debug)]
pub(crate) struct Card {
    question: ObjectQuestion,
    pub marks: Vec<Mark>,
    pub location: Option<Location>,
    /// Nothing before retainers are known.
    pub why: Option<Why>,
    /// Where it was allocated, innermost function first; nothing where the file does not know it.
    pub stack: Option<Vec<FunctionName>>,
    /// The nearest dominator first; nothing before they are known.
    pub dominators: Option<Vec<NodeIx>>,
    /// What it refers to, by retained size, as far as asked for.
    pub references: List,
    /// What is inside, unless only the engine knows that.
    pub inside: Option<inside::Answer>,
    /// References into it, weak ones too; nothing before they are known.
    pub retainer_count: Option<usize>,
}

/// Everything about an object.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop; `Error::Format` when the tree of allocation stacks is damaged.
pub(crate) fn card(question: ObjectQuestion, meter: &Meter) -> Result<Card> {
    let (heap, node) = (question.heap.clone(), question.node);
    let is_detached = heap.is_detached_dom_node(node);
    let is_of_node = naming::is_of_node(&heap.raw_name(node));
    let marks = [
        (heap.is_reachable_by_program(node), Mark::Reachable),
        (heap.hides_what_programs_reach(), Mark::ReachUnknown),
        (is_detached && !is_of_node, Mark::Detached),
        (is_detached && is_of_node, Mark::LetGo),
        (heap.is_unreachable(node), Mark::Unreachable),
        (question.is_gone, Mark::Gone),
        (question.ignored.as_ref().is_some_and(|ignored| ignored.contains(node)), Mark::Ignored),
    ];
    let why = match heap.retainers() {
        Some(_) => {
            let retainers = Retainers::new(heap.clone(), question.ignored.clone());
            let path = retainers.path_to_root(node, meter)?;
            Some(why::why(retainers.ways(), node, &path, meter)?)
        }
        None => None,
    };
    let stack = allocation::stack(&heap, node)?;
    Ok(Card {
        marks: marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).collect(),
        location: heap.location(node),
        why,
        stack: stack.map(|stack| stack.iter().map(|function| allocation::named(&heap, function)).collect()),
        dominators: heap.dominators().map(|dominators| dominators.chain(node).skip(1).collect()),
        references: List::new(References::of(&heap, node, meter)?, Sort::BY_RETAINED, meter)?,
        inside: inside::answer(&heap, node, meter)?,
        retainer_count: heap.retainers().map(|retainers| retainers.count(node)),
        question,
    })
}

fn is_string(node_type: NodeType) -> bool {
    matches!(node_type, NodeType::STRING | NodeType::CONS_STRING | NodeType::SLICED_STRING)
}

/// Of the rest of a list that is printed.
fn more_lines(more: usize) -> String {
    format!("… {} more (--limit 0 for all)", text::count(more as u64))
}

/// Dominators that are named before `…`.
const CHAIN: usize = 12;
/// Functions of a stack that are named; recursion can make thousands.
const FRAMES: usize = 100;

// ---- for programs ----

impl Card {
    /// The fields of `heapwalk object --json`.
    pub(crate) fn record(&mut self) -> Record {
        let ObjectQuestion { heap, node, limit, .. } = self.question.clone();
        let mut record = self.head();
        if let Some(location) = self.location {
            let place = json!({
                "script": place::script(&heap, location),
                "scriptId": location.script_id,
                "line": location.line,
                "column": location.column,
            });
            record.insert("location".into(), place);
        }
        if is_string(heap.node_type(node)) {
            record.insert("value".into(), well_formed(&heap.joined_text(node, usize::MAX)).into());
        }
        if let Some(dominators) = &self.dominators {
            let dominator = |&node: &NodeIx| {
                json!({
                    "id": heap.id(node),
                    "name": well_formed(&heap.name(node)),
                    "retainedSize": heap.retained_size(node),
                })
            };
            record.insert("dominators".into(), dominators.iter().take(limit).map(dominator).collect());
        }
        if let Some(stack) = &self.stack {
            let frame = |FunctionName { name, script, line, column }: &FunctionName| json!({ "function": name, "script": script, "line": line, "column": column });
            record.insert("allocationStack".into(), stack.iter().take(limit).map(frame).collect());
        }
        self.add_counts(&mut record);
        if let Some(inside) = &self.inside {
            record.insert("inside".into(), inside.record(limit).into());
        }
        let table = self.references.table().clone();
        let references = self.references.first(self.question.limit);
        record.insert("references".into(), references.iter().map(|&row| Value::from(table.record(row))).collect());
        let more = self.more();
        if !more.is_empty() {
            record.insert("more".into(), more.into());
        }
        record
    }

    /// How much longer than the limit each list is, where it is.
    fn more(&self) -> Record {
        let lengths = [
            ("dominators", self.dominators.as_ref().map_or(0, Vec::len)),
            ("allocationStack", self.stack.as_ref().map_or(0, Vec::len)),
            ("references", self.references.len()),
        ];
        let longer = lengths.into_iter().filter(|(_, length)| *length > self.question.limit);
        longer.map(|(list, length)| (list.to_owned(), (length - self.question.limit).into())).collect()
    }

    /// The same in lines: what the fields of a reference say, its label says too.
    pub(crate) fn printed(&mut self) -> Record {
        let mut record = self.record();
        let heap = &self.question.heap;
        if let (Some(location), Some(place)) = (self.location, record.get_mut("location")) {
            *place = place::text(heap, location).into();
        }
        let table = self.references.table().clone();
        let references = self.references.first(self.question.limit);
        let lines: Value = references.iter().map(|&row| Value::from(label::plain(&table.label(row)))).collect();
        // The last two: they leave no gap for others to move into.
        record.remove("more");
        record.remove("references");
        if let Some(inside) = &self.inside {
            record.insert("inside".into(), inside.to_string().into());
            let (count, mut lines) = inside.lines(self.question.limit);
            if count > lines.len() {
                lines.push(more_lines(count - lines.len()));
            }
            if !lines.is_empty() {
                record.insert("entries".into(), lines.into());
            }
        }
        record.insert("references".into(), lines);
        for (list, more) in self.more() {
            if let (Some(Value::Array(lines)), Some(more)) = (record.get_mut(&list), more.as_u64()) {
                lines.push(more_lines(more as usize).into());
            }
        }
        record
    }

    fn head(&self) -> Record {
        let ObjectQuestion { heap, node, .. } = &self.question;
        let level = Objects::level(heap.clone(), [*node]);
        let mut record = level.table.record(level.rows[0]);
        record.insert("key".into(), heap.classes().key(heap.classes().of(*node)).into());
        record.insert("flags".into(), self.marks.iter().map(|mark| mark.words()).collect());
        record
    }

    /// Kinds of values that the file leaves out, where the object could have some.
    fn untold(&self) -> Vec<&'static str> {
        let ObjectQuestion { heap, node, .. } = &self.question;
        match heap.node_type(*node) {
            NodeType::OBJECT => producer::untold_values(heap.columns(), heap.known()),
            _ => Vec::new(),
        }
    }

    fn add_counts(&self, record: &mut Record) {
        let ObjectQuestion { heap, node, .. } = &self.question;
        record.insert("edgeCount".into(), heap.columns().nodes.edges(*node).len().into());
        record.insert("retainerCount".into(), json!(self.retainer_count));
        let untold = self.untold();
        if !untold.is_empty() {
            record.insert("leftOut".into(), json!(untold));
        }
    }
}

// ---- for people ----

impl Card {
    pub(crate) fn title(&self) -> String {
        format!(
            "{} @{}",
            label::value(&self.question.heap, self.question.node),
            self.question.heap.id(self.question.node)
        )
    }

    /// Which of its properties nobody can see.
    fn left_out(&self) -> Option<String> {
        let untold = self.untold();
        (!untold.is_empty())
            .then(|| format!("properties and variables that are {}: this file does not show them", untold.join(" or ")))
    }

    /// What it is, in words with values, in the order in which people ask.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let ObjectQuestion { heap, node, reference, alike, .. } = &self.question;
        let node = *node;
        let total = heap.total_size();
        let size = |size: Option<u64>| size.map_or_else(|| NOT_YET.into(), |size| text::size(size, total));
        let mut fields = Vec::new();
        fields.extend(reference.map(|edge| {
            let source = heap.source(edge);
            let kind = heap.edge_type_name(edge);
            let of = format!("{} @{}", label::value(heap, source), heap.id(source));
            ("reference", format!("{} ({kind}) of {of}", label::edge(heap, edge)))
        }));
        fields.push(("id", format!("@{}", heap.id(node))));
        let alike = alike.filter(|&count| count > 1);
        let alike = alike.map_or_else(String::new, |count| format!("  ({} alike)", text::count(count)));
        fields.push(("class", format!("{}{alike}", text::safe(heap.class_name(node)))));
        fields.push(("type", text::sanitize(heap.type_name(node)).into_owned()));
        fields.extend(
            self.inside.as_ref().filter(|inside| !inside.is_plain()).map(|inside| ("inside", inside.to_string())),
        );
        fields.extend(heap.number_text(node).map(|number| ("value", text::safe(&number))));
        fields.push(("shallow", size(Some(heap.shallow_size(node)))));
        fields.push(("retained", size(heap.retained_size(node))));
        fields.push(("distance", heap.distance(node).map_or_else(|| NOT_YET.into(), text::distance)));
        fields.extend(self.marks.iter().map(|mark| ("mark", format!("{}{}", mark.sign(), mark.words()))));
        fields.extend(self.location.map(|location| ("defined at", place::whole(heap, location))));
        fields.extend(self.why.as_ref().map(|why| ("alive because", why.to_string())));
        fields.extend(self.frames());
        fields.extend(glossary::about(heap, node).map(|text| ("about", text.to_owned())));
        fields.extend(self.left_out().map(|what| ("left out", what)));
        fields.push(("references", text::count(self.references.len() as u64)));
        fields.extend(self.retainer_count.map(|count| ("retainers", text::count(count as u64))));
        fields.push(("dominated by", self.chain()));
        fields
    }

    /// The functions that were running when it was allocated, the innermost first, each with its place.
    fn frames(&self) -> Vec<(&'static str, String)> {
        let stack = self.stack.as_deref().unwrap_or_default();
        let place = |function: &FunctionName| match place::base_name(&function.script) {
            script if script.is_empty() => String::new(),
            script => format!("  {}:{}", text::sanitize(&script), function.line),
        };
        let text = |function: &FunctionName| format!("{}{}", label::function_name(&function.name), place(function));
        let word = |index: usize| if index == 0 { "allocated by" } else { "called by" };
        let shown = stack.iter().take(FRAMES).enumerate();
        let mut frames: Vec<_> = shown.map(|(index, function)| (word(index), text(function))).collect();
        if stack.len() > FRAMES {
            frames.push(("", format!("… {} more functions", text::count((stack.len() - FRAMES) as u64))));
        }
        frames
    }

    fn chain(&self) -> String {
        let Some(dominators) = &self.dominators else { return NOT_YET.into() };
        let name = |&node| label::short(&self.question.heap, node);
        let mut names: Vec<String> = dominators.iter().take(CHAIN + 1).map(name).collect();
        if names.len() > CHAIN {
            names[CHAIN] = "…".into();
        }
        if names.is_empty() { "nothing".into() } else { names.join(" ‹ ") }
    }

    /// Its text, or its name where that is not the name of its class. At most `most` UTF-16 units of joined text.
    pub(crate) fn text(&self, most: usize) -> Vec<u8> {
        let ObjectQuestion { heap, node, .. } = &self.question;
        match heap.node_type(*node) {
            NodeType::CONS_STRING => heap.joined_text(*node, most),
            _ if *heap.raw_name(*node) == *heap.class_name(*node) => Vec::new(),
            _ => heap.raw_name(*node).into_owned(),
        }
    }

    /// What stands above [`Card::reference_lines`].
    pub(crate) fn reference_heading(&self) -> &'static str {
        match self.inside.is_some() && self.question.inner == Inner::Entries {
            true => "inside, the largest retained size first",
            false => "refers to, the largest retained size first",
        }
    }

    /// What is inside it or what it refers to, the largest first: a line each, cut at `columns`, and one for the rest.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn reference_lines(&self, columns: usize, meter: &Meter) -> Result<Vec<String>> {
        // A copy of the window that is looked at: the list sorts itself as it is read.
        let mut list = match &self.inside {
            Some(inside) if self.question.inner == Inner::Entries => inside.largest(meter)?,
            _ => self.references.clone(),
        };
        let table = list.table().clone();
        let retained = table.column(Sort::BY_RETAINED.field);
        let shown = list.first(self.question.limit).to_vec();
        let line = |&row: &_| {
            let size = retained.map_or(Cell::NotYet, |column| table.cell(row, column));
            let size = size.shown(crate::view::spec::Show::Bytes, false);
            cut(&format!("{size:>9}  {}", label::plain(&table.label(row))), columns).into_owned()
        };
        let mut lines: Vec<String> = shown.iter().map(line).collect();
        if list.len() > lines.len() {
            lines.push(format!("… {} more: c shows all of them", text::count((list.len() - lines.len()) as u64)));
        }
        Ok(lines)
    }
}

/// Of numbers that are still being computed.
pub(crate) const NOT_YET: &str = "… not there yet";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    #[test]
    fn what_native_code_of_node_has_let_go_of_never_was_part_of_a_document() {
        let graph = Graph::new("r -a-> Node+/+ZlibStream:native!2; r -b-> <div>:native!2");
        let marks = |name: &str| {
            let question = ObjectQuestion::of(graph.heap.clone(), graph.node(name), 0);
            card(question, &Meter::default()).expect("nobody cancels").marks
        };
        assert!(marks("Node+/+ZlibStream").contains(&Mark::LetGo), "{:?}", marks("Node+/+ZlibStream"));
        assert!(marks("<div>").contains(&Mark::Detached), "{:?}", marks("<div>"));
    }

    #[test]
    fn where_no_global_object_is_named_the_card_says_that_nobody_knows_what_programs_reach() {
        let said = |text: &str| {
            let graph = Graph::new(text);
            let question = ObjectQuestion::of(graph.heap.clone(), graph.node("A"), usize::MAX);
            card(question, &Meter::default()).expect("nobody cancels").record()["flags"].clone()
        };
        let roots = "r -[1]-> (GC+roots):synthetic; (GC+roots) -[1]-> A";
        assert_eq!(said(roots), json!(["reachable from JavaScript or not: the file names no global object"]));
        assert_eq!(said(&format!("{roots}; A -globalThis-> A")), json!(["reachable from JavaScript"]));
    }

    #[test]
    fn one_card_serves_people_and_programs() {
        let graph = Graph::new("r -a-> A[10]; A -b-> B[20]; A ~w~> B; B -t-> text:string[30]");
        let question = ObjectQuestion::of(graph.heap.clone(), graph.node("B"), usize::MAX);
        let mut card = card(question, &Meter::default()).expect("nobody cancels");
        let fields = card.fields();
        let field = |name: &str| fields.iter().find(|(word, _)| *word == name).map(|(_, value)| value.as_str());
        assert_eq!(field("retained"), Some("50 B  83 %"));
        assert_eq!(field("dominated by"), Some("A @3 ‹ (root)"));
        assert_eq!(field("alive because"), Some("A.b holds it"));
        let left_out = "properties and variables that are numbers or booleans: this file does not show them";
        assert_eq!(field("left out"), Some(left_out));
        assert_eq!(
            card.reference_lines(80, &Meter::default()).expect("nobody cancels"),
            ["     30 B  t::\"text\" @7 ◆"]
        );
        let record = card.record();
        assert_eq!(record["leftOut"], json!(["numbers", "booleans"]));
        assert_eq!((&record["retainedSize"], &record["retainerCount"]), (&json!(50), &json!(2)));
        assert_eq!(
            record["dominators"],
            json!([
                { "id": 3, "name": "A", "retainedSize": 60 },
                { "id": 1, "name": "", "retainedSize": 60 },
            ])
        );
        assert_eq!(card.printed()["references"], json!(["t::\"text\" @7 ◆"]));
    }
}
