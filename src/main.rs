//! The program: error reports, then what the arguments say.

use std::io::{self, Write};

fn main() -> color_eyre::Result<()> {
    let (report, eyre_hook) = color_eyre::config::HookBuilder::default().try_into_hooks()?;
    eyre_hook.install()?;
    // A report that nobody can read must not be a panic inside a panic, which aborts the process at once.
    std::panic::set_hook(Box::new(move |info| drop(writeln!(io::stderr(), "{}", report.panic_report(info)))));
    std::process::exit(heapwalk::run())
}
