//! The program: error reports, arguments, the explorer or one command, the exit status.

use std::path::PathBuf;

use heapwalk::cli::{self, Common, Request};
use heapwalk::heap::Input;
use heapwalk::tui::{self, Snapshot};

fn main() -> color_eyre::Result<()> {
    color_eyre::config::HookBuilder::default().install()?;
    let status = match cli::run() {
        Request::Done(status) => status,
        Request::Explore(files, common) => explore(files, &common),
    };
    std::process::exit(status)
}

/// Opens the explorer; gives the exit status.
fn explore(files: Vec<PathBuf>, common: &Common) -> i32 {
    let snapshot = |title: String, input| Snapshot { title, load: common.load(input) };
    let snapshots = if files.is_empty() {
        vec![snapshot("demo".into(), Input::Bundled(cli::DEMO))]
    } else {
        files
            .into_iter()
            .map(|path| match path.file_name() {
                _ if path.as_os_str() == "-" => snapshot("standard input".into(), Input::Path(path)),
                Some(name) => snapshot(name.to_string_lossy().into_owned(), Input::Path(path)),
                None => snapshot(path.display().to_string(), Input::Path(path)),
            })
            .collect()
    };
    match tui::run(snapshots) {
        Err(heapwalk::error::Error::Cancelled) => 130,
        result => cli::report(result),
    }
}
