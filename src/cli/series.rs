//! Commands about several snapshots: what grew, and where to look first.

use std::path::PathBuf;
use std::sync::Arc;

use super::args::{Common, Format, Output, SeriesArguments, SeriesMeasure, SuspectsArguments};
use super::listing::Listing;
use super::load;
use super::out::with_stdout;
use crate::analysis::series::Series;
use crate::analysis::suspects;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::{Heap, OneByOne, Wants};
use crate::view::cell::Record;
use crate::view::table::Level;
use crate::view::tables::over_snapshots::Measure;
use crate::view::tables::series::{self as rows_of_series, New, Opens};
use crate::view::tables::suspects as rows_of_suspects;

/// Reads snapshots, oldest first: the last stays, of the others what a series needs.
pub(super) fn read(files: &[PathBuf], common: &Common) -> Result<(Arc<Heap>, Option<Series>)> {
    let meter = Meter::default();
    let (last, earlier) = files.split_last().expect("clap wants a file");
    let heap = load::load(Wants::RETAINER_ROWS, last, common)?;
    if earlier.is_empty() {
        return Ok((heap, None));
    }
    let others = earlier.iter().map(|file| load::load_for_a_while(Wants::CLASS_ROWS, file, common));
    let series = Series::read(heap.clone(), OneByOne::new(others), &meter)?;
    Ok((heap, Some(series)))
}

pub(super) fn series(arguments: &SeriesArguments) -> Result<()> {
    let (_, series) = read(&arguments.files, &arguments.common)?;
    let series = Arc::new(series.expect("clap wants two files"));
    if let Some(warning) = rows_of_series::warning(&series) {
        load::say(&format!("warning: {warning}"));
    }
    let ids_last = series.ids_last();
    let measure = match arguments.by {
        SeriesMeasure::Count => Measure::Count,
        SeriesMeasure::Shallow => Measure::Shallow,
        SeriesMeasure::Retained => Measure::Retained,
    };
    let new = if arguments.came_and_stayed { New::CameAndStayed } else { New::SinceFirst };
    let level = rows_of_series::Courses::level(series, measure, new, Opens::All);
    let is_tree = arguments.depth > 1 || !ids_last;
    let (sort, depth) = (arguments.sort.as_deref(), arguments.depth);
    Listing { sort, depth, is_tree, ..about_files("series", &arguments.files, &arguments.output, level) }.print()
}

pub(super) fn suspects(arguments: &SuspectsArguments) -> Result<()> {
    let meter = Meter::default();
    let (heap, series) = read(&arguments.files, &arguments.common)?;
    if let Some(warning) = series.as_ref().and_then(rows_of_series::warning) {
        load::say(&format!("warning: {warning}"));
    }
    let found = suspects::find(&heap, series.as_ref(), &meter)?;
    let (files, output) = (arguments.files.len(), &arguments.output);
    if found.suspects.is_empty() && matches!(output.format(), Format::Table | Format::Markdown) {
        return with_stdout(|out| writeln!(out, "{}", rows_of_suspects::nothing(files)));
    }
    let level = rows_of_suspects::Suspects::level(heap, Arc::new(found), files, &meter)?;
    about_files("suspects", &arguments.files, output, level).print()
}

/// Rows about several files, the last of them above all.
fn about_files<'a>(command: &'static str, files: &'a [PathBuf], output: &'a Output, level: Level) -> Listing<'a> {
    let last = files.last().expect("clap wants a file");
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let head = Record::from_iter([("files".to_owned(), names.into())]);
    Listing { head, ..Listing::about_file(command, last, output, level) }
}
