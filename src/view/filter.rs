//! The filter line: `session` fuzzy, `'session` exact, `/^Sess/` a pattern, `!session` everything else.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use regex::{Regex, RegexBuilder};

use super::glossary;

/// A filter over names, as the person typed it.
pub(crate) struct NameFilter {
    negate: bool,
    test: Test,
}

enum Test {
    All,
    Exact { text: String, smart_case: bool },
    Pattern(Regex),
    Fuzzy { text: String, matcher: Box<SkimMatcherV2> },
}

impl NameFilter {
    /// Reads a filter. Text without capitals matches either case.
    ///
    /// # Errors
    /// The reason why a pattern between slashes is none, in one line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (negate, text) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let text = glossary::today(text.strip_prefix('\'').unwrap_or(text)).unwrap_or(text);
        let smart_case = !text.chars().any(char::is_uppercase);
        let test = if let Some(pattern) = text.strip_prefix('/').filter(|pattern| !pattern.is_empty()) {
            let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
            let regex = RegexBuilder::new(pattern).case_insensitive(smart_case).size_limit(1 << 20).build();
            Test::Pattern(regex.map_err(|problem| one_line(&problem.to_string()))?)
        } else if let Some(exact) = text.strip_prefix('\'') {
            Self::exact(exact, smart_case)
        } else if text.is_empty() || text == "/" {
            Test::All
        } else if negate {
            // Almost everything matches a few letters in order; its negation would leave almost nothing.
            Self::exact(text, smart_case)
        } else {
            Test::Fuzzy { text: text.to_owned(), matcher: Box::new(SkimMatcherV2::default().smart_case()) }
        };
        Ok(NameFilter { negate: negate && !matches!(test, Test::All), test })
    }

    fn exact(text: &str, smart_case: bool) -> Test {
        let text = if smart_case { text.to_lowercase() } else { text.to_owned() };
        if text.is_empty() { Test::All } else { Test::Exact { text, smart_case } }
    }

    /// Reads what to find in rows: text as it stands where a filter would take it for letters in order.
    pub(crate) fn to_find(text: &str) -> Result<Self, String> {
        match text.starts_with(['/', '!', '\'']) {
            true => Self::parse(text),
            false => Self::parse(&format!("'{text}")),
        }
    }

    /// A filter for names that contain `text`, whatever the case.
    pub(crate) fn containing(text: &str) -> Self {
        if let Some(filter) = glossary::today(text).and_then(|today| Self::parse(today).ok()) {
            return filter;
        }
        NameFilter { negate: false, test: Self::exact(&text.to_lowercase(), true) }
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        let found = match &self.test {
            Test::All => true,
            Test::Exact { text, smart_case: true } => name.to_lowercase().contains(text),
            Test::Exact { text, smart_case: false } => name.contains(text),
            Test::Pattern(regex) => regex.is_match(name),
            Test::Fuzzy { text, matcher } => matcher.fuzzy_match(name, text).is_some(),
        };
        found != self.negate
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
    problem.lines().last().unwrap_or_default().trim().to_owned()
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
            ("sstore", &["SessionStore"]),
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
            let by_key = NameFilter::parse(word).unwrap();
            let by_command = NameFilter::containing(word);
            let both = names.into_iter().filter(|name| by_key.matches(name) && by_command.matches(name));
            both.collect::<Vec<_>>().join(", ")
        };
        let cells = "(system), system / PropertyCell, system / JSGlobalPropertyCell";
        assert_eq!(found("(global property)"), cells);
        assert_eq!(found("system / JSGlobalPropertyCell"), cells);
        assert_eq!(found("(roots)"), "[1]::(GC roots)");
        assert_eq!(found("SharedFunctionInfo"), "(compiled code)");
        assert_eq!(found("(Symbols)"), "(Internalized strings)");
        assert_eq!(found("DOMWindow"), "Window");
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
