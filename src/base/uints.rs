//! A column of unsigned numbers that takes 4 bytes a number as long as all of them fit, and 8 otherwise.

use std::borrow::Cow;

use bytes::Bytes;

use super::array::{Array, Part};

/// A growing column of numbers up to 2^64.
///
/// Ids and sizes fit 32 bits in almost every snapshot, but nothing says that they must.
#[derive(Clone, Debug)]
pub(crate) enum UintColumn {
    Narrow(Array<u32>),
    Wide(Array<u64>),
}

impl Default for UintColumn {
    fn default() -> Self {
        UintColumn::Narrow(Array::new())
    }
}

impl UintColumn {
    #[inline(always)]
    pub(crate) fn get(&self, index: usize) -> u64 {
        match self {
            UintColumn::Narrow(values) => values[index] as u64,
            UintColumn::Wide(values) => values[index],
        }
    }

    /// For loops over many: looks once where the numbers are.
    pub(crate) fn view(&self) -> UintView<'_> {
        match self {
            UintColumn::Narrow(values) => UintView::Narrow(values),
            UintColumn::Wide(values) => UintView::Wide(values),
        }
    }

    #[inline]
    pub(crate) fn set(&mut self, index: usize, value: u64) {
        match self {
            UintColumn::Narrow(values) => match u32::try_from(value) {
                Ok(value) => values.to_mut()[index] = value,
                Err(_) => self.widen()[index] = value,
            },
            UintColumn::Wide(values) => values.to_mut()[index] = value,
        }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, value: u64) {
        match self {
            UintColumn::Narrow(values) => match u32::try_from(value) {
                Ok(value) => values.push(value),
                Err(_) => self.widen().push(value),
            },
            UintColumn::Wide(values) => values.push(value),
        }
    }

    /// Moves all of `other` behind the last number.
    pub(crate) fn append(&mut self, other: UintColumn) {
        match (&mut *self, other) {
            (UintColumn::Narrow(values), UintColumn::Narrow(more)) => values.extend_from_slice(&more),
            (UintColumn::Wide(values), UintColumn::Wide(more)) => values.extend_from_slice(&more),
            (UintColumn::Wide(values), UintColumn::Narrow(more)) => {
                values.to_mut().extend(more.iter().map(|&value| value as u64))
            }
            (UintColumn::Narrow(_), UintColumn::Wide(more)) => self.widen().extend_from_slice(&more),
        }
    }

    /// Makes room for so many more numbers of the width that all have so far.
    pub(crate) fn reserve(&mut self, numbers: usize) {
        match self {
            UintColumn::Narrow(values) => values.to_mut().reserve_exact(numbers),
            UintColumn::Wide(values) => values.to_mut().reserve_exact(numbers),
        }
    }

    /// The sum of all numbers, or the largest number there is.
    pub(crate) fn sum(&self) -> u64 {
        match self.view() {
            // So few of so few bits never add up to more.
            UintView::Narrow(values) => values.iter().map(|&value| u64::from(value)).sum(),
            UintView::Wide(values) => values.iter().copied().fold(0, u64::saturating_add),
        }
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        match self {
            UintColumn::Narrow(values) => values.shrink_to_fit(),
            UintColumn::Wide(values) => values.shrink_to_fit(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        let (narrow, wide): (&[u32], &[u64]) = match self.view() {
            UintView::Narrow(values) => (values, &[]),
            UintView::Wide(values) => (&[], values),
        };
        narrow.iter().map(|&value| u64::from(value)).chain(wide.iter().copied())
    }

    #[cold]
    fn widen(&mut self) -> &mut Vec<u64> {
        if let UintColumn::Narrow(values) = self {
            *self = UintColumn::Wide(values.iter().map(|&value| value as u64).collect());
        }
        match self {
            UintColumn::Wide(values) => values.to_mut(),
            UintColumn::Narrow(_) => unreachable!("made wide just above"),
        }
    }
}

/// The numbers of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum UintView<'a> {
    Narrow(&'a [u32]),
    Wide(&'a [u64]),
}

impl UintView<'_> {
    #[inline(always)]
    pub(crate) fn get(self, index: usize) -> u64 {
        match self {
            UintView::Narrow(values) => values[index] as u64,
            UintView::Wide(values) => values[index],
        }
    }
}

/// The width of an item tells which of the two it is.
impl Part for UintColumn {
    fn part(&self) -> (usize, Cow<'_, [u8]>) {
        match self {
            UintColumn::Narrow(values) => values.part(),
            UintColumn::Wide(values) => values.part(),
        }
    }

    fn from_part(width: usize, bytes: Bytes) -> Option<Self> {
        match width {
            4 => Array::from_part(width, bytes).map(UintColumn::Narrow),
            _ => Array::from_part(width, bytes).map(UintColumn::Wide),
        }
    }
}

impl FromIterator<u64> for UintColumn {
    fn from_iter<I: IntoIterator<Item = u64>>(values: I) -> Self {
        let mut column = UintColumn::default();
        for value in values {
            column.push(value);
        }
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_number_widens_the_column_and_keeps_the_others() {
        let big = u64::from(u32::MAX) + 1;
        let mut column: UintColumn = [1, 2].into_iter().collect();
        column.push(big);
        column.append([3].into_iter().collect());
        column.set(0, big + 1);
        assert_eq!(column.iter().collect::<Vec<_>>(), [big + 1, 2, big, 3]);
        assert_eq!((column.sum(), [u64::MAX, 1].into_iter().collect::<UintColumn>().sum()), (2 * big + 6, u64::MAX));
        assert_eq!([0, 1, 2, 3].map(|index| column.view().get(index)), [big + 1, 2, big, 3]);

        let mut narrow: UintColumn = [7].into_iter().collect();
        narrow.append(column);
        assert_eq!(narrow.iter().collect::<Vec<_>>(), [7, big + 1, 2, big, 3]);
        let mut set: UintColumn = [7].into_iter().collect();
        set.set(0, big);
        assert_eq!(set.get(0), big);
    }
}
