//! A set of small numbers, one bit each.

/// A fixed-size bit set. One bit an item: an eighth of a byte for each node or edge.
#[derive(Clone, Debug, Default)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// An empty set for the numbers below `len`.
    pub fn new(len: usize) -> Self {
        Bits { words: vec![0; len.div_ceil(64)] }
    }

    /// Takes 64 items a word, the first in the lowest bit; missing words are empty.
    pub fn from_words(words: Vec<u64>) -> Self {
        Bits { words }
    }

    #[inline(always)]
    pub fn contains(&self, index: usize) -> bool {
        self.words[index >> 6] >> (index & 63) & 1 != 0
    }

    /// Adds `index`; true if it was not there.
    #[inline(always)]
    pub fn insert(&mut self, index: usize) -> bool {
        let word = &mut self.words[index >> 6];
        let bit = 1 << (index & 63);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    #[inline(always)]
    pub fn remove(&mut self, index: usize) {
        self.words[index >> 6] &= !(1 << (index & 63));
    }

    /// How many numbers are in the set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether no number is in the set.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }
}
