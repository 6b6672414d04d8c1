//! The outermost object of a snapshot → its sections, handed to a [`Visitor`] in the order of the file.
//!
//! Knows which sections there are and of what kind each is. What their numbers and strings mean is the visitor's
//! business.

use std::collections::BTreeSet;

use super::foreign;
use super::meta::parse_header;
use super::section::Section;
use super::wrapped::Unescaped;
use super::{Options, Reader, Source};
use crate::base::meter::Meter;
use crate::columns::Header;
use crate::error::{FormatError, Result};

/// Whoever is handed the sections of a snapshot. Each method reads its section to the end, or passes over it
/// ([`Section::skip`]); no section comes twice.
pub(crate) trait Visitor {
    /// The section `snapshot`, a JSON object ([`Section::text`]).
    fn header(&mut self, section: Section<'_>) -> Result<()>;
    /// A section of whole numbers ([`Section::numbers`]).
    fn integers(&mut self, which: Integers, section: Section<'_>) -> Result<()>;
    /// The section `strings` ([`Section::strings`]).
    fn strings(&mut self, section: Section<'_>) -> Result<()>;
    /// The section `trace_tree`: JSON, nested as deep as the program's stacks ([`Section::text`]).
    fn trace_tree(&mut self, section: Section<'_>) -> Result<()>;
    /// A section of another name ([`Section::text`]).
    fn unknown(&mut self, section: Section<'_>) -> Result<()>;
    /// What has been handed out so far stood around the snapshot, which begins only now.
    fn wrapped(&mut self) -> Result<()>;
    /// Something is odd but does not keep the file from being read.
    fn warn(&mut self, sentence: String);
}

/// The sections of whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Integers {
    Nodes,
    Edges,
    Locations,
    Samples,
    TraceFunctionInfos,
    Scopes,
    ScopeContextVars,
    ScopeUses,
}

impl Integers {
    fn named(name: &str) -> Option<Integers> {
        Some(match name {
            "nodes" => Integers::Nodes,
            "edges" => Integers::Edges,
            "locations" => Integers::Locations,
            "samples" => Integers::Samples,
            "trace_function_infos" => Integers::TraceFunctionInfos,
            "scopes" => Integers::Scopes,
            "scope_context_vars" => Integers::ScopeContextVars,
            "scope_uses" => Integers::ScopeUses,
            _ => return None,
        })
    }
}

/// Without these nothing can be shown.
const NEEDED: [&str; 4] = ["snapshot", "nodes", "edges", "strings"];

/// Hands all sections of a snapshot to `visitor`. Returns the length of the snapshot in bytes.
pub(crate) fn scan(reader: Reader, options: &Options, meter: &Meter, visitor: &mut impl Visitor) -> Result<u64> {
    let mut depth = 0;
    let mut reader = begin(reader, &mut depth)?;
    while let Ended::AtWrapped = walk(&mut reader, options, meter, visitor)? {
        visitor.wrapped()?;
        reader = begin(unwrap(reader, &mut depth)?, &mut depth)?;
    }
    let bytes = reader.offset();
    if reader.peek("")?.is_some() {
        visitor.warn("there is more behind the end of the snapshot; it is not read".into());
    }
    Ok(bytes)
}

/// Reads up to the end of the section `snapshot`, whatever stands before it.
pub(crate) fn read_header(reader: Reader) -> Result<Header> {
    let (options, meter) = (Options { threads: 1, partial: false }, Meter::default());
    let mut depth = 0;
    let mut reader = begin(reader, &mut depth)?;
    loop {
        if reader.peek("")? == Some(b'}') {
            return Err(no_header().into());
        }
        let name = read_name(&mut reader)?;
        reader.expect(b':', &name)?;
        if is_wrapped(&mut reader, &name)? {
            reader = begin(unwrap(reader, &mut depth)?, &mut depth)?;
            continue;
        }
        foreign::refuse_section(&mut reader, &name)?;
        let section = Section { name: &name, reader: &mut reader, options: &options, meter: &meter };
        if name == "snapshot" {
            return header_of(section);
        }
        section.skip()?;
        if reader.peek("")? != Some(b'}') {
            reader.expect(b',', "")?;
        }
    }
}

/// Reads the section `snapshot`.
pub(crate) fn header_of(section: Section<'_>) -> Result<Header> {
    let mut json = Vec::new();
    section.text(|part| {
        json.extend_from_slice(part);
        Ok(())
    })?;
    parse_header(&json)
}

/// The error for a file that has no section `snapshot`.
pub(crate) fn no_header() -> FormatError {
    FormatError::new("", None, "there is no section `snapshot`: not a heap snapshot")
}

/// Goes to the first section: behind the opening brace, which may stand in strings.
fn begin(reader: Reader, depth: &mut usize) -> Result<Reader> {
    let mut reader = reader;
    loop {
        reader.fill_block("")?;
        if reader.begins_with(b"\xef\xbb\xbf", "")? {
            reader.consume(3);
        }
        match reader.peek("")? {
            Some(b'{') => {
                reader.consume(1);
                return Ok(reader);
            }
            // A whole snapshot as a JSON string.
            Some(b'"') => reader = unwrap(reader, depth)?,
            Some(_) => return Err(foreign::refuse(reader.window(), reader.is_compressed())),
            None => {
                let problem = FormatError::new("", None, "the file is empty");
                return Err(problem.advise("was the snapshot written to its end?").into());
            }
        }
    }
}

/// What ended a walk through an object.
enum Ended {
    AtEnd,
    /// The reader stands at a string that holds a whole snapshot.
    AtWrapped,
}

/// Walks through an object behind its opening brace.
fn walk(reader: &mut Reader, options: &Options, meter: &Meter, visitor: &mut impl Visitor) -> Result<Ended> {
    if reader.peek("")? == Some(b'}') {
        reader.consume(1);
        return Ok(Ended::AtEnd);
    }
    // A hostile file can hold a million names.
    let mut seen = BTreeSet::new();
    loop {
        let name = read_name(reader)?;
        reader.expect(b':', &name)?;
        if is_wrapped(reader, &name)? {
            return Ok(Ended::AtWrapped);
        }
        if !seen.contains("snapshot") {
            foreign::refuse_section(reader, &name)?;
        }
        let section = Section { name: &name, reader, options, meter };
        if seen.insert(name.clone()) {
            hand_out(section, visitor)?;
        } else {
            visitor.warn(format!("section `{name}` is there twice; the first is read"));
            section.skip()?;
        }
        match reader.peek("")? {
            Some(b',') => reader.consume(1),
            Some(b'}') => {
                reader.consume(1);
                return Ok(Ended::AtEnd);
            }
            Some(byte) => {
                let problem = format!("found {} behind section `{name}`", super::reader::shown(byte));
                return Err(reader.wrong("", &problem));
            }
            None if NEEDED.iter().all(|needed| seen.contains(*needed)) => {
                visitor.warn("the last brace is missing; everything before it is there".into());
                return Ok(Ended::AtEnd);
            }
            None => return Err(reader.cut_off("")),
        }
    }
}

/// Whether the section is a string that holds a whole snapshot.
fn is_wrapped(reader: &mut Reader, name: &str) -> Result<bool> {
    Ok(name == "heapDumpJSON" && reader.peek(name)? == Some(b'"'))
}

fn hand_out(section: Section<'_>, visitor: &mut impl Visitor) -> Result<()> {
    match section.name {
        "snapshot" => visitor.header(section),
        "strings" => visitor.strings(section),
        "trace_tree" => visitor.trace_tree(section),
        name => match Integers::named(name) {
            Some(which) => visitor.integers(which, section),
            None => visitor.unknown(section),
        },
    }
}

/// Reads the name of the next section.
fn read_name(reader: &mut Reader) -> Result<String> {
    reader.expect(b'"', "")?;
    let mut name = Vec::new();
    loop {
        let Some(&byte) = reader.window().first() else {
            if !reader.fill("")? {
                return Err(reader.cut_off(""));
            }
            continue;
        };
        reader.consume(1);
        match byte {
            b'"' => return Ok(String::from_utf8_lossy(&name).into_owned()),
            _ if name.len() > 1000 => return Err(reader.wrong("", "a section name without end")),
            _ => name.push(byte),
        }
    }
}

/// Strings in strings are read so deep: each is a reader around a reader, and no program writes more than one.
const DEEPEST_WRAPPED: usize = 8;

/// Reads what a string holds, which the reader stands at. Places in errors count from the beginning of the string.
fn unwrap(mut reader: Reader, depth: &mut usize) -> Result<Reader> {
    *depth += 1;
    if *depth > DEEPEST_WRAPPED {
        let problem = format!("strings in strings, more than {DEEPEST_WRAPPED} deep");
        return Err(FormatError::new("heapDumpJSON", None, problem)
            .advise("take the snapshot out of them first")
            .into());
    }
    reader.expect(b'"', "heapDumpJSON")?;
    let (name, compressed) = (reader.name().to_owned(), reader.is_compressed());
    let source = Source { name, read: Box::new(Unescaped::new(reader)), compressed };
    Ok(Reader::new(source))
}
