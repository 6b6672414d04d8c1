//! The screens in README.md and docs/GUIDE.md are what the program shows.
//!
//! A comment `<!-- screen WHAT WIDTHxHEIGHT: KEYS -->` stands before each, then a block of text. KEYS are those of
//! [`Person::press`]; WHAT is `demo`, `series` (two snapshots), `growth` (three) or `timeline`. A comment with `lines A-B:` before the keys
//! shows a part of the screen.

use super::{Person, comparing, leads, timeline, whole};

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

/// The document with every screen anew.
fn renewed(text: &str) -> String {
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
