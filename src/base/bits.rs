//! A set of small numbers, one bit each.

use std::borrow::Cow;

use bytes::Bytes;

use super::array::{Array, Part};

/// A fixed-size bit set. One bit an item: an eighth of a byte for each node or edge.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits {
    /// Never mapped: walks ask it at every edge, and it is small enough to be copied.
    words: Vec<u64>,
}

impl Bits {
    /// An empty set for the numbers below `len`.
    pub(crate) fn new(len: usize) -> Self {
        Bits { words: vec![0; len.div_ceil(64)] }
    }

    /// A set given as its words: the number 0 is the lowest bit of the first.
    pub(crate) fn from_words(words: Vec<u64>) -> Self {
        Bits { words }
    }

    #[inline(always)]
    pub(crate) fn contains(&self, index: usize) -> bool {
        self.words[index >> 6] >> (index & 63) & 1 != 0
    }

    /// [`Bits::contains`] for any number: those past the end are not in the set.
    #[inline(always)]
    pub(crate) fn get(&self, index: usize) -> bool {
        self.words.get(index >> 6).is_some_and(|word| word >> (index & 63) & 1 != 0)
    }

    /// Which of up to 64 numbers are in the set, the first one in the lowest bit: without a branch and with none waiting for
    /// another, for long lists few of whose numbers are.
    #[inline(always)]
    pub(crate) fn of_each(&self, numbers: impl Iterator<Item = u32>) -> u64 {
        let words = self.words.as_slice();
        let bit = |number: u32| words[number as usize >> 6] >> (number & 63) & 1;
        numbers.enumerate().fold(0, |all, (place, number)| all | bit(number) << place)
    }

    /// Adds `index` if `adds`; true if it was not there and is now. Without a branch, for what follows no pattern.
    #[inline(always)]
    pub(crate) fn insert_if(&mut self, index: usize, adds: bool) -> bool {
        let word = &mut self.words[index >> 6];
        let bit = u64::from(adds) << (index & 63);
        let new = !*word & bit != 0;
        *word |= bit;
        new
    }

    /// Adds `index`; true if it was not there.
    #[inline(always)]
    pub(crate) fn insert(&mut self, index: usize) -> bool {
        let word = &mut self.words[index >> 6];
        let bit = 1 << (index & 63);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Takes `index` out.
    pub(crate) fn remove(&mut self, index: usize) {
        self.words[index >> 6] &= !(1 << (index & 63));
    }

    /// Adds all of another set of the same size.
    pub(crate) fn add_all(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    /// The smallest number from `from` on and below `len` that is not in the set.
    pub(crate) fn next_absent(&self, from: usize, len: usize) -> Option<usize> {
        let mut place = from >> 6;
        // What stands before it counts as if it were there.
        let mut word = self.words.get(place)? | ((1 << (from & 63)) - 1);
        while word == u64::MAX {
            place += 1;
            word = *self.words.get(place)?;
        }
        Some(place * 64 + word.trailing_ones() as usize).filter(|&absent| absent < len)
    }

    /// What is in one of two sets of one size.
    pub(crate) fn union(&self, other: &Bits) -> Bits {
        Bits { words: self.words.iter().zip(&other.words).map(|(one, other)| one | other).collect() }
    }

    /// The numbers in the set, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(place, &word)| {
            let rest = std::iter::successors(Some(word), |word| Some(word & word.wrapping_sub(1)));
            rest.take_while(|&word| word != 0).map(move |word| place * 64 + word.trailing_zeros() as usize)
        })
    }

    /// How many numbers of the set stand before each word, for [`Bits::rank`].
    pub(crate) fn ranks(&self) -> Vec<u32> {
        let mut sum = 0;
        let before = |word: &u64| {
            let before = sum;
            sum += word.count_ones();
            before
        };
        self.words.iter().map(before).collect()
    }

    /// How many numbers of the set are smaller.
    #[inline(always)]
    pub(crate) fn rank(&self, ranks: &[u32], index: usize) -> usize {
        let below = self.words[index >> 6] & ((1 << (index & 63)) - 1);
        (ranks[index >> 6] + below.count_ones()) as usize
    }

    /// How many numbers are in the set.
    pub(crate) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }
}

impl Part for Bits {
    fn part(&self) -> (usize, Cow<'_, [u8]>) {
        (size_of::<u64>(), bytemuck::cast_slice(&self.words).into())
    }

    fn from_part(width: usize, bytes: Bytes) -> Option<Self> {
        Array::<u64>::from_part(width, bytes).map(|words| Bits { words: words.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inserted_is_there_and_nothing_else() {
        let mut bits = Bits::new(200);
        assert!([3, 64, 199].into_iter().all(|number| bits.insert(number)) && !bits.insert(64));
        assert_eq!(bits.iter().collect::<Vec<_>>(), [3, 64, 199]);
        assert!(!bits.contains(65) && bits.contains(199));
        bits.remove(64);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [3, 199]);
        let mut other = Bits::new(200);
        other.insert(7);
        bits.add_all(&other);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [3, 7, 199]);
    }

    #[test]
    fn many_numbers_are_asked_at_once() {
        let mut bits = Bits::new(200);
        [3, 64, 199].into_iter().for_each(|number| assert!(bits.insert(number)));
        assert_eq!(bits.of_each([64, 5, 199, 3].into_iter()), 0b1101);
        assert_eq!(bits.of_each(std::iter::repeat_n(64, 64)), u64::MAX);
        assert_eq!(bits.of_each(std::iter::empty()), 0);
    }

    #[test]
    fn what_is_absent_is_found_from_any_place() {
        let mut bits = Bits::new(130);
        (0..130).filter(|number| ![0, 63, 64, 129].contains(number)).for_each(|number| assert!(bits.insert(number)));
        let found = [0, 1, 63, 64, 65, 129, 130, 500].map(|from| bits.next_absent(from, 130));
        assert_eq!(found, [Some(0), Some(63), Some(63), Some(64), Some(129), Some(129), None, None]);
    }
}
