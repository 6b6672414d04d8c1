//! Commands about several snapshots: what grew, and where to look first.

use std::path::PathBuf;
use std::sync::Arc;

use super::args::{Common, Format, Output, SeriesArguments, SeriesMeasure, SuspectsArguments};
use super::commands::sort_of;
use super::load;
use super::out::with_stdout;
use super::print::{Body, Printout, Rows, print};
use super::rows::{Extent, TreeLines};
use crate::analysis::series::Series;
use crate::analysis::suspects;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::{Heap, OneByOne, Wants};
use crate::view::cell::Record;
use crate::view::spec::{Sort, Spec};
use crate::view::table::{Inner, Level};
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
    let level = rows_of_series::Series::level(series, measure, new, Opens::All);
    let sort = sort_of(&*level.table, arguments.sort.as_deref())?;
    let rows = Printed { level, sort, depth: arguments.depth, is_tree: arguments.depth > 1 || !ids_last, about: None };
    print_level("series", &arguments.files, rows, &arguments.output)
}

pub(super) fn suspects(arguments: &SuspectsArguments) -> Result<()> {
    let meter = Meter::default();
    let (heap, series) = read(&arguments.files, &arguments.common)?;
    if let Some(warning) = series.as_ref().and_then(rows_of_series::warning) {
        load::say(&format!("warning: {warning}"));
    }
    let found = suspects::find(&heap, series.as_ref(), &meter)?;
    let files = arguments.files.len();
    let about = found.suspects.is_empty().then(|| rows_of_suspects::nothing(files).to_owned());
    let level = rows_of_suspects::Suspects::level(heap, Arc::new(found), files, &meter)?;
    let sort = level.table.facts().sort;
    let rows = Printed { level, sort, depth: 1, is_tree: false, about };
    print_level("suspects", &arguments.files, rows, &arguments.output)
}

/// A column under the name that its table gives it: there are a dozen, once a run.
fn titled(level: &Level, spec: &Spec) -> Spec {
    Spec { title: Box::leak(level.table.title(spec).into_owned().into_boxed_str()), ..*spec }
}

struct Printed {
    level: Level,
    sort: Sort,
    depth: usize,
    /// Whether rows may stand below others.
    is_tree: bool,
    about: Option<String>,
}

fn print_level(command: &'static str, files: &[PathBuf], rows: Printed, output: &Output) -> Result<()> {
    let Printed { level, sort, depth, is_tree, about } = rows;
    if let Some(about) = about.as_ref().filter(|_| matches!(output.format(), Format::Table | Format::Markdown)) {
        return with_stdout(|out| writeln!(out, "{about}"));
    }
    let columns = level.table.seen().into_iter().map(|spec| titled(&level, spec)).collect();
    let extent = Extent { depth, limit: output.limit(), inner: Inner::References };
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let head = Record::from_iter([("files".to_owned(), names.into())]);
    let rows = Rows {
        columns,
        is_tree,
        total: level.table.heap().total_size().unwrap_or(0),
        about,
        lines: Box::new(move || Ok(Box::new(TreeLines::new(level.clone(), sort, extent, None)?))),
    };
    let last = files.last().expect("clap wants a file");
    print(&Printout { command, file: last, head, body: Body::Rows(rows) }, output)
}
