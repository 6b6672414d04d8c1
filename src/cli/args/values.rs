//! What may stand behind an option that speaks of a snapshot: its classes, scopes, columns, the words of queries.
//!
//! Classes come from the index cache, or of a small file itself: nobody waits for a completion. Where neither is, none
//! are offered.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::common::Common;
use crate::analysis::query::{Wanted, completed, quoted, unfinished};
use crate::answers::scope;
use crate::base::text::well_formed;
use crate::cli::given;
use crate::heap::{self, Heap, Input, LoadOptions, Product, Wants};
use crate::input::Watch;
use crate::take;
use crate::view::pages::PAGES;
use crate::view::spec::{Spec, short_words};
use crate::view::table::{seen, specs};
use crate::view::tables;
use crate::view::text::sanitize;

/// Larger files are not read for a completion: this takes about a tenth of a second.
const SMALL: u64 = 32 << 20;
/// Then it is given up: a shell that stands still is worse than one that offers nothing. (A development build is slow.)
const LONGEST: Duration = Duration::from_millis(if cfg!(development) { 20_000 } else { 500 });

thread_local! {
    /// The line that is being completed: completers are told its last word alone.
    static LINE: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    /// The names of all commands.
    static COMMANDS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Says what completers on this thread are asked about.
pub(in crate::cli) fn set_line(words: &[String], commands: Vec<String>) {
    LINE.set(words.to_vec());
    COMMANDS.set(commands);
}

fn line() -> Vec<String> {
    LINE.with_borrow(Clone::clone)
}

/// A completer that gives the words which begin as the one that is being written.
fn completer(find: impl Fn(&str) -> Vec<String> + Send + Sync + 'static) -> ArgValueCompleter {
    ArgValueCompleter::new(move |current: &OsStr| {
        let written = current.to_string_lossy();
        let found = find(&written).into_iter().filter(|word| word.starts_with(&*written));
        found.enumerate().map(|(at, word)| CompletionCandidate::new(word).display_order(Some(at))).collect::<Vec<_>>()
    })
}

/// Names of classes.
pub(super) fn classes() -> ArgValueCompleter {
    completer(|_| class_names())
}

/// Keys of classes.
pub(super) fn keys() -> ArgValueCompleter {
    completer(|_| of_heap(|heap| heap.classes().iter().map(|class| heap.classes().key(class)).collect()))
}

/// Commands, and pages of help.
pub(super) fn topics() -> ArgValueCompleter {
    completer(|_| {
        let commands = COMMANDS.with_borrow(Clone::clone).into_iter();
        let pages = PAGES.iter().map(|page| page.name.to_owned());
        commands.chain(["topics".to_owned()]).chain(pages).collect()
    })
}

/// What a snapshot can be taken of.
pub(super) fn programs() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let written = current.to_string_lossy();
        let found = take::running().into_iter().filter(|running| running.word.starts_with(&*written));
        told(found.map(|running| (running.word, running.what)))
    })
}

/// The targets of the place on the line: their numbers, and titles that are typed sooner than found.
pub(super) fn targets() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let written = current.to_string_lossy();
        let place = line().iter().skip(2).find(|word| word.contains(':')).cloned().unwrap_or_default();
        let targets = take::targets_at(&place, LONGEST);
        let numbers = targets
            .iter()
            .enumerate()
            .map(|(at, target)| ((at + 1).to_string(), format!("{} {}", target.kind, target.name())));
        let titles = targets.iter().map(|target| (target.title.clone(), format!("{} {}", target.kind, target.url)));
        let titles = titles.filter(|(title, _)| !title.is_empty());
        told(numbers.chain(titles).filter(|(word, _)| word.starts_with(&*written)))
    })
}

/// Words, each with what it is, in their order. Both are text of other programs.
fn told(found: impl Iterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let safe = |text: &str| sanitize(text).into_owned();
    let candidate = |(at, (word, what)): (usize, (String, String))| {
        CompletionCandidate::new(word).help(Some(safe(&what).into())).display_order(Some(at))
    };
    // A control character in a word would not arrive as it is.
    found.filter(|(word, _)| safe(word) == *word).enumerate().map(candidate).collect()
}

/// Names of scopes, and queries.
pub(super) fn scopes() -> ArgValueCompleter {
    completer(|written| match written.strip_prefix(scope::QUERY) {
        Some(query) => complete_query(query).iter().map(|query| format!("{}{query}", scope::QUERY)).collect(),
        None => scope::NAMED.iter().map(|(name, _)| *name).chain([scope::QUERY]).map(str::to_owned).collect(),
    })
}

/// The columns of the table of the command on the line.
pub(super) fn columns() -> ArgValueCompleter {
    completer(|_| short_words(&seen(&columns_of(line().get(1).map_or("", String::as_str)))))
}

/// Queries.
pub(super) fn queries() -> ArgValueCompleter {
    completer(complete_query)
}

/// Checks: a query, or the suspects, as far as the bar.
pub(super) fn checks() -> ArgValueCompleter {
    completer(|written| match written.rsplit_once('|') {
        None => complete_query(written).into_iter().chain(["suspects".into()]).collect(),
        Some((before, after)) => {
            let gap = &after[..after.len() - after.trim_start().len()];
            ["count", "shallow", "retained", "share", "growth"].map(|word| format!("{before}|{gap}{word}")).into()
        }
    })
}

fn columns_of(command: &str) -> Vec<&'static Spec> {
    match command {
        "summary" | "cut" => specs::<tables::classes::Classes>(),
        "objects" => specs::<tables::objects::Objects>(),
        "find" => specs::<tables::found::Found>(),
        "strings" => specs::<tables::strings::Strings>(),
        "allocation" => specs::<tables::allocation::Allocations>(),
        "compare" => specs::<tables::comparison::Differences>(),
        "contexts" => specs::<tables::contexts::Contexts>(),
        "series" => specs::<tables::series::Courses>(),
        _ => Vec::new(),
    }
}

/// A query with its last word complete.
fn complete_query(before: &str) -> Vec<String> {
    let Some(unfinished) = unfinished(before) else {
        return if before.is_empty() { completed("") } else { Vec::new() };
    };
    let written = unfinished.written;
    let found = match unfinished.wanted {
        Wanted::Condition => completed(written),
        Wanted::Class => {
            class_names().iter().filter(|name| name.starts_with(written)).map(|name| quoted(name)).collect()
        }
        Wanted::Type => of_heap(type_names),
    };
    let start = &before[..unfinished.start];
    found.into_iter().map(|word| format!("{start}{word}")).collect()
}

fn type_names(heap: &Heap) -> Vec<String> {
    heap.columns().types.all().map(str::to_owned).collect()
}

fn class_names() -> Vec<String> {
    let mut names = of_heap(|heap| {
        let classes = heap.classes();
        classes.names.iter().map(|name| well_formed(name).into_owned()).collect()
    });
    names.retain(|name| !name.is_empty());
    names
}

/// Something of the heap on the line, each thing once and in the order of the alphabet.
fn of_heap(words: impl Fn(&Heap) -> Vec<String>) -> Vec<String> {
    let mut words = file().and_then(|file| load(&file)).map_or_else(Vec::new, |heap| words(&heap));
    words.sort_unstable();
    words.dedup();
    words
}

/// The last snapshot on the line, before the word that is being written.
fn file() -> Option<PathBuf> {
    let words = line();
    let whole = words.get(2..words.len() - 1)?;
    let is_one = |path: &PathBuf| path.is_file() || path.as_os_str() == "demo";
    let path = |word: &String| match (word.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(word),
    };
    let of_option = |at: usize| at > 0 && whole[at - 1] == "--new-since";
    (0..whole.len()).rev().filter(|&at| !of_option(at)).map(|at| path(&whole[at])).find(is_one)
}

/// The heap with its classes, if that takes no time worth mentioning.
fn load(path: &Path) -> Option<Arc<Heap>> {
    let common = Common::default().load(given::input(path));
    let options = LoadOptions { wants: Wants::of(&[Product::Classes]), ..common };
    let is_small = match &options.input {
        Input::Bundled(_) => true,
        Input::Path(path) => path.metadata().is_ok_and(|file| file.len() <= SMALL),
    };
    if !is_small && !heap::is_kept(&options) {
        return None;
    }
    let watch = Arc::new(Watch::default());
    let late = watch.clone();
    // Ends with the process.
    let _ = std::thread::Builder::new().name("completion".into()).spawn(move || {
        std::thread::sleep(LONGEST);
        late.meter.cancel();
    });
    heap::load(&options, &watch, &mut |_| {}).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::definition;

    #[test]
    fn every_command_that_takes_an_order_offers_its_columns() {
        let commands = definition();
        let sorts = |command: &&clap::Command| command.get_arguments().any(|argument| argument.get_id() == "sort");
        let sorted = commands.get_subcommands().filter(sorts).map(clap::Command::get_name);
        let without: Vec<&str> = sorted.filter(|name| columns_of(name).is_empty()).collect();
        assert_eq!(without, [""; 0]);
    }
}
