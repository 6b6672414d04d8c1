//! How much is under way to the terminal: a frame or two.
//!
//! What is drawn goes into queues of the system and of the line, of which nobody can ask how full they are; over a slow line
//! a held key would fill them with frames of the past. So the terminal is asked for an answer behind a frame, which comes
//! once it has read all before it. As long as much is under way no other frame is drawn, and what happens meanwhile is in
//! the next one.
//!
//! Not every terminal answers, and an answer can be overlooked among keys: then time decides.

use std::time::{Duration, Instant};

/// A frame is drawn although no answer has come as long as fewer bytes than this are under way: over a long line that
/// carries much, answers take their time too.
const LITTLE: u64 = 2000;
/// A terminal that has not answered its first question after so long is not asked again.
const FIRST: Duration = Duration::from_secs(5);
/// So many times as long as the last answers took, the next one is waited for …
const PATIENCE: u32 = 4;
/// … at least and at most so long.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(4);
/// Whoever leaves waits at least and at most so long.
const LEAVES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];
/// After so many answers in a row that did not come, none is asked for again.
const MOST_MISSED: u32 = 3;
/// A terminal whose answers have never taken longer than this …
const QUICK: Duration = Duration::from_millis(30);
/// … is asked behind one frame of so many: the library that reads keys keeps what it is not asked for.
const SELDOM: u32 = 64;

/// What is known of the terminal's answers.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// When the question was asked that is open, and how many bytes had been drawn by then.
    asked: Option<(Instant, u64)>,
    /// How many bytes the terminal has read for certain.
    read: u64,
    /// How long answers took lately, and at the most; nothing before the first one.
    usual: Option<Duration>,
    longest: Duration,
    /// Frames since the last question.
    frames: u32,
    missed: u32,
    is_silent: bool,
}

impl Pace {
    /// When the next frame may be drawn, `drawn` bytes after the first, though no answer has come; nothing where it may be at
    /// once.
    pub(crate) fn drawn_at(&self, drawn: u64) -> Option<Instant> {
        let (asked, _) = self.asked.filter(|_| drawn - self.read >= LITTLE)?;
        Some(asked + (self.usual? * PATIENCE).clamp(SHORTEST, LONGEST))
    }

    /// Until when whoever leaves the terminal waits for the answer that is open: the shell would take it for keys.
    pub(crate) fn leaves_at(&self) -> Option<Instant> {
        let (asked, _) = self.asked?;
        Some(asked + (self.usual.unwrap_or_default() * 2).clamp(LEAVES[0], LEAVES[1]))
    }

    /// A frame has been drawn. Whether a question may follow it.
    pub(crate) fn on_frame(&mut self, now: Instant) -> bool {
        if let Some((asked, drawn)) = self.asked {
            let patience = self.usual.map_or(FIRST, |usual| (usual * PATIENCE).clamp(SHORTEST, LONGEST));
            if now.saturating_duration_since(asked) >= patience {
                self.asked = None;
                self.read = drawn;
                self.missed += 1;
                self.is_silent |= self.usual.is_none() || self.missed >= MOST_MISSED;
            }
        }
        self.frames += 1;
        let is_quick = self.usual.is_some() && self.longest <= QUICK;
        self.asked.is_none() && !self.is_silent && (!is_quick || self.frames >= SELDOM)
    }

    /// The terminal is asked behind so many bytes.
    pub(crate) fn on_question(&mut self, now: Instant, drawn: u64) {
        self.asked = Some((now, drawn));
        self.frames = 0;
    }

    /// It has answered.
    pub(crate) fn on_answer(&mut self, now: Instant) {
        if let Some((asked, drawn)) = self.asked.take() {
            let took = now.saturating_duration_since(asked);
            self.usual = Some(self.usual.map_or(took, |usual| took.max((usual + took) / 2)));
            self.longest = self.longest.max(took);
            self.read = drawn;
            self.missed = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn frames_wait_for_a_slow_terminal_that_answers() {
        let start = Instant::now();
        let mut pace = Pace::default();
        assert!(pace.on_frame(start));
        pace.on_question(start, 5000);
        assert_eq!(pace.drawn_at(5000), None, "nobody knows yet whether it answers at all");
        assert!(!pace.on_frame(start + ms(10)), "one question at a time");
        pace.on_answer(start + ms(200));
        assert!(pace.on_frame(start + ms(210)));
        pace.on_question(start + ms(210), 6000);
        assert_eq!(pace.drawn_at(6999), None, "little is under way");
        assert_eq!(pace.drawn_at(7000), Some(start + ms(210 + 1000)));
        assert_eq!(pace.leaves_at(), Some(start + ms(210 + 2 * 200)));
        pace.on_answer(start + ms(220));
        assert_eq!((pace.drawn_at(7999), pace.leaves_at()), (None, None));
    }

    #[test]
    fn a_quick_terminal_is_seldom_asked() {
        let start = Instant::now();
        let mut pace = Pace::default();
        let questions = (0..1000).filter(|&frame| {
            let now = start + ms(frame * 20);
            let asks = pace.on_frame(now);
            if asks {
                pace.on_question(now, frame * 600);
                pace.on_answer(now + ms(2));
            }
            asks
        });
        assert_eq!(questions.count(), 1 + 999 / 64);
    }

    #[test]
    fn a_terminal_that_never_answers_is_asked_once() {
        let start = Instant::now();
        let mut pace = Pace::default();
        assert!(pace.on_frame(start));
        pace.on_question(start, 1000);
        assert!(!pace.on_frame(start + ms(4999)));
        assert!(!pace.on_frame(start + ms(5000)));
        assert!(!pace.on_frame(start + ms(60_000)));
        assert_eq!(pace.drawn_at(1_000_000), None);
    }

    #[test]
    fn a_terminal_that_stops_answering_is_left_alone_after_some_questions() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.on_question(start, 0);
        pace.on_answer(start + ms(50));
        for round in 1..=3 {
            assert!(pace.on_frame(start + ms(1000 * round)), "{round}");
            pace.on_question(start + ms(1000 * round), 0);
            assert!(pace.drawn_at(9000).is_some());
        }
        assert!(!pace.on_frame(start + ms(9000)));
        assert_eq!(pace.drawn_at(9000), None);
        assert!(!pace.on_frame(start + ms(20_000)));
        // One that comes too late counts for nothing.
        pace.on_answer(start + ms(21_000));
        assert_eq!(pace.drawn_at(9000), None);
    }
}
