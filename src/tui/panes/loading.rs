//! Screens without a heap: loading, failed, too small.

use ratatui::layout::{Position, Rect};

use crate::heap::{self, Wants};
use crate::tui::layout::SMALLEST;
use crate::tui::state::failure::Failure;
use crate::tui::state::progress::Progress;
use crate::tui::theme::Ui;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::table::bar;
use crate::view::cut::{cut, width, wrap};
use crate::view::text;

/// Where the words of a line begin.
const MARGIN: u16 = 3;
/// Where what stands behind the word of a line begins.
const INDENT: u16 = 16;
/// `100 %   nodes 13.3 M · edges 45.2 M` stands behind the bar.
const BEHIND_BAR: u16 = 38;
const WIDEST_BAR: u16 = 60;
/// A stage, and what is known of it: `depth-first search  waiting`.
const STAGE: u16 = 20;
const STATE: u16 = 8;
/// From here on the screen has room for empty lines and headings.
const AIRY: u16 = 16;
/// From here on the title has room for a bar.
const WIDE_TITLE: u16 = 100;

/// How far the load is that has a heap already, for the title: `computing dominators… 83 % ━━━━━━──`.
pub(crate) fn computing(progress: &Progress, width: u16) -> String {
    // The newest stage is what is waited for longest.
    let stage = progress.running.last().map_or(String::new(), |stage| format!(" {stage}"));
    format!("computing{stage}…{}", share(progress, width))
}

/// How far the load is, for the title: `edges  61 %  610 MB/s  1 s left`.
pub(crate) fn title(progress: &Progress, width: u16) -> String {
    if !is_reading(progress) {
        return computing(progress, width);
    }
    if progress.done == 0 {
        return "loading…".into();
    }
    let mut words: Vec<String> = progress.running.last().map(|stage| (*stage).to_owned()).into_iter().collect();
    match progress.total {
        0 => words.push(text::bytes(progress.done)),
        total => words.push(text::percent(progress.done.min(total), total)),
    }
    let seconds = progress.elapsed.as_secs_f64();
    // Before, one block more or less would change everything.
    if seconds > 0.05 {
        let rate = progress.done as f64 / seconds;
        words.push(format!("{}/s", text::bytes(rate as u64)));
        let left = progress.total.saturating_sub(progress.done) as f64 / rate;
        words.extend((progress.total > 0).then(|| time_left(left)));
    }
    words.join("  ")
}

/// What the stages that are done usually take, as part of all.
fn share(progress: &Progress, width: u16) -> String {
    const CELLS: usize = 8;
    if progress.finished.is_empty() || was_kept(progress) {
        // Nobody has looked yet, or most of it did not have to be done.
        return String::new();
    }
    let part = heap::share(Wants::ALL, &progress.finished);
    let percent = (part * 100.0) as u64;
    if width < WIDE_TITLE {
        return format!(" {percent} %");
    }
    let full = (part * CELLS as f64) as usize;
    format!(" {percent} % {}{}", "━".repeat(full), "─".repeat(CELLS - full))
}

fn time_left(seconds: f64) -> String {
    match seconds.ceil() as u64 {
        seconds @ 0..100 => format!("{} s left", seconds.max(1)),
        seconds => format!("{} min left", seconds.div_ceil(60)),
    }
}

/// Reading ends with the stage that follows it, or with what is kept.
fn is_reading(progress: &Progress) -> bool {
    let later = |name: &str| name == "names";
    let is_later =
        progress.running.iter().any(|name| later(name)) || progress.finished.iter().any(|(name, _)| later(name));
    !is_later && !was_kept(progress)
}

/// Whether the snapshot comes from the index cache.
fn was_kept(progress: &Progress) -> bool {
    progress.finished.iter().any(|&(name, _)| name == heap::OPENING)
}

/// What is known of the file, how much of it is read, and all stages at fixed places: nothing moves as they end.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, progress: &Progress) {
    let airy = area.height >= AIRY;
    let mut y = area.y + airy as u16;
    draw_reading(canvas, Rect { y, height: 1, ..area }, progress);
    let facts = &progress.facts;
    let claims = [(facts.claimed_nodes, "nodes"), (facts.claimed_edges, "edges")];
    let claims = claims.into_iter().filter(|&(count, _)| count > 0);
    let claims: Vec<String> = claims.map(|(count, what)| format!("{} {what}", text::about(count))).collect();
    for (name, value) in [("written by", &facts.producer), ("header says", &claims.join(" · "))] {
        y += 1;
        if !value.is_empty() {
            let room = area.width.saturating_sub(INDENT + 1) as usize;
            canvas.buffer.set_stringn(area.x + MARGIN, y, name, INDENT as usize, canvas.theme.ui(Ui::Dim));
            canvas.buffer.set_stringn(area.x + INDENT, y, cut(value, room), room, canvas.theme.ui(Ui::Text));
        }
    }
    y += 2;
    let second = area.x + MARGIN + ((area.width - MARGIN) / 2).min(STAGE + 2 * STATE);
    let [for_summary, for_the_rest] = heap::stages(Wants::ALL);
    let columns = [(area.x + MARGIN, "for the Summary", for_summary), (second, "for the rest", for_the_rest)];
    for (x, heading, stages) in columns {
        let mut y = y;
        if airy {
            canvas.buffer.set_stringn(x, y, heading, STAGE as usize, canvas.theme.ui(Ui::Header));
            y += 1;
        }
        for (y, stage) in (y..area.bottom()).zip(stages) {
            draw_stage(canvas, Position { x, y }, stage, progress);
        }
    }
}

fn draw_reading(canvas: &mut Canvas<'_>, area: Rect, progress: &Progress) {
    let y = area.y;
    canvas.buffer.set_stringn(area.x + MARGIN, y, "reading", INDENT as usize, canvas.theme.ui(Ui::Text));
    let (part, percent) = match progress.total {
        _ if !is_reading(progress) => (1.0, "100 %".into()),
        // Nobody knows how long a pipe is.
        0 => (0.0, text::bytes(progress.done)),
        total => (progress.done as f64 / total as f64, text::percent(progress.done.min(total), total)),
    };
    let room = area.width.saturating_sub(INDENT + BEHIND_BAR).min(WIDEST_BAR) as usize;
    let x = area.x + INDENT;
    canvas.buffer.set_stringn(x, y, "─".repeat(room), room, canvas.theme.ui(Ui::Rule));
    canvas.buffer.set_stringn(x, y, bar(part, room), room, canvas.theme.ui(Ui::Bar));
    let x = x + room as u16;
    let number = canvas.theme.ui(Ui::NumberCell);
    canvas.buffer.set_stringn(x, y, format!("{percent:>7}"), 9, number);
    let read = format!("nodes {} · edges {}", text::about(progress.nodes), text::about(progress.edges));
    canvas.buffer.set_stringn(x + 10, y, read, (BEHIND_BAR - 10) as usize, number);
}

fn draw_stage(canvas: &mut Canvas<'_>, at: Position, name: &str, progress: &Progress) {
    let time = progress.finished.iter().find(|(finished, _)| *finished == name).map(|(_, time)| time);
    let (state, part) = match time {
        Some(time) => (format!("{:.2} s", time.as_secs_f64()), Ui::Dim),
        None if progress.running.contains(&name) => ("now".into(), Ui::Info),
        None => ("waiting".into(), Ui::Dim),
    };
    let name_part = if part == Ui::Info { Ui::Text } else { Ui::Dim };
    canvas.buffer.set_stringn(at.x, at.y, name, STAGE as usize, canvas.theme.ui(name_part));
    canvas.buffer.set_stringn(at.x + STAGE, at.y, state, STATE as usize, canvas.theme.ui(part));
}

pub(crate) fn draw_failed(canvas: &mut Canvas<'_>, area: Rect, failure: &Failure) {
    let lines = [
        ("what", &failure.what, Ui::Error),
        ("where", &failure.place, Ui::Text),
        ("what to do", &failure.advice, Ui::Text),
    ];
    let room = (area.width as usize).saturating_sub(18).min(100);
    let lines = lines.map(|(name, value, part)| (name, wrap(&text::sanitize(value), room), part));
    // What to do comes last and must be read.
    let needed: usize = lines.iter().map(|(_, lines, _)| lines.len() + 1).sum();
    let gap = (needed <= area.height as usize) as u16;
    let mut y = area.y + gap;
    for (name, lines, part) in lines {
        if y < area.bottom() {
            canvas.buffer.set_stringn(area.x + 3, y, name, 12, canvas.theme.ui(Ui::Dim));
        }
        for line in lines {
            if y < area.bottom() {
                canvas.buffer.set_stringn(area.x + 15, y, line, room, canvas.theme.ui(part));
                y += 1;
            }
        }
        y += gap;
    }
}

/// Asks for a larger window, in as many words as there is room for.
pub(crate) fn draw_too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let size = format!("{}×{}", SMALLEST.width, SMALLEST.height);
    let texts = [format!("heapwalk needs {size}; please enlarge the window"), format!("needs {size}"), size];
    let (columns, rows) = (area.width as usize, area.height as usize);
    let whole = |text: &String| {
        let lines = wrap(text, columns);
        let is_whole = text.split(' ').all(|word| width(word) <= columns) && lines.len() <= rows;
        is_whole.then_some(lines)
    };
    let lines = texts.iter().find_map(whole).unwrap_or_default();
    let top = area.y + (area.height - lines.len() as u16) / 2;
    for (y, line) in (top..).zip(&lines) {
        canvas.buffer.set_stringn(area.x, y, line.trim_end(), columns, canvas.theme.ui(Ui::Warning));
    }
}
