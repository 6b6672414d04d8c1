//! Files that are no snapshots: what they are, and the way from there to one.

use super::Reader;
use crate::error::{Error, FormatError, Result};

/// A kind of file, by how it begins.
struct Kind {
    begins: &'static [u8],
    /// Where that stands.
    at: usize,
    what: &'static str,
    advice: &'static str,
}

const fn kind(begins: &'static [u8], what: &'static str, advice: &'static str) -> Kind {
    Kind { begins, at: 0, what, advice }
}

/// All kinds that are known. The longer of two beginnings stands first.
static KINDS: [Kind; 23] = [
    kind(b"PK\x03\x04", "a zip archive", "unpack it first: `unzip -p FILE | heapwalk -`"),
    kind(b"PK\x05\x06", "an empty zip archive", "pack it again with the snapshot in it"),
    kind(b"\xfd7zXZ\x00", "an xz file", "unpack it first: `xz -dc FILE | heapwalk -`"),
    kind(b"BZh", "a bzip2 file", "unpack it first: `bzip2 -dc FILE | heapwalk -`"),
    kind(b"\x04\x22\x4d\x18", "an lz4 file", "unpack it first: `lz4 -dc FILE | heapwalk -`"),
    kind(b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first: `7z x -so FILE | heapwalk -`"),
    Kind { begins: b"ustar", at: 257, what: "a tar archive", advice: "unpack it first: `tar -xOf FILE | heapwalk -`" },
    kind(b"version https://git-lfs", "a Git LFS pointer, not the file itself", "fetch that: `git lfs pull`"),
    kind(b"dartheap", "a heap snapshot of Dart", "open it in Dart DevTools; heapwalk reads V8's format"),
    kind(b"JAVA PROFILE", "a heap dump of Java (hprof)", "open it in Eclipse MAT; heapwalk reads V8's format"),
    // `{"snapshot"`, `{"` with white space, gzip and zstd in base64.
    kind(b"eyJzbmFwc2hvdC", BASE64, FROM_BASE64),
    kind(b"eyJ", BASE64, FROM_BASE64),
    kind(b"eyA", BASE64, FROM_BASE64),
    kind(b"ewo", BASE64, FROM_BASE64),
    kind(b"H4sI", BASE64, FROM_BASE64),
    kind(b"KLUv", BASE64, FROM_BASE64),
    kind(b"data:", "a data URL", "decode what stands behind its comma: `base64 -d | heapwalk -`"),
    kind(b"<", "a web page, not a heap snapshot", "download the file itself"),
    kind(b"\xff\xfe", "UTF-16 text, not a heap snapshot", "save it as UTF-8"),
    kind(b"\xfe\xff", "UTF-16 text, not a heap snapshot", "save it as UTF-8"),
    kind(b"[", "a JSON list", "a heap snapshot begins with {\"snapshot\":"),
    kind(b"memray\0", "a profile of Python (memray)", "open it with memray; heapwalk reads V8's format"),
    kind(b"\x7fELF", "a program or a core dump", "take a heap snapshot of the process while it runs"),
];

const BASE64: &str = "text in base64";
const FROM_BASE64: &str = "decode it first: `base64 -d FILE | heapwalk -`";

/// The error for a file whose first bytes, behind white space, are these.
pub(super) fn refuse(start: &[u8], compressed: bool) -> Error {
    let (what, advice) =
        match KINDS.iter().find(|kind| start.get(kind.at..).is_some_and(|at| at.starts_with(kind.begins))) {
            Some(kind) => (kind.what, kind.advice),
            None if compressed && is_firefox(start) => {
                ("a memory snapshot of Firefox (.fxsnapshot)", "open it in Firefox; heapwalk reads V8's format")
            }
            None => {
                let problem = FormatError::new("", None, "this is not JSON");
                return problem.advise("a heap snapshot begins with {\"snapshot\":").into();
            }
        };
    FormatError::new("", None, format!("this is {what}")).advise(advice).into()
}

/// Firefox packs messages of Protocol Buffers, each behind its length: the first holds a time as its first field.
fn is_firefox(start: &[u8]) -> bool {
    // The length may be a tab or the end of a line, which is passed over like white space.
    matches!(start, [0x08, ..] | [1..=32, 0x08, ..])
}

/// Files that look like snapshots but are others get their name, and the way to the right file.
pub(super) fn refuse_section(reader: &mut Reader, name: &str) -> Result<()> {
    let first = reader.peek(name)?;
    let (problem, advice) = match name {
        "head" if first == Some(b'{') => {
            ("this is a sampling heap profile (.heapprofile)", "take a heap snapshot instead")
        }
        "type" if reader.begins_with(b"\"Inspector\"", name)? => (
            "this is Bun's own heap format (JavaScriptCore)",
            "write it with generateHeapSnapshot(\"v8\") or --heap-prof",
        ),
        "nodes" if first == Some(b'[') && reader.second_is(b'{', name)? => {
            ("this is a CPU profile (.cpuprofile)", "take a heap snapshot instead")
        }
        "type" | "address" if reader.begins_with(b"\"ROOT\"", name)? || reader.begins_with(b"\"0x", name)? => {
            ("this is a heap dump of Ruby", "open it with heapy or harb; heapwalk reads V8's format")
        }
        "method" => (
            "this is a log of the inspector's messages",
            "the texts of HeapProfiler.addHeapSnapshotChunk, joined in their order, are the snapshot",
        ),
        "traceEvents" => ("this is a trace of DevTools or Chromium", "take a heap snapshot instead"),
        _ => return Ok(()),
    };
    Err(FormatError::new("", None, problem).advise(advice).into())
}
