//! Arrays that live as long as a heap: in memory of their own, or in memory that somebody else has mapped.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use bytemuck::Pod;
use bytes::Bytes;

/// An array of plain numbers that derefs to a slice, wherever it is.
///
/// It grows like a `Vec` as long as it is its own; changing one that is mapped copies it first.
#[derive(Clone)]
pub struct Array<T: Pod>(Memory<T>);

#[derive(Clone)]
enum Memory<T: Pod> {
    Owned(Vec<T>),
    /// Bytes of somebody else (a mapped file, another part), kept alive by their owner. They are aligned for `T` and
    /// as long as a whole number of items; [`Array::from_bytes`] makes sure.
    Mapped(Bytes),
}

impl<T: Pod> Array<T> {
    pub const fn new() -> Self {
        Array(Memory::Owned(Vec::new()))
    }

    /// The items that `bytes` hold in the byte order of this machine; nothing where they are no whole number of items.
    /// They are copied only where they stand at an odd address.
    pub fn from_bytes(bytes: Bytes) -> Option<Self> {
        match bytemuck::try_cast_slice::<u8, T>(&bytes) {
            Ok([]) => Some(Array::new()),
            Ok(_) => Some(Array(Memory::Mapped(bytes))),
            Err(_) if bytes.len().is_multiple_of(size_of::<T>()) => {
                Some(bytes.chunks_exact(size_of::<T>()).map(bytemuck::pod_read_unaligned).collect())
            }
            Err(_) => None,
        }
    }

    /// The items as bytes in the byte order of this machine.
    pub fn as_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(self)
    }

    /// Whether the memory is somebody else's.
    #[inline(always)]
    pub fn is_mapped(&self) -> bool {
        matches!(self.0, Memory::Mapped(_))
    }

    #[inline(always)]
    pub fn as_slice(&self) -> &[T] {
        match &self.0 {
            Memory::Owned(items) => items,
            Memory::Mapped(bytes) => mapped(bytes),
        }
    }

    /// The items as a vector of their own.
    #[inline(always)]
    pub fn to_mut(&mut self) -> &mut Vec<T> {
        if self.is_mapped() {
            self.make_own();
        }
        match &mut self.0 {
            Memory::Owned(items) => items,
            Memory::Mapped(_) => unreachable!("made its own just above"),
        }
    }

    #[cold]
    fn make_own(&mut self) {
        self.0 = Memory::Owned(self.to_vec());
    }

    #[inline(always)]
    pub fn push(&mut self, item: T) {
        self.to_mut().push(item);
    }

    pub fn extend_from_slice(&mut self, items: &[T]) {
        self.to_mut().extend_from_slice(items);
    }

    pub fn resize(&mut self, len: usize, item: T) {
        self.to_mut().resize(len, item);
    }

    pub fn shrink_to_fit(&mut self) {
        if let Memory::Owned(items) = &mut self.0 {
            items.shrink_to_fit();
        }
    }
}

/// Not inlined: so a look at an array of its own is one branch more than one at a vector.
#[inline(never)]
fn mapped<T: Pod>(bytes: &Bytes) -> &[T] {
    bytemuck::cast_slice(bytes)
}

impl<T: Pod> Deref for Array<T> {
    type Target = [T];

    #[inline(always)]
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: Pod> Default for Array<T> {
    fn default() -> Self {
        Array::new()
    }
}

impl<T: Pod> From<Vec<T>> for Array<T> {
    fn from(items: Vec<T>) -> Self {
        Array(Memory::Owned(items))
    }
}

impl<T: Pod> FromIterator<T> for Array<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl<'a, T: Pod> IntoIterator for &'a Array<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Pod + PartialEq> PartialEq for Array<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Pod + fmt::Debug> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A thing that can be kept as bytes and be made of them again without computing anything.
pub(crate) trait Part: Sized {
    /// The bytes, and how many of them an item takes. The width says which kind of array it was.
    fn part(&self) -> (usize, Cow<'_, [u8]>);

    /// The thing that [`Part::part`] gave these bytes for; nothing where they cannot be.
    fn from_part(width: usize, bytes: Bytes) -> Option<Self>;
}

impl<T: Pod> Part for Array<T> {
    fn part(&self) -> (usize, Cow<'_, [u8]>) {
        (size_of::<T>(), self.as_bytes().into())
    }

    fn from_part(width: usize, bytes: Bytes) -> Option<Self> {
        if width == size_of::<T>() { Array::from_bytes(bytes) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mapped_items_are_read_where_they_are_and_copied_when_they_change() {
        let owned: Array<u32> = vec![1, 2, 3].into();
        let mapped: Array<u32> = Array::from_bytes(Bytes::from_owner(owned.as_bytes().to_vec())).expect("whole items");
        assert_eq!(mapped, owned);
        let mut changed = mapped.clone();
        changed.push(4);
        assert!(!changed.is_mapped());
        assert_eq!(&changed[..], [1, 2, 3, 4]);
        assert_eq!(mapped.len(), 3);
    }

    #[test]
    fn bytes_at_odd_addresses_are_copied_and_half_an_item_is_refused() {
        let bytes = Bytes::from(vec![0u8; 33]);
        let copies = (0..8).map(|start| Array::<u64>::from_bytes(bytes.slice(start..start + 24)).expect("three items"));
        assert_eq!(copies.filter(|array| array.is_mapped()).count(), 1);
        assert_eq!(Array::<u64>::from_bytes(bytes.slice(..12)), None);
        assert_eq!(Array::<u64>::from_bytes(bytes.slice(3..3)), Some(Array::new()));
    }
}
