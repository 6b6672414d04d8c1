//! A path of references to a root → why an object is alive: as data, with words at the end.
//!
//! `fold.rs` leaves out what the program does not know of (tables, element stores, scopes between scopes) and says what
//! slots of the engine mean; this file puts the rest together to what a person would write in the program:
//! `sessions in SessionStore` is what people call `SessionStore.sessions`. `names.rs` has names, `words.rs` sentences.

mod answer;
mod fold;
mod fold_blink;
mod fold_hermes;
mod fold_module;
mod names;
mod rest;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use answer::answer;
use names::{FunctionScope, is_known, is_landmark, name, name_with_place};

use crate::analysis::holders::Limits;
use crate::analysis::paths;
use crate::analysis::ways::{Path, Ways};
use crate::base::ids::{EdgeIx, NodeIx};
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;

/// `a.b.c.d` is followed so far.
const MOST_ACCESSORS: usize = 4;
/// So many sentences are said of one path before it is long enough.
const MOST_CLAUSES: usize = 4;
/// Holders beside that of the path which are named.
const MOST_OTHERS: usize = 4;
/// Holders that are looked at: many may be of one kind.
const MOST_LOOKED_AT: usize = 32;

/// Why an object is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// Nothing leads to it but weak references and cycles.
    Garbage,
    /// Nothing in the file leads to it, or to something that does: the file does not say what holds it.
    Untold,
    /// It is a root, or a root refers to it: the names of those that do.
    Root(Vec<String>),
    /// Only what somebody ignores holds it.
    OnlyIgnored,
    /// What holds it, what holds the named thing at the beginning of that, and so on to what people know.
    Held(Held),
}

/// What holds an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    /// What the path says: each clause speaks of what the one before ended with.
    pub clauses: Vec<Clause>,
    /// What `others` hold: itself, or the first of the holders that the clauses speak of which has several; its name
    /// where it is not the object itself.
    pub shared: (NodeIx, Option<String>),
    /// What else holds that, each once.
    pub others: Vec<Other>,
    /// Whether others of the same kind hold it as well: other elements of the same array.
    pub has_alike: bool,
    /// Whether there are more than those.
    pub has_more: bool,
}

/// Another holder, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Other {
    pub text: String,
    pub holder: NodeIx,
}

/// Something holds something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    /// What is held; nothing for the object that was asked about.
    pub held: Option<String>,
    pub how: How,
    /// What people would write in the program for the holder.
    pub holder: Expression,
    /// The holder in a word or two: its class, its function.
    pub holder_name: String,
}

/// `sessions.get(7).list` of an object or a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expression {
    pub start: Start,
    pub accessors: Vec<Accessor>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    /// An object, by its name.
    Object(String),
    Variable(Variable),
}

/// A variable, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    pub name: String,
    pub scope: FunctionScope,
    /// The function over which the path leads to the scope.
    pub user: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Accessor {
    Property(String),
    /// The number of an element.
    Element(String),
    /// An entry of a Map, by its key.
    Key(String),
    /// The prototype of a class.
    Prototype,
}

/// How an object that the program knows holds another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum How {
    Property(String),
    Element(String),
    /// The value of an entry.
    Entry(EntryKey),
    Key,
    Member,
    /// The value of a WeakMap's entry, with the key that must live.
    WeakEntry(String),
    /// The same where the holder is the key: the WeakMap.
    WeakValue(Box<Expression>),
    Variable(Variable),
    /// The scope itself.
    Scope,
    Prototype,
    PartOfText,
    WholeText,
    BoundThis,
    BoundFunction,
    /// An argument of a bound function, counted from one.
    BoundArgument(u64),
    ProxyTarget,
    ProxyHandler,
    /// A variable of a function that was left in the middle: a generator, an async function.
    Local,
    /// A function that goes on once a promise is settled.
    Waits,
    /// What a promise was settled with.
    Result,
    /// An argument of a timer, counted from one if the file says which.
    TimerArgument(Option<u64>),
    TimerCallback,
    /// A listener for an event.
    Listener(Option<String>),
    /// What stands at `onclick` and the like.
    Handler,
    /// A function that the browser calls for the holder: the name of its kind.
    Callback(String),
    /// A function that the browser itself calls: the name of what it was given to.
    CalledBy(String),
    /// What an observer was told to watch.
    Observes,
    /// A promise that the browser settles: what it waits for, where that is known.
    Settles(Option<String>),
    /// A node of a document.
    InDocument,
    /// A node of a tree that is in no document, and another node of that.
    InTree,
    /// What the browser keeps because it may still have to call it.
    Active,
    /// The browser's own objects.
    Browser,
    /// A handle of native code that says what it is for.
    Handle(String),
    /// The store of an AsyncLocalStorage.
    AsyncStore,
    /// What a FinalizationRegistry hands to its callback.
    HeldValue,
    /// The stack of an Error that nobody has read yet.
    UnreadStack,
    /// Several links one after another between objects of one class: their names, and how many.
    Chain(String, usize),
    /// A root of the engine, by its name.
    Root(String),
    /// Something of the engine, by its name.
    Inner(String),
}

/// The key of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntryKey {
    Known(String),
    /// A small number, a boolean or nothing: files hold none of these.
    NotInFile,
    Unknown,
}

impl How {
    /// Whether the sentence names the holder as people would write it in the program.
    fn speaks_of_holder(&self) -> bool {
        !self.is_last() && !matches!(self, How::Variable(_) | How::Scope | How::WholeText)
    }

    /// Whether there is nothing more to say about what holds the holder.
    fn is_last(&self) -> bool {
        matches!(self, How::Root(_) | How::Handle(_) | How::CalledBy(_) | How::InDocument | How::Active | How::Browser)
    }
}

/// Why `node` is alive, over the path from it to a root, and what else holds it.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn why(ways: Ways<'_>, node: NodeIx, path: &Path, meter: &Meter) -> Result<Why> {
    let heap = ways.heap;
    // Whatever refers to it is not reached either, and holds nothing.
    if heap.is_unreachable(node) {
        return Ok(if names::is_told(heap, node) { Why::Garbage } else { Why::Untold });
    }
    if ways.ignored.is_some() && ways.rest(node).is_none() {
        return Ok(Why::OnlyIgnored);
    }
    let hops = fold::fold(ways, node, path, meter)?;
    if hops.is_empty() {
        return Ok(Why::Root(names::roots_of(heap, node)));
    }
    let (clauses, told) = clauses(heap, &hops);
    let mut held = Held { clauses, shared: (node, None), others: Vec::new(), has_alike: false, has_more: false };
    // The last of them is where the clauses end.
    let told: Vec<NodeIx> = hops[..told - 1].iter().map(|hop| hop.holder).collect();
    add_others(&mut held, Told { ways, node, path, holders: &told }, meter)?;
    Ok(Why::Held(held))
}

/// What the clauses speak of.
#[derive(Clone, Copy)]
struct Told<'a> {
    ways: Ways<'a>,
    node: NodeIx,
    path: &'a Path,
    /// The holders that the clauses go on from.
    holders: &'a [NodeIx],
}

/// What the path from `node` says, clause by clause.
///
/// # Errors
/// `Error::Cancelled` once the meter says stop.
pub(crate) fn clauses_of(ways: Ways<'_>, node: NodeIx, path: &Path, meter: &Meter) -> Result<Vec<Clause>> {
    let hops = fold::fold(ways, node, path, meter)?;
    Ok(clauses(ways.heap, &hops).0)
}

/// The holders that the path does not lead over. Who else holds the scope of a script, or whatever stands behind the
/// end of the clauses, is no news.
fn add_others(held: &mut Held, told: Told<'_>, meter: &Meter) -> Result<()> {
    let Told { ways, node, path, holders } = told;
    let heap = ways.heap;
    let limits = (Limits::few(MOST_LOOKED_AT), |holder| holders.contains(&holder));
    let fork = paths::fork(ways, node, limits, meter)?;
    if !fork.is_one() {
        return Ok(());
    }
    let shared = fork.held(node);
    // A path that somebody has chosen may lead around it.
    let after = path.iter().position(|step| step.1 == shared).map_or(0, |at| at + 1);
    if after == 0 && shared != node {
        return Ok(());
    }
    let (rest, found): (Path, _) = (path[after..].to_vec(), fork.found);
    held.shared = (shared, (shared != node).then(|| names::name_at_fork(heap, shared)));
    held.has_more = !found.complete;
    let hops = fold::fold(ways, shared, &rest, meter)?;
    let mut said: Vec<String> = hops.first().map(|_| clause(heap, &hops, 0, None).0.kind()).into_iter().collect();
    for holder in found.list {
        let Some(over_holder) = holder.path(ways, meter)? else { continue };
        let hops = fold::fold(ways, shared, &over_holder, meter)?;
        let first = rest.first().zip(holder.way.first());
        let is_same_entry = || first.is_some_and(|(one, other)| fold::is_same_entry(heap, one.0, other.0));
        if rest.contains(&holder.step()) || hops.is_empty() || is_same_entry() {
            continue;
        }
        let clause = clause(heap, &hops, 0, None).0;
        let kind = clause.kind();
        if let Some(at) = said.iter().position(|said| *said == kind) {
            held.has_alike |= at == 0;
            continue;
        }
        if held.others.len() == MOST_OTHERS {
            held.has_more = true;
            break;
        }
        held.others.push(Other { text: clause.holding(), holder: hops[0].holder });
        said.push(kind);
    }
    Ok(())
}

/// What the hops say, up to something that people know; and of how many they speak.
fn clauses(heap: &Heap, hops: &[Hop]) -> (Vec<Clause>, usize) {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut at = 0;
    while at < hops.len() && clauses.len() < MOST_CLAUSES {
        let held = (at > 0).then(|| hops[at - 1].holder);
        // Who holds the global object, or the engine's list of timers, is no news.
        if held.is_some_and(|held| is_known(heap, held)) {
            break;
        }
        let (clause, next) = clause(heap, hops, at, held.map(|held| name(heap, held)));
        let is_end = clause.how.is_last() || clause.ends_at_script();
        clauses.push(clause);
        at = next;
        if is_end {
            break;
        }
    }
    (clauses, at.min(hops.len()))
}

/// A holder and how it holds what stands before it in the path.
#[derive(Debug)]
struct Hop {
    holder: NodeIx,
    how: How,
    /// The reference to what is held, where a path has it.
    edge: Option<EdgeIx>,
}

/// What hop `at` says, and the first hop that it does not speak of.
fn clause(heap: &Heap, hops: &[Hop], at: usize, held: Option<String>) -> (Clause, usize) {
    let hop = &hops[at];
    let mut accessors = Vec::new();
    let (start, next) = match hop.how.speaks_of_holder() {
        true => expression(heap, hops, at, &mut accessors),
        false => (Start::Object(name_with_place(heap, hop.holder)), at + 1),
    };
    // Found from the holder outwards, written the other way round.
    accessors.reverse();
    let holder = Expression { start, accessors };
    (Clause { held, how: hop.how.clone(), holder, holder_name: name(heap, hop.holder) }, next)
}

/// Follows the holder of hop `at` outwards to a thing with a name; gives that and the first hop that is not used.
fn expression(heap: &Heap, hops: &[Hop], at: usize, accessors: &mut Vec<Accessor>) -> (Start, usize) {
    let mut at = at;
    loop {
        let holder = hops[at].holder;
        let goes_on = accessors.len() < MOST_ACCESSORS && !is_known(heap, holder);
        let outer = hops.get(at + 1).filter(|_| goes_on);
        let accessor = match outer.map(|outer| &outer.how) {
            // A variable of a whole script says more than the name of a class.
            Some(How::Variable(variable)) if variable.scope.is_script() || !is_landmark(heap, holder) => {
                return (Start::Variable(variable.clone()), at + 2);
            }
            Some(How::Prototype) => {
                let of = names::prototype_of(heap, holder, hops[at + 1].holder);
                accessors.push(Accessor::Prototype);
                return (Start::Object(of), at + 2);
            }
            _ if is_landmark(heap, holder) => None,
            Some(How::Property(name)) => Some(Accessor::Property(name.clone())),
            Some(How::Element(index)) => Some(Accessor::Element(index.clone())),
            Some(How::Entry(EntryKey::Known(key))) => Some(Accessor::Key(key.clone())),
            _ => None,
        };
        match accessor {
            Some(accessor) => accessors.push(accessor),
            None => return (Start::Object(name_with_place(heap, holder)), at + 1),
        }
        at += 1;
    }
}

/// What people would write in the program for an object.
fn called(ways: Ways<'_>, node: NodeIx, meter: &Meter) -> Result<Expression> {
    let path = ways.shortest(node, meter)?.unwrap_or_default();
    let mut hops = vec![Hop { holder: node, how: How::Member, edge: None }];
    // What holds this one is not asked for again, or two WeakMaps that hold each other never ended.
    hops.extend(fold::fold_strong(ways, node, &path));
    let mut accessors = Vec::new();
    let (start, _) = expression(ways.heap, &hops, 0, &mut accessors);
    accessors.reverse();
    Ok(Expression { start, accessors })
}

impl Clause {
    /// Whether the holder is found by looking at a script: what holds its scope is no news.
    fn ends_at_script(&self) -> bool {
        match (&self.how, &self.holder.start) {
            (How::Variable(variable), _) | (_, Start::Variable(variable)) => variable.scope.is_script(),
            _ => false,
        }
    }
}
