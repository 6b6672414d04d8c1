//! `heapwalk info`: what a file says of itself, without reading all of it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use regex::bytes::Regex;

use super::args::InfoArguments;
use super::print::print;
use super::printout::{Body, Printout};
use super::{given, times};
use crate::answers::info::Info;
use crate::error::{Error, Result};
use crate::heap::Input;
use crate::input::{self, Source};
use crate::view::cell::Record;

/// What is read from each end of a file.
const END: u64 = 1 << 20;

pub(super) fn run(arguments: &InfoArguments) -> Result<()> {
    let of = &arguments.of;
    let info = match given::input(&of.file) {
        Input::Path(path) if !arguments.full && path != Path::new("-") => ends(&path, of.common.timings)?,
        input => {
            let watch = times::watch(of.common.timings);
            let read = || input.read(&of.common.reading(), &watch);
            let mut columns = watch.timings.around("other sections", read)?;
            let late = watch.stage("checks", || input::late_warnings(&columns, &watch.meter))?;
            columns.warnings.extend(late);
            times::answer_begins();
            Info::of_columns(columns)
        }
    };
    let body = Body::Result(info.record());
    print(&Printout { command: "info", file: &of.file, head: Record::new(), body }, &of.output)
}

/// Reads at most [`END`] bytes from each end; what that does not tell stays unknown.
fn ends(path: &Path, is_timed: bool) -> Result<Info> {
    let name = path.display().to_string();
    let watch = times::watch(is_timed);
    let source = input::open_source(path, &watch)?;
    let compressed = source.compressed;
    let head = watch.timings.around("open", || read_head(source))?;
    let bytes = watch.meter.total();
    let tail =
        if compressed { Vec::new() } else { read_tail(path, bytes).map_err(|problem| Error::io(&name, &problem))? };
    let header = input::read_header(&head, &name).map_err(|error| match error {
        Error::Format(problem) if head.len() as u64 == END && !problem.advice.is_empty() => {
            Error::Usage(format!("{name}: the first megabyte holds no whole header; --full reads the whole file"))
        }
        other => other,
    })?;
    times::answer_begins();
    Ok(Info {
        bytes,
        compressed: Some(compressed),
        sections: Some(sections(&head, &tail)),
        complete: (!compressed).then(|| tail.trim_ascii_end().ends_with(b"}")),
        ..Info::of_header(header)
    })
}

fn read_tail(path: &Path, bytes: u64) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(bytes.saturating_sub(END)))?;
    let mut tail = Vec::new();
    file.take(END).read_to_end(&mut tail)?;
    Ok(tail)
}

fn read_head(source: Source) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    // A damaged end of a compressed file does not matter here.
    if let Err(problem) = source.read.take(END).read_to_end(&mut head)
        && head.is_empty()
    {
        return Err(Error::io(source.name, &problem));
    }
    Ok(head)
}

/// The names of the sections that begin in what was read, in order.
fn sections(head: &[u8], tail: &[u8]) -> Vec<String> {
    // A quote inside a string has a backslash before it, so this cannot match there.
    let pattern = Regex::new(r#"[{\[\]},]\s*"([a-z_]+)"\s*:\s*[\[{]"#).expect("a constant pattern");
    let known = [
        "snapshot",
        "nodes",
        "edges",
        "trace_function_infos",
        "trace_tree",
        "samples",
        "locations",
        "scopes",
        "scope_context_vars",
        "scope_uses",
        "strings",
    ];
    let mut names: Vec<String> = Vec::new();
    for found in pattern.captures_iter(head).chain(pattern.captures_iter(tail)) {
        let name = String::from_utf8_lossy(&found[1]).into_owned();
        if known.contains(&name.as_str()) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
