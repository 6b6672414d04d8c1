//! `heapwalk check`: conditions under which a build fails.

use serde_json::json;

use super::args::{CheckArguments, CheckFormat};
use super::load;
use super::out::with_stdout;
use super::series::read;
use crate::analysis::suspects;
use crate::answers::check::{Answer, Check, Known, junit};
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::Wants;

pub(super) fn run(arguments: &CheckArguments) -> Result<()> {
    let meter = Meter::default();
    // Before anything is read: a mistake need not wait for gigabytes.
    let checks: Vec<Check> = arguments.fail_if.iter().map(|text| Check::parse(text)).collect::<Result<_>>()?;
    let (files, common) = (&arguments.files, &arguments.common);
    let (last, earlier) = files.split_last().expect("clap wants a file");
    let wants = checks.iter().map(Check::wants).fold(Wants::NONE, Wants::and);
    let before: Vec<Option<u64>> = match earlier.first().filter(|_| checks.iter().any(Check::compares)) {
        None => vec![None; checks.len()],
        Some(first) => {
            let heap = load::load_for_a_while(wants, first, common)?;
            let count = |check: &Check| check.compares().then(|| check.count(&heap, &meter)).transpose();
            checks.iter().map(count).collect::<Result<_>>()?
        }
    };
    let (heap, found) = match checks.iter().any(Check::is_about_suspects) {
        true => {
            let (heap, series) = read(files, common)?;
            let found = suspects::find(&heap, series.as_ref(), &meter)?;
            (heap, Some(found))
        }
        false => (load::load(wants, last, common)?, None),
    };
    let ask =
        |(check, first): (&Check, Option<u64>)| check.ask(&heap, Known { first, suspects: found.as_ref() }, &meter);
    let answers: Vec<Answer> = checks.iter().zip(before).map(ask).collect::<Result<_>>()?;
    let failed = answers.iter().filter(|answer| answer.failed).count();
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let format = if arguments.json { CheckFormat::Json } else { arguments.format };
    with_stdout(|out| -> std::io::Result<()> {
        match format {
            CheckFormat::Text => answers.iter().try_for_each(|answer| writeln!(out, "{}", answer.line())),
            CheckFormat::Json => {
                let rows: Vec<_> = answers.iter().map(Answer::record).collect();
                let all = json!({
                    "schema": 1, "command": "check", "file": names.last(), "files": names, "failed": failed, "rows": rows
                });
                writeln!(out, "{all:#}")
            }
            CheckFormat::Junit => write!(out, "{}", junit(&names.join(" "), &answers)),
        }
    })?;
    match failed {
        0 => Ok(()),
        failed => Err(Error::Unknown(format!("{failed} of {} checks failed", answers.len()))),
    }
}
