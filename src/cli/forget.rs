//! `heapwalk forget`: what the explorer remembers of snapshots goes.

use std::path::PathBuf;

use super::args::ForgetArguments;
use super::out::with_stdout;
use crate::error::{Error, Result};
use crate::remembered::Memory;
use crate::view::text;

pub(super) fn run(arguments: &ForgetArguments) -> Result<()> {
    let Some(memory) = Memory::of_user() else {
        return with_stdout(|out| writeln!(out, "nothing is remembered: neither XDG_STATE_HOME nor HOME is set"));
    };
    let count = match arguments.all {
        true => {
            let path = memory.directory().display().to_string();
            memory.forget_all().map_err(|problem| Error::io(path, &problem))?
        }
        false => {
            // Of the bundled snapshot and of standard input nothing is remembered.
            let is_no_file = |path: &PathBuf| (path.as_os_str() == "demo" || path.as_os_str() == "-") && !path.exists();
            let forget = |path: &PathBuf| {
                if is_no_file(path) {
                    return Ok(0);
                }
                let failed = |problem| Error::io(path.display().to_string(), &problem);
                Ok(memory.forget(path).map_err(failed)? as usize)
            };
            arguments.files.iter().map(forget).sum::<Result<usize>>()?
        }
    };
    let said = match count {
        0 => "nothing was remembered".to_owned(),
        1 => "forgot what was remembered of 1 snapshot".to_owned(),
        count => format!("forgot what was remembered of {} snapshots", text::count(count as u64)),
    };
    with_stdout(|out| writeln!(out, "{said}"))
}
