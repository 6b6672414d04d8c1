//! Other visitors than the collector: what a rewriter of snapshots needs is handed out.

use super::records::BareNumbers;
use super::scan::{Integers, Visitor, scan};
use super::section::Section;
use super::strings::StringSink;
use super::*;
use crate::base::meter::Meter;
use crate::error::Error;

/// Writes a snapshot anew: numbers and strings one by one, all else as it stands.
#[derive(Default)]
struct Copy {
    text: Vec<u8>,
    warnings: Vec<String>,
}

impl Copy {
    fn begin(&mut self, name: &str) {
        let before = if self.text.is_empty() { '{' } else { ',' };
        self.text.extend_from_slice(format!("{before}\"{name}\":").as_bytes());
    }

    fn text(&mut self, section: Section<'_>) -> Result<()> {
        self.begin(section.name);
        section.text(|part| {
            self.text.extend_from_slice(part);
            Ok(())
        })?;
        Ok(())
    }
}

/// The strings of a copy.
struct Quoted<'a> {
    text: &'a mut Vec<u8>,
    before: &'static str,
    inside: bool,
}

impl StringSink for Quoted<'_> {
    fn part(&mut self, raw: &[u8]) -> Result<()> {
        if !std::mem::replace(&mut self.inside, true) {
            self.text.extend_from_slice(self.before.as_bytes());
            self.text.push(b'"');
        }
        self.text.extend_from_slice(raw);
        Ok(())
    }

    fn end(&mut self, _: bool) -> Result<()> {
        self.part(b"")?;
        self.text.push(b'"');
        self.before = ",";
        self.inside = false;
        Ok(())
    }
}

impl Visitor for Copy {
    fn header(&mut self, section: Section<'_>) -> Result<()> {
        self.text(section)
    }

    fn integers(&mut self, _: Integers, section: Section<'_>) -> Result<()> {
        self.begin(section.name);
        let mut before = "[";
        section.numbers(&BareNumbers, |block| {
            for (number, negative) in block {
                let sign = if negative { "-" } else { "" };
                self.text.extend_from_slice(format!("{before}{sign}{number}").as_bytes());
                before = ",";
            }
            Ok(())
        })?;
        self.text.extend_from_slice(if before == "[" { b"[]" } else { b"]" });
        Ok(())
    }

    fn strings(&mut self, section: Section<'_>) -> Result<()> {
        self.begin(section.name);
        self.text.push(b'[');
        section.strings(&mut Quoted { text: &mut self.text, before: "", inside: false })?;
        self.text.push(b']');
        Ok(())
    }

    fn trace_tree(&mut self, section: Section<'_>) -> Result<()> {
        self.text(section)
    }

    fn unknown(&mut self, section: Section<'_>) -> Result<()> {
        self.text(section)
    }

    fn wrapped(&mut self) -> Result<()> {
        self.text.clear();
        Ok(())
    }

    fn warn(&mut self, sentence: String) {
        self.warnings.push(sentence);
    }
}

const ODD: &str = r#"{
 "future" : {"a":["]}",{"b\"":null}], "c": -1.5e3},
 "number": 12 ,
 "word":null,"text":"a \" { b",
 "snapshot":{"meta":{"node_fields":["type","name"],"x":"\ud800"},"title":"t"},
 "nodes":[1,2, 3 ,-40,18446744073709551615],
 "edges":[],
 "trace_tree":[1,0,0,0,[2,1,0,0,[]]],
 "scope_uses":[ 7 ],
 "strings":["","a\nb","\u00e9 \"q\"", "日本"],
 "list": [ [ ] , {} ]
}"#;

fn copied(text: &str, drops: Drops) -> Copy {
    let mut copy = Copy::default();
    let options = Options { threads: 2, partial: false };
    scan(reader(text, drops), &options, &Meter::default(), &mut copy).unwrap();
    copy.text.push(b'}');
    copy
}

fn json(text: &[u8]) -> serde_json::Value {
    let text = String::from_utf8(text.to_vec()).unwrap().replace(r"\ud800", "?");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_copy_section_by_section_is_equal_json_in_the_same_order() {
    for (step, block) in [(1, 1), (1, 7), (7, 1), (64, 16), (4096, 1 << 20)] {
        let copy = copied(ODD, Drops { step, block });
        // Printed: maps that differ in their order are equal, too.
        assert_eq!(json(&copy.text).to_string(), json(ODD.as_bytes()).to_string());
        assert_eq!(copy.warnings, [""; 0]);
    }
}

#[test]
fn a_copy_of_a_wrapped_snapshot_is_the_snapshot() {
    let wrapped = serde_json::json!({ "memoryUsageBytes": 5, "heapDumpJSON": ODD }).to_string();
    let copy = copied(&wrapped, Drops { step: 3, block: 8 });
    assert_eq!(json(&copy.text), json(ODD.as_bytes()));
    // A wrapper in a wrapper, and what stands behind the string, change nothing.
    let wrapped = serde_json::json!({ "a": 1, "heapDumpJSON": wrapped, "b": 2 }).to_string();
    assert_eq!(json(&copied(&wrapped, Drops { step: 64, block: 64 }).text), json(ODD.as_bytes()));
}

#[test]
fn a_section_that_is_there_twice_comes_once() {
    let copy = copied(r#"{"edges":[1,2],"other":{},"edges":[3],"other":[]}"#, Drops { step: 9, block: 9 });
    assert_eq!(json(&copy.text), json(br#"{"edges":[1,2],"other":{}}"#));
    let twice = |name| format!("section `{name}` is there twice; the first is read");
    assert_eq!(copy.warnings, [twice("edges"), twice("other")]);
}

/// Passes over everything but strings, which it counts.
#[derive(Default)]
struct Count {
    sections: Vec<String>,
    strings: usize,
    bytes: usize,
}

impl Count {
    fn skip(&mut self, section: Section<'_>) -> Result<()> {
        self.sections.push(section.name.to_owned());
        section.skip()
    }
}

impl StringSink for Count {
    fn part(&mut self, raw: &[u8]) -> Result<()> {
        self.bytes += raw.len();
        Ok(())
    }

    fn end(&mut self, _: bool) -> Result<()> {
        self.strings += 1;
        // What a sink says no to ends the reading.
        if self.strings == 1000 { Err(Error::Unknown("enough".into())) } else { Ok(()) }
    }
}

impl Visitor for Count {
    fn header(&mut self, section: Section<'_>) -> Result<()> {
        self.skip(section)
    }

    fn integers(&mut self, which: Integers, section: Section<'_>) -> Result<()> {
        assert_eq!(format!("{which:?}").to_lowercase(), section.name.replace('_', ""));
        self.skip(section)
    }

    fn strings(&mut self, section: Section<'_>) -> Result<()> {
        self.sections.push(section.name.to_owned());
        section.strings(self).map(drop)
    }

    fn trace_tree(&mut self, section: Section<'_>) -> Result<()> {
        self.skip(section)
    }

    fn unknown(&mut self, section: Section<'_>) -> Result<()> {
        self.skip(section)
    }

    fn wrapped(&mut self) -> Result<()> {
        unreachable!("nothing is wrapped")
    }

    fn warn(&mut self, sentence: String) {
        unreachable!("{sentence}")
    }
}

#[test]
fn a_visitor_may_pass_over_sections_of_any_kind() {
    let mut count = Count::default();
    let reader = reader(ODD, Drops { step: 5, block: 4 });
    let bytes = scan(reader, &Options::default(), &Meter::default(), &mut count).unwrap();
    assert_eq!(bytes, ODD.len() as u64);
    let all = [
        "future",
        "number",
        "word",
        "text",
        "snapshot",
        "nodes",
        "edges",
        "trace_tree",
        "scope_uses",
        "strings",
        "list",
    ];
    assert_eq!(count.sections, all);
    assert_eq!((count.strings, count.bytes), (4, r#"a\nb\u00e9 \"q\"日本"#.len()));
}

#[test]
fn what_a_visitor_says_no_to_ends_the_reading() {
    let text = format!(r#"{{"strings":[{}"x"]}}"#, r#""x","#.repeat(2000));
    for partial in [false, true] {
        let mut count = Count::default();
        let options = Options { threads: 1, partial };
        let reader = reader(text.as_str(), Drops { step: 4096, block: 1 << 16 });
        let error = scan(reader, &options, &Meter::default(), &mut count).unwrap_err();
        assert_eq!(error.to_string(), "enough");
    }
}
