//! One thing that a row says: a number, a text, nothing. Screen, tables, JSON, order and details all read it from here.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::spec::{Show, Spec};
use super::text;
use crate::base::text::{compare_utf16, well_formed};
use crate::index::{NO_DISTANCE, SYSTEM_DISTANCE};

/// The fields of a row under the names that JSON promises.
pub(crate) type Record = Map<String, Value>;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    /// The row has no such thing: blank on the screen, no field in JSON.
    Absent,
    /// It could have one and has none: blank on the screen, `null` in JSON.
    Nothing,
    /// It has one, which is still being computed: `…` on the screen, `null` in JSON.
    NotYet,
    /// The row is one of those that the column counts: `•` on the screen, 1 in JSON.
    Counted,
    Number(u64),
    /// Bytes in a column that has numbers too.
    Bytes(u64),
    Signed(i64),
    /// DevTools' distance, see [`crate::heap::Heap::distance`].
    Distance(i32),
    /// The nearest distance of many objects of which nothing reaches some: with `−` behind it on the screen.
    DistanceOfSome(i32),
    Flag(bool),
    /// A part of one, in thousandths: `35 %` on the screen, 0.35 in JSON.
    Share(u16),
    /// WTF-8, untrusted.
    Text(Cow<'a, [u8]>),
    Ids(Vec<u64>),
    /// Lists and records, for programs: tables have no room for them.
    Data(Value),
}

impl From<Option<u64>> for Cell<'_> {
    fn from(number: Option<u64>) -> Self {
        number.map_or(Cell::NotYet, Cell::Number)
    }
}

impl From<usize> for Cell<'_> {
    fn from(number: usize) -> Self {
        Cell::Number(number as u64)
    }
}

impl From<Option<String>> for Cell<'_> {
    fn from(text: Option<String>) -> Self {
        text.map_or(Cell::Nothing, Cell::from)
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Cell::Text(Cow::Owned(text.into_bytes()))
    }
}

impl Cell<'_> {
    /// The order of two cells of one column, smallest first. Rows without a number come before all others.
    pub(crate) fn compare(&self, other: &Cell<'_>) -> Ordering {
        match (self, other) {
            (Cell::Text(a), Cell::Text(b)) => compare_utf16(a, b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> i128 {
        match *self {
            Cell::Number(number) | Cell::Bytes(number) => i128::from(number),
            Cell::Share(share) => i128::from(share),
            Cell::Signed(number) => i128::from(number),
            Cell::Distance(distance) | Cell::DistanceOfSome(distance) => i128::from(distance),
            Cell::Counted | Cell::Flag(true) => 1,
            Cell::Flag(false) => 0,
            Cell::Absent | Cell::Nothing | Cell::NotYet | Cell::Text(_) | Cell::Ids(_) | Cell::Data(_) => i128::MIN,
        }
    }

    /// A number by which rows stand in the order of [`Cell::compare`] as far as it tells: long lists are sorted by it.
    pub(crate) fn key(&self) -> u64 {
        match *self {
            Cell::Number(number) | Cell::Bytes(number) => number,
            Cell::Share(share) => share.into(),
            Cell::Signed(number) => number.abs_diff(i64::MIN),
            Cell::Distance(distance) | Cell::DistanceOfSome(distance) => u64::from(distance.abs_diff(i32::MIN)),
            _ => 0,
        }
    }

    /// How the cell reads in a table; `exact`: sizes in bytes. Texts are safe for terminals.
    pub(crate) fn shown(&self, show: Show, exact: bool) -> String {
        let bytes = |size: u64| if exact { format!("{} B", text::count(size)) } else { text::bytes(size) };
        match (self, show) {
            (Cell::Absent | Cell::Nothing | Cell::Data(_), _) => String::new(),
            (Cell::NotYet, _) => "…".into(),
            (Cell::Counted, _) => "•".into(),
            (Cell::Distance(distance), _) => text::distance(*distance),
            (Cell::DistanceOfSome(distance), _) => format!("{}+−", text::distance(*distance)),
            (Cell::Number(number), Show::Size | Show::Bytes) | (Cell::Bytes(number), _) => bytes(*number),
            (Cell::Number(number), _) => text::count(*number),
            (Cell::Signed(delta), Show::DeltaBytes) if exact => {
                text::signed(*delta, |size| format!("{} B", text::count(size)))
            }
            (Cell::Signed(delta), Show::DeltaBytes) => text::signed(*delta, text::bytes),
            (Cell::Signed(delta), _) => text::signed(*delta, text::count),
            (Cell::Share(share), _) => format!("{} %", (share + 5) / 10),
            (Cell::Flag(flag), _) => if *flag { "yes" } else { "no" }.into(),
            (Cell::Text(text), _) => text::safe(text),
            (Cell::Ids(ids), _) => ids.iter().map(|id| format!("@{id}")).collect::<Vec<_>>().join(" "),
        }
    }

    /// How the cell reads where there is room for all of it: sizes with their bytes and their part of `total`.
    pub(crate) fn told(&self, show: Show, total: Option<u64>) -> String {
        match (self, show) {
            (Cell::NotYet, _) => "… not there yet".into(),
            (Cell::Number(size), Show::Size | Show::Bytes) => text::size(*size, total),
            _ => self.shown(show, false),
        }
    }

    /// Puts the cell into a record under the name of its column. A distance has a second field: who reaches the object.
    pub(crate) fn record(&self, spec: &Spec, record: &mut Record) {
        let value = match self {
            // Programs have the list of all snapshots.
            _ if spec.show == Show::Nth => return,
            Cell::Absent => return,
            Cell::Nothing | Cell::NotYet if spec.show != Show::Distance => Value::Null,
            Cell::Nothing | Cell::NotYet => return Cell::Distance(NO_DISTANCE).record(spec, record),
            Cell::Counted => 1.into(),
            Cell::Number(number) | Cell::Bytes(number) => (*number).into(),
            Cell::Signed(number) => (*number).into(),
            Cell::Share(share) => (f64::from(*share) / 1000.0).into(),
            Cell::Flag(flag) => (*flag).into(),
            Cell::Text(text) => well_formed(text).into(),
            Cell::Ids(ids) => ids.clone().into(),
            Cell::Data(value) => value.clone(),
            Cell::Distance(distance) | Cell::DistanceOfSome(distance) => {
                record.insert(spec.field.into(), json!(text::shown_distance(*distance)));
                let reach = match *distance {
                    NO_DISTANCE => "none",
                    distance if distance >= SYSTEM_DISTANCE => "system",
                    _ => "user",
                };
                record.insert("reach".into(), reach.into());
                return;
            }
        };
        record.insert(spec.field.into(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_the_same_order_as_cells() {
        let cells = [
            [Cell::Number(0), Cell::Number(1), Cell::Number(u64::MAX)],
            [Cell::Signed(i64::MIN), Cell::Signed(-1), Cell::Signed(i64::MAX)],
            [Cell::Distance(NO_DISTANCE), Cell::Distance(3), Cell::Distance(SYSTEM_DISTANCE)],
        ];
        for [a, b, c] in cells {
            assert!(a.compare(&b).is_lt() && b.compare(&c).is_lt());
            assert!(a.key() < b.key() && b.key() < c.key());
        }
    }

    #[test]
    fn a_distance_says_who_reaches_the_object() {
        let spec = Spec::new("Distance", "Dist", "distance", Show::Distance);
        let record = |cell: Cell<'_>| {
            let mut record = Record::new();
            cell.record(&spec, &mut record);
            Value::Object(record).to_string()
        };
        assert_eq!(record(Cell::Distance(4)), r#"{"distance":4,"reach":"user"}"#);
        assert_eq!(record(Cell::Distance(SYSTEM_DISTANCE + 1)), r#"{"distance":null,"reach":"system"}"#);
        assert_eq!(record(Cell::NotYet), r#"{"distance":null,"reach":"none"}"#);
        assert_eq!(record(Cell::Absent), "{}");
    }
}
