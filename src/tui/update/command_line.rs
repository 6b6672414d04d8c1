//! The command that prints what a pane shows; where there is none, why.

use std::sync::Arc;

use crate::analysis::scopes::{NodeSet, Scope};
use crate::answers::scope;
use crate::base::ids::NodeIx;
use crate::base::text::well_formed;
use crate::tui::state::State;
use crate::tui::state::explorer::Explorer;
use crate::tui::state::focus::Focus;
use crate::tui::state::held::HeldSet;
use crate::tui::state::ignoring::What;
use crate::tui::state::pane::TreePane;
use crate::tui::subject::Subject;
use crate::tui::view::View;
use crate::tui::views::entry;
use crate::tui::views::entry::CommandParts;
use crate::view::table::Inner;
use crate::view::text::shell_word;

/// A command, or a sentence that says why none prints this.
pub(super) type Line = Result<String, &'static str>;

const NO_SET: &str = "no command prints who holds this: it is no whole class, nor objects with ids";
const NO_IGNORED: &str = "no command prints this: it takes objects that are ignored, no references";
const NO_LIST: &str = "no command prints this: only @ID and patterns can be given to `cut`";

/// The command that prints what the pane with the keys shows.
pub(super) fn of(state: &State) -> Option<Line> {
    let explorer = state.explorer()?;
    let file = shell_word(&state.snapshot().file);
    let base = explorer.base.map(|base| shell_word(&state.snapshots[base].file));
    if explorer.focus == Focus::Retainers {
        return Some(match &explorer.held {
            Some(held) => holders(state, explorer, held),
            None => retainers(explorer, &file, base.as_deref()),
        });
    }
    if explorer.shows_list() && entry(explorer.view).shows_scope(explorer) {
        return Some(cut(explorer, &file));
    }
    let below = explorer.focused_pane().map_or_else(String::new, below);
    let limits = limits(explorer);
    let own = if explorer.is_own() { " --own" } else { "" };
    let given = state.snapshots[..=state.shown].iter().map(|snapshot| shell_word(&snapshot.file));
    let series = given.collect::<Vec<_>>().join(" ");
    let base = base.as_deref().unwrap_or("BASE");
    let line = CommandParts { explorer, file: &file, base, series: &series, below: &below, own, limits: &limits };
    let command = entry(explorer.view).command_line(&line);
    Some(Ok(with_sort(explorer, command)))
}

/// The commands of views that take no order. Those of tables take one.
const UNSORTED: [&str; 5] = ["containment", "dominators", "picture", "statistics", "suspects"];

/// A command with the order that the table has, where that is not the one in which it opens.
fn with_sort(explorer: &Explorer, command: String) -> String {
    let is_sorted = command.split(' ').nth(1).is_some_and(|word| !UNSORTED.contains(&word));
    let Some(pane) = explorer.main_pane().filter(|_| is_sorted) else { return command };
    let (table, sort) = (pane.tree.table(), pane.tree.sort());
    let specs = table.specs();
    // The command knows each column the one way round that is wanted most.
    let spec = specs.iter().find(|spec| spec.field == sort.field && spec.sort() == sort && spec.is_seen());
    let Some(spec) = spec.filter(|_| sort != table.facts().sort) else { return command };
    let sort = format!(" --sort {}", shell_word(&spec.word()));
    // Behind two dashes stand no options.
    match command.split_once(" -- ") {
        Some((options, words)) => format!("{options}{sort} -- {words}"),
        None => format!("{command}{sort}"),
    }
}

/// Who refers to one object.
fn retainers(explorer: &Explorer, file: &str, base: Option<&str>) -> Line {
    let Some(object) = explorer.retained() else { return Err(NO_SET) };
    let below = explorer.focused_pane().map_or_else(String::new, below);
    if !explorer.is_here(&object) {
        return Ok(format!("heapwalk retainers {}{below}", base.unwrap_or("BASE")));
    }
    let now = explorer.ignoring.now.as_ref();
    if now.is_some_and(|cut| cut.ignored.cuts_any()) {
        return Err(NO_IGNORED);
    }
    let nodes = now.into_iter().flat_map(|cut| cut.ignored.nodes());
    let mut ids: Vec<u64> = nodes.map(|&node| explorer.heap.id(NodeIx(node))).collect();
    ids.sort_unstable();
    let ignored: String = ids.iter().map(|id| format!(" --ignore @{id}")).collect();
    Ok(format!("heapwalk retainers {file}{below}{ignored}"))
}

/// Who holds a set: of whole classes, of what is new of one, or of objects.
fn holders(state: &State, explorer: &Explorer, held: &HeldSet) -> Line {
    if !Arc::ptr_eq(&held.heap, &explorer.heap) {
        return Err("no command prints who held objects that are gone");
    }
    if explorer.ignoring.now.is_some() {
        return Err("no command prints who holds the rest: `cut` says what would go");
    }
    let (mut ids, mut names) = (String::new(), Vec::new());
    let mut count = 0;
    for subject in &held.of {
        let word = subject.table.facts().row_word(1);
        match subject.table.node(subject.row) {
            Some(node) => {
                ids.push_str(&format!(" @{}", held.heap.id(node)));
                count += 1;
            }
            None if word == "class" => names.push(class_name(subject)),
            None => return Err(NO_SET),
        }
    }
    names.sort_unstable();
    names.dedup();
    let scoped = explorer.scope().filter(|_| entry(explorer.view).shows_scope(explorer));
    let classes = scoped.map_or(&explorer.classes, |scoped| &scoped.classes);
    let name = |class| well_formed(explorer.heap.classes().name(class)).into_owned();
    let own = classes.iter().filter(|sums| names.contains(&name(sums.class)));
    count += own.map(|sums| sums.count).sum::<u64>();
    let within = match scoped {
        Some(scoped) => match scope::word(&explorer.heap, &scoped.scope) {
            Some(word) => format!(" --scope {}", shell_word(&word)),
            None => return Err(NO_SET),
        },
        None => String::new(),
    };
    let is_whole = count == held.level.objects().len() as u64;
    let since = match explorer.view {
        _ if is_whole => None,
        View::COMPARISON => explorer.base,
        View::SERIES if !explorer.came_and_stayed => Some(0),
        _ => return Err(NO_SET),
    };
    // Options stand for what is in all of them: objects, and what is new of classes, are no one set.
    if !is_whole && (since.is_none() || names.len() != 1 || !ids.is_empty()) || !names.is_empty() && !ids.is_empty() {
        return Err(NO_SET);
    }
    let since = since.map(|base| format!(" --new-since {}", shell_word(&state.snapshots[base].file)));
    let classes: String = names.iter().map(|name| option("class", name)).collect();
    let engine = if state.inner == Inner::References { " --engine" } else { "" };
    let below = below(&held.pane);
    let file = shell_word(&state.snapshot().file);
    Ok(format!("heapwalk holders {file}{ids}{classes}{within}{}{below}{engine}", since.unwrap_or_default()))
}

/// The whole name: a label is cut and made safe.
fn class_name(subject: &Subject) -> String {
    well_formed(&subject.table.text(subject.row)).into_owned()
}

/// An option with its value; one that begins with a dash stands in one word with it.
fn option(name: &str, value: &str) -> String {
    let sign = if value.starts_with('-') { '=' } else { ' ' };
    format!(" --{name}{sign}{}", shell_word(value))
}

/// What would go, by class.
fn cut(explorer: &Explorer, file: &str) -> Line {
    let now = explorer.ignoring.now.as_ref().map(|cut| Scope::Set(NodeSet::new(cut.lost.clone())));
    let is_now = explorer.scope().is_some_and(|scoped| Some(&scoped.scope) == now.as_ref());
    let is_filtered = explorer.main_pane().is_some_and(|pane| !pane.applied.text().is_empty());
    if !is_now || is_filtered || explorer.by().is_some() {
        return Err("no command prints this: `cut` prints all classes of what would go now");
    }
    let words: Option<String> = explorer.ignoring.things.iter().map(|thing| without(explorer, &thing.what)).collect();
    let sorted = |words| with_sort(explorer, format!("heapwalk cut {file} --scope all{words}"));
    words.map(sorted).ok_or(NO_LIST)
}

/// What is ignored, as a word of `--without`.
fn without(explorer: &Explorer, what: &What) -> Option<String> {
    let id = |node| format!(" --without @{}", explorer.heap.id(node));
    match what {
        What::Object(node) => Some(id(*node)),
        What::Holders(of) => of.table.node(of.row).map(id),
        What::Pattern(pattern) => Some(option("without", pattern)),
        What::Known(_, without) => match (&without.nodes[..], &without.edges[..]) {
            ([node], []) => Some(id(*node)),
            _ => None,
        },
        What::Reference(_) | What::References(_) => None,
    }
}

/// The object at the top of a pane and the levels down to the cursor, as arguments.
fn below(pane: &TreePane) -> String {
    let id = pane.root.map_or_else(String::new, |node| format!(" @{}", pane.tree.table().heap().id(node)));
    let depth = match pane.above.len() + 1 {
        1 => String::new(),
        deepest => format!(" --depth {deepest}"),
    };
    format!("{id}{depth}")
}

/// What the rows of a table of classes are limited to, as arguments.
fn limits(explorer: &Explorer) -> String {
    // Names of files and packages are no classes.
    let is_of_classes = explorer.view != View::SUMMARY || explorer.by().is_none();
    let filter = explorer.main_pane().filter(|pane| is_of_classes && !pane.applied.text().is_empty());
    let class = filter.map_or_else(String::new, |pane| class_argument(pane.applied.text()));
    let scope = explorer.scope().and_then(|scoped| scope::word(&explorer.heap, &scoped.scope));
    format!("{class}{}", scope.map_or_else(String::new, |word| format!(" --scope {}", shell_word(&word))))
}

/// A filter as an argument. One exact word needs no sign, and one that begins with a dash stands with its option.
fn class_argument(filter: &str) -> String {
    let is_word = |text: &&str| !text.contains(char::is_whitespace) && !text.starts_with(['/', '!', '\'']);
    let filter = filter.strip_prefix('\'').filter(is_word).unwrap_or(filter);
    let sign = if filter.starts_with('-') { '=' } else { ' ' };
    format!(" --class{sign}{}", shell_word(filter))
}
