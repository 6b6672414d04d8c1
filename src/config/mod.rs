//! What somebody has set, in a file of settings and in files of themes below XDG's directory → settings, and what is
//! wrong with them.
//!
//! A wrong entry costs that entry and is told with its line and its key; the program starts whatever stands there. What
//! commands, views and colours are called is known to the explorer alone: it looks at these names itself.

mod parse;
mod settings;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub(crate) use parse::{Entry, entries};
pub(crate) use settings::{Binding, ColumnChoice, KeySet, Section, Settings, Units, commented};
#[cfg(test)]
pub(crate) use settings::{Setting, Written};

/// Larger files are no settings.
const MOST: u64 = 1 << 20;

/// What is wrong with an entry of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// From 1 on; 0 where it is not about a line.
    pub(crate) line: usize,
    /// The entry, `cache.limit` for example; empty where it is not about one.
    pub(crate) key: String,
    pub(crate) what: String,
}

impl Problem {
    pub(crate) fn new(line: usize, key: impl Into<String>, what: impl Into<String>) -> Problem {
        Problem { line, key: key.into(), what: what.into() }
    }

    /// `/home/me/.config/heapwalk/config.toml:3: mouse: …`
    pub(crate) fn in_file(&self, path: &Path) -> String {
        let line = if self.line > 0 { format!(":{}", self.line) } else { String::new() };
        format!("{}{line}: {self}", path.display())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.what)
    }
}

/// A file of settings, as it was found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    /// Where it is, or would be; nothing where no place is known.
    pub(crate) path: Option<PathBuf>,
    pub(crate) is_there: bool,
    pub(crate) settings: Settings,
    pub(crate) problems: Vec<Problem>,
}

impl Found {
    /// Looks into a directory.
    pub(crate) fn in_directory(directory: &Path) -> Found {
        let path = directory.join("config.toml");
        let found = match read(&path) {
            Ok(Some(text)) => {
                let (settings, problems) = Settings::parse(&text);
                Found { is_there: true, settings, problems, path: None }
            }
            Ok(None) => Found::default(),
            Err(what) => Found { is_there: true, problems: vec![Problem::new(0, "", what)], ..Found::default() },
        };
        Found { path: Some(path), ..found }
    }

    /// What is wrong, a line each.
    pub(crate) fn told(&self, more: &[Problem]) -> Vec<String> {
        let path = self.path.clone().unwrap_or_default();
        self.problems.iter().chain(more).map(|problem| problem.in_file(&path)).collect()
    }
}

/// The text of a file; nothing where there is none.
///
/// # Errors
/// A sentence that says why it cannot be read.
pub(crate) fn read(path: &Path) -> Result<Option<String>, String> {
    let metadata = match path.metadata() {
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        metadata => metadata.map_err(|problem| problem.to_string())?,
    };
    if !metadata.is_file() {
        return Err("is no file".into());
    }
    let file = std::fs::File::open(path).map_err(|problem| problem.to_string())?;
    let mut text = String::new();
    match file.take(MOST + 1).read_to_string(&mut text) {
        Err(problem) => Err(problem.to_string()),
        Ok(length) if length as u64 > MOST => Err("is longer than 1 MB: these are no settings".into()),
        Ok(_) => Ok(Some(text)),
    }
}

/// `$XDG_CONFIG_HOME/heapwalk` or `~/.config/heapwalk`; nothing where neither is known.
pub(crate) fn directory() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || absolute("HOME").map(|home| home.join(".config"));
    Some(absolute("XDG_CONFIG_HOME").or_else(home)?.join("heapwalk"))
}

/// The settings of the user, read once a process.
pub(crate) fn of_user() -> &'static Found {
    static FOUND: OnceLock<Found> = OnceLock::new();
    FOUND.get_or_init(|| directory().map_or_else(Found::default, |directory| Found::in_directory(&directory)))
}

/// The default that is shown, with its settings as if somebody had set them.
#[cfg(test)]
pub(crate) fn uncommented(text: &str) -> String {
    text.lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
            _ => format!("{line}\n"),
        })
        .collect()
}
