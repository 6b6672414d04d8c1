//! Why an object is alive, in words.

use std::fmt;

use super::{Accessor, Clause, EntryKey, Expression, Held, How, Start, Variable, Why};
use crate::view::cut::{wrap, wrap_words};

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Garbage => f.write_str("nothing holds it but weak references and cycles: it is garbage soon"),
            Why::Untold => f.write_str("the file does not say what keeps it alive"),
            Why::Root(roots) if roots.is_empty() => f.write_str("a root itself: the engine or the page holds it"),
            Why::Root(roots) => roots.iter().enumerate().try_for_each(|(at, root)| {
                f.write_str(if at > 0 { "; " } else { "" })?;
                write_root(f, root, "it")
            }),
            Why::OnlyIgnored => f.write_str("nothing else holds it: without what is ignored it would be freed"),
            Why::Held(held) => held.fmt(f),
        }
    }
}

impl Why {
    /// The sentence in lines, at most so many of so many columns. Where it is longer, whole clauses go, and names of
    /// others that hold the object; never a part of one as long as the first clause has room.
    pub(crate) fn lines(&self, columns: usize, most: usize) -> Vec<String> {
        let fits = |text: &str| wrap(text, columns).len() <= most;
        let whole = self.to_string();
        let text = match self {
            Why::Held(held) if !fits(&whole) => {
                let shorter = held.shortenings().find(|shorter| fits(shorter));
                shorter.unwrap_or_else(|| held.clauses[0].to_string())
            }
            _ => whole,
        };
        wrap_words(&text, columns, most)
    }
}

/// What is said of a long sentence.
#[derive(Clone, Copy)]
struct Extent {
    clauses: usize,
    /// Whether what the last clause ends at is named for those that are left out.
    with_end: bool,
    /// Others that are named.
    others: usize,
}

impl Held {
    /// Shorter and shorter sentences. First others than two are counted, not named; then the clauses farthest out go, but
    /// for the name of what the last one ends at; that there are others stays to the end: whoever mends one of two has
    /// mended nothing.
    fn shortenings(&self) -> impl Iterator<Item = String> + '_ {
        let all = self.others_said().len();
        let named = [2, 1, 0].map(|named| named.min(all));
        let fewer = (1..=self.clauses.len()).rev().map(move |clauses| (clauses, named[0]));
        let counted = named.into_iter().skip(1).map(|others| (1, others));
        let with_end = fewer.chain(counted).map(|(clauses, others)| Extent { clauses, others, with_end: true });
        let without = named.into_iter().map(|others| Extent { clauses: 1, others, with_end: false });
        with_end.chain(without).map(|extent| Shortened { held: self, extent }.to_string())
    }

    /// Who else holds it, or what is shared, some of them named.
    fn write_others(&self, f: &mut fmt::Formatter<'_>, named: usize) -> fmt::Result {
        let all = self.others_said();
        let named: Vec<&str> = match all.len() > named {
            true => {
                let names = all[..named].iter().copied().filter(|name| *name != MORE);
                names.chain([MORE]).collect()
            }
            false => all,
        };
        for (at, other) in named.iter().enumerate() {
            let before = match (at, &self.shared.1) {
                (0, None) => ". Also held by ",
                (0, Some(shared)) => &format!(". {shared} is also held by "),
                _ if at + 1 == named.len() => " and ",
                _ => ", ",
            };
            write!(f, "{before}{other}")?;
        }
        Ok(())
    }
}

struct Shortened<'a> {
    held: &'a Held,
    extent: Extent,
}

impl fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shortened { held, extent } = self;
        for (at, clause) in held.clauses[..extent.clauses].iter().enumerate() {
            f.write_str(if at > 0 { "; " } else { "" })?;
            clause.fmt(f)?;
        }
        match held.clauses.last().filter(|_| extent.clauses < held.clauses.len()) {
            Some(last) if extent.with_end => write!(f, "; … up to {}", last.end())?,
            Some(_) => f.write_str("; …")?,
            None => {}
        }
        held.write_others(f, extent.others)
    }
}

/// The last of a list that is not named to its end.
const MORE: &str = "others";

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extent = Extent { clauses: self.clauses.len(), others: usize::MAX, with_end: false };
        Shortened { held: self, extent }.fmt(f)
    }
}

impl Held {
    /// All that else holds it, or what stands at the fork: what can be named, and that there are more.
    pub(super) fn others_said(&self) -> Vec<&str> {
        let alike = self.has_alike.then_some("others like it");
        let more = self.has_more.then_some(MORE);
        alike.into_iter().chain(self.others.iter().map(|other| other.text.as_str())).chain(more).collect()
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.held.as_deref().unwrap_or("it");
        let holder = &self.holder;
        let named = || self.with_class();
        match &self.how {
            How::Property(property) => {
                let holder = holder.followed_by(Accessor::Property(property.clone()));
                return write!(f, "{holder} holds {held}{}", Where(&holder));
            }
            How::Element(index) => write!(f, "{} holds {held} at [{index}]", named()),
            How::Entry(EntryKey::Known(key)) => write!(f, "{} holds {held} under key {key}", named()),
            How::Entry(EntryKey::NotInFile) => {
                write!(f, "{} holds {held} under a key that the file does not hold (a number, a boolean)", named())
            }
            How::Entry(EntryKey::Unknown) => write!(f, "{} holds {held} as a value", named()),
            How::Key => write!(f, "{} holds {held} as a key", named()),
            How::Member => write!(f, "{} holds {held}", named()),
            How::WeakEntry(key) => write!(f, "{} holds {held} for its key {key}, as long as that lives", named()),
            How::WeakValue(map) => {
                write!(f, "{} holds {held} as long as its key lives: {}", map.of_class("WeakMap"), named())
            }
            How::Variable(variable) => write!(f, "{variable} holds {held}{}", UsedBy(variable)),
            How::Scope => write!(f, "{} uses {held} as its scope", self.holder_name),
            How::Prototype => write!(f, "{held} is the prototype of {}", named()),
            How::PartOfText => write!(f, "a longer text that {held} is a part of is held"),
            How::WholeText => write!(f, "{} is a piece of {held} and keeps all of it", self.holder_name),
            How::Root(root) => write_root(f, root, held),
            How::Handle(label) => write_handle(f, label, held),
            How::Inner(inner) => write!(f, "{} holds {held} ({inner})", named()),
            _ => self.write_engine(f, held),
        }?;
        Where(holder).fmt(f)
    }
}

/// Whose the variable is that an expression begins with.
struct Where<'a>(&'a Expression);

impl fmt::Display for Where<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.start {
            Start::Variable(variable) if self.0.is_bare_variable() => UsedBy(variable).fmt(f),
            Start::Variable(variable) => {
                write!(f, ", where {} is a variable of {}{}", variable.short_name(), variable.scope, UsedBy(variable))
            }
            Start::Object(_) => Ok(()),
        }
    }
}

/// The function that keeps the scope of a variable: that of a whole script needs none.
struct UsedBy<'a>(&'a Variable);

impl fmt::Display for UsedBy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.user {
            Some(user) if !self.0.scope.is_script() && !self.0.scope.names_alone(user) => write!(f, ", used by {user}"),
            _ => Ok(()),
        }
    }
}

impl Clause {
    /// What slots of the engine mean.
    fn write_engine(&self, f: &mut fmt::Formatter<'_>, held: &str) -> fmt::Result {
        let holder = self.with_class();
        match &self.how {
            How::BoundThis => write!(f, "{held} is the bound this of {holder}"),
            How::BoundFunction => write!(f, "{held} is the function behind {holder}"),
            How::BoundArgument(number) => write!(f, "{held} is bound argument {number} of {holder}"),
            How::ProxyTarget => write!(f, "{held} is the target of {holder}"),
            How::ProxyHandler => write!(f, "{held} is the handler of {holder}"),
            How::Local => write!(f, "{held} is in a local variable of a suspended function, {holder}"),
            How::Waits => write!(f, "{held} waits for {holder}"),
            How::Result => write!(f, "{held} is the result of {holder}"),
            How::TimerArgument(None) => write!(f, "{held} is an argument of {holder}"),
            How::TimerArgument(Some(number)) => write!(f, "{held} is argument {number} of {holder}"),
            How::TimerCallback => write!(f, "{held} is the callback of {}", self.holder_name_alone()),
            How::Listener(Some(event)) => write!(f, "{held} is a listener of {holder} for \"{event}\""),
            How::Listener(None) => write!(f, "{held} is a listener of {holder}"),
            How::Handler => write!(f, "{held} is a handler (on…) of {holder}"),
            How::Callback(kind) if self.holder_name.ends_with("Observer") && kind.ends_with("Callback") => {
                write!(f, "{held} is the callback of {holder}")
            }
            How::Callback(kind) => write!(f, "{held} is a callback ({kind}) of {holder}"),
            How::CalledBy(caller) => write!(f, "{held} waits to be called ({caller})"),
            How::Observes => write!(f, "{held} observes {holder}"),
            How::Settles(Some(what)) => write!(f, "{held} waits for the answer to a {what}"),
            How::Settles(None) => write!(f, "{held} waits for the browser"),
            How::InDocument => write!(f, "{held} is in a document"),
            How::InTree => write!(f, "{held} is in the same DOM tree as {holder}"),
            How::Active => write!(f, "the browser keeps {held} as long as something may happen to it"),
            How::Browser => write!(f, "the browser itself holds {held}"),
            How::AsyncStore => write!(f, "{held} is the store of an AsyncLocalStorage that {holder} keeps"),
            How::HeldValue => write!(f, "{held} is the held value of a registration with {holder}"),
            How::UnreadStack => write!(f, "{held} is in the unread stack of {holder}"),
            How::Chain(link, count) => write!(f, "{holder} leads to {held} over {count} × {link}"),
            _ => write!(f, "{holder} holds {held}"),
        }
    }

    /// What holds, without what it holds: `SessionStore.sessions`, `the variable store of f()`.
    pub(super) fn holding(&self) -> String {
        match &self.how {
            How::Property(property) => self.holder.followed_by(Accessor::Property(property.clone())).to_string(),
            How::Variable(variable) => variable.to_string(),
            How::WeakValue(map) => map.of_class("WeakMap"),
            How::Root(root) => root.clone(),
            How::Handle(label) => label.clone(),
            How::CalledBy(caller) => caller.clone(),
            How::InDocument => "a document".into(),
            How::Active | How::Browser | How::Settles(_) => "the browser".into(),
            _ => self.with_class(),
        }
    }

    /// The same of many objects: without the numbers and keys that tell them apart.
    pub(crate) fn of_many(&self, held: String) -> Clause {
        let how = match &self.how {
            How::Element(_) => How::Member,
            How::Entry(_) => How::Entry(EntryKey::Unknown),
            other => other.clone(),
        };
        Clause { held: Some(held), how, ..self.any() }
    }

    /// What the clause ends at, in a few words: the variable that it begins with, the object.
    fn end(&self) -> String {
        match (&self.how, &self.holder.start) {
            (How::Variable(variable), _) | (_, Start::Variable(variable)) => variable.to_string(),
            (how, Start::Object(name)) if how.speaks_of_holder() => name.clone(),
            _ => self.holding(),
        }
    }

    /// [`Self::holding`] without what tells apart what a person would mend in one place: numbers and keys.
    pub(super) fn kind(&self) -> String {
        self.any().holding()
    }

    /// The clause without numbers and keys in its holder.
    pub(crate) fn any(&self) -> Clause {
        let any = |accessor: &Accessor| match accessor {
            Accessor::Element(_) => Accessor::Element("…".into()),
            Accessor::Key(_) => Accessor::Key("…".into()),
            other => other.clone(),
        };
        let accessors = self.holder.accessors.iter().map(any).collect();
        let holder = Expression { start: self.holder.start.clone(), accessors };
        Clause { holder, ..self.clone() }
    }

    /// A timer is called by its callback, of which this clause speaks already.
    fn holder_name_alone(&self) -> &str {
        match self.holder_name.starts_with("the timer ") {
            true => "a timer",
            false => &self.holder_name,
        }
    }

    /// The holder with its class, unless that is all there is.
    fn with_class(&self) -> String {
        self.holder.of_class(&self.holder_name)
    }
}

impl Expression {
    /// With the class in parentheses, unless it is an object of which only that is known.
    fn of_class(&self, class: &str) -> String {
        match &self.start {
            Start::Object(_) if self.accessors.is_empty() => self.to_string(),
            _ => format!("{self} ({class})"),
        }
    }

    fn followed_by(&self, accessor: Accessor) -> Expression {
        let accessors = self.accessors.iter().cloned().chain([accessor]).collect();
        Expression { start: self.start.clone(), accessors }
    }

    fn is_bare_variable(&self) -> bool {
        self.accessors.is_empty() && matches!(self.start, Start::Variable(_))
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_str() {
            _ if self.is_numbered() => write!(f, "variable number {} of {}", self.name, self.scope),
            "this" => write!(f, "this of {}", self.scope),
            name => write!(f, "the variable {name} of {}", self.scope),
        }
    }
}

impl Variable {
    /// Whether the file has a number for it and no name.
    fn is_numbered(&self) -> bool {
        self.name.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The variable where an expression begins with it.
    fn short_name(&self) -> String {
        if self.is_numbered() { format!("(variable {})", self.name) } else { self.name.clone() }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.start {
            Start::Object(name) => f.write_str(name)?,
            Start::Variable(variable) if self.accessors.is_empty() => return variable.fmt(f),
            Start::Variable(variable) => f.write_str(&variable.short_name())?,
        }
        self.accessors.iter().try_for_each(|accessor| accessor.fmt(f))
    }
}

impl fmt::Display for Accessor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Accessor::Property(name) => {
                let is_plain = name.chars().all(|letter| letter.is_alphanumeric() || "_$#".contains(letter))
                    && !name.starts_with(|letter: char| letter.is_ascii_digit());
                if is_plain { write!(f, ".{name}") } else { write!(f, "[{}]", property_name(name)) }
            }
            Accessor::Element(index) => write!(f, "[{index}]"),
            Accessor::Key(key) => write!(f, ".get({key})"),
            Accessor::Prototype => f.write_str(".prototype"),
        }
    }
}

fn property_name(property: &str) -> String {
    let is_plain = property.chars().all(|letter| letter.is_alphanumeric() || "_$#<> ().".contains(letter));
    if is_plain || property.starts_with("Symbol(") { property.to_owned() } else { format!("\"{property}\"") }
}

fn write_handle(f: &mut fmt::Formatter<'_>, label: &str, held: &str) -> fmt::Result {
    match label {
        "DevTools console" => write!(f, "DevTools keeps {held}: it was written to the console or looked at there"),
        _ => write!(f, "native code holds {held} (a global handle: {label})"),
    }
}

fn write_root(f: &mut fmt::Formatter<'_>, root: &str, held: &str) -> fmt::Result {
    match root {
        "(Stack roots)" => write!(f, "a function that was running uses {held} (the stack)"),
        "(Global handles)" => write!(f, "native code holds {held} (a global handle)"),
        "C++ Persistent roots" => write!(f, "the browser itself holds {held}"),
        "(Registers)" => write!(f, "a function that was running uses {held} (a register)"),
        "(Custom)" => write!(f, "native code holds {held} (a root of its own)"),
        "(Handle scope)" => write!(f, "native code was just using {held} (a handle)"),
        _ if root.starts_with("held by native code") => {
            write!(f, "native code holds {held} ({})", root.trim_start_matches("held by native code: "))
        }
        _ => write!(f, "{root}: the engine holds {held}"),
    }
}
