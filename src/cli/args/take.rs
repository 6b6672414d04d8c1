//! What `take` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::common::{Common, ScreenArguments};
use super::values;

#[derive(Debug, Args)]
#[command(after_long_help = TAKE_HELP)]
pub(crate) struct TakeArguments {
    /// The program: the id of a Node process, :PORT or HOST:PORT of an inspector, or the ws:// address of one target
    #[arg(value_name = "PID|HOST:PORT|ws://…", add = values::programs())]
    pub whom: String,
    /// Where to write; `-` is standard output [default: a name with the time]
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
    /// How to compress [default: as FILE ends, zstd without --out]
    #[arg(long, value_enum, value_name = "HOW")]
    pub compress: Option<CompressChoice>,
    /// Do not explore what was taken: print the name of the file
    #[arg(long)]
    pub no_open: bool,
    /// Which target, where there are several: its number or id, or a part of its title or address that no other has
    #[arg(long, value_name = "WHICH", add = values::targets())]
    pub target: Option<String>,
    /// Only list the targets: processes, workers, pages, apps
    #[arg(long)]
    pub list: bool,
    /// Three snapshots for a leak hunt, asking between them; the explorer opens with what grew
    #[arg(long, conflicts_with_all = ["timeline", "list"])]
    pub three: bool,
    /// Record for so long who allocates what, for the Allocation view
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub timeline: Option<f64>,
    /// Numbers too, where the engine writes them
    #[arg(long)]
    pub numeric: bool,
    /// What the engine keeps for itself too, where it writes that
    #[arg(long)]
    pub internals: bool,
    /// Where the system does not tell whether a process catches SIGUSR1: send it all the same
    #[arg(long)]
    pub signal: bool,
    /// Give up when nothing has come for so long
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds, default_value = "300")]
    pub timeout: f64,
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub screen: ScreenArguments,
}

const TAKE_HELP: &str = "\
A Node process is asked by SIGUSR1 to open its inspector, but only if it is of the same user, is Node by its executable,
and catches that signal; who answers must prove to be it; and it is asked to close its inspector again. The program stands
still while its snapshot is taken, and needs memory for it, twice its heap and more.

Examples:
  heapwalk take 4242                        of a Node process on this machine
  heapwalk take :9229 --three               three snapshots for a leak hunt
  heapwalk take :9222 --list                the pages of a browser with --remote-debugging-port=9222
  heapwalk take :8081 --target Pixel        of a React Native app, by its proxy
  heapwalk take 4242 --timeline 30          who allocates what within 30 seconds
  ssh host heapwalk take 4242 -o - | heapwalk -   of a process on another machine";

/// How a snapshot is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompressChoice {
    Zstd,
    Gzip,
    None,
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.05..=1e6).contains(&seconds) => Ok(seconds),
        Ok(_) => Err("more than no time, and less than a million seconds".into()),
        Err(_) => Err(format!("{text} is no number")),
    }
}
