//! What is said of a column before there is a row: its words, the name of its field, how it reads, orders by it.

/// How a column reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// What the row is called, in pieces: see `Table::label`. Every table has one such column.
    Label,
    /// A whole number at the right.
    Count,
    /// How many objects the row stands for: `×4,000` on the screen, behind the name where there is no column for it.
    Times,
    /// A distance, `−` for none.
    Distance,
    /// Bytes in kB or MB, with the part of the total.
    Size,
    /// Bytes in kB or MB.
    Bytes,
    /// A part of all, in percent.
    Share,
    /// A number with its sign.
    Delta,
    /// Bytes with their sign.
    DeltaBytes,
    /// What one of several snapshots has: a number, or bytes. For people only; which one, the table says (`Table::nth`).
    Nth,
    /// A few words at the right.
    Words,
    /// One word at the right.
    Word,
    /// No column of any table that people read: a field for programs.
    Field,
}

/// What is said about a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spec {
    /// DevTools' word for it.
    pub title: &'static str,
    /// The word where there is little room.
    pub short: &'static str,
    /// The name of the field in JSON and CSV; what columns of different tables are told apart by.
    pub field: &'static str,
    pub show: Show,
    /// When it leaves as it gets narrow: 1 leaves first, 0 never.
    pub leaves: u8,
    /// Whether wide screens draw its part of the total as a bar.
    pub bar: bool,
    /// The word in details; empty: they do not have it.
    pub detail: &'static str,
}

impl Spec {
    pub(crate) const fn new(title: &'static str, short: &'static str, field: &'static str, show: Show) -> Spec {
        Spec { title, short, field, show, leaves: 0, bar: false, detail: "" }
    }

    /// Numbers begin with the largest, names and distances with the smallest.
    pub(crate) fn starts_ascending(&self) -> bool {
        matches!(self.show, Show::Label | Show::Distance | Show::Words | Show::Word)
    }

    /// By this column, the way that is wanted most.
    pub(crate) fn sort(&self) -> Sort {
        Sort { field: self.field, ascending: self.starts_ascending() }
    }

    /// Whether it is a column of the tables that people read.
    pub(crate) fn is_seen(&self) -> bool {
        self.show != Show::Field
    }

    /// What it is called in a sentence: `sorted by retained size`.
    pub(crate) fn word(&self) -> String {
        match self.show {
            Show::Label => "name".into(),
            _ => self.title.trim_start_matches("# ").to_lowercase(),
        }
    }
}

impl Spec {
    /// The first word of what it is called, for who types it.
    fn first_word(&self) -> String {
        self.word().split(' ').next().unwrap_or_default().to_owned()
    }

    /// Whether a word that somebody has typed means it.
    pub(crate) fn is_called(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        word == self.first_word() || word == self.word() || word.eq_ignore_ascii_case(self.field)
    }
}

/// What somebody types for each of some columns: its first word, or its field where that means another.
pub(crate) fn short_words(specs: &[&'static Spec]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for spec in specs {
        let first = spec.first_word();
        words.push(if words.contains(&first) { spec.field.to_owned() } else { first });
    }
    words
}

/// A column, by its field, and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sort {
    pub field: &'static str,
    pub ascending: bool,
}

impl Sort {
    /// The order in which the Summary and the trees open.
    pub(crate) const BY_RETAINED: Sort = Sort { field: "retainedSize", ascending: false };
    /// The order of everything before retained sizes are known.
    pub(crate) const BY_SHALLOW: Sort = Sort { field: "selfSize", ascending: false };
    /// The order in which the Retainers open.
    pub(crate) const BY_DISTANCE: Sort = Sort { field: "distance", ascending: true };
}
