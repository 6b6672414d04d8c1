//! An allocation timeline: the intervals of its samples, and which of them are chosen.

use std::ops::Range;

use crate::analysis::scopes::Scope;
use crate::analysis::sizes;
use crate::base::meter::Meter;
use crate::error::Result;
use crate::heap::Heap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Timeline {
    pub(crate) intervals: Vec<Interval>,
    /// The chosen intervals; all of them where none is chosen.
    pub(crate) chosen: Option<Range<usize>>,
}

/// What was allocated between two samples and is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interval {
    /// Bytes of what is still there.
    pub(crate) live: u64,
    /// Microseconds from the first sample to the end of the interval.
    pub(crate) until_us: u64,
    /// The ids of what was allocated: larger than the first, up to the second.
    pub(crate) ids: (u64, u64),
}

impl Timeline {
    /// Nothing for a snapshot without samples.
    pub(crate) fn of(heap: &Heap, meter: &Meter) -> Result<Option<Timeline>> {
        let samples = &heap.columns().samples;
        let Some(&first) = samples.timestamps_us.first() else { return Ok(None) };
        let live = sizes::by_sample(heap, meter)?;
        let mut before = 0;
        let mut intervals = Vec::with_capacity(live.len());
        for ((&id, &at), live) in samples.last_assigned_ids.iter().zip(&samples.timestamps_us).zip(live) {
            intervals.push(Interval { live, until_us: at.saturating_sub(first), ids: (before, id.max(before)) });
            before = id.max(before);
        }
        Ok((!intervals.is_empty()).then_some(Timeline { intervals, chosen: None }))
    }

    /// The intervals in at most `columns` groups of as many each.
    pub(crate) fn bars(&self, columns: usize) -> Vec<Range<usize>> {
        let count = self.intervals.len();
        let each = count.div_ceil(columns.max(1)).max(1);
        (0..count).step_by(each).map(|start| start..(start + each).min(count)).collect()
    }

    /// Moves what is chosen by its own length; the first press takes the last or first part of `step` intervals.
    pub(crate) fn shift(&mut self, later: bool, step: usize) {
        let count = self.intervals.len();
        let step = step.clamp(1, count);
        let range = match self.chosen.take() {
            None if later => 0..step,
            None => count - step..count,
            Some(Range { start, end }) => {
                let length = end - start;
                let start = if later { (start + length).min(count - length) } else { start.saturating_sub(length) };
                start..start + length
            }
        };
        self.chosen = Some(range);
    }

    /// Makes what is chosen longer or shorter at its end.
    pub(crate) fn stretch(&mut self, longer: bool, step: usize) {
        let count = self.intervals.len();
        let step = step.clamp(1, count);
        self.chosen = Some(match self.chosen.take() {
            None => 0..step,
            Some(Range { start, end }) if longer => start..(end + step).min(count),
            Some(Range { start, end }) => start..end.saturating_sub(step).max(start + 1),
        });
    }

    /// The objects that were allocated in what is chosen.
    pub(crate) fn scope(&self) -> Option<Scope> {
        let chosen = self.chosen.clone()?;
        let (first, last) = (self.intervals.get(chosen.start)?, self.intervals.get(chosen.end.checked_sub(1)?)?);
        Some(Scope::AllocatedBetween { after: first.ids.0, until: last.ids.1 })
    }

    /// Chooses the intervals of a scope; none for another one.
    pub(crate) fn choose(&mut self, scope: Option<&Scope>) {
        self.chosen = match scope {
            Some(Scope::AllocatedBetween { after, until }) => {
                let start = self.intervals.iter().position(|interval| interval.ids.0 == *after);
                let end = self.intervals.iter().position(|interval| interval.ids.1 == *until);
                start.zip(end).filter(|(start, end)| start <= end).map(|(start, end)| start..end + 1)
            }
            _ => None,
        };
    }

    /// Seconds from the beginning of the timeline to beginning and end of what is chosen, or of all.
    pub(crate) fn seconds(&self) -> (f64, f64) {
        let chosen = self.chosen.clone().unwrap_or(0..self.intervals.len());
        let at = |index: usize| self.intervals[index].until_us as f64 / 1e6;
        let start = if chosen.start == 0 { 0.0 } else { at(chosen.start - 1) };
        (start, chosen.end.checked_sub(1).map_or(0.0, at))
    }

    /// What is still there of what was allocated in what is chosen, or in all.
    pub(crate) fn live(&self) -> u64 {
        self.intervals[self.chosen.clone().unwrap_or(0..self.intervals.len())].iter().map(|part| part.live).sum()
    }
}

/// Few bars are no clearer for being wider.
const WIDEST: usize = 6;

/// Which bars there are on so many columns, and how many columns each takes.
pub(crate) fn wide_bars(timeline: &Timeline, columns: usize) -> (Vec<Range<usize>>, usize) {
    let bars = timeline.bars(columns);
    let wide = (columns / bars.len().max(1)).clamp(1, WIDEST);
    (bars, wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(lives: &[u64]) -> Timeline {
        let interval = |(index, &live): (usize, &u64)| Interval {
            live,
            until_us: index as u64 * 1_000_000,
            ids: (index as u64 * 10, index as u64 * 10 + 10),
        };
        Timeline { intervals: lives.iter().enumerate().map(interval).collect(), chosen: None }
    }

    #[test]
    fn a_choice_moves_by_its_own_length_and_stops_at_the_ends() {
        let mut timeline = timeline(&[1, 2, 3, 4, 5]);
        timeline.shift(false, 2);
        assert_eq!(timeline.chosen, Some(3..5));
        assert_eq!(timeline.scope(), Some(Scope::AllocatedBetween { after: 30, until: 50 }));
        assert_eq!((timeline.live(), timeline.seconds()), (9, (2.0, 4.0)));
        timeline.shift(true, 2);
        assert_eq!(timeline.chosen, Some(3..5));
        timeline.shift(false, 2);
        timeline.shift(false, 2);
        assert_eq!(timeline.chosen, Some(0..2));
        timeline.stretch(true, 2);
        assert_eq!(timeline.chosen, Some(0..4));
        timeline.stretch(false, 9);
        assert_eq!(timeline.chosen, Some(0..1));
    }

    #[test]
    fn bars_take_as_many_intervals_each() {
        assert_eq!(timeline(&[1; 10]).bars(4), [0..3, 3..6, 6..9, 9..10]);
        assert_eq!(timeline(&[1; 3]).bars(10).len(), 3);
    }
}
