//! Which source file uses which → circles among them.
//!
//! Read by line, as `rustfmt` leaves the text: `use` lists and paths of modules; a name that a module passes on counts as of
//! the file that says it. Left out: tests, and what parts of a module take of it: a `mod.rs` is the sum of its parts, so
//! both ways between them are one place that was parted. What others take of a module still leads through its parts.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A source file: its module and what it names.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
    /// Names that `use` brings here, with the line and the whole path.
    uses: Vec<(usize, String, String)>,
    /// Paths in the text.
    paths: Vec<(usize, String)>,
    /// Modules below that are tests.
    tests: Vec<String>,
}

/// Sources by their modules: `view::tables`.
struct Sources<'a>(BTreeMap<String, Source<'a>>);

/// For each file, the files that it uses and the line where it does first.
type Uses<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

/// Each circle in a line: `a.rs:3 → b.rs:7 → a.rs`, the number that of the line which uses the next file.
pub(crate) fn circles(files: &[(String, String)]) -> Vec<String> {
    let uses = Sources::new(files).uses();
    let mut found = BTreeSet::new();
    for file in in_circles(&uses) {
        if let Some(circle) = shortest(&uses, file) {
            found.insert(circle);
        }
    }
    let line = |circle: &Vec<&str>| {
        let mut line = String::new();
        for (file, next) in circle.iter().zip(circle.iter().cycle().skip(1)) {
            line += &format!("{file}:{} → ", uses[file][next]);
        }
        line + circle[0]
    };
    found.iter().map(line).collect()
}

/// The files that are left where those go which use none that is left: those in circles, and what uses them.
fn in_circles<'a>(uses: &Uses<'a>) -> Vec<&'a str> {
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for (file, used) in uses {
        left.insert(file, used.len());
        used.keys().for_each(|used| users.entry(used).or_default().push(file));
    }
    let mut gone: Vec<&str> = left.iter().filter(|(_, used)| **used == 0).map(|(file, _)| *file).collect();
    while let Some(file) = gone.pop() {
        left.remove(file);
        for user in users.get(file).into_iter().flatten() {
            let used = left.get_mut(user).expect("it uses this one");
            *used -= 1;
            if *used == 0 {
                gone.push(user);
            }
        }
    }
    left.into_keys().collect()
}

/// The shortest circle through a file, from its first file in order.
fn shortest<'a>(uses: &Uses<'a>, file: &'a str) -> Option<Vec<&'a str>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([file]);
    while let Some(at) = queue.pop_front() {
        for next in uses[at].keys().copied() {
            if next == file {
                let mut circle = vec![at];
                while circle[0] != file {
                    circle.insert(0, before[circle[0]]);
                }
                let first = circle.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(first, _)| first);
                circle.rotate_left(first);
                return Some(circle);
            }
            before.entry(next).or_insert_with(|| {
                queue.push_back(next);
                at
            });
        }
    }
    None
}

impl<'a> Sources<'a> {
    fn new(files: &'a [(String, String)]) -> Self {
        let module = |file: &str| file.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
        let read = |(file, text): &'a (String, String)| (module(file), Source::read(file, text));
        let mut sources: BTreeMap<_, _> = files.iter().filter(|(file, _)| !file.contains("tests")).map(read).collect();
        let tests: Vec<_> = sources
            .iter()
            .flat_map(|(module, source)| source.tests.iter().map(move |test| join(module, test)))
            .collect();
        for test in tests {
            sources.retain(|module, _| *module != test && !module.starts_with(&format!("{test}::")));
        }
        Self(sources)
    }

    fn uses(&self) -> Uses<'a> {
        let mut all = Uses::new();
        for (module, source) in &self.0 {
            let uses = all.entry(source.file).or_default();
            let named = source.uses.iter().map(|(line, _, path)| (line, path));
            for (line, path) in named.chain(source.paths.iter().map(|(line, path)| (line, path))) {
                let Some(target) = self.target(module, path, 0) else { continue };
                let is_part = module.strip_prefix(target.as_str()).is_some_and(|rest| rest.starts_with("::"));
                if target != *module && !is_part {
                    uses.entry(self.0[&target].file).or_insert(*line);
                }
            }
        }
        all
    }

    /// The module whose file says what a path in `module` names; none for a module by itself (what is taken of it stands
    /// in paths of its own) and for what is no module of this crate.
    fn target(&self, module: &str, path: &str, depth: usize) -> Option<String> {
        let (first, mut rest) = path.split_once("::").unwrap_or((path, ""));
        let mut at = match first {
            "crate" => "lib".to_owned(),
            "self" => module.to_owned(),
            "super" => above(module),
            _ => self.module_of(module, first, depth)?,
        };
        while !rest.is_empty() {
            let (name, after) = rest.split_once("::").unwrap_or((rest, ""));
            match self.module_of(&at, name, depth) {
                Some(module) => (at, rest) = (module, after),
                None if name == "super" => (at, rest) = (above(&at), after),
                None => return self.says(&at, name, depth),
            }
        }
        None
    }

    /// The module that `name` is in another one.
    fn module_of(&self, module: &str, name: &str, depth: usize) -> Option<String> {
        let below = join(module, name);
        if self.0.contains_key(&below) {
            return Some(below);
        }
        let (_, _, path) = self.0.get(module)?.uses.iter().find(|(_, known, _)| known == name)?;
        self.module(module, path, depth + 1)
    }

    /// The module that a path leads to, if it leads to one.
    fn module(&self, module: &str, path: &str, depth: usize) -> Option<String> {
        if depth > 8 {
            return None;
        }
        let mut at = String::new();
        for (place, name) in path.split("::").enumerate() {
            at = match name {
                "crate" => "lib".to_owned(),
                "self" if place == 0 => module.to_owned(),
                "super" if place == 0 => above(module),
                "super" => above(&at),
                _ if place == 0 => self.module_of(module, name, depth)?,
                _ => self.module_of(&at, name, depth)?,
            }
        }
        Some(at)
    }

    /// The module that says a name which is found in `module`: itself, or where it takes it from.
    fn says(&self, module: &str, name: &str, depth: usize) -> Option<String> {
        let source = self.0.get(module)?;
        let passed_on = source.uses.iter().find(|(_, known, _)| known == name);
        if let Some((_, _, path)) = passed_on.filter(|_| depth < 8) {
            return self.target(module, path, depth + 1).or(Some(module.to_owned()));
        }
        let all = source.uses.iter().filter(|(_, known, _)| known == "*");
        let all = all.filter_map(|(_, _, path)| self.module(module, path.trim_end_matches("::*"), depth + 1));
        let said = all.into_iter().find(|module| self.0[module].defines(name));
        Some(said.unwrap_or_else(|| module.to_owned()))
    }
}

impl<'a> Source<'a> {
    fn read(file: &'a str, text: &'a str) -> Self {
        let mut source = Self { file, text, uses: Vec::new(), paths: Vec::new(), tests: Vec::new() };
        let mut lines = text.lines().enumerate();
        // Whether lines stand in a module inside the file, from which `super` is the file.
        let mut inner = false;
        while let Some((number, whole)) = lines.next() {
            let line = whole.trim_start();
            if line.starts_with("//") {
                continue;
            }
            if line == "#[cfg(test)]" {
                source.skip(whole.len() - line.len(), &mut lines);
                continue;
            }
            let word = without_pub(line);
            match word.strip_prefix("use ") {
                Some(list) => {
                    let mut list = list.to_owned();
                    while !list.ends_with(';') {
                        let Some((_, next)) = lines.next() else { break };
                        list += next.trim();
                    }
                    source.take("", list.trim_end_matches(';'), number + 1, inner);
                }
                None if whole.starts_with('}') => inner = false,
                None if word.starts_with("mod ") && line.ends_with('{') && line.len() == whole.len() => inner = true,
                None if line.contains("::") => source.paths_of(line, number + 1, inner),
                None => {}
            }
        }
        source
    }

    /// Leaves out the item of tests that begins with the next line, as far in as its attribute.
    fn skip(&mut self, indent: usize, lines: &mut impl Iterator<Item = (usize, &'a str)>) {
        for (_, whole) in lines {
            let line = whole.trim_start();
            if let Some(name) = without_pub(line).strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) {
                self.tests.push(name.to_owned());
            }
            let is_last = line.starts_with('}') || line.ends_with(';') || line.ends_with(',');
            if whole.len() - line.len() == indent && is_last {
                return;
            }
        }
    }

    /// The names of a list of `use`, after the path that stands before it.
    fn take(&mut self, before: &str, list: &str, line: usize, inner: bool) {
        let mut depth = 0;
        let mut begin = 0;
        for (place, byte) in list.bytes().chain([b',']).enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b',' if depth == 0 => {
                    self.take_one(before, list[begin..place].trim(), line, inner);
                    begin = place + 1;
                }
                _ => {}
            }
        }
    }

    fn take_one(&mut self, before: &str, tree: &str, line: usize, inner: bool) {
        if let Some((path, list)) = tree.split_once('{') {
            self.take(&format!("{before}{path}"), list.strip_suffix('}').unwrap_or(list), line, inner);
        } else if !tree.is_empty() {
            let (path, name) = tree.split_once(" as ").unwrap_or((tree, tree));
            let path = format!("{before}{path}");
            let path = path.strip_suffix("::self").unwrap_or(&path);
            let name = if name == "self" { path } else { name };
            let name = name.rsplit("::").next().unwrap_or(name).to_owned();
            self.uses.push((line, name, outside(path, inner)));
        }
    }

    fn paths_of(&mut self, line: &str, number: usize, inner: bool) {
        let is_of_path = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_' || letter == b':';
        let letters = line.as_bytes();
        let mut end = 0;
        for (at, _) in line.match_indices("::") {
            if at < end {
                continue;
            }
            let start = letters[..at].iter().rposition(|&letter| !is_of_path(letter)).map_or(0, |before| before + 1);
            end = letters[at..].iter().position(|&letter| !is_of_path(letter)).map_or(line.len(), |rest| at + rest);
            if letters[start].is_ascii_lowercase() {
                self.paths.push((number, outside(line[start..end].trim_end_matches(':'), inner)));
            }
        }
    }

    fn defines(&self, name: &str) -> bool {
        let kinds = ["struct", "enum", "trait", "type", "fn", "const", "static", "union"];
        kinds.iter().any(|kind| {
            let said = format!("{kind} {name}");
            self.text.match_indices(&said).any(|(place, _)| {
                !self.text[place + said.len()..].starts_with(|letter: char| letter.is_alphanumeric() || letter == '_')
            })
        })
    }
}

/// A path as the file says it that one stands in a module inside of it.
fn outside(path: &str, inner: bool) -> String {
    match path.strip_prefix("super::") {
        Some(rest) if inner => format!("self::{rest}"),
        _ => path.to_owned(),
    }
}

fn without_pub(line: &str) -> &str {
    let Some(rest) = line.strip_prefix("pub") else { return line };
    rest.split_once(") ").filter(|_| rest.starts_with('(')).map_or(rest, |(_, rest)| rest).trim_start()
}

/// `crate` is the module `lib`, whose parts have no name before theirs.
fn join(module: &str, name: &str) -> String {
    if module == "lib" { name.to_owned() } else { format!("{module}::{name}") }
}

fn above(module: &str) -> String {
    module.rsplit_once("::").map_or("lib".to_owned(), |(above, _)| above.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files.iter().map(|&(file, text)| (file.to_owned(), text.to_owned())).collect();
        circles(&files)
    }

    #[test]
    fn files_that_use_each_other_are_said_with_the_lines_that_do() {
        let one = ("one.rs", "//! One.\n\nuse super::two::{self, Two};\n");
        let two = ("two.rs", "fn two() {\n    crate::one::one();\n}\n");
        assert_eq!(of(&[one, two]), ["one.rs:3 → two.rs:2 → one.rs"]);
        assert_eq!(of(&[one, ("two.rs", "// crate::one is above.\n")]), Vec::<String>::new());
    }

    #[test]
    fn a_name_that_is_passed_on_counts_as_of_the_file_that_says_it() {
        let module = ("index/mod.rs", "mod roots;\n\npub(crate) use roots::{\n    RootMode,\n    Roots,\n};\n");
        let user = ("job.rs", "use crate::index;\n\nfn f(mode: index::RootMode) {}\n");
        let roots = ("index/roots.rs", "use crate::job;\n\nfn f() {\n    job::load();\n}\n");
        assert_eq!(of(&[module, user, roots]), ["index/roots.rs:4 → job.rs:3 → index/roots.rs"]);
        let all = ("index/mod.rs", "pub(crate) use self::roots::*;\n");
        let roots = ("index/roots.rs", "use crate::job::load;\n\npub(crate) enum RootMode {}\n");
        assert_eq!(of(&[all, user, roots]), ["index/roots.rs:1 → job.rs:3 → index/roots.rs"]);
    }

    #[test]
    fn a_module_and_its_parts_are_one_but_a_circle_through_them_is_none_of_theirs() {
        let module = ("take/mod.rs", "use session::Session;\n\npub(crate) struct Stop;\n");
        let part = ("take/session.rs", "use super::Stop;\n");
        assert_eq!(of(&[module, part]), Vec::<String>::new());
        let part = ("take/session.rs", "use super::Stop;\nuse crate::cli::run;\n");
        let other = ("cli.rs", "use crate::take::Stop;\n");
        assert_eq!(of(&[module, part, other]), ["cli.rs:1 → take/mod.rs:1 → take/session.rs:2 → cli.rs"]);
    }

    #[test]
    fn tests_may_use_what_they_like() {
        let one = ("one.rs", "use crate::two::Two;\n");
        let two = ("two.rs", "#[cfg(test)]\nmod tests {\n    use crate::one::One;\n}\n");
        assert_eq!(of(&[one, two]), Vec::<String>::new());
        let two = ("two.rs", "#[cfg(test)]\nmod slow;\n");
        let slow = ("two/slow.rs", "use crate::one::One;\n");
        assert_eq!(of(&[one, two, slow]), Vec::<String>::new());
    }
}
