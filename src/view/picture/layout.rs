//! Pieces of a picture → places: in the cells of a terminal as an icicle, on paper as an icicle or a treemap.
//!
//! Treemap: M. Bruls, K. Huizing, J. J. van Wijk, *Squarified Treemaps*, 2000.

use crate::analysis::picture::Picture;

/// Where a piece stands in an icicle of cells: what it dominates stands a level below, within its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) piece: usize,
    pub(crate) level: usize,
    pub(crate) x: u32,
    pub(crate) width: u32,
}

/// The places of all pieces that have a column, level by level and from the left.
///
/// Columns are those between the rounded ends of a piece, so that neighbours never meet and nothing leaves what it
/// stands below.
pub(crate) fn icicle(picture: &Picture, columns: u32) -> Vec<Span> {
    let total = u128::from(picture.total().max(1));
    let column = |bytes: u64| (u128::from(bytes) * u128::from(columns) / total) as u32;
    let span = |(piece, part): (usize, &crate::analysis::picture::Piece)| {
        let (x, end) = (column(part.start), column(part.start.saturating_add(part.size)).min(columns));
        (end > x).then(|| Span { piece, level: part.depth, x, width: end - x })
    };
    picture.pieces.iter().enumerate().filter_map(span).collect()
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tile {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Tile {
    pub(crate) fn area(&self) -> f64 {
        self.width * self.height
    }

    /// Without a rim, and a line at the top; nothing where no room is left.
    fn inside(&self, rim: f64, head: f64) -> Option<Tile> {
        let tile = Tile {
            x: self.x + rim,
            y: self.y + rim + head,
            width: self.width - 2.0 * rim,
            height: self.height - 2.0 * rim - head,
        };
        (tile.width > 0.0 && tile.height > 0.0).then_some(tile)
    }
}

/// Tiles whose areas are as the sizes, as square as can be, that fill a rectangle; a size of 0 gets an empty one.
pub(crate) fn squarified(sizes: &[u64], area: Tile) -> Vec<Tile> {
    let total: f64 = sizes.iter().map(|&size| size as f64).sum();
    let empty = Tile { width: 0.0, height: 0.0, ..area };
    let mut tiles = vec![empty; sizes.len()];
    if total <= 0.0 || area.area() <= 0.0 {
        return tiles;
    }
    let scale = area.area() / total;
    // Large ones first: what is squarest then stays so.
    let mut order: Vec<usize> = (0..sizes.len()).filter(|&at| sizes[at] > 0).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(sizes[at]), at));
    let areas: Vec<Area> = order.iter().map(|&at| (at, sizes[at] as f64 * scale)).collect();
    let mut left = area;
    let mut from = 0;
    while from < areas.len() {
        let side = left.width.min(left.height);
        let mut to = from + 1;
        while to < areas.len() && worst(&areas[from..=to], side) <= worst(&areas[from..to], side) {
            to += 1;
        }
        left = lay(&mut tiles, &areas[from..to], left, to == areas.len());
        from = to;
    }
    tiles
}

/// The place of a tile, and how large it is to be.
type Area = (usize, f64);

/// How far from square the worst of some areas is that stand in a row along a side.
fn worst(areas: &[Area], side: f64) -> f64 {
    let sum: f64 = areas.iter().map(|&(_, area)| area).sum();
    let (least, most) = (areas[areas.len() - 1].1, areas[0].1);
    let (side, sum) = (side * side, sum * sum);
    (side * most / sum).max(sum / (side * least))
}

/// Lays areas in a row along the shorter side of what is left; gives what is left then.
fn lay(tiles: &mut [Tile], areas: &[Area], left: Tile, is_last: bool) -> Tile {
    let sum: f64 = areas.iter().map(|&(_, area)| area).sum();
    let is_upright = left.width >= left.height;
    let side = if is_upright { left.height } else { left.width };
    // The last row takes all that is left, whatever has been rounded away.
    let deep = match (is_last, is_upright) {
        (true, true) => left.width,
        (true, false) => left.height,
        (false, _) => sum / side,
    };
    let mut at = 0.0;
    for (index, &(place, area)) in areas.iter().enumerate() {
        let long = if index + 1 == areas.len() { side - at } else { area / sum * side };
        tiles[place] = match is_upright {
            true => Tile { x: left.x, y: left.y + at, width: deep, height: long },
            false => Tile { x: left.x + at, y: left.y, width: long, height: deep },
        };
        at += long;
    }
    match is_upright {
        true => Tile { x: left.x + deep, width: left.width - deep, ..left },
        false => Tile { y: left.y + deep, height: left.height - deep, ..left },
    }
}

/// The tiles of all pieces of a picture, each within that of its dominator; nothing for those without room.
pub(crate) fn treemap(picture: &Picture, area: Tile, rim: f64, head: f64) -> Vec<Option<Tile>> {
    let mut tiles: Vec<Option<Tile>> = vec![None; picture.pieces.len()];
    tiles[0] = Some(area);
    for (at, piece) in picture.pieces.iter().enumerate() {
        let Some(inside) = tiles[at].and_then(|tile| tile.inside(rim, head)) else { continue };
        let mut sizes: Vec<u64> = picture.pieces[piece.children.clone()].iter().map(|child| child.size).collect();
        // What it takes itself, and what is too small, is room that stays empty.
        let below = sizes.iter().fold(0u64, |sum, &size| sum.saturating_add(size));
        sizes.push(piece.size.saturating_sub(below));
        for (child, tile) in piece.children.clone().zip(squarified(&sizes, inside)) {
            tiles[child] = Some(tile).filter(|tile| tile.area() > 0.0);
        }
    }
    tiles
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::picture::{Frame, picture};
    use crate::base::meter::Meter;
    use crate::testing::graphs;

    const AREA: Tile = Tile { x: 10.0, y: 20.0, width: 640.0, height: 360.0 };
    /// What rounding may take.
    const NEAR: f64 = 1e-6;

    fn is_within(inner: &Tile, outer: &Tile) -> bool {
        inner.x >= outer.x - NEAR
            && inner.y >= outer.y - NEAR
            && inner.x + inner.width <= outer.x + outer.width + NEAR
            && inner.y + inner.height <= outer.y + outer.height + NEAR
    }

    fn overlap(one: &Tile, other: &Tile) -> f64 {
        let wide = (one.x + one.width).min(other.x + other.width) - one.x.max(other.x);
        let high = (one.y + one.height).min(other.y + other.height) - one.y.max(other.y);
        wide.max(0.0) * high.max(0.0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn tiles_fill_their_rectangle_by_size_and_never_meet(sizes in prop::collection::vec(0u64..1_000_000, 0..40)) {
            let tiles = squarified(&sizes, AREA);
            let total: u64 = sizes.iter().sum();
            prop_assert_eq!(tiles.len(), sizes.len());
            for (at, (tile, &size)) in tiles.iter().zip(&sizes).enumerate() {
                prop_assert!(is_within(tile, &AREA), "{tile:?}");
                prop_assert!(tile.width >= -NEAR && tile.height >= -NEAR);
                let share = if total > 0 { size as f64 / total as f64 } else { 0.0 };
                prop_assert!((tile.area() - share * AREA.area()).abs() < AREA.area() * 1e-9 + NEAR, "{tile:?}");
                for other in &tiles[..at] {
                    prop_assert!(overlap(tile, other) < 1e-3, "{tile:?} {other:?}");
                }
            }
        }

        #[test]
        fn every_piece_stands_within_its_dominator_beside_the_others(
            graph in graphs(24, 50), columns in 1u32..200, parts in 1u64..300,
        ) {
            let heap = graph.load().heap;
            let frame = Frame { root: None, parts, depth: 8 };
            let picture = picture(&heap, frame, &Meter::default()).expect("nobody cancels").expect("all is there");
            let spans = icicle(&picture, columns);
            let total = picture.total().max(1) as f64;
            for (at, span) in spans.iter().enumerate() {
                let piece = &picture.pieces[span.piece];
                prop_assert!(span.x + span.width <= columns && span.level == piece.depth);
                let exact = piece.size as f64 / total * f64::from(columns);
                prop_assert!((f64::from(span.width) - exact).abs() <= 1.0, "{span:?} {exact}");
                if span.level > 0 {
                    let above = spans.iter().find(|other| other.piece == piece.parent).expect("it is as wide");
                    prop_assert!(above.x <= span.x && span.x + span.width <= above.x + above.width);
                }
                for other in &spans[..at] {
                    let apart = other.x + other.width <= span.x || span.x + span.width <= other.x;
                    prop_assert!(other.level != span.level || apart);
                }
            }
            let tiles = treemap(&picture, AREA, 1.0, 4.0);
            for (at, tile) in tiles.iter().enumerate().skip(1) {
                let Some(tile) = tile else { continue };
                let above = tiles[picture.pieces[at].parent].expect("what has room for others has some itself");
                prop_assert!(is_within(tile, &above));
                let beside = picture.pieces[picture.pieces[at].parent].children.clone().filter(|&other| other < at);
                for other in beside.filter_map(|other| tiles[other]) {
                    prop_assert!(overlap(tile, &other) < 1e-3);
                }
            }
        }
    }

    #[test]
    fn tiles_are_as_square_as_in_the_paper() {
        // The example of the paper: 6, 6, 4, 3, 2, 2, 1 in a rectangle of 6 by 4.
        let tiles = squarified(&[6, 6, 4, 3, 2, 2, 1], Tile { x: 0.0, y: 0.0, width: 6.0, height: 4.0 });
        let ratio = |tile: &Tile| (tile.width / tile.height).max(tile.height / tile.width);
        assert!(tiles.iter().all(|tile| ratio(tile) < 3.0), "{tiles:?}");
        assert_eq!(tiles[0], Tile { x: 0.0, y: 0.0, width: 3.0, height: 2.0 });
        assert_eq!(tiles[1], Tile { x: 0.0, y: 2.0, width: 3.0, height: 2.0 });
    }
}
