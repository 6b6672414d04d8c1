//! `heapwalk picture`: what dominates what, as text, as an SVG file or as rows for programs.

use std::path::Path;

use serde_json::json;

use super::args::{PaintChoice, PictureArguments, PictureForm};
use super::{load, out};
use crate::analysis::grouping::Files;
use crate::analysis::picture::{Frame, What};
use crate::base::given_file::{self, There};
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::{Heap, Wants};
use crate::view::picture::svg::{Form, Sheet, svg};
use crate::view::picture::{Paint, Painted, legend, lines, paint};

/// Columns of a picture as text where nobody says how many.
const COLUMNS: u32 = 120;
/// Levels of the dominator tree, unless others are wanted.
const TEXT_LEVELS: u32 = 16;
const LEVELS: u32 = 24;
/// Units of a picture in a file.
const WIDE: u32 = 1600;
const HIGH: u32 = 900;
/// Nothing narrower than so many units is drawn.
const LEAST: u32 = 3;

pub(super) fn run(arguments: &PictureArguments) -> Result<()> {
    let meter = Meter::default();
    let by = match arguments.by {
        PaintChoice::Kind => Paint::Kind,
        PaintChoice::Package => Paint::Package,
    };
    let is_file = arguments.svg.is_some();
    if let Some(path) = &arguments.svg {
        must_be_free(path, arguments.force)?;
    }
    let wide = arguments.width.unwrap_or(if is_file { WIDE } else { COLUMNS });
    let parts = if is_file { wide / LEAST } else { wide };
    let depth = arguments.depth.unwrap_or(if is_file { LEVELS } else { TEXT_LEVELS }) as usize;
    let mut pictures: Vec<(String, Painted, u64)> = Vec::new();
    for file in &arguments.files {
        let heap = load::load(Wants::OBJECT_ROWS, file, &arguments.common)?;
        let root = arguments.of.map(|id| heap.require_id(id)).transpose()?;
        let files = if by == Paint::Package { Some(Files::find(&heap, &meter)?) } else { None };
        let frame = Frame { root, parts: u64::from(parts.max(1)), depth };
        let painted = paint(&heap, frame, files.as_ref(), &meter)?;
        let Some(painted) = painted else { return Err(Error::Unknown("retained sizes are not known".into())) };
        pictures.push((name_of(file), painted, heap.total_size().unwrap_or(0)));
        if arguments.json {
            print_json(file, &heap, &pictures[pictures.len() - 1].1)?;
        }
    }
    match &arguments.svg {
        _ if arguments.json => Ok(()),
        Some(path) => {
            let sheets: Vec<Sheet<'_>> = pictures
                .iter()
                .map(|(title, painted, heap_size)| Sheet { title: title.clone(), painted, heap_size: *heap_size })
                .collect();
            let form = match arguments.form {
                PictureForm::Icicle => Form::Icicle,
                PictureForm::Treemap => Form::Treemap,
            };
            write_file(path, &svg(&sheets, form, wide, HIGH), arguments.force)
        }
        None => print_text(&pictures, wide as usize),
    }
}

fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The pictures below each other, in one scale.
fn print_text(pictures: &[(String, Painted, u64)], columns: usize) -> Result<()> {
    let most = pictures.iter().map(|(_, painted, _)| painted.picture.total()).max().unwrap_or(0).max(1);
    out::with_stdout(|out| -> Result<(), out::Stop> {
        for (index, (title, painted, heap_size)) in pictures.iter().enumerate() {
            if pictures.len() > 1 {
                writeln!(out, "{}{title}", if index > 0 { "\n" } else { "" })?;
            }
            let share = u128::from(painted.picture.total()) * columns as u128 / u128::from(most);
            for line in lines(painted, (share as usize).max(1), *heap_size) {
                writeln!(out, "{line}")?;
            }
            writeln!(out, "{}", legend(painted))?;
        }
        Ok(())
    })
}

fn print_json(file: &Path, heap: &Heap, painted: &Painted) -> Result<()> {
    let row = |(at, shown): (usize, &crate::view::picture::Shown)| {
        let piece = &shown.piece;
        let (kind, id) = match piece.what {
            What::All => ("all", None),
            What::One(node) => ("object", Some(heap.id(node))),
            What::Class(_) => ("class", None),
            What::Rest => ("rest", None),
        };
        let class = matches!(piece.what, What::One(_) | What::Class(_))
            .then(|| String::from_utf8_lossy(heap.class_name(piece.sample)).into_owned());
        json!({
            "piece": at, "parent": if at == 0 { None } else { Some(piece.parent) }, "depth": piece.depth, "kind": kind,
            "name": shown.label, "id": id, "className": class, "count": piece.count, "retainedSize": piece.size,
            "start": piece.start,
        })
    };
    let rows: Vec<_> = painted.shown.iter().enumerate().map(row).collect();
    let whole = json!({ "schema": 1, "command": "picture", "file": file.display().to_string(), "rows": rows });
    out::with_stdout(|out| -> Result<(), out::Stop> {
        serde_json::to_writer(&mut *out, &whole)?;
        writeln!(out)?;
        Ok(())
    })
}

/// Writes a file; `-` is standard output.
fn write_file(path: &Path, text: &str, over: bool) -> Result<()> {
    if path.as_os_str() == "-" {
        return out::with_stdout(|out| out.write_all(text.as_bytes()));
    }
    given_file::write(path, text.as_bytes(), over).map_err(|problem| Error::of_file(path, &problem))?;
    load::say(&format!("wrote {}", path.display()));
    Ok(())
}

/// Before anything is computed: that it cannot be written.
fn must_be_free(path: &Path, over: bool) -> Result<()> {
    if path.as_os_str() == "-" {
        return Ok(());
    }
    match given_file::there(path) {
        Ok(There::File) if !over => Err(Error::There(path.display().to_string())),
        Ok(_) => Ok(()),
        Err(problem) => Err(Error::of_file(path, &problem)),
    }
}
