//! The parts of the Statistics view: their words, their fields, what they add up to.

use crate::analysis::statistics::Statistics;
use crate::view::cell::Record;
use crate::view::text;

/// One kind of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MemoryKind {
    /// DevTools' words.
    pub name: &'static str,
    /// The name of the field in JSON.
    pub field: &'static str,
    /// In bytes. Negative in odd files: what V8 counts does not always add up.
    pub size: i128,
}

/// The parts in the order of the view. They add up to the total.
pub(crate) fn parts(statistics: &Statistics) -> [MemoryKind; 7] {
    let part = |name, field, size: i128| MemoryKind { name, field, size };
    let [code, strings, arrays, typed, system, native] = [
        statistics.code,
        statistics.strings,
        statistics.js_arrays,
        statistics.typed_arrays,
        statistics.system,
        statistics.native,
    ]
    .map(i128::from);
    // Where sizes of a damaged file are more than any sum holds, the rest is not known.
    let rest = |size: i128| if statistics.total == u64::MAX { size.max(0) } else { size };
    [
        part("Code", "code", code),
        part("Strings", "strings", strings),
        part("JS arrays", "jsArrays", arrays),
        part("Typed arrays", "typedArrays", typed),
        part("System objects", "systemObjects", system),
        part("Other JS objects", "otherJsObjects", rest(statistics.v8_heap() - code - strings - arrays - system)),
        part("Other non-JS objects", "otherNonJsObjects", rest(native - typed)),
    ]
}

/// The fields for programs.
pub(crate) fn record(statistics: &Statistics) -> Record {
    let mut record = Record::new();
    record.insert("total".into(), statistics.total.into());
    for part in parts(statistics) {
        let size = i64::try_from(part.size).unwrap_or(if part.size < 0 { i64::MIN } else { i64::MAX });
        record.insert(part.field.into(), size.into());
    }
    record
}

/// A size that may be negative, in kB and MB or exact.
pub(crate) fn shown(size: i128, exact: bool) -> String {
    let absolute = u64::try_from(size.unsigned_abs()).unwrap_or(u64::MAX);
    let text = if exact { format!("{} B", text::count(absolute)) } else { text::bytes(absolute) };
    if size < 0 { format!("−{text}") } else { text }
}

/// The part of the total in whole percent.
pub(crate) fn percent(size: i128, statistics: &Statistics) -> String {
    text::percent(u64::try_from(size.max(0)).unwrap_or(u64::MAX), statistics.total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::statistics::compute;
    use crate::base::meter::Meter;
    use crate::notation::Graph;

    fn of(text: &str) -> [MemoryKind; 7] {
        parts(&compute(&Graph::new(text).heap, &Meter::default()).expect("nobody cancels"))
    }

    #[test]
    fn parts_add_up_to_the_total() {
        let parts = of("r -a-> c:code[1]; r -b-> s:string[2]; r -c-> t:concatenated+string[4]; r -d-> n:native[8]
             r -e-> system+/+JSArrayBufferData:native[16]; r -f-> h:hidden[32]; s -g-> h; r -h-> A[64]");
        assert_eq!(parts.iter().map(|part| part.size).sum::<i128>(), 127);
        assert_eq!((parts[5].name, parts[5].size), ("Other JS objects", 64));
    }

    #[test]
    fn sizes_that_no_sum_holds_give_no_negative_part() {
        let parts = of("r -a-> n:native[18446744073709551615]; r -b-> c:code[18446744073709551615]; r -c-> A[9]");
        assert!(parts.iter().all(|part| part.size >= 0), "{parts:?}");
    }

    #[test]
    fn parts_add_up_to_the_total_whatever_their_signs() {
        let statistics = Statistics { total: 100, native: 30, typed_arrays: 40, code: 90, ..Statistics::default() };
        assert_eq!(parts(&statistics).iter().map(|part| part.size).sum::<i128>(), 100);
        let sizes: Vec<String> = parts(&statistics).iter().map(|part| shown(part.size, false)).collect();
        assert_eq!(sizes, ["90 B", "0 B", "0 B", "40 B", "0 B", "−20 B", "−10 B"]);
        assert_eq!(record(&statistics)["otherJsObjects"], -20);
    }
}
