//! The program: error reports, then what the arguments say.

fn main() -> color_eyre::Result<()> {
    color_eyre::config::HookBuilder::default().install()?;
    std::process::exit(heapwalk::run())
}
