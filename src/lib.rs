//! heapwalk reads V8 heap snapshots and answers what Chrome DevTools' Memory panel answers, in a terminal.
//!
//! ```text
//! file bytes ─ input ─▶ columns ─ index ─▶ heap ─ analysis ─▶ view (rows), answers ─▶ tui │ cli
//! ```

#![deny(unsafe_code)]
#![warn(unreachable_pub)]

mod analysis;
mod answers;
mod base;
#[doc(hidden)]
pub mod bench;
mod cache;
mod cli;
mod columns;
mod config;
mod error;
mod heap;
mod index;
mod input;
#[cfg(test)]
mod notation;
mod oracle;
mod remembered;
mod take;
#[cfg(test)]
mod testing;
mod tui;
mod view;

use std::path::PathBuf;

use cli::{Common, Request};
use error::Error;
use heap::Input;
use tui::Snapshot;

/// Does what the arguments of the process say; gives the exit status.
pub fn run() -> i32 {
    match cli::run() {
        Request::Done(status) => status,
        Request::Explore { files, common, screen, series } => {
            let options = tui::Options { no_mouse: screen.no_mouse, no_state: screen.no_state, series };
            match tui::run(snapshots(files, &common), &options) {
                Err(Error::Cancelled) => 130,
                result => cli::report(result),
            }
        }
        Request::Settings { theme: true } => cli::report(cli::print_text(&tui::theme_text(), &[])),
        Request::Settings { theme: false } => {
            let (text, warnings) = tui::described_settings();
            cli::report(cli::print_text(&text, &warnings))
        }
    }
}

/// The snapshots to explore, oldest first; the bundled one where no file is given.
fn snapshots(files: Vec<PathBuf>, common: &Common) -> Vec<Snapshot> {
    let snapshot = |title: String, input| Snapshot { title, load: common.load(input) };
    if files.is_empty() {
        return vec![snapshot("demo".into(), Input::Bundled(cli::DEMO))];
    }
    let of_file = |path: PathBuf| {
        let title = match path.file_name() {
            _ if path.as_os_str() == "-" => "standard input".into(),
            Some(name) => name.to_string_lossy().into_owned(),
            None => path.display().to_string(),
        };
        snapshot(title, Input::Path(path))
    };
    files.into_iter().map(of_file).collect()
}
