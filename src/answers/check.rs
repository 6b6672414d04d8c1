//! Checks for continuous integration: `QUERY | MEASURE OP VALUE` → whether it holds of some snapshots, in words.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::analysis::query::{self, Op, Query};
use crate::analysis::sums;
use crate::analysis::suspects::Found;
use crate::base::meter::Meter;
use crate::error::{Error, QueryMistake, Result};
use crate::heap::{Heap, Wants};
use crate::view::text;

/// So many of the objects that failed a check are named.
const MOST_NAMED: usize = 20;

/// What a check is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    Query(Query),
    Suspects,
}

/// What of it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Count,
    Shallow,
    Retained,
    /// Objects more in the last snapshot than in the first.
    Growth,
    /// Retained bytes of the whole heap, in thousandths of a percent.
    Share,
}

const MEASURES: [(&str, Measure); 5] = [
    ("count", Measure::Count),
    ("shallow", Measure::Shallow),
    ("retained", Measure::Retained),
    ("growth", Measure::Growth),
    ("share", Measure::Share),
];

/// A condition under which a build fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    text: String,
    subject: Subject,
    measure: Measure,
    op: Op,
    limit: i128,
}

/// What is known before the last snapshot is asked.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known<'a> {
    /// How many objects the query finds in the first snapshot.
    pub first: Option<u64>,
    pub suspects: Option<&'a Found>,
}

impl Check {
    /// Reads `class:Session | count > 0`, `suspects | share > 5%`.
    ///
    /// # Errors
    /// `Error::Query` with the place of the first mistake.
    pub(crate) fn parse(whole: &str) -> Result<Check> {
        let (subject, at) = match whole.find('|') {
            Some(bar) if whole[..bar].trim() == "suspects" => (Subject::Suspects, bar),
            _ => {
                let (query, end) = query::parse_beginning(whole)?;
                (Subject::Query(query), end)
            }
        };
        let mistake = |at: usize, problem: &str| {
            let end = at + whole[at..].find(char::is_whitespace).unwrap_or(whole.len() - at);
            Error::Query(QueryMistake { query: whole.to_owned(), at: at..end, problem: problem.into() })
        };
        let skip = |at: usize| at + whole[at..].len() - whole[at..].trim_start().len();
        let at = skip(at);
        if !whole[at..].starts_with('|') {
            return Err(mistake(at, "expected | and what fails, as in: class:Session | count > 0"));
        }
        let at = skip(at + 1);
        let Some(&(word, measure)) = MEASURES.iter().find(|(word, _)| whole[at..].starts_with(word)) else {
            return Err(mistake(at, "expected count, shallow, retained, growth or share"));
        };
        let at = skip(at + word.len());
        let Some((sign, op)) = Op::ALL.into_iter().find(|(sign, _)| whole[at..].starts_with(sign)) else {
            return Err(mistake(at, "expected > >= < <= = or !="));
        };
        let at = skip(at + sign.len());
        let limit = limit(measure, whole[at..].trim())
            .ok_or_else(|| mistake(at, "expected a number: 100, 5 % of a share, 1MB of a size"))?;
        Ok(Check { text: whole.trim().to_owned(), subject, measure, op, limit })
    }

    /// What a heap must have to be asked.
    pub(crate) fn wants(&self) -> Wants {
        match &self.subject {
            Subject::Query(query) => query.wants().and(Wants::CLASS_ROWS),
            Subject::Suspects => Wants::RETAINER_ROWS,
        }
    }

    pub(crate) fn is_about_suspects(&self) -> bool {
        self.subject == Subject::Suspects
    }

    /// Whether the first snapshot is asked too.
    pub(crate) fn compares(&self) -> bool {
        self.measure == Measure::Growth
    }

    /// How many objects of a heap the query finds.
    ///
    /// # Errors
    /// Those of the query.
    pub(crate) fn count(&self, heap: &Heap, meter: &Meter) -> Result<u64> {
        match &self.subject {
            Subject::Query(query) => Ok(query.nodes(heap, meter, &mut |_| {})?.nodes.len() as u64),
            Subject::Suspects => Ok(0),
        }
    }

    /// Asks the last snapshot.
    ///
    /// # Errors
    /// Those of the query; `Error::Usage` where growth is asked of one snapshot.
    pub(crate) fn ask(&self, heap: &Arc<Heap>, known: Known<'_>, meter: &Meter) -> Result<Answer> {
        let Known { first, suspects } = known;
        let total = heap.total_size().unwrap_or(0);
        let (value, ids) = match &self.subject {
            Subject::Query(query) => {
                let nodes = query.nodes(heap, meter, &mut |_| {})?.nodes;
                let sums = sums::of(heap, &nodes, meter)?;
                let value = match self.measure {
                    Measure::Count => i128::from(sums.objects),
                    Measure::Shallow => sums.shallow.into(),
                    Measure::Retained => sums.retained.unwrap_or(0).into(),
                    Measure::Share => share(sums.retained.unwrap_or(0), total),
                    Measure::Growth => {
                        let first = first.ok_or_else(|| {
                            Error::Usage(format!("{}: growth needs two snapshots, oldest first", self.text))
                        })?;
                        i128::from(sums.objects) - i128::from(first)
                    }
                };
                (value, nodes.iter().take(MOST_NAMED).map(|&node| heap.id(node)).collect())
            }
            Subject::Suspects => {
                let all = suspects.map_or(&[][..], |found| &found.suspects);
                let most = all.iter().map(|own| own.retained).max().unwrap_or(0);
                let value = match self.measure {
                    Measure::Count | Measure::Growth => all.len() as i128,
                    Measure::Shallow | Measure::Retained => most.into(),
                    Measure::Share => share(most, total),
                };
                let first = all.first().map_or(&[][..], |own| &own.objects);
                (value, first.iter().take(MOST_NAMED).map(|&node| heap.id(node)).collect())
            }
        };
        let failed = self.op.holds(value, self.limit);
        Ok(Answer { check: self.text.clone(), value: self.shown(value), number: value, failed, ids })
    }

    fn shown(&self, value: i128) -> String {
        let number = u64::try_from(value.unsigned_abs()).unwrap_or(u64::MAX);
        match self.measure {
            Measure::Count if self.is_about_suspects() && number == 1 => "1 suspect".into(),
            Measure::Count if self.is_about_suspects() => format!("{} suspects", text::count(number)),
            Measure::Count => text::objects(number),
            Measure::Shallow | Measure::Retained => text::bytes(number),
            Measure::Growth => format!("{}{}", if value < 0 { "−" } else { "+" }, text::objects(number)),
            Measure::Share => format!("{}.{} %", number / 1000, number / 100 % 10),
        }
    }
}

fn share(bytes: u64, total: u64) -> i128 {
    i128::from(bytes) * 100_000 / i128::from(total.max(1))
}

/// A number with a unit that its measure may have.
fn limit(measure: Measure, written: &str) -> Option<i128> {
    let digits = written.find(|c: char| !(c.is_ascii_digit() || ".-".contains(c))).unwrap_or(written.len());
    let (number, unit) = written.split_at(digits);
    let unit = unit.trim().to_ascii_lowercase();
    let factor = match (measure, unit.as_str()) {
        // A share without a sign is a part of one.
        (Measure::Share, "%") => 1000.0,
        (Measure::Share, "") => 100_000.0,
        (Measure::Shallow | Measure::Retained, "" | "b") => 1.0,
        (Measure::Shallow | Measure::Retained, "kb" | "k") => 1e3,
        (Measure::Shallow | Measure::Retained, "mb" | "m") => 1e6,
        (Measure::Shallow | Measure::Retained, "gb" | "g") => 1e9,
        (Measure::Count | Measure::Growth, "") => 1.0,
        _ => return None,
    };
    let number: f64 = number.parse().ok()?;
    (number.is_finite()).then(|| (number * factor).round() as i128)
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub check: String,
    /// In words.
    pub value: String,
    number: i128,
    pub failed: bool,
    /// Some of the objects.
    pub ids: Vec<u64>,
}

impl Answer {
    pub(crate) fn record(&self) -> Value {
        let number = i64::try_from(self.number).unwrap_or(i64::MAX);
        json!({ "check": self.check, "failed": self.failed, "value": number, "text": self.value, "ids": self.ids })
    }

    pub(crate) fn line(&self) -> String {
        let word = if self.failed { "FAILED" } else { "ok" };
        let mut line = format!("{word:<6}  {}: {}", self.check, self.value);
        if self.failed && !self.ids.is_empty() {
            let ids: Vec<String> = self.ids.iter().take(5).map(|id| format!("@{id}")).collect();
            let more = if self.ids.len() > 5 { " …" } else { "" };
            let _ = write!(line, "  ({}{more})", ids.join(" "));
        }
        line
    }
}

/// The answers as JUnit's XML, which most build servers show.
pub(crate) fn junit(file: &str, answers: &[Answer]) -> String {
    let failures = answers.iter().filter(|answer| answer.failed).count();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuites>\n  <testsuite name=\"heapwalk check\" tests=\"{}\" failures=\"{failures}\">",
        answers.len()
    );
    for answer in answers {
        let (name, class) = (escaped(&answer.check), escaped(file));
        match answer.failed {
            false => {
                let _ = writeln!(xml, "    <testcase name=\"{name}\" classname=\"{class}\"/>");
            }
            true => {
                let line = escaped(&answer.line());
                let _ = writeln!(
                    xml,
                    "    <testcase name=\"{name}\" classname=\"{class}\">\n      <failure message=\"{}\">{line}</failure>\n    </testcase>",
                    escaped(&answer.value)
                );
            }
        }
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no word for most of these.
            letter if letter.is_control() => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    fn ask(text: &str, before: Option<u64>) -> Answer {
        let graph = Graph::new("r -a-> A#1[10]; r -b-> A#2[20]; A#2 -c-> B[30]");
        let check = Check::parse(text).expect("a check");
        check.ask(&graph.heap, Known { first: before, suspects: None }, &Meter::default()).expect("nobody cancels")
    }

    #[test]
    fn a_check_fails_where_its_condition_holds() {
        for (text, failed, value) in [
            ("class:A | count > 1", true, "2 objects"),
            ("class:A | count > 2", false, "2 objects"),
            ("class:A | shallow>=30B", true, "30 B"),
            ("class:A | retained > 1kB", false, "60 B"),
            ("class:A | share > 99%", true, "100.0 %"),
            ("class:A | share <= 0.5", false, "100.0 %"),
            ("class:None | count = 0", true, "0 objects"),
            ("class:A or class:B | count != 3", false, "3 objects"),
        ] {
            let answer = ask(text, None);
            assert_eq!((answer.failed, answer.value.as_str()), (failed, value), "{text}");
        }
        assert_eq!(ask("class:A | growth > 0", Some(5)).value, "−3 objects");
        assert!(ask("class:A | growth > 0", Some(1)).failed);
        assert_eq!(ask("class:A | count > 1", None).ids, [3, 5]);
    }

    #[test]
    fn growth_of_one_snapshot_is_a_wrong_use() {
        let graph = Graph::new("r -a-> A[10]");
        let check = Check::parse("class:A | growth > 0").expect("a check");
        let error = check.ask(&graph.heap, Known::default(), &Meter::default()).expect_err("one snapshot");
        assert!(matches!(error, Error::Usage(_)), "{error}");
    }

    #[test]
    fn no_space_is_needed_round_the_bar_and_quoted_bars_are_text() {
        for (text, query) in [
            ("class:Session|count>0", "class:Session"),
            ("class:Session |count>0", "class:Session"),
            ("(class:Session or detached)|count > 0", "(class:Session or detached)"),
            (r#"class:"A|B"|count>0"#, r#"class:"A|B""#),
            ("class~/A|B/|count>0", "class~/A|B/"),
            ("/a|b/ | count>0", "/a|b/"),
            ("prop.a:1|count>0", "prop.a:1"),
        ] {
            let check = Check::parse(text).unwrap_or_else(|mistake| panic!("{text}: {mistake}"));
            match check.subject {
                Subject::Query(own) => assert_eq!(own.text(), query),
                Subject::Suspects => panic!("{text}: a query"),
            }
        }
    }

    #[test]
    fn mistakes_say_where_and_what_was_expected() {
        for (text, at, problem) in [
            ("class:A", 7, "expected |"),
            ("class:A | size > 1", 10, "expected count"),
            ("class:A | count 1", 16, "expected >"),
            ("class:A | count > many", 18, "expected a number"),
            ("class:A | count > 1MB", 18, "expected a number"),
        ] {
            match Check::parse(text) {
                Err(Error::Query(mistake)) => {
                    assert!(mistake.at.start == at && mistake.problem.starts_with(problem), "{text}: {mistake:?}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn junit_has_a_case_a_check_and_escapes_what_xml_means() {
        let answers = [ask("class:A | count > 1", None), ask("class:B | count > 1", None)];
        let xml = junit("a<b>.heapsnapshot", &answers);
        assert!(xml.contains("tests=\"2\" failures=\"1\"") && xml.contains("classname=\"a&lt;b&gt;.heapsnapshot\""));
        assert!(xml.contains("<failure message=\"2 objects\">FAILED  class:A | count &gt; 1: 2 objects"));
        assert_eq!(xml.matches("<testcase").count(), 2);
    }
}
