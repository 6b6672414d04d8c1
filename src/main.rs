//! The program: opens the explorer on a file, or on the bundled snapshot.

use std::path::PathBuf;
use std::process::ExitCode;

use heapwalk::heap::{Input, LoadOptions};
use heapwalk::input::Options;
use heapwalk::tui::{self, Snapshot};

/// A real snapshot of a small web shop.
static DEMO: &[u8] = include_bytes!("../assets/demo.heapsnapshot.zst");

fn main() -> ExitCode {
    let snapshots = std::env::args_os().skip(1).map(|argument| {
        let path = PathBuf::from(&argument);
        let (title, input) = match argument.to_str() {
            Some("demo") => ("demo".into(), Input::Bundled(DEMO)),
            Some("-") => ("standard input".into(), Input::Path(path)),
            _ => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                (name.to_string_lossy().into_owned(), Input::Path(path))
            }
        };
        Snapshot { title, load: LoadOptions { input, reading: Options::default() } }
    });
    match tui::run(snapshots.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !matches!(error, heapwalk::error::Error::Cancelled) {
                eprintln!("heapwalk: {error}");
            }
            ExitCode::from(error.exit_status() as u8)
        }
    }
}
