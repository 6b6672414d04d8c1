//! The screens in README.md and docs/GUIDE.md are what the program shows.
//!
//! A comment `<!-- screen WHAT WIDTHxHEIGHT: KEYS -->` stands before each, then a block of text. KEYS are those of
//! [`Person::press`]; WHAT is `demo`, `series` (two snapshots), `growth` (three) or `timeline`. A comment with `lines A-B:` before the keys
//! shows a part of the screen.
//!
//! Between `<!-- help NAME +LEVELS -->` and `<!-- end of help -->` stands a page of help, its headings so many levels
//! deeper.

use super::{Person, comparing, leads, timeline, whole};
use crate::view::pages;

const DOCUMENTS: [&str; 2] = ["README.md", "docs/GUIDE.md"];

/// Whose screen a comment asks for.
struct Wanted {
    person: Person,
    keys: String,
    lines: Option<(usize, usize)>,
}

fn read(comment: &str) -> Wanted {
    let (head, keys) = comment.split_once(": ").unwrap_or_else(|| panic!("no keys in {comment:?}"));
    let words: Vec<&str> = head.split_whitespace().collect();
    let ["screen", what, size, rest @ ..] = &words[..] else { panic!("no screen: {comment:?}") };
    let (width, height) = size.split_once('x').expect("a size");
    let (width, height) = (width.parse().expect("columns"), height.parse().expect("lines"));
    let person = match *what {
        "demo" => Person::at_demo(width, height),
        "series" => comparing(width, height),
        "growth" => leads::series(width, height),
        "timeline" => Person::exploring(whole(timeline()), width, height),
        other => panic!("no heap is called {other}"),
    };
    let lines = match rest {
        ["lines", range] => range.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?))),
        _ => None,
    };
    Wanted { person, keys: keys.to_owned(), lines }
}

fn show(comment: &str) -> String {
    let Wanted { mut person, keys, lines } = read(comment);
    if keys != "-" {
        person.press(&keys);
    }
    let screen = person.screen();
    let (first, last) = lines.unwrap_or((1, screen.len()));
    screen[first - 1..last].join("\n").trim_end().to_owned()
}

const END_OF_HELP: &str = "<!-- end of help -->";

/// The document with every page of help anew.
fn with_pages(text: &str) -> String {
    let mut parts = text.split("<!-- help ");
    let mut renewed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (comment, rest) = part.split_once(" -->\n").expect("the comment ends");
        let (name, levels) = comment.split_once(" +").unwrap_or_else(|| panic!("no levels in {comment:?}"));
        let page = pages::find(name).unwrap_or_else(|| panic!("no page is called {name}"));
        let (_, behind) = rest.split_once(END_OF_HELP).unwrap_or_else(|| panic!("the page {name} does not end"));
        let deeper = "#".repeat(levels.parse().expect("a number of levels"));
        let mut in_code = false;
        let line = |line: &str| {
            in_code ^= line.starts_with("```");
            let is_heading = !in_code && line.starts_with('#');
            format!("{}{line}\n", if is_heading { &deeper } else { "" })
        };
        let markdown: String = page.markdown().lines().map(line).collect();
        renewed += &format!("<!-- help {comment} -->\n{markdown}{END_OF_HELP}{behind}");
    }
    renewed
}

/// The document with every page of help and every screen anew.
fn renewed(text: &str) -> String {
    let text = &with_pages(text);
    let mut parts = text.split("<!-- screen ");
    let mut renewed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (comment, rest) = part.split_once(" -->\n").expect("the comment ends");
        let rest = rest.strip_prefix("```text\n").unwrap_or_else(|| panic!("no block of text behind {comment:?}"));
        let behind = rest.strip_prefix("```").or_else(|| Some(rest.split_once("\n```")?.1)).expect("the block ends");
        let screen = show(&format!("screen {comment}"));
        renewed += &format!("<!-- screen {comment} -->\n```text\n{screen}\n```{behind}");
    }
    renewed
}

#[test]
fn the_screens_in_documents_are_those_of_the_program() {
    for document in DOCUMENTS {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
        let stored = std::fs::read_to_string(&path).expect("the document is there");
        let renewed = renewed(&stored);
        if std::env::var_os("HEAPWALK_WRITE_DOCS").is_some() {
            std::fs::write(&path, &renewed).expect("documents can be written");
        } else if stored != renewed {
            let differs = stored.lines().zip(renewed.lines()).find(|(old, new)| old != new);
            panic!("{document}: HEAPWALK_WRITE_DOCS=1 cargo test --lib documents writes it anew: {differs:#?}");
        }
        assert!(stored.contains("<!-- screen "), "{document} shows a screen");
    }
}

#[test]
fn the_guide_has_every_page_of_help() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/GUIDE.md");
    let guide = std::fs::read_to_string(path).expect("the guide is there");
    let missing: Vec<_> =
        pages::PAGES.iter().filter(|page| !guide.contains(&format!("<!-- help {} +", page.name))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
