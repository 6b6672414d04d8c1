//! One row → everything about it in lines.

use std::sync::Arc;

use super::TextLine;
use crate::analysis::aggregates::Aggregate;
use crate::analysis::allocation::{self, AllocationRow};
use crate::analysis::compare::Difference;
use crate::analysis::duplicates::TextGroup;
use crate::analysis::ignored::Ignored;
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::columns::{EdgeType, NodeType, TraceFunction};
use crate::error::Result;
use crate::heap::Heap;
use crate::tui::state::Subject;
use crate::tui::state::retainers::why;
use crate::tui::theme::Ui;
use crate::tui::widgets::cut::wrap;
use crate::view::column::Sort;
use crate::view::glossary;
use crate::view::label;
use crate::view::list::{Change, Item};
use crate::view::place;
use crate::view::source::{Content, Source};
use crate::view::text;

/// Longer texts are cut here (UTF-16 units): more than anybody reads in a window.
const LONGEST_TEXT: usize = 100_000;
/// Dominators that are named before `…`.
const CHAIN: usize = 12;
const LABEL: usize = 14;

/// References that are listed.
const REFERENCES: usize = 20;

/// What is known besides the heap itself.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// How many objects the class has.
    pub alike: Option<u64>,
    pub ignored: Option<Arc<Ignored>>,
    /// Said of objects that only the base of a Comparison has.
    pub is_gone: bool,
}

/// What the window says. Texts are safe for the terminal.
#[derive(Debug)]
pub struct Detail {
    pub title: String,
    fields: Vec<(&'static str, String)>,
    /// The text of a string or a name, in lines of its own.
    text: Vec<String>,
    /// What the object refers to, the largest first.
    references: Vec<String>,
    pub scroll: usize,
}

impl Detail {
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub fn new(subject: &Subject, about: &About, meter: &Meter) -> Result<Detail> {
        let Subject { item, heap, content } = subject;
        match (*item, content) {
            (Item::Class(row), _) => Ok(Self::of_class(heap, row)),
            (Item::Object(node) | Item::Change(Change::New(node) | Change::Gone(node)), _) => {
                Self::of_object(heap, node, Vec::new(), about, meter)
            }
            (Item::Reference { edge, node } | Item::Retainer { edge, node }, _) => {
                let reference = format!(
                    "{} ({}) of {} @{}",
                    label::edge(heap, edge),
                    heap.edge_type_name(edge),
                    label::value(heap, heap.source(edge)),
                    heap.id(heap.source(edge))
                );
                Self::of_object(heap, node, vec![("reference", reference)], about, meter)
            }
            (Item::Difference(index), Content::Comparison(comparison)) => {
                Ok(Self::of_difference(heap, &comparison.differences[index as usize]))
            }
            (Item::Text(index), Content::Strings(groups)) => Ok(Self::of_text(heap, &groups[index as usize])),
            (Item::Function(function), Content::Allocation(functions)) => {
                Ok(Self::of_function(heap, functions.row(function)))
            }
            (Item::Difference(_) | Item::Text(_) | Item::Function(_), _) => {
                unreachable!("rows of a table come with its content")
            }
        }
    }

    fn of_class(heap: &Heap, row: Aggregate) -> Detail {
        let name = text::safe(heap.classes().name(row.class));
        let mut fields = vec![("objects", text::count(row.count))];
        if let Some(location) = heap.classes().get(row.class).location {
            fields.push(("defined at", place::whole(heap, location)));
        }
        fields.push(("shallow", size(heap, Some(row.shallow))));
        fields.push(("retained", size(heap, row.retained)));
        fields.push(("distance", distance(row.distance)));
        fields.push(("first object", format!("@{}", heap.id(row.first))));
        fields.extend(glossary::about_class(&name).map(|text| ("about", text.to_owned())));
        let text = lines_of(name.as_bytes());
        Detail { title: format!("class {name}"), fields, text, references: Vec::new(), scroll: 0 }
    }

    fn of_difference(heap: &Heap, difference: &Difference) -> Detail {
        let name = text::safe(&difference.name);
        let count = |count: usize, bytes| format!("{}, {}", text::objects(count as u64), size(heap, Some(bytes)));
        let mut fields = vec![
            ("new", count(difference.added.len(), difference.added_size)),
            ("deleted", count(difference.removed.len(), difference.removed_size)),
            ("delta", {
                let (objects, bytes) = (difference.count_delta(), difference.size_delta());
                format!("{} objects, {}", text::signed(objects, text::count), text::signed(bytes, text::bytes))
            }),
        ];
        fields.extend(difference.location.map(|location| ("defined at", place::whole(heap, location))));
        fields.extend(glossary::about_class(&name).map(|text| ("about", text.to_owned())));
        let text = lines_of(name.as_bytes());
        Detail { title: format!("class {name}"), fields, text, references: Vec::new(), scroll: 0 }
    }

    fn of_text(heap: &Heap, group: &TextGroup) -> Detail {
        let node = group.nodes[0];
        let whole = heap.joined_text(node, LONGEST_TEXT);
        let mut fields = vec![
            ("strings", text::count(group.nodes.len() as u64)),
            ("characters", text::count(well_formed(&whole).chars().count() as u64)),
            ("shallow", size(heap, Some(group.shallow))),
            ("wasted", size(heap, Some(group.wasted()))),
            ("retained", size(heap, Some(group.retained))),
        ];
        if group.may_differ() {
            let text = "the engine wrote the beginning only: strings of different size are different texts, so only \
                        those of one size count as wasted";
            fields.push(("cut", text.into()));
        }
        if let Some(truncated) = group.truncated {
            let length = truncated.length.map_or("unknown".into(), |length| text::count(length.unsigned_abs()));
            fields.push(("cut", format!("the engine wrote the beginning only; the whole has {length} characters")));
        }
        Detail { title: "text".into(), fields, text: lines_of(&whole), references: Vec::new(), scroll: 0 }
    }

    fn of_function(heap: &Heap, row: &AllocationRow) -> Detail {
        let about = allocation::function(heap, row.function);
        let name = if about.name.is_empty() { "(anonymous)".into() } else { text::sanitize(&about.name).into_owned() };
        let objects = |count, bytes| format!("{}, {}", text::objects(count), size(heap, Some(bytes)));
        let mut fields = vec![
            ("allocated", objects(row.count, row.size)),
            ("still there", objects(row.live_count, row.live_size)),
            ("call sites", text::count(row.trace_ids.len() as u64)),
        ];
        if !about.script.is_empty() {
            let place = format!("{}:{}:{}", text::sanitize(&about.script), about.line, about.column);
            fields.insert(0, ("defined at", place));
        }
        Detail { title: format!("function {name}"), fields, text: Vec::new(), references: Vec::new(), scroll: 0 }
    }

    fn of_object(
        heap: &Arc<Heap>,
        node: NodeIx,
        above: Vec<(&'static str, String)>,
        about: &About,
        meter: &Meter,
    ) -> Result<Detail> {
        let mut fields = above;
        fields.push(("id", format!("@{}", heap.id(node))));
        let alike = about.alike.filter(|&count| count > 1);
        let alike = alike.map_or_else(String::new, |count| format!("  ({} alike)", text::count(count)));
        fields.push(("class", format!("{}{alike}", text::safe(heap.class_name(node)))));
        fields.push(("type", text::sanitize(heap.type_name(node)).into_owned()));
        fields.extend(number(heap, node).map(|number| ("value", number)));
        fields.push(("shallow", size(heap, Some(heap.shallow_size(node)))));
        fields.push(("retained", size(heap, heap.retained_size(node))));
        fields.push(("distance", distance(heap.distance(node))));
        let marks = [
            (heap.is_queriable(node), "◆ reachable from JavaScript"),
            (heap.is_detached_dom_node(node), "✂ detached: no longer part of a document"),
            (heap.is_unreachable(node), "nothing but weak references leads here"),
        ];
        fields.extend(marks.into_iter().filter(|mark| mark.0).map(|(_, text)| ("mark", text.to_owned())));
        if about.is_gone {
            fields.push(("mark", "gone: only the base of the comparison has it".to_owned()));
        }
        if about.ignored.as_ref().is_some_and(|ignored| ignored.contains(node)) {
            fields.push(("mark", "ignored: X in Retainers counts it again".to_owned()));
        }
        if let Some(location) = heap.location(node) {
            fields.push(("defined at", place::whole(heap, location)));
        }
        if heap.retainers().is_some() {
            let retainers = Source::new(heap.clone(), Content::Retainers(about.ignored.clone()));
            let path = retainers.path_to_root(node, meter)?;
            fields.push(("alive because", why(heap, about.ignored.as_deref(), node, &path)));
        }
        fields.extend(allocated_by(heap, node).map(|stack| ("allocated by", stack)));
        fields.extend(glossary::about(heap, node).map(|text| ("about", text.to_owned())));
        fields.push(("references", text::count(heap.shown_edges(node).count() as u64)));
        if let Some(retainers) = heap.retainers() {
            fields.push(("retainers", text::count(retainers.count(node) as u64)));
        }
        fields.push(("dominated by", chain(heap, node)));
        let name = match heap.node_type(node) {
            NodeType::CONS_STRING => heap.joined_text(node, LONGEST_TEXT),
            _ => heap.raw_name(node).into_owned(),
        };
        // The name of the class is there already.
        let name = if name == heap.class_name(node) { Vec::new() } else { name };
        let title = format!("{} @{}", label::value(heap, node), heap.id(node));
        let containment = Source::new(heap.clone(), Content::Containment);
        let mut list = containment.below(&Item::Object(node), Sort::BY_RETAINED, meter)?;
        let mut references: Vec<String> = Vec::new();
        let all = list.len();
        for item in list.first(REFERENCES) {
            let size = item.node().and_then(|node| heap.retained_size(node)).map_or("…".into(), text::bytes);
            if let Item::Reference { edge, node } = item {
                references.push(format!("{size:>9}  {}", label::plain(&label::reference(heap, edge, node))));
            }
        }
        if all > references.len() {
            references.push(format!("… {} more: c shows all of them", text::count((all - references.len()) as u64)));
        }
        Ok(Detail { title, fields, text: lines_of(&name), references, scroll: 0 })
    }

    pub fn lines(&self, columns: usize) -> Vec<TextLine> {
        let mut lines = Vec::new();
        for (name, value) in &self.fields {
            for (index, text) in wrap(value, columns.saturating_sub(LABEL)).into_iter().enumerate() {
                let name = if index == 0 { name } else { "" };
                lines.push(vec![(format!("{name:<LABEL$}"), Ui::Dim), (text, Ui::Text)]);
            }
        }
        lines.push(Vec::new());
        lines.extend(self.text.iter().flat_map(|line| wrap(line, columns)).map(|text| vec![(text, Ui::Text)]));
        if !self.references.is_empty() {
            let gap = if self.text.iter().all(String::is_empty) { 0 } else { 1 };
            lines.extend(std::iter::repeat_n(Vec::new(), gap));
            lines.push(vec![("refers to, the largest retained size first".into(), Ui::Dim)]);
            let cut = |line: &String| crate::tui::widgets::cut::cut(line, columns).into_owned();
            lines.extend(self.references.iter().map(|line| vec![(cut(line), Ui::Text)]));
        }
        lines
    }
}

/// The functions that were running when an object was allocated, innermost first, where the file knows them.
fn allocated_by(heap: &Heap, node: NodeIx) -> Option<String> {
    const FRAMES: usize = 8;
    let stack = allocation::stack(heap, node).ok()??;
    let name = |function: &TraceFunction| {
        let name = allocation::function_text(heap, function.name);
        if name.is_empty() { "(anonymous)".into() } else { text::sanitize(&name).into_owned() }
    };
    let mut names: Vec<String> = stack.iter().take(FRAMES).map(name).collect();
    if stack.len() > FRAMES {
        names.push("…".into());
    }
    (!names.is_empty()).then(|| names.join(" ‹ "))
}

/// The value of a number that takes an object, where the snapshot was written with values.
fn number(heap: &Heap, node: NodeIx) -> Option<String> {
    if heap.node_type(node) != NodeType::NUMBER {
        return None;
    }
    let columns = heap.columns();
    let is_value = |&edge: &crate::base::ids::EdgeIx| {
        heap.edge_type(edge) == EdgeType::INTERNAL && heap.known().value.contains(columns.edges.name(edge))
    };
    let edge = columns.edges_of(node).find(is_value)?;
    Some(text::safe(&heap.name(heap.target(edge))))
}

fn size(heap: &Heap, size: Option<u64>) -> String {
    let Some(size) = size else { return "… not there yet".into() };
    let percent = heap.total_size().map_or_else(String::new, |total| format!("  {}", text::percent(size, total)));
    match size {
        0..1000 => format!("{}{percent}", text::bytes(size)),
        _ => format!("{} ({} B){percent}", text::bytes(size), text::count(size)),
    }
}

fn distance(distance: Option<i32>) -> String {
    distance.map_or_else(|| "… not there yet".into(), text::distance)
}

fn chain(heap: &Heap, node: NodeIx) -> String {
    let Some(dominators) = heap.dominators() else { return "… not there yet".into() };
    let name = |node| {
        let value = label::value(heap, node);
        let value = crate::tui::widgets::cut::cut(&value, 40);
        if node == heap.root() { "(root)".to_owned() } else { format!("{value} @{}", heap.id(node)) }
    };
    let mut names: Vec<String> = dominators.chain(node).skip(1).take(CHAIN + 1).map(name).collect();
    if names.len() > CHAIN {
        names[CHAIN] = "…".into();
    }
    if names.is_empty() { "nothing".into() } else { names.join(" ‹ ") }
}

/// The lines of a text from the snapshot, safe each, cut where it gets too long.
fn lines_of(text: &[u8]) -> Vec<String> {
    let text = well_formed(text);
    let cut = text.char_indices().nth(LONGEST_TEXT).map_or(text.len(), |(index, _)| index);
    let mut lines: Vec<String> = text[..cut].split('\n').map(|line| text::sanitize(line).into_owned()).collect();
    if cut < text.len() {
        lines.push(format!("… cut after {} characters", text::count(LONGEST_TEXT as u64)));
    }
    lines
}
