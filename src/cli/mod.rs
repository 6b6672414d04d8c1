//! The command line: arguments in, rows of the views out. Nothing here computes.

mod args;
mod cache;
mod check;
mod commands;
mod complete;
mod examples;
mod forget;
mod given;
mod help;
mod info;
mod listing;
mod load;
mod nested;
mod out;
mod packaging;
mod picture;
mod print;
mod printout;
mod rows;
mod series;
mod sets;
mod table;
mod take;
mod times;
mod usage;
mod words;

use crate::base::hints;
use crate::config::{self, Units};
use crate::error::{Error, Result};
use crate::heap::Wants;
use crate::oracle;
use crate::view::{caret, text};
use args::{Command, DigestArguments, FileCommand};
pub(crate) use args::{Common, ScreenArguments};
pub(crate) use given::DEMO;

/// What the arguments ask for.
pub(crate) enum Request {
    /// Open the explorer on these files, oldest first; none means the bundled demo.
    Explore {
        files: Vec<std::path::PathBuf>,
        common: Common,
        screen: ScreenArguments,
        /// What grew over them comes first: they were taken for that.
        series: bool,
    },
    /// Print the settings that there are, or a theme.
    Settings { theme: bool },
    /// It has been done; the exit status.
    Done(i32),
}

/// Reads the arguments of the process and does what they say, but for the explorer, which the caller opens.
pub(crate) fn run() -> Request {
    times::begin();
    hints::give_back_freed();
    let arguments = match args::parse() {
        Ok(arguments) => arguments,
        Err(problem) => {
            // Help and version are answers, and so is the list of commands; everything else is a wrong use.
            let is_help = problem.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
            if problem.use_stderr() && !is_help {
                load::say(&usage::line(&problem));
            } else {
                let _ = problem.print();
            }
            return Request::Done(if problem.use_stderr() { 2 } else { 0 });
        }
    };
    if config::of_user().settings.units == Units::Binary {
        text::use_binary_units();
    }
    match arguments.command {
        None if arguments.files.is_empty() => {
            let _ = args::print_help();
            Request::Done(2)
        }
        None => match words::no_command(&arguments.files) {
            Some(error) => Request::Done(report(Err(error))),
            None => explore(arguments.files, arguments.common, arguments.screen),
        },
        Some(Command::Demo(demo)) => explore(Vec::new(), demo.common, demo.screen),
        Some(Command::Forget(arguments)) => Request::Done(report(forget::run(&arguments))),
        Some(Command::Config(arguments)) => Request::Settings { theme: arguments.theme },
        Some(Command::Of(command)) => {
            load::exit_on_interrupt();
            warn_of_settings();
            let status = report(run_command(*command));
            times::answer_ends();
            load::keep_loaded();
            times::print();
            Request::Done(status)
        }
        Some(Command::Help { topic }) => Request::Done(report(help::run(&topic))),
        Some(Command::Take(arguments)) => match take::run(&arguments) {
            Ok(files) if files.is_empty() => Request::Done(0),
            Ok(files) => {
                let (common, screen, series) = (arguments.common, arguments.screen, arguments.three);
                Request::Explore { files, common, screen, series }
            }
            Err(error) => Request::Done(report(Err(error))),
        },
        Some(Command::Cache(command)) => Request::Done(report(cache::run(&command))),
        Some(Command::Completions(arguments)) => Request::Done(report(packaging::completions(arguments.shell))),
        Some(Command::Man(arguments)) => Request::Done(report(packaging::manual(arguments.dir.as_deref()))),
        Some(Command::Complete(arguments)) => {
            complete::run(&arguments);
            Request::Done(0)
        }
    }
}

fn explore(files: Vec<std::path::PathBuf>, common: Common, screen: ScreenArguments) -> Request {
    Request::Explore { files, common, screen, series: false }
}

/// Says what is wrong with the settings that commands have an eye on; of the others the explorer tells.
fn warn_of_settings() {
    let found = config::of_user();
    let path = found.path.clone().unwrap_or_default();
    let is_ours = |problem: &&config::Problem| {
        problem.key.is_empty() || problem.key == "units" || problem.key.starts_with("cache.")
    };
    for problem in found.problems.iter().filter(is_ours) {
        load::say(&format!("warning: {}", problem.in_file(&path)));
    }
}

/// Prints a text, and what there is to warn of.
pub(crate) fn print_text(text: &str, warnings: &[String]) -> Result<()> {
    out::with_stdout(|out| out.write_all(text.as_bytes()))?;
    for warning in warnings {
        load::say(&format!("warning: {warning}"));
    }
    Ok(())
}

/// Prints an error in one line and gives the exit status.
pub(crate) fn report(result: Result<()>) -> i32 {
    match result {
        Ok(()) => 0,
        Err(error) => {
            load::say(&error.to_string());
            if let Error::Query(mistake) = &error {
                load::show(&caret::lines(mistake));
            }
            error.exit_status()
        }
    }
}

fn run_command(command: FileCommand) -> Result<()> {
    match command {
        FileCommand::Info(arguments) => info::run(&arguments),
        FileCommand::Summary(arguments) => commands::summary(&arguments),
        FileCommand::Objects(arguments) => commands::objects(&arguments),
        FileCommand::Find(arguments) => commands::find(&arguments),
        FileCommand::Object(arguments) => commands::object(&arguments),
        FileCommand::Containment(arguments) => commands::containment(&arguments),
        FileCommand::Dominators(arguments) => commands::dominators(&arguments),
        FileCommand::Retainers(arguments) => commands::retainers(&arguments),
        FileCommand::Paths(arguments) => commands::paths(&arguments),
        FileCommand::Why(arguments) => commands::why(&arguments),
        FileCommand::Holders(arguments) => sets::holders(&arguments),
        FileCommand::Cut(arguments) => sets::cut(&arguments),
        FileCommand::Series(arguments) => series::series(&arguments),
        FileCommand::Suspects(arguments) => series::suspects(&arguments),
        FileCommand::Check(arguments) => check::run(&arguments),
        FileCommand::Picture(arguments) => picture::run(&arguments),
        FileCommand::Statistics(arguments) => commands::statistics(&arguments),
        FileCommand::Strings(arguments) => commands::strings(&arguments),
        FileCommand::Allocation(arguments) => commands::allocation(&arguments),
        FileCommand::Compare(arguments) => commands::compare(&arguments),
        FileCommand::Contexts(arguments) => commands::contexts(&arguments),
        FileCommand::Digest(arguments) => digest(&arguments),
    }
}

/// The numbers as the oracle prints them: an instrument of tests, with words of its own.
fn digest(arguments: &DigestArguments) -> Result<()> {
    // DevTools knows node 0 only.
    let common = Common { roots: args::RootChoice::Devtools, ..arguments.common.clone() };
    let value = oracle::digest(&arguments.question(), &mut |path| load::load(Wants::ALL, path, &common))?;
    out::with_stdout(|out| value.write(out))
}
