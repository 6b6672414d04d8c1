//! Finds the terminal's answers among the keys: they come as letters, and would do what those do.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A later answer changes no colours any more: that would be a flicker without a cause.
pub(super) const ANSWER_TIME: Duration = Duration::from_secs(1);

/// A sequence that is under way has no pauses of this length, however slow the line; people have.
const PAUSE: Duration = Duration::from_millis(500);

/// Finds the terminal's answer about its background among the keys: it comes as Alt-], letters, and Alt-\\ or Ctrl-g.
pub(super) struct Answers {
    started: Instant,
    /// The letters of an answer that has begun, as many as an answer can have.
    text: Option<String>,
    /// When the last letter beyond those came: a sequence of another kind, or something that was pressed.
    beyond: Option<Instant>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// A key like any other.
    Key,
    /// A piece of an answer.
    Part,
    Background(bool),
}

impl Answers {
    /// Longer than any answer about a colour.
    const LONGEST: usize = 40;

    pub(super) fn new(started: Instant) -> Self {
        Answers { started, text: None, beyond: None }
    }

    /// How long ago the terminal was asked.
    pub(super) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// After a pause, what was too long for an answer has ended.
    fn look_for_pause(&mut self, now: Instant) {
        if self.beyond.is_some_and(|last| now.saturating_duration_since(last) > PAUSE) {
            self.end();
        }
    }

    fn end(&mut self) -> Option<bool> {
        self.beyond = None;
        is_light(&self.text.take()?)
    }

    pub(super) fn take(&mut self, key: KeyEvent, now: Instant) -> Taken {
        self.look_for_pause(now);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match (&mut self.text, key.code) {
            (None, KeyCode::Char(']')) if alt => self.text = Some(String::new()),
            (None, _) => return Taken::Key,
            (Some(_), KeyCode::Char(letter)) if alt && letter == '\\' || ctrl && letter == 'g' => {
                return self.end().map_or(Taken::Part, Taken::Background);
            }
            (Some(text), KeyCode::Char(letter)) if !alt && !ctrl => match text.len() < Self::LONGEST {
                true => text.push(letter),
                false => self.beyond = Some(now),
            },
            (Some(_), _) => {
                self.end();
                return Taken::Key;
            }
        }
        Taken::Part
    }
}

/// Whether `11;rgb:ffff/ffff/ffff` is a light colour, as eyes see it.
fn is_light(answer: &str) -> Option<bool> {
    let colours = answer.strip_prefix("11;rgb:").or_else(|| answer.strip_prefix("11;rgba:"))?;
    let part = |digits: &str| {
        let most = 16f64.powi(digits.len() as i32) - 1.0;
        u32::from_str_radix(digits, 16).ok().map(|value| value as f64 / most)
    };
    let parts: Vec<f64> = colours.split('/').take(3).map(part).collect::<Option<_>>()?;
    let [red, green, blue] = parts[..] else { return None };
    Some(0.299 * red + 0.587 * green + 0.114 * blue > 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(keys: &[(char, KeyModifiers)]) -> Vec<Taken> {
        let mut answers = Answers::new(Instant::now());
        keys.iter()
            .map(|&(letter, modifiers)| answers.take(KeyEvent::new(KeyCode::Char(letter), modifiers), Instant::now()))
            .collect()
    }

    #[test]
    fn answers_of_the_terminal_are_not_keys() {
        let check = |text: &str, end: (char, KeyModifiers), last: Taken| {
            let mut keys = vec![(']', KeyModifiers::ALT)];
            keys.extend(text.chars().map(|letter| (letter, KeyModifiers::NONE)));
            keys.extend([end, ('j', KeyModifiers::NONE)]);
            let taken = taken(&keys);
            assert_eq!(taken[taken.len() - 2], last, "{text}");
            assert_eq!(taken[taken.len() - 1], Taken::Key);
            assert!(taken[..taken.len() - 2].iter().all(|part| *part == Taken::Part));
        };
        check("11;rgb:1e1e/1e1e/2e2e", ('\\', KeyModifiers::ALT), Taken::Background(false));
        check("11;rgb:fdfd/f6f6/e3e3", ('g', KeyModifiers::CONTROL), Taken::Background(true));
        check("11;rgb:ff/ff/ff", ('\\', KeyModifiers::ALT), Taken::Background(true));
        check("nonsense", ('\\', KeyModifiers::ALT), Taken::Part);
    }

    #[test]
    fn a_sequence_without_end_types_nothing_and_ends_with_a_pause() {
        let begun = Instant::now();
        let mut answers = Answers::new(begun);
        let take = |answers: &mut Answers, letter, modifiers, now| {
            answers.take(KeyEvent::new(KeyCode::Char(letter), modifiers), now)
        };
        assert_eq!(take(&mut answers, ']', KeyModifiers::ALT, begun), Taken::Part);
        for _ in 0..100_000 {
            assert_eq!(take(&mut answers, 'q', KeyModifiers::NONE, begun), Taken::Part);
        }
        let later = begun + PAUSE;
        assert_eq!(take(&mut answers, 'q', KeyModifiers::NONE, later), Taken::Part);
        assert_eq!(take(&mut answers, 'j', KeyModifiers::NONE, later + 2 * PAUSE), Taken::Key);
    }
}
