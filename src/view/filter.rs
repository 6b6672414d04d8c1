//! The filter line: `session store` all words as typed, `'session` exact, `/^Sess/` a pattern, `!session` everything else.
//! The explorer's `/` and the command line's `--class` are this one.

use std::fmt;
use std::ops::Range;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use regex::{Regex, RegexBuilder};

use super::glossary;

/// A filter as somebody typed it, read once.
pub(crate) struct Typed {
    text: String,
    words: NameFilter,
    /// What to try where no name has the words as typed: their letters in order. Nothing for other filters.
    letters: Option<NameFilter>,
}

impl Typed {
    /// Reads a filter; no text lets all through.
    ///
    /// # Errors
    /// The reason why a pattern between slashes is none, in one line.
    pub(crate) fn parse(text: &str) -> Result<Typed, String> {
        let words = NameFilter::parse(text)?;
        // A sign without a word behind it is no filter yet.
        let text = if matches!(words.test, Test::All) { "" } else { text };
        Ok(Typed { text: text.into(), letters: words.letters(text), words })
    }

    /// Empty where it lets all through.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What the words as typed let through.
    pub(crate) fn words(&self) -> &NameFilter {
        &self.words
    }

    pub(crate) fn letters(&self) -> Option<&NameFilter> {
        self.letters.as_ref()
    }

    /// What marks the letters that it has found, in words or in order; nothing where there is no text.
    pub(crate) fn marker(&self, by_letters: bool) -> Option<&NameFilter> {
        let filter = if by_letters { self.letters.as_ref()? } else { &self.words };
        (!self.text.is_empty()).then_some(filter)
    }
}

impl Default for Typed {
    fn default() -> Typed {
        Typed { text: String::new(), words: NameFilter { negate: false, test: Test::All }, letters: None }
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// A filter over names.
pub(crate) struct NameFilter {
    negate: bool,
    test: Test,
}

enum Test {
    All,
    /// Each has to occur.
    Words(Vec<Word>),
    Exact(Word),
    Pattern(Regex),
    /// Letters in order, with others between them.
    Fuzzy {
        text: String,
        matcher: Box<SkimMatcherV2>,
    },
}

/// A text to occur as it stands.
struct Word {
    /// `!word` must not occur.
    negate: bool,
    text: Regex,
}

impl Word {
    /// Text without capitals matches either case.
    fn new(text: &str) -> Word {
        let (negate, text) = match text.strip_prefix('!').filter(|rest| !rest.is_empty()) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        Word { negate, ..Word::exact(text) }
    }

    fn exact(text: &str) -> Word {
        let ignores_case = !text.chars().any(char::is_uppercase);
        let text = RegexBuilder::new(&regex::escape(text)).case_insensitive(ignores_case).build();
        // A word of megabytes is too long for any name.
        Word { negate: false, text: text.unwrap_or_else(|_| Regex::new("$.").expect("a constant")) }
    }

    fn occurs(&self, texts: [&str; 2]) -> bool {
        texts.iter().any(|text| self.text.is_match(text))
    }
}

impl NameFilter {
    /// Reads a filter.
    ///
    /// # Errors
    /// The reason why a pattern between slashes is none, in one line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (negate, rest) = match text.strip_prefix('!') {
            Some(rest) if rest.starts_with(['/', '\'']) || glossary::today(rest).is_some() => (true, rest),
            _ => (false, text),
        };
        let rest = glossary::today(rest.strip_prefix('\'').unwrap_or(rest)).unwrap_or(rest);
        let test = if let Some(pattern) = rest.strip_prefix('/').filter(|pattern| !pattern.is_empty()) {
            let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
            let smart_case = !rest.chars().any(char::is_uppercase);
            let regex = RegexBuilder::new(pattern).case_insensitive(smart_case).size_limit(1 << 20).build();
            Test::Pattern(regex.map_err(|problem| one_line(&problem.to_string()))?)
        } else if let Some(exact) = rest.strip_prefix('\'') {
            if exact.is_empty() { Test::All } else { Test::Exact(Word::exact(exact)) }
        } else {
            let words: Vec<Word> =
                rest.split_whitespace().filter(|word| !["!", "/"].contains(word)).map(Word::new).collect();
            if words.is_empty() { Test::All } else { Test::Words(words) }
        };
        Ok(NameFilter { negate: negate && !matches!(test, Test::All), test })
    }

    /// Reads what to find in rows: text as it stands where a filter would take it for words.
    pub(crate) fn to_find(text: &str) -> Result<Self, String> {
        match text.starts_with(['/', '!', '\'']) {
            true => Self::parse(text),
            false => Self::parse(&format!("'{text}")),
        }
    }

    /// The letters of the words in order; nothing for a filter that is more than words.
    fn letters(&self, text: &str) -> Option<Self> {
        let is_words = matches!(&self.test, Test::Words(words) if words.iter().all(|word| !word.negate));
        let text: String = text.split_whitespace().collect();
        let matcher = || Box::new(SkimMatcherV2::default().smart_case());
        is_words.then(|| NameFilter { negate: false, test: Test::Fuzzy { text, matcher: matcher() } })
    }

    /// Whether the filter lets a name through that stands alone.
    pub(crate) fn matches(&self, name: &str) -> bool {
        self.matches_at(name, "")
    }

    /// Whether the filter lets a name through that stands beside its place in a script.
    pub(crate) fn matches_at(&self, name: &str, place: &str) -> bool {
        let texts = [name, place];
        let found = match &self.test {
            Test::All => true,
            Test::Words(words) => words.iter().all(|word| word.occurs(texts) != word.negate),
            Test::Exact(word) => word.occurs(texts),
            Test::Pattern(regex) => texts.iter().any(|text| regex.is_match(text)),
            Test::Fuzzy { text, matcher } => matcher.fuzzy_match(name, text).is_some(),
        };
        found != self.negate
    }

    /// Which parts of a text match, in bytes, in order and apart from each other. What a filter keeps out has none.
    pub(crate) fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let of = |regex: &Regex| {
            regex.find_iter(text).map(|found| found.range()).filter(|range| !range.is_empty()).collect()
        };
        let mut marks: Vec<Range<usize>> = match &self.test {
            _ if self.negate => Vec::new(),
            Test::All => Vec::new(),
            Test::Words(words) => words.iter().filter(|word| !word.negate).flat_map(|word| of(&word.text)).collect(),
            Test::Exact(word) => of(&word.text),
            Test::Pattern(regex) => of(regex),
            Test::Fuzzy { text: letters, matcher } => {
                let places = matcher.fuzzy_indices(text, letters).map_or_else(Vec::new, |(_, places)| places);
                let letters = text.char_indices().enumerate();
                let found = letters.filter(|(place, _)| places.contains(place));
                found.map(|(_, (start, letter))| start..start + letter.len_utf8()).collect()
            }
        };
        marks.sort_by_key(|mark| mark.start);
        marks.dedup_by(|next, before| {
            let touches = next.start <= before.end;
            before.end = if touches { before.end.max(next.end) } else { before.end };
            touches
        });
        marks
    }
}

/// The name that is most like a text with a slip in it; nothing when none is.
pub(crate) fn nearest<T>(names: impl Iterator<Item = (String, T)>, text: &str) -> Option<(String, T)> {
    const LEAST: f64 = 0.8;
    let wanted = text.trim_start_matches(['\'', '/', '!']).to_lowercase();
    let alike = |name: &str| strsim::jaro_winkler(&name.to_lowercase(), &wanted);
    let scored = names.map(|(name, what)| (alike(&name), name, what)).filter(|(score, ..)| *score >= LEAST);
    scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name, what)| (name, what))
}

/// How well a few letters fit a text, larger is better; nothing when they do not. No letters fit everything.
pub(crate) fn fuzzy_score(text: &str, letters: &str) -> Option<i64> {
    if letters.is_empty() { Some(0) } else { SkimMatcherV2::default().ignore_case().fuzzy_match(text, letters) }
}

fn one_line(problem: &str) -> String {
    let last = problem.lines().last().unwrap_or_default().trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_filter_finds_what_it_says() {
        let names = ["Session", "SessionStore", "(string)", "Function", "RegExp", "session"];
        let cases: &[(&str, &[&str])] = &[
            ("", &names),
            ("session", &["Session", "SessionStore", "session"]),
            ("sstore", &[]),
            ("store SESSION", &[]),
            ("store session", &["SessionStore"]),
            ("session !store", &["Session", "session"]),
            ("Store session", &["SessionStore"]),
            ("Session", &["Session", "SessionStore"]),
            ("'session", &["Session", "SessionStore", "session"]),
            ("'Session", &["Session", "SessionStore"]),
            ("/^sess.*e$/", &["SessionStore"]),
            ("/^Session$", &["Session"]),
            ("!session", &["(string)", "Function", "RegExp"]),
            ("!/^[A-Z]/", &["(string)", "session"]),
            ("!", &names),
            ("(closure)", &["Function"]),
            ("(regexp)", &["RegExp"]),
            ("'(closure)", &["Function"]),
            ("!(closure)", &["Session", "SessionStore", "(string)", "RegExp", "session"]),
        ];
        for (text, found) in cases {
            let filter = NameFilter::parse(text).unwrap();
            let matches: Vec<_> = names.into_iter().filter(|name| filter.matches(name)).collect();
            assert_eq!(matches, *found, "filter {text:?}");
        }
    }

    #[test]
    fn words_of_older_documents_find_what_is_called_otherwise_today() {
        let names = [
            "[1]::(GC roots)",
            "(system)",
            "(compiled code)",
            "system / PropertyCell",
            "system / JSGlobalPropertyCell",
            "(Internalized strings)",
            "Window",
        ];
        let found = |word: &str| {
            let filter = NameFilter::parse(word).unwrap();
            names.into_iter().filter(|name| filter.matches(name)).collect::<Vec<_>>().join(", ")
        };
        let cells = "(system), system / PropertyCell, system / JSGlobalPropertyCell";
        assert_eq!(found("(global property)"), cells);
        assert_eq!(found("system / JSGlobalPropertyCell"), cells);
        assert_eq!(found("(roots)"), "[1]::(GC roots)");
        assert_eq!(found("SharedFunctionInfo"), "(compiled code)");
        assert_eq!(found("(Symbols)"), "(Internalized strings)");
        assert_eq!(found("DOMWindow"), "Window");
        assert_eq!(found("(hidden)"), "(system)");
    }

    #[test]
    fn words_may_stand_in_the_place_beside_the_name() {
        let filter = |text: &str| NameFilter::parse(text).unwrap();
        assert!(filter("session server.js:79").matches_at("Session", "server.js:79"));
        assert!(filter("/js:79$/").matches_at("Session", "server.js:79"));
        assert!(!filter("!server").matches_at("Session", "server.js:79"));
        assert!(!filter("session").matches_at("Order", "server.js:79"));
    }

    #[test]
    fn letters_in_order_are_for_words_that_occur_nowhere() {
        let typed = Typed::parse("sstore").unwrap();
        let fuzzy = typed.letters().unwrap();
        assert!(fuzzy.matches("SessionStore") && !fuzzy.matches("Store"));
        let has_none = |text: &&str| Typed::parse(text).unwrap().letters().is_none();
        assert!(["'sstore", "/s/", "!sstore", ""].iter().all(has_none));
    }

    #[test]
    fn what_matches_is_marked() {
        let marked = |filter: &NameFilter, name: &str| {
            let parts = filter.marks(name).into_iter().map(|mark| name[mark].to_owned());
            parts.collect::<Vec<_>>().join("|")
        };
        let marks = |text: &str, name: &str| marked(&NameFilter::parse(text).unwrap(), name);
        assert_eq!(marks("session store", "SessionStore"), "SessionStore");
        assert_eq!(marks("store", "StoreOfStore"), "Store|Store");
        assert_eq!(marks("/s.*e/", "größeres e"), "s e");
        assert_eq!(marks("ö", "größe"), "ö");
        assert_eq!([marks("!store", "Session"), marks("", "Session")], ["", ""]);
        assert_eq!(marked(Typed::parse("sst").unwrap().letters().unwrap(), "SessionStore"), "S|St");
    }

    #[test]
    fn a_slip_is_not_far_from_what_was_meant() {
        let names = || ["Session", "SessionStore", "(string)", "Map"].into_iter().map(|name| (name.to_owned(), ()));
        let found = |text| nearest(names(), text).map(|(name, ())| name);
        assert_eq!(found("sesion").as_deref(), Some("Session"));
        assert_eq!(found("'Sesssion").as_deref(), Some("Session"));
        assert_eq!(found("(sting)").as_deref(), Some("(string)"));
        assert_eq!(found("xyzzy"), None);
    }

    #[test]
    fn a_wrong_pattern_says_why_in_one_line() {
        let problem = NameFilter::parse("/(/").err().unwrap();
        assert!(problem.contains("unclosed group") && !problem.contains('\n'), "{problem}");
    }
}
