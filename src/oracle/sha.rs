//! The digest of a list of lines, as the oracle defines it.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// sha256 of lines joined with newlines, none at the end.
#[derive(Default)]
pub(super) struct Lines {
    hash: Sha256,
    begun: bool,
}

impl Lines {
    /// Adds a line as it is.
    pub(super) fn push(&mut self, line: &str) {
        if std::mem::replace(&mut self.begun, true) {
            self.hash.update(b"\n");
        }
        self.hash.update(line.as_bytes());
    }

    /// Adds a line of text: backslashes and newlines escaped.
    pub(super) fn push_text(&mut self, text: &str) {
        if text.contains(['\\', '\n']) {
            self.push(&text.replace('\\', "\\\\").replace('\n', "\\n"));
        } else {
            self.push(text);
        }
    }

    /// The digest in hexadecimal.
    pub(super) fn finish(self) -> String {
        self.hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}
