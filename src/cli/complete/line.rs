//! What a shell says of a line that is being written → its words, and what of the last one is to be replaced.

/// A line up to the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    /// Whole words, and the one that is being written, which may be empty; without quotes.
    pub(super) words: Vec<String>,
    /// The quote that is open in the last word.
    pub(super) quote: Option<char>,
    /// The beginning of the last word that the shell leaves as it stands, in bytes: bash replaces only what follows a
    /// letter that parts words in its eyes.
    pub(super) kept: usize,
}

impl Line {
    /// A line whose words the shell has told apart; the last one as it is written.
    pub(super) fn of_words(mut words: Vec<String>) -> Line {
        let mut last = words.pop().unwrap_or_default();
        let quote = last.chars().next().filter(|letter| matches!(letter, '"' | '\''));
        if quote.is_some() {
            last.remove(0);
        } else {
            last = unescaped(&last);
        }
        words.push(last);
        Line { words, quote, kept: 0 }
    }

    /// A line as it is written in bash, where each of `breaks` parts words for whoever completes them.
    pub(super) fn of_bash(text: &str, breaks: &str) -> Line {
        let mut line = Line { words: vec![String::new()], ..Line::default() };
        let mut has_word = false;
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            let word = line.words.last_mut().expect("there is one from the beginning");
            match (line.quote, letter) {
                (Some(quote), _) if letter == quote => (line.quote, line.kept) = (None, word.len()),
                (Some('\''), _) => word.push(letter),
                (Some(_), '\\') => match letters.next() {
                    Some(next @ ('"' | '\\' | '$' | '`')) => word.push(next),
                    Some(next) => word.extend(['\\', next]),
                    None => {}
                },
                (Some(_), _) => word.push(letter),
                (None, '"' | '\'') => {
                    (line.quote, line.kept) = (Some(letter), word.len());
                    has_word = true;
                }
                (None, '\\') => {
                    word.extend(letters.next());
                    has_word = true;
                }
                (None, _) if letter.is_whitespace() => {
                    if std::mem::take(&mut has_word) {
                        line.words.push(String::new());
                    }
                    line.kept = 0;
                }
                (None, _) => {
                    word.push(letter);
                    has_word = true;
                    if breaks.contains(letter) {
                        line.kept = word.len();
                    }
                }
            }
        }
        line
    }

    /// The word that is being written.
    pub(super) fn last(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// What bash is to put in the place of the last word for a candidate; nothing where it cannot be written there.
    pub(super) fn in_bash(&self, candidate: &str) -> Option<String> {
        let rest = candidate.get(self.kept..).filter(|_| candidate.starts_with(&self.last()[..self.kept]))?;
        match self.quote {
            Some('\'') => (!rest.contains('\'')).then(|| rest.to_owned()),
            Some(_) => Some(escaped(rest, |letter| matches!(letter, '"' | '\\' | '$' | '`'))),
            None => Some(escaped(rest, |letter| {
                !(letter.is_alphanumeric() || !letter.is_ascii() || "-_./:=@%+,".contains(letter))
            })),
        }
    }
}

fn escaped(text: &str, is_special: impl Fn(char) -> bool) -> String {
    text.chars().flat_map(|letter| is_special(letter).then_some('\\').into_iter().chain([letter])).collect()
}

fn unescaped(text: &str) -> String {
    let mut letters = text.chars();
    let mut plain = String::new();
    while let Some(letter) = letters.next() {
        plain.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREAKS: &str = " \t\n\"'><=;|&(:";

    fn line(text: &str) -> Line {
        Line::of_bash(text, BREAKS)
    }

    #[test]
    fn words_of_bash_are_those_that_the_program_would_get() {
        let words = |text: &str| line(text).words;
        assert_eq!(words("heapwalk "), ["heapwalk", ""]);
        assert_eq!(words("heapwalk  su"), ["heapwalk", "su"]);
        assert_eq!(words(r#"heapwalk "a b" c\ d ''"#), ["heapwalk", "a b", "c d", ""]);
        assert_eq!(words(r#"heapwalk "a\"b\c" 'd\"#), ["heapwalk", r#"a"b\c"#, r"d\"]);
        assert_eq!(words(""), [""]);
    }

    #[test]
    fn bash_gets_what_follows_the_last_letter_that_parts_words() {
        let put = |text: &str, candidate: &str| line(text).in_bash(candidate);
        assert_eq!(put("heapwalk --scope que", "query:").as_deref(), Some("query:"));
        assert_eq!(put("heapwalk --scope query:cl", "query:class:").as_deref(), Some("class:"));
        assert_eq!(put("heapwalk --scope=al", "--scope=all").as_deref(), Some("all"));
        assert_eq!(put("heapwalk --scope al", "query:"), Some("query:".into()), "whoever asks has looked at it");
        assert_eq!(put("heapwalk --class=S", "other"), None);
    }

    #[test]
    fn what_a_shell_would_take_for_its_own_is_escaped_as_the_quotes_want_it() {
        let put = |text: &str, candidate: &str| line(text).in_bash(candidate);
        assert_eq!(put("h --class s", "system / Context").as_deref(), Some(r"system\ /\ Context"));
        assert_eq!(put("h --class (", "(array)[]").as_deref(), Some(r"array\)\[\]"));
        assert_eq!(put("h --class \"s", "system \"$x\"").as_deref(), Some(r#"system \"\$x\""#));
        assert_eq!(put("h --class 's", "system $x").as_deref(), Some("system $x"));
        assert_eq!(put("h --class 's", "it's"), None);
        assert_eq!(put("h --class=\"sys", "--class=system / Context").as_deref(), Some("system / Context"));
    }

    #[test]
    fn words_of_other_shells_lose_the_quote_that_is_open() {
        let of = |words: &[&str]| Line::of_words(words.iter().map(|&word| word.into()).collect());
        assert_eq!(of(&["heapwalk", "\"sys"]).last(), "sys");
        assert_eq!(of(&["heapwalk", r"system\ "]).last(), "system ");
        assert_eq!(of(&[]).last(), "");
    }
}
