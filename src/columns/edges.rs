//! The section `edges`: 8 bytes an edge.

use super::EdgeType;
use crate::base::array::Array;
use crate::base::fault::check;
use crate::base::ids::{EdgeIx, NodeIx, StrIx};

/// The low 29 bits of a packed edge: the index of its name or its element number.
const NAME_BITS: u32 = 29;
/// What the low bits hold when the number does not fit; the number is in `large` then.
pub(crate) const LARGE: u32 = (1 << NAME_BITS) - 1;

/// Where each edge ends, and beside it its type with its name: walks jump from node to node and ask for both, and in two
/// arrays each jump was two.
///
/// The type takes the three upper bits of the name, which saves 61 MB for 61 million edges. Element numbers reach
/// 2^32 − 2 in JavaScript, so the few that need more than 29 bits are kept aside.
#[derive(Debug, Default)]
pub(crate) struct Edges {
    /// The node at the far end, and the type with the name.
    pub(crate) links: Array<[u32; 2]>,
    /// Edges with large numbers, ascending, and these numbers: the low half, the high half.
    pub(crate) large: Array<[u32; 3]>,
}

impl Edges {
    pub(crate) fn len(&self) -> usize {
        self.links.len()
    }

    /// Makes room for so many edges.
    pub(crate) fn reserve(&mut self, edges: usize) {
        self.links.to_mut().reserve_exact(edges);
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        self.links.shrink_to_fit();
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, edge_type: EdgeType, name_or_index: u64, target: u32) {
        let low = self.low(self.links.len(), name_or_index);
        self.links.push([target, Edges::pack(edge_type, low)]);
    }

    /// What is packed of a name or number of the edge `index`; one that does not fit is kept aside.
    #[inline(always)]
    pub(crate) fn low(&mut self, index: usize, name_or_index: u64) -> u32 {
        if name_or_index < u64::from(LARGE) {
            return name_or_index as u32;
        }
        self.large.push([index as u32, name_or_index as u32, (name_or_index >> 32) as u32]);
        LARGE
    }

    /// A type with what [`Edges::low`] gives.
    #[inline(always)]
    pub(crate) fn pack(edge_type: EdgeType, name_or_index: u32) -> u32 {
        u32::from(edge_type.0) << NAME_BITS | name_or_index
    }

    /// The type of what [`Edges::pack`] has packed.
    #[inline(always)]
    pub(crate) fn type_of(packed: u32) -> EdgeType {
        EdgeType((packed >> NAME_BITS) as u8)
    }

    /// Moves all edges of `other` behind the last one.
    pub(crate) fn append(&mut self, other: Edges) {
        self.append_large(self.links.len(), &other);
        self.links.extend_from_slice(&other.links);
    }

    /// Takes over what `other`, whose edges begin at `start`, has kept aside.
    pub(crate) fn append_large(&mut self, start: usize, other: &Edges) {
        if !other.large.is_empty() {
            let moved = other.large.iter().map(|&[edge, low, high]| [edge + start as u32, low, high]);
            self.large.to_mut().extend(moved);
        }
    }

    #[inline(always)]
    pub(crate) fn edge_type(&self, edge: EdgeIx) -> EdgeType {
        Edges::type_of(self.links[edge.ix()][1])
    }

    /// The node at the far end.
    #[inline(always)]
    pub(crate) fn target(&self, edge: EdgeIx) -> NodeIx {
        NodeIx(self.links[edge.ix()][0])
    }

    /// The targets of all edges, for loops over many.
    #[inline(always)]
    pub(crate) fn targets(&self) -> impl Iterator<Item = u32> + '_ {
        self.links.iter().map(|&[target, _]| target)
    }

    /// The index of the name, or the element number: [`Edges::number`] where that may be larger.
    #[inline(always)]
    pub(crate) fn name_or_index(&self, edge: EdgeIx) -> u32 {
        u32::try_from(self.number(edge)).unwrap_or(u32::MAX)
    }

    /// The element number as it stands in the file: some writers put addresses there.
    #[inline(always)]
    pub(crate) fn number(&self, edge: EdgeIx) -> u64 {
        match self.links[edge.ix()][1] & LARGE {
            LARGE => self.large_number(edge),
            number => number.into(),
        }
    }

    #[cold]
    fn large_number(&self, edge: EdgeIx) -> u64 {
        let place = self.large.binary_search_by_key(&edge.0, |&[edge, ..]| edge);
        let [_, low, high] = self.large[place.expect("a number that is not packed is kept aside")];
        u64::from(high) << 32 | u64::from(low)
    }

    /// The name as a string index; only for types with string names.
    #[inline(always)]
    pub(crate) fn name(&self, edge: EdgeIx) -> StrIx {
        check!(self.edge_type(edge).has_string_name());
        StrIx(self.name_or_index(edge))
    }

    /// How many edges are of none of the known types.
    pub(crate) fn count_other(&self) -> usize {
        self.links.iter().filter(|&&[_, packed]| packed >> NAME_BITS == EdgeType::OTHER.0 as u32).count()
    }

    /// Gives every string name at or past `strings` the name `strings`; returns how many there were.
    pub(crate) fn clamp_names(&mut self, strings: u32) -> usize {
        let mut clamped = 0;
        let links = self.links.to_mut();
        for [_, packed] in links.iter_mut() {
            let edge_type = EdgeType((*packed >> NAME_BITS) as u8);
            if edge_type.has_string_name() && *packed & LARGE >= strings.min(LARGE) {
                *packed = *packed & !LARGE | strings;
                clamped += 1;
            }
        }
        if clamped > 0 {
            self.large.to_mut().retain(|&[edge, ..]| links[edge as usize][1] & LARGE == LARGE);
        }
        clamped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_element_numbers_survive_packing_and_appending() {
        let numbers = [0, LARGE - 1, LARGE, u32::MAX].map(u64::from);
        let mut all = Edges::default();
        for _ in 0..2 {
            let mut edges = Edges::default();
            for number in numbers {
                edges.push(EdgeType::ELEMENT, number, 7);
            }
            all.append(edges);
        }
        let read: Vec<_> = (0..8).map(|edge| all.number(EdgeIx(edge))).collect();
        assert_eq!(read, [numbers, numbers].concat());
        assert!((0..8).all(|edge| all.edge_type(EdgeIx(edge)) == EdgeType::ELEMENT));
    }

    #[test]
    fn names_past_the_strings_get_the_one_after_the_last() {
        let mut edges = Edges::default();
        edges.push(EdgeType::PROPERTY, 3, 0);
        edges.push(EdgeType::PROPERTY, 10, 0);
        edges.push(EdgeType::WEAK, u64::MAX, 0);
        edges.push(EdgeType::ELEMENT, 10, 0);
        assert_eq!(edges.clamp_names(5), 2);
        let read: Vec<_> = (0..4).map(|edge| edges.name_or_index(EdgeIx(edge))).collect();
        assert_eq!(read, [3, 5, 5, 10]);
    }
}
