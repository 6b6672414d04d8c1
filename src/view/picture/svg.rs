//! Pictures of heaps → one SVG file: side by side, in one scale, with their words in it and below.

use std::fmt::Write;

use super::layout::{Tile, icicle, treemap};
use super::{HUES, Hue, Painted};
use crate::analysis::picture::What;
use crate::view::cut::{cut, width};
use crate::view::text;

/// How pieces stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Icicle,
    Treemap,
}

/// One picture with what stands above it.
pub(crate) struct Sheet<'a> {
    pub(crate) title: String,
    pub(crate) painted: &'a Painted,
    /// What percents are parts of.
    pub(crate) heap_size: u64,
}

/// Fills of the colours, light enough for dark words: told apart without red and green too.
const FILLS: [&str; HUES] = ["#d9d9d9", "#9ecae9", "#f2cf5b", "#88d27a", "#ffbf79", "#c9b1e0", "#f5a8a8", "#83d0cb"];
const FONT: f64 = 11.0;
/// What a letter takes of the size of its font, in most fonts.
const LETTER: f64 = 0.6;
const LINE: f64 = 18.0;
const GAP: f64 = 16.0;
const HEAD: f64 = 26.0;

/// The file, so many units wide and high.
pub(crate) fn svg(sheets: &[Sheet<'_>], form: Form, wide: u32, high: u32) -> String {
    let (wide, high) = (f64::from(wide), f64::from(high));
    let room = (wide - GAP * (sheets.len() as f64 + 1.0)) / sheets.len().max(1) as f64;
    // The same number of bytes has the same width, or area, in all of them.
    let most = sheets.iter().map(|sheet| sheet.painted.picture.total()).max().unwrap_or(0).max(1);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" \
         font-family=\"monospace\" font-size=\"{FONT}\">"
    );
    let _ = writeln!(out, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
    for (index, sheet) in sheets.iter().enumerate() {
        let x = GAP + index as f64 * (room + GAP);
        let share = sheet.painted.picture.total() as f64 / most as f64;
        let area = Tile { x, y: GAP + HEAD, width: room, height: high - 2.0 * GAP - 2.0 * HEAD };
        let area = match form {
            Form::Icicle => Tile { width: area.width * share, ..area },
            Form::Treemap => Tile { width: area.width * share.sqrt(), height: area.height * share.sqrt(), ..area },
        };
        let title = format!("{} · {}", sheet.title, text::bytes(sheet.painted.picture.total()));
        words(&mut out, Line { x, y: GAP + FONT, room }, &title, "bold");
        match form {
            Form::Icicle => draw_icicle(&mut out, sheet, area),
            Form::Treemap => draw_treemap(&mut out, sheet, area),
        }
    }
    draw_legend(&mut out, sheets, high - GAP);
    out.push_str("</svg>\n");
    out
}

fn draw_icicle(out: &mut String, sheet: &Sheet<'_>, area: Tile) {
    let spans = icicle(&sheet.painted.picture, area.width.max(1.0) as u32);
    let levels = spans.iter().map(|span| span.level + 1).max().unwrap_or(1);
    let high = (area.height / levels as f64).min(2.0 * LINE);
    let mut pen = Pen { out, sheet, line: high };
    for span in spans {
        let y = area.y + span.level as f64 * high;
        let tile = Tile { x: area.x + f64::from(span.x), y, width: f64::from(span.width), height: high };
        pen.piece(span.piece, tile);
    }
}

fn draw_treemap(out: &mut String, sheet: &Sheet<'_>, area: Tile) {
    let line = FONT + 4.0;
    let mut pen = Pen { out, sheet, line };
    for (at, tile) in treemap(&sheet.painted.picture, area, 2.0, line).into_iter().enumerate() {
        if let Some(tile) = tile {
            pen.piece(at, tile);
        }
    }
}

/// Draws the pieces of a sheet.
struct Pen<'a> {
    out: &'a mut String,
    sheet: &'a Sheet<'a>,
    /// How high the line of words in a piece is.
    line: f64,
}

impl Pen<'_> {
    /// A piece with its words in the first line of it, and all of them where the pointer rests.
    fn piece(&mut self, at: usize, tile: Tile) {
        let Pen { out, sheet, line } = self;
        let shown = &sheet.painted.shown[at];
        let fill = FILLS[shown.hue % HUES];
        let dashed = if shown.piece.what == What::Rest { " stroke-dasharray=\"2 2\"" } else { "" };
        let said = sheet.painted.words(at, sheet.heap_size, false);
        let _ = writeln!(
            out,
            "<g><title>{}</title><rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"{fill}\" \
             stroke=\"#555555\" stroke-width=\"0.5\"{dashed}/>",
            escaped(&said),
            tile.x,
            tile.y,
            tile.width,
            tile.height
        );
        if tile.height >= FONT {
            let line = Line { x: tile.x + 3.0, y: tile.y + (*line + FONT) / 2.0 - 1.5, room: tile.width - 6.0 };
            words(out, line, &said, "normal");
        }
        out.push_str("</g>\n");
    }
}

/// Where words stand, and how wide they may be.
struct Line {
    x: f64,
    y: f64,
    room: f64,
}

/// As many words as there is room for; none where no name could be told.
fn words(out: &mut String, line: Line, text: &str, weight: &str) {
    const LEAST: usize = 3;
    let Line { x, y, room } = line;
    let letters = (room / (FONT * LETTER)).max(0.0) as usize;
    let text = cut(text, letters);
    if width(&text) >= LEAST {
        let _ = writeln!(out, "<text x=\"{x:.2}\" y=\"{y:.2}\" font-weight=\"{weight}\">{}</text>", escaped(&text));
    }
}

fn draw_legend(out: &mut String, sheets: &[Sheet<'_>], y: f64) {
    let mut said: Vec<(Hue, &str)> = Vec::new();
    for (hue, word) in sheets.iter().flat_map(|sheet| &sheet.painted.legend) {
        if !said.iter().any(|(_, other)| other == word) {
            said.push((*hue, word));
        }
    }
    let mut x = GAP;
    for (hue, word) in said {
        let fill = FILLS[hue % HUES];
        let _ = writeln!(
            out,
            "<rect x=\"{x:.2}\" y=\"{:.2}\" width=\"{FONT}\" height=\"{FONT}\" fill=\"{fill}\" stroke=\"#555555\" \
             stroke-width=\"0.5\"/>",
            y - FONT + 1.0
        );
        let wide = width(word) as f64 * FONT * LETTER;
        words(out, Line { x: x + FONT + 4.0, y, room: wide + FONT }, word, "normal");
        x += FONT + 4.0 + wide + GAP;
    }
}

/// Text between tags: what steers XML, and what may not stand in it at all, is replaced.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::super::paint;
    use super::*;
    use crate::analysis::picture::Frame;
    use crate::base::meter::Meter;
    use crate::notation::Graph;

    fn painted(graph: &Graph) -> Painted {
        let frame = Frame { root: None, parts: 1000, depth: 20 };
        paint(&graph.heap, frame, None, &Meter::default()).expect("nobody cancels").expect("all is there")
    }

    #[test]
    fn a_picture_is_xml_whatever_the_names() {
        let graph = Graph::new("r -a-> <b>&\"x\"[70]; r -c-> text:string[30]");
        let painted = painted(&graph);
        let sheet = || Sheet { title: "a<b".into(), painted: &painted, heap_size: 100 };
        for form in [Form::Icicle, Form::Treemap] {
            let text = svg(&[sheet()], form, 800, 400);
            assert!(text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\""), "{text}");
            assert!(text.contains("a&lt;b · 100 B") && text.contains("&lt;b&gt;&amp;&quot;x&quot; @"), "{text}");
            assert!(!text.contains("<b>"), "{text}");
            assert_eq!(text.matches("<g>").count(), 3, "all, and two objects");
            assert_eq!(text.matches("<g>").count(), text.matches("</g>").count());
            assert!(text.contains(">strings</text>") && text.contains(">objects</text>"), "the legend: {text}");
        }
    }

    #[test]
    fn two_pictures_stand_side_by_side_in_one_scale() {
        let (small, large) = (painted(&Graph::new("r -a-> A[100]")), painted(&Graph::new("r -a-> A[400]")));
        let sheets = [("before", &small), ("after", &large)].map(|(title, painted)| Sheet {
            title: title.into(),
            painted,
            heap_size: painted.picture.total(),
        });
        let text = svg(&sheets, Form::Icicle, 848, 400);
        // 848 less three gaps of 16 are two of 400; the first has a quarter of the bytes.
        let widths: Vec<&str> = text
            .match_indices("<rect x=")
            .filter_map(|(at, _)| text[at..].split("width=\"").nth(1)?.split('"').next())
            .collect();
        assert_eq!(widths[..4], ["100.00", "100.00", "400.00", "400.00"]);
        assert_eq!(svg(&sheets, Form::Treemap, 848, 400).matches("<g>").count(), 4);
    }
}
