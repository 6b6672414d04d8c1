//! The program: error reports, arguments, the explorer or one command, the exit status.

use heapwalk::cli::{self, Request};

fn main() -> color_eyre::Result<()> {
    color_eyre::config::HookBuilder::default().install()?;
    let status = match cli::run() {
        Request::Done(status) => status,
        Request::Explore(files, common) => todo!("{files:?} {common:?}"),
    };
    std::process::exit(status)
}
