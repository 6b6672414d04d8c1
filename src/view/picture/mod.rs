//! Pieces of a picture of the heap → their words and colours. Where they stand: `layout.rs`; as a file: `svg.rs`.

pub(crate) mod layout;
pub(crate) mod svg;

use self::layout::Span;
use super::cut::{cut, width};
use super::tables::groups;
use super::{label, text};
use crate::analysis::grouping::{By, Files, Grouping};
use crate::analysis::picture::{Frame, Picture, Piece, What, picture};
use crate::base::ids::NodeIx;
use crate::base::meter::Meter;
use crate::columns::NodeType;
use crate::error::Result;
use crate::heap::Heap;

/// What colours tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    Kind,
    Package,
}

impl Paint {
    pub(crate) fn other(self) -> Paint {
        match self {
            Paint::Kind => Paint::Package,
            Paint::Package => Paint::Kind,
        }
    }
}

/// The colour of a piece, one of [`HUES`]; 0 is that of what belongs to nothing.
pub(crate) type Hue = usize;

/// How many colours there are.
pub(crate) const HUES: usize = 8;

/// What fills the pieces of each colour behind their words: nothing is told by colour alone.
pub(crate) const MARKS: [&str; HUES] = ["-", "·", "\"", "/", ":", "#", "~", "="];

/// The kinds of objects, with their colours.
const KINDS: [(&str, Hue); 8] = [
    ("the engine's own", 0),
    ("objects", 1),
    ("strings", 2),
    ("functions", 3),
    ("arrays", 4),
    ("code", 5),
    ("native", 6),
    ("values", 7),
];

/// A piece, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) piece: Piece,
    pub(crate) hue: Hue,
    /// What it is, safe for terminals: `Session ×4,000`.
    pub(crate) label: String,
}

/// A picture with the words and colours of its pieces.
#[derive(Debug, Clone)]
pub(crate) struct Painted {
    pub(crate) picture: Picture,
    pub(crate) shown: Vec<Shown>,
    /// What the colours mean, those that are there.
    pub(crate) legend: Vec<(Hue, String)>,
}

impl Painted {
    /// What a piece says, with its size and its part of the heap.
    pub(crate) fn words(&self, at: usize, heap_size: u64, exact: bool) -> String {
        let Shown { piece, label, .. } = &self.shown[at];
        let size = if exact { format!("{} B", text::count(piece.size)) } else { text::bytes(piece.size) };
        format!("{label} {size} {}", text::percent(piece.size, heap_size))
    }
}

/// Makes a picture and says what its pieces are; nothing before retained sizes are known. Where there are files, colours
/// tell their packages, else kinds.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn paint(heap: &Heap, frame: Frame, files: Option<&Files>, meter: &Meter) -> Result<Option<Painted>> {
    let packages = match files {
        None => None,
        Some(files) => {
            let grouping = files.grouping(By::Package, heap.producer());
            let names = groups::names(&grouping.list, heap.producer());
            Some((grouping, names))
        }
    };
    let Some(picture) = picture(heap, frame, meter)? else { return Ok(None) };
    let hues = packages.as_ref().map(|(grouping, _)| package_hues(&picture, grouping));
    let mut legend: Vec<(Hue, String)> = Vec::new();
    let mut shown = Vec::with_capacity(picture.pieces.len());
    for piece in &picture.pieces {
        let (hue, word) = match (&packages, &hues) {
            (Some((grouping, names)), Some(hues)) if piece.what != What::Rest => {
                let group = grouping.of(piece.sample);
                (hues[group], if hues[group] == 0 { "no package, and smaller ones" } else { &*names[group] })
            }
            _ if piece.what == What::Rest => (0, ""),
            _ => kind(heap, piece.sample),
        };
        if piece.depth > 0 && !word.is_empty() && !legend.iter().any(|(other, _)| *other == hue) {
            legend.push((hue, word.to_owned()));
        }
        shown.push(Shown { piece: piece.clone(), hue, label: words(heap, piece) });
    }
    legend.sort_by_key(|(hue, _)| if *hue == 0 { HUES } else { *hue });
    Ok(Some(Painted { picture, shown, legend }))
}

/// The largest packages of a picture get colours of their own.
fn package_hues(picture: &Picture, grouping: &Grouping) -> Vec<Hue> {
    let mut sizes = vec![0u64; grouping.list.len()];
    // Each object counts where it stands outermost: what is below it is in its size.
    for piece in picture.pieces.iter().filter(|piece| piece.depth > 0 && piece.what != What::Rest) {
        let group = grouping.of(piece.sample);
        let above = &picture.pieces[piece.parent];
        if above.depth == 0 || grouping.of(above.sample) != group {
            sizes[group] = sizes[group].saturating_add(piece.size);
        }
    }
    let is_package = |group: usize| !matches!(grouping.list[group], crate::analysis::grouping::Group::NoFile(_));
    let mut largest: Vec<usize> = (0..sizes.len()).filter(|&group| sizes[group] > 0 && is_package(group)).collect();
    largest.sort_by_key(|&group| (std::cmp::Reverse(sizes[group]), group));
    let mut hues = vec![0; sizes.len()];
    for (hue, group) in (1..HUES).zip(largest) {
        hues[group] = hue;
    }
    hues
}

fn kind(heap: &Heap, node: NodeIx) -> (Hue, &'static str) {
    let place = match heap.node_type(node) {
        NodeType::OBJECT if heap.known().array.contains(heap.columns().nodes.name(node)) => 4,
        NodeType::OBJECT => 1,
        NodeType::STRING | NodeType::CONS_STRING | NodeType::SLICED_STRING => 2,
        NodeType::CLOSURE => 3,
        NodeType::ARRAY => 4,
        NodeType::CODE => 5,
        NodeType::NATIVE => 6,
        NodeType::NUMBER | NodeType::BIGINT | NodeType::SYMBOL | NodeType::REGEXP => 7,
        _ => 0,
    };
    let (word, hue) = KINDS[place];
    (hue, word)
}

fn words(heap: &Heap, piece: &Piece) -> String {
    match piece.what {
        What::All => "all objects".into(),
        What::One(node) => label::short(heap, node),
        What::Class(class) => format!("{} ×{}", text::safe(heap.classes().name(class)), text::count(piece.count)),
        What::Rest => format!("{} smaller", text::objects(piece.count)),
    }
}

/// The picture as text: a line a level, the pieces between bars; what they are called as far as there is room.
pub(crate) fn lines(painted: &Painted, columns: usize, heap_size: u64) -> Vec<String> {
    let spans = layout::icicle(&painted.picture, columns as u32);
    let depth = spans.iter().map(|span| span.level + 1).max().unwrap_or(0);
    // What has no size has no columns, but a name.
    let mut lines = vec![String::new(); depth];
    if spans.is_empty() {
        lines.push(painted.words(0, heap_size, false));
    }
    for span in &spans {
        let line = &mut lines[span.level];
        line.push_str(&" ".repeat((span.x as usize).saturating_sub(width(line))));
        line.push_str(&inscribed(painted, span, heap_size, false));
    }
    lines
}

/// Columns of the shortest words.
const LEAST_WORDS: usize = 4;

/// What stands in the columns of a piece: a bar, its words, and its mark once at least and as far as it goes.
pub(crate) fn inscribed(painted: &Painted, span: &Span, heap_size: u64, exact: bool) -> String {
    let room = (span.width as usize).saturating_sub(1);
    let mut words = cut(&painted.words(span.piece, heap_size, exact), room.saturating_sub(1)).into_owned();
    // A letter or two name nothing.
    if width(&words) < LEAST_WORDS {
        words.clear();
    }
    let marks = MARKS[painted.shown[span.piece].hue].repeat(room - width(&words));
    format!("│{words}{marks}")
}

/// What the marks mean, in a line.
pub(crate) fn legend(painted: &Painted) -> String {
    let told: Vec<String> = painted.legend.iter().map(|(hue, word)| format!("{} {word}", MARKS[*hue])).collect();
    told.join("   ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    fn painted(graph: &Graph) -> Painted {
        let frame = Frame { root: None, parts: 40, depth: 20 };
        paint(&graph.heap, frame, None, &Meter::default()).expect("nobody cancels").expect("all is there")
    }

    #[test]
    fn the_picture_reads_as_text() {
        let graph = Graph::new(
            "r -a-> Store[10]; Store -x-> A#1[1]; Store -y-> A#2[1]; Store -z-> A#3[1]; Store -t-> big:string[67]; r -o-> Odd[20]",
        );
        let painted = painted(&graph);
        assert_eq!(
            lines(&painted, 50, 100),
            [
                "│all objects 100 B 100 %--------------------------",
                "│Store @3 80 B 80 %·····················│Odd @13…·",
                "│\"big\" @11 67 B 67 %\"\"\"\"\"\"\"\"\"\"\"\"\"│·",
            ]
        );
        assert_eq!(painted.legend, [(1, "objects".to_owned()), (2, "strings".to_owned())]);
    }
}
