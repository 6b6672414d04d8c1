//! Finds the terminal's answers among the keys: they come as letters, and would do what those do.

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseEventKind};

use super::watch::AT_ONCE;

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

/// What has come from the terminal and has not been made an event of yet, in bytes.
///
/// The answer to where the cursor is, `ESC [ 1 ; 1 R` or longer, is no event: the library that reads keys keeps it for
/// those who ask it that. So it is told by what is missing: whether of the bytes that came 6 more are left than the events
/// take at the least that were made of them. Some keys that take more could pass for an answer, and then one frame is
/// drawn too early; an answer is overlooked only where a key comes in the moment between.
///
/// The library gives up at the end of the time it has, also with events in its hands that it has read already, and nothing
/// wakes whoever waits for the terminal then. So as long as bytes are left it is asked again, and has more time. It may
/// also have read more than came at first. So in the end it is asked until it has said twice, and in time, that it has
/// nothing.
pub(super) struct Rest {
    came: u64,
    /// How many of them the events and the answer take at the least.
    least: u64,
    has_answered: bool,
    /// How often nothing came out of what is left; of what came nothing more is looked for.
    looks: Option<u32>,
    /// How often in a row it has said in time that it has nothing, since then.
    sure: u32,
    /// How often it had no time to say so.
    late: u32,
}

impl Rest {
    const ANSWER: u64 = 6;
    /// What is read already comes out at once; a machine can be busy with something else for so long.
    const LONGER: Duration = Duration::from_millis(20);
    /// Keys that take more bytes than the least, and sequences that are under way, leave some for ever.
    const MOST_LOOKS: u32 = 3;
    /// To look at what it has read, and hardly wait for more: an answer that came meanwhile would not be noticed.
    const QUICK: Duration = Duration::from_micros(300);
    const SURE: u32 = 2;
    const MOST_LATE: u32 = 50;

    pub(super) fn of(came: u64) -> Rest {
        Rest { came, least: 0, has_answered: false, looks: Some(0), sure: 0, late: 0 }
    }

    /// How long to look for the next event.
    pub(super) fn look(&self) -> Option<Duration> {
        match self.looks {
            Some(0) => Some(AT_ONCE),
            Some(_) => Some(Self::LONGER),
            None => (self.sure < Self::SURE && self.late < Self::MOST_LATE).then_some(Self::QUICK),
        }
    }

    /// An event came out, or none in the time that was given. Whether an answer must have. `took` is how long the look
    /// was: one that took far longer than it should may have ended before it began.
    pub(super) fn on_look(&mut self, event: Option<&Event>, took: Duration) -> bool {
        if let Some(event) = event {
            self.least += least_bytes(event);
            (self.looks, self.sure) = (Some(0), 0);
            return false;
        }
        if self.looks.is_none() {
            match took < 3 * Self::QUICK {
                true => self.sure += 1,
                false => self.late += 1,
            }
            return false;
        }
        let answers = !self.has_answered && self.came >= self.least + Self::ANSWER;
        if answers {
            self.has_answered = true;
            self.least += Self::ANSWER;
        }
        let looks = self.looks.map_or(0, |looks| looks + 1);
        self.looks = (self.came > self.least && looks <= Self::MOST_LOOKS).then_some(looks);
        answers
    }
}

/// How many bytes an event takes at the least.
pub(super) fn least_bytes(event: &Event) -> u64 {
    let digits = |number: u16| u64::from((number + 1).checked_ilog10().unwrap_or(0)) + 1;
    match event {
        Event::Key(KeyEvent { code, modifiers, .. }) => {
            let alone = match code {
                KeyCode::Char(letter) => letter.len_utf8() as u64,
                KeyCode::Enter | KeyCode::Tab | KeyCode::Backspace | KeyCode::Esc => 1,
                KeyCode::PageUp | KeyCode::PageDown | KeyCode::Delete | KeyCode::Insert => 4,
                _ => 3,
            };
            alone + u64::from(alone < 3 && modifiers.contains(KeyModifiers::ALT))
        }
        // `ESC [ < 0 ; 1 ; 1 M`, and a wheel is button 64.
        Event::Mouse(mouse) => {
            let button = match mouse.kind {
                MouseEventKind::Down(_) | MouseEventKind::Up(_) => 1,
                _ => 2,
            };
            6 + button + digits(mouse.column) + digits(mouse.row)
        }
        Event::Paste(text) => text.len() as u64 + 12,
        // Made of a signal, or turned off.
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{MouseButton, MouseEvent};

    use super::*;

    #[test]
    fn an_answer_is_what_no_event_was_made_of() {
        let key = |code| Event::Key(KeyEvent::new(code, KeyModifiers::NONE));
        let mouse = |kind, column, row| Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
        let answer = "\x1b[1;1R";
        let answers = |came: usize, events: &[Event]| {
            let mut rest = Rest::of(came as u64);
            let early = events.iter().any(|event| rest.on_look(Some(event), Duration::ZERO));
            early || rest.on_look(None, Duration::ZERO)
        };
        let check = |keys: &str, events: &[Event]| {
            assert!(!answers(keys.len(), events), "{keys:?}");
            assert!(answers(keys.len() + answer.len(), events), "{keys:?} and an answer");
        };
        check("", &[]);
        check("jjé", &[key(KeyCode::Char('j')), key(KeyCode::Char('j')), key(KeyCode::Char('é'))]);
        check("\x1b[A\r", &[key(KeyCode::Up), key(KeyCode::Enter)]);
        check("\x1b[6~", &[key(KeyCode::PageDown)]);
        check("\x1b[1~", &[key(KeyCode::Home)]);
        check("\x1b[1;5A", &[key(KeyCode::Up)]);
        check("\x1bx", &[Event::Key(KeyEvent::new(KeyCode::Char('x'), KeyModifiers::ALT))]);
        check("\x1b[<64;10;9M", &[mouse(MouseEventKind::ScrollUp, 9, 8)]);
        check("\x1b[<0;1;100M", &[mouse(MouseEventKind::Down(MouseButton::Left), 0, 99)]);
        check("\x1b[<32;99;99M", &[mouse(MouseEventKind::Drag(MouseButton::Left), 98, 98)]);
        check("\x1b[200~text\x1b[201~", &[Event::Paste("text".into())]);
    }

    #[test]
    fn keys_that_the_library_has_in_its_hands_are_asked_for_again() {
        let key = Event::Key(KeyEvent::from(KeyCode::Char('q')));
        // The answer took all the time there was, and the key behind it was read with it.
        let mut rest = Rest::of(7);
        assert_eq!(rest.look(), Some(AT_ONCE));
        assert!(rest.on_look(None, Duration::ZERO));
        assert_eq!(rest.look(), Some(Rest::LONGER));
        assert!(!rest.on_look(Some(&key), Duration::ZERO));
        assert_eq!(rest.look(), Some(AT_ONCE));
        assert!(!rest.on_look(None, Duration::ZERO));
        assert_eq!(rest.look(), Some(Rest::QUICK), "all that came is known");
        // A key before another one that did not come out in time.
        let mut rest = Rest::of(2);
        assert!(!rest.on_look(Some(&key), Duration::ZERO) && !rest.on_look(None, Duration::ZERO));
        assert_eq!(rest.look(), Some(Rest::LONGER));
        // The answer alone is told without a wait behind it.
        let mut rest = Rest::of(6);
        assert!(rest.on_look(None, Duration::ZERO));
        assert_eq!(rest.look(), Some(Rest::QUICK));
    }

    #[test]
    fn what_was_read_with_what_came_is_found_in_the_end() {
        let key = Event::Key(KeyEvent::new(KeyCode::Char('j'), KeyModifiers::NONE));
        let mut rest = Rest::of(6);
        assert!(rest.on_look(None, Duration::ZERO));
        // A look that had no time to look says nothing.
        for _ in 0..5 {
            assert_eq!(rest.look(), Some(Rest::QUICK));
            assert!(!rest.on_look(None, 10 * Rest::QUICK));
        }
        assert!(!rest.on_look(None, Rest::QUICK));
        assert_eq!(rest.look(), Some(Rest::QUICK));
        // A key that came behind the answer, in the moment before it was read.
        assert!(!rest.on_look(Some(&key), Duration::ZERO));
        assert_eq!(rest.look(), Some(AT_ONCE));
        assert!(!rest.on_look(None, Duration::ZERO));
        assert!(!rest.on_look(None, Rest::QUICK) && !rest.on_look(None, Rest::QUICK));
        assert_eq!(rest.look(), None);
    }

    #[test]
    fn what_never_becomes_an_event_is_not_waited_for_for_ever() {
        let mut rest = Rest::of(4096);
        let mut looks = 0;
        while rest.look().is_some() {
            looks += 1;
            let answers = rest.on_look(None, Duration::ZERO);
            assert_eq!(answers, looks == 1);
        }
        assert_eq!(looks, 1 + Rest::MOST_LOOKS + Rest::SURE);
        // Nor is a machine that has no time.
        let mut rest = Rest::of(0);
        let slow = std::iter::from_fn(|| rest.look().map(|_| rest.on_look(None, Duration::from_secs(1))));
        assert_eq!(slow.count(), 1 + Rest::MOST_LATE as usize);
    }

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
