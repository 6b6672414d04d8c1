//! The settings: one table from which they are read, checked and shown.

use std::path::PathBuf;

use super::Problem;
use super::parse::{Entry, entries};

/// In which units people read sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Units {
    /// kB, MB: a thousand each.
    #[default]
    Decimal,
    /// KiB, MiB: 1,024 each.
    Binary,
    /// Exact bytes in the explorer, as the key for them shows; else as decimal.
    Bytes,
}

/// A set of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum KeySet {
    #[default]
    Usual,
    Vim,
}

/// A text of the file with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// Which columns a view shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ColumnChoice {
    pub(crate) view: Written,
    pub(crate) words: Vec<Written>,
}

/// The keys of a command; none takes its keys from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) command: Written,
    pub(crate) keys: Vec<Written>,
}

/// What is set about the index cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CacheSettings {
    pub(crate) enabled: bool,
    /// Bytes; that of the program where nothing is set.
    pub(crate) limit: Option<u64>,
    pub(crate) directory: Option<PathBuf>,
}

/// All that can be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The name of a theme; nothing where the terminal is asked.
    pub(crate) theme: Option<Written>,
    pub(crate) units: Units,
    pub(crate) keys: KeySet,
    pub(crate) mouse: bool,
    pub(crate) paste: bool,
    /// In percent of the rows below the views.
    pub(crate) retainers_height: u16,
    /// Whether the explorer knows the next time what was marked in a snapshot.
    pub(crate) remember: bool,
    pub(crate) cache: CacheSettings,
    pub(crate) columns: Vec<ColumnChoice>,
    pub(crate) bindings: Vec<Binding>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            theme: None,
            units: Units::Decimal,
            keys: KeySet::Usual,
            mouse: true,
            paste: true,
            retainers_height: 40,
            remember: true,
            cache: CacheSettings { enabled: true, limit: None, directory: None },
            columns: Vec::new(),
            bindings: Vec::new(),
        }
    }
}

/// One setting.
pub(crate) struct Setting {
    /// The table in which it stands.
    pub(crate) table: &'static str,
    pub(crate) name: &'static str,
    /// What it is unless somebody sets it, as it is written.
    pub(crate) default: &'static str,
    pub(crate) doc: &'static str,
    take: fn(&mut Settings, &Entry<'_>) -> Result<(), String>,
}

impl Setting {
    /// All of them, in the order of the file.
    pub(crate) const ALL: &'static [Setting] = &[
        Setting {
            table: "",
            name: "theme",
            default: "\"auto\"",
            doc: "Colours: \"auto\" asks the terminal whether it is dark or light; \"dark\", \"light\", \"ember\", or the \
                  name of a file in themes/ beside this one, without .toml. HEAPWALK_THEME comes before it.",
            take: |settings, entry| {
                let text = entry.text()?;
                let written = Written { text: text.to_owned(), line: entry.line };
                settings.theme = (text != "auto").then_some(written);
                Ok(())
            },
        },
        Setting {
            table: "",
            name: "units",
            default: "\"decimal\"",
            doc: "Sizes: \"decimal\" (kB, MB of 1,000 as in DevTools), \"binary\" (KiB, MiB of 1,024), or \"bytes\" (exact, \
                  in the explorer).",
            take: |settings, entry| {
                let units = [("decimal", Units::Decimal), ("binary", Units::Binary), ("bytes", Units::Bytes)];
                settings.units = entry.one_of(&units)?;
                Ok(())
            },
        },
        Setting {
            table: "",
            name: "keys",
            default: "\"default\"",
            doc: "The set of keys: \"default\", or \"vim\": digits are counts (5j, 42G), views are Alt-1 … Alt-0, z begins \
                  zt, zz, zb, zo, zc, zR, zM, and Z is the full screen.",
            take: |settings, entry| {
                settings.keys = entry.one_of(&[("default", KeySet::Usual), ("vim", KeySet::Vim)])?;
                Ok(())
            },
        },
        Setting {
            table: "",
            name: "mouse",
            default: "true",
            doc: "Whether the explorer takes clicks and the wheel. With false the terminal's own selection needs no Shift.",
            take: |settings, entry| {
                settings.mouse = entry.bool()?;
                Ok(())
            },
        },
        Setting {
            table: "",
            name: "paste",
            default: "true",
            doc: "Whether pasted text is told from keys. With false it does what its letters do as keys.",
            take: |settings, entry| {
                settings.paste = entry.bool()?;
                Ok(())
            },
        },
        Setting {
            table: "",
            name: "retainers-height",
            default: "40",
            doc: "How much of the rows the Retainers take, in percent, from 10 to 80.",
            take: |settings, entry| {
                settings.retainers_height = entry.whole(10, 80)? as u16;
                Ok(())
            },
        },
        Setting {
            table: "",
            name: "remember",
            default: "true",
            doc: "Whether the explorer keeps of each snapshot the view, orders, marks, notes and what is ignored, for the \
                  next time; `heapwalk forget` forgets them.",
            take: |settings, entry| {
                settings.remember = entry.bool()?;
                Ok(())
            },
        },
        Setting {
            table: "cache",
            name: "enabled",
            default: "true",
            doc: "Whether what is computed of a snapshot is kept for the next time; --no-cache is false for once.",
            take: |settings, entry| {
                settings.cache.enabled = entry.bool()?;
                Ok(())
            },
        },
        Setting {
            table: "cache",
            name: "limit",
            default: "\"10 GB\"",
            doc: "What it may take, at most a tenth of what would be free without it.",
            take: |settings, entry| {
                settings.cache.limit = Some(size(entry)?);
                Ok(())
            },
        },
        Setting {
            table: "cache",
            name: "directory",
            default: "\"\"",
            doc: "Where it stands; empty: heapwalk in XDG_CACHE_HOME or ~/.cache.",
            take: |settings, entry| {
                let text = entry.text()?;
                let home = text.strip_prefix("~/").zip(std::env::var_os("HOME"));
                let path = home.map_or_else(|| PathBuf::from(text), |(rest, home)| PathBuf::from(home).join(rest));
                if !text.is_empty() && !path.is_absolute() {
                    return Err("must be a path from / or ~/ on".into());
                }
                settings.cache.directory = (!text.is_empty()).then_some(path);
                Ok(())
            },
        },
    ];
}

/// A table of the file whose names the explorer knows.
pub(crate) struct Section {
    pub(crate) table: &'static str,
    pub(crate) doc: &'static str,
}

impl Section {
    pub(crate) const COLUMNS: Section = Section {
        table: "columns",
        doc: "For each view the columns that it shows, in this order, where there is room; a number behind a colon is the \
              width: \"retained:20\". These are all that there are:",
    };
    pub(crate) const BIND: Section = Section {
        table: "bind",
        doc: "The keys of commands: a key or a list of keys, [] for none. Keys are letters, \"ctrl-d\", \"alt-1\", \"pgdn\", \
              \"f5\", \"shift-tab\" … A key that somebody gives to a command is taken from the one that had it.",
    };
}

/// Bytes: a whole number of them, or a text as `10 GB`.
fn size(entry: &Entry<'_>) -> Result<u64, String> {
    const UNITS: [(&str, u64); 8] = [
        ("B", 1),
        ("kB", 1000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
    ];
    let Some(text) = entry.value.as_str() else { return entry.whole(0, i64::MAX).map(i64::unsigned_abs) };
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let unit = UNITS.iter().find(|(unit, _)| unit.eq_ignore_ascii_case(text[end..].trim()));
    let number = text[..end].parse::<f64>().ok();
    match number.zip(unit) {
        Some((number, (_, unit))) => Ok((number * *unit as f64) as u64),
        None => Err(format!("\"{text}\" is no size such as \"10 GB\"")),
    }
}

impl Settings {
    /// The settings of a text; what is not in it, or is wrong, is as if nobody had set it.
    pub(crate) fn parse(text: &str) -> (Settings, Vec<Problem>) {
        let mut settings = Settings::default();
        let (entries, mut problems) = entries(text);
        for entry in &entries {
            if let Err(what) = settings.take(entry, text) {
                problems.push(entry.problem(what));
            }
        }
        problems.sort_by_key(|problem| problem.line);
        (settings, problems)
    }

    fn take(&mut self, entry: &Entry<'_>, text: &str) -> Result<(), String> {
        let written = |(text, line)| Written { text, line };
        let name = Written { text: entry.name.clone(), line: entry.line };
        let texts = || Ok::<_, String>(entry.texts(text)?.into_iter().map(written).collect());
        if entry.table == Section::COLUMNS.table {
            self.columns.push(ColumnChoice { view: name, words: texts()? });
            return Ok(());
        }
        if entry.table == Section::BIND.table {
            self.bindings.push(Binding { command: name, keys: texts()? });
            return Ok(());
        }
        let is_it = |setting: &&Setting| setting.table == entry.table && setting.name == entry.name;
        match Setting::ALL.iter().find(is_it) {
            Some(setting) => (setting.take)(self, entry),
            None => Err(unknown(entry)),
        }
    }
}

fn unknown(entry: &Entry<'_>) -> String {
    let key = entry.key();
    let known = Setting::ALL.iter().map(|setting| match setting.table {
        "" => setting.name.to_owned(),
        table => format!("{table}.{}", setting.name),
    });
    let alike = |known: &String| strsim::jaro_winkler(known, &key);
    match known.max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|best| alike(best) > 0.85) {
        Some(meant) => format!("there is no such setting; {meant} was meant?"),
        None => "there is no such setting: `heapwalk config` shows all".into(),
    }
}

/// The file with every setting as it is unless somebody sets it, in comments: where the sign before a name is taken away,
/// the setting counts. `sections` are the lines of the tables that the explorer knows.
pub(crate) fn commented(head: &str, sections: &[(Section, Vec<String>)]) -> String {
    let mut text = String::new();
    let comment = |text: &mut String, said: &str| {
        for line in wrapped(said, 100) {
            text.push_str(&format!("# {line}\n"));
        }
    };
    for line in head.lines() {
        text.push_str(&format!("# {line}\n"));
    }
    let mut table = "";
    for setting in Setting::ALL {
        text.push('\n');
        if setting.table != table {
            table = setting.table;
            text.push_str(&format!("[{table}]\n"));
        }
        comment(&mut text, setting.doc);
        text.push_str(&format!("#{} = {}\n", setting.name, setting.default));
    }
    for (section, lines) in sections {
        text.push_str(&format!("\n[{}]\n", section.table));
        comment(&mut text, section.doc);
        for line in lines {
            text.push_str(&format!("#{line}\n"));
        }
    }
    text
}

fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is one from the beginning");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > columns {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
