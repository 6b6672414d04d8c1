//! The letters of a query → an expression. Every mistake has its place, and says what was expected there.
//!
//! ```text
//! any       = all ("or" all)*
//! all       = one ("and"? one)*
//! one       = "not" one | "(" any ")" | condition | text
//! condition = word sign value | "detached"
//! text      = word | "text" | /pattern/
//! ```

use std::ops::Range;

use super::language::{Bound, CONSTANTS, Condition, Expr, Field, Matcher, Op, Place, Script, Value};
use super::reader::Reader;
use super::words::{self, JOINING, Takes, Word};
use crate::base::ids::ObjectId;
use crate::error::QueryMistake;

type Read<T> = Result<T, QueryMistake>;

/// Parentheses in parentheses, and `not not …`: more than anybody writes, few enough for the stack.
const DEEPEST: usize = 64;
/// Conditions in one query.
const MOST: usize = 256;

/// The expression at the beginning of a text, and the byte behind it: the end, or a `|` that stands for itself.
pub(super) fn parse(text: &str) -> Read<(Expr, usize)> {
    parse_with(Reader::new(text))
}

/// The same where every `|` outside quotes and patterns stands for itself.
pub(super) fn parse_before_bar(text: &str) -> Read<(Expr, usize)> {
    parse_with(Reader::before_bar(text))
}

fn parse_with(reader: Reader<'_>) -> Read<(Expr, usize)> {
    let mut parser = Parser { reader, depth: 0, conditions: 0 };
    parser.reader.skip_space();
    if parser.is_at_end() {
        return Err(parser.reader.expected("what to find: text, /pattern/ or a condition, as in class:Session"));
    }
    let expr = parser.any()?;
    if parser.reader.peek() == Some(')') {
        let at = parser.reader.at();
        return Err(parser.reader.mistake(at..at + 1, "no ( is open here; text with ) stands in quotes"));
    }
    Ok((expr, parser.reader.at()))
}

struct Parser<'a> {
    reader: Reader<'a>,
    depth: usize,
    conditions: usize,
}

impl Parser<'_> {
    /// Whether the query ends here, or what stands behind a query.
    fn is_at_end(&self) -> bool {
        let mut letters = self.reader.rest().chars();
        match letters.next() {
            None => true,
            Some('|') if self.reader.is_bar('|') => true,
            Some('|') => letters.next().is_none_or(char::is_whitespace),
            _ => false,
        }
    }

    fn any(&mut self) -> Read<Expr> {
        let mut parts = vec![self.all()?];
        while self.reader.eat_joining("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Any(parts) })
    }

    fn all(&mut self) -> Read<Expr> {
        let mut parts = Vec::new();
        loop {
            self.reader.skip_space();
            let joined = !parts.is_empty() && self.reader.eat_joining("and");
            self.reader.skip_space();
            let ends = self.is_at_end() || self.reader.peek() == Some(')') || self.reader.joining("or") > 0;
            match ends {
                true if joined || parts.is_empty() => return Err(self.nothing_here()),
                true => break,
                false => parts.push(self.one()?),
            }
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::All(parts) })
    }

    fn nothing_here(&self) -> QueryMistake {
        let word = JOINING.into_iter().find(|word| self.reader.joining(word) > 0);
        match word {
            Some(word) => {
                let at = self.reader.at();
                let problem = format!("expected a condition before {word}; text of its own stands in quotes");
                self.reader.mistake(at..at + word.len(), problem)
            }
            None => self.reader.expected("a condition"),
        }
    }

    fn one(&mut self) -> Read<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.reader.expected("fewer parentheses in each other"));
        }
        let expr = if self.reader.eat_joining("not") {
            self.reader.skip_space();
            let is_nothing = self.is_at_end() || ["and", "or"].iter().any(|word| self.reader.joining(word) > 0);
            if is_nothing || self.reader.peek() == Some(')') {
                return Err(self.reader.expected("a condition behind not"));
            }
            Expr::Not(Box::new(self.one()?))
        } else if self.reader.joining("and") > 0 {
            return Err(self.nothing_here());
        } else if self.reader.peek() == Some('(') {
            self.group()?
        } else {
            Expr::Is(self.condition()?)
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn group(&mut self) -> Read<Expr> {
        let start = self.reader.at();
        self.reader.go_on(1);
        let inner = self.any()?;
        if !self.reader.eat(")") {
            return Err(self.reader.mistake(start..start + 1, "expected the ) that closes this"));
        }
        Ok(inner)
    }

    fn condition(&mut self) -> Read<Condition> {
        let start = self.reader.at();
        self.conditions += 1;
        if self.conditions > MOST {
            return Err(self.reader.expected("fewer conditions: so many cannot be asked at once"));
        }
        let rest = self.reader.rest();
        let name = &rest[..rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len())];
        let behind = &rest[name.len()..];
        let is_asked = behind.starts_with([':', '~', '<', '>', '=']) || behind.starts_with("!=");
        match words::find(name) {
            Some(word) if word.takes == Takes::Nothing => {
                self.reader.go_on(name.len());
                if self.reader.is_at_end_of_word() {
                    return Ok(Condition::Detached);
                }
                if is_asked {
                    return Err(self
                        .reader
                        .expected(&format!("nothing behind {name}; text of its own stands in quotes")));
                }
            }
            Some(word) if is_asked || word.takes == Takes::Property && behind.starts_with('.') => {
                self.reader.go_on(name.len());
                return self.asked(word);
            }
            None if is_asked && !name.is_empty() => {
                if let Some(meant) = words::meant(name) {
                    let problem = format!(
                        "no condition is called {name}: {meant} may be meant; text of its own stands in quotes"
                    );
                    return Err(self.reader.mistake(start..start + name.len(), problem));
                }
            }
            _ => {}
        }
        self.reader.go_back(start);
        self.text().map(Condition::Anywhere)
    }

    /// A text or pattern on its own.
    fn text(&mut self) -> Read<Matcher> {
        let start = self.reader.at();
        match self.reader.peek() {
            Some('/') => self.pattern(),
            Some('"') => {
                let text = self.reader.quoted()?;
                self.ends_behind("the text")?;
                match text.is_empty() {
                    true => Err(self.reader.mistake(start..start + 2, "expected a text between the quotes")),
                    false => Ok(Matcher::has(&text)),
                }
            }
            _ => Ok(Matcher::has(self.reader.word())),
        }
    }

    fn pattern(&mut self) -> Read<Matcher> {
        let start = self.reader.at();
        let source = self.reader.pattern()?;
        let at = start..self.reader.at();
        if source.is_empty() {
            return Err(self.reader.mistake(at, "expected a pattern between the slashes"));
        }
        Matcher::pattern(source).map_err(|problem| self.reader.mistake(at, format!("this is no pattern: {problem}")))
    }

    /// Nothing may stand directly behind a text in quotes.
    fn ends_behind(&self, what: &str) -> Read<()> {
        match self.reader.is_at_end_of_word() {
            true => Ok(()),
            false => Err(self.reader.expected(&format!("a space behind {what}"))),
        }
    }

    /// The sign and the value behind the word of a condition.
    fn asked(&mut self, word: &'static Word) -> Read<Condition> {
        if word.takes == Takes::Property {
            return self.property();
        }
        let sign = self.sign();
        let (op, at) = sign.ok_or_else(|| self.reader.expected("a sign"))?;
        let wrong = |signs: &str| {
            let problem = format!("expected {signs} behind {}, as in {}", word.word, word.example);
            self.reader.mistake(at.clone(), problem)
        };
        match (word.takes, op) {
            (Takes::Text, Sign::Is) => self.exact(word).map(|text| of_text(word, Matcher::is(&text))),
            (Takes::Text, Sign::Has) => self.part(word).map(|matcher| of_text(word, matcher)),
            (Takes::Text, Sign::Op(_)) => Err(wrong(": or ~")),
            (Takes::Place, Sign::Is) => self.place(word),
            (Takes::Place, Sign::Has) => {
                let script = Script::Like(self.part(word)?);
                Ok(Condition::Place(Place { script, line: None, column: None }))
            }
            (Takes::Place, Sign::Op(_)) => Err(wrong(": or ~")),
            (Takes::Id, Sign::Is) => self.id(word).map(|id| of_id(word, id)),
            (Takes::Id, _) => Err(wrong(":")),
            (_, Sign::Has) => Err(wrong("<, <=, >, >=, = or !=")),
            (Takes::Size, op) => self.size(word).map(|value| of_number(word, Bound { op: op.op(), value })),
            (_, op) => self.count(word).map(|value| of_number(word, Bound { op: op.op(), value })),
        }
    }

    /// The sign that comes next, and its place.
    fn sign(&mut self) -> Option<(Sign, Range<usize>)> {
        let start = self.reader.at();
        let sign = if self.reader.eat("~") {
            Sign::Has
        } else {
            let (sign, op) = Op::ALL.into_iter().find(|(sign, _)| self.reader.eat(sign))?;
            if sign == ":" { Sign::Is } else { Sign::Op(op) }
        };
        Some((sign, start..self.reader.at()))
    }

    /// A value is missing.
    fn no_value(&self, word: &Word) -> QueryMistake {
        let what = match word.takes {
            Takes::Text => "a text",
            Takes::Size => "a size",
            Takes::Count => "a whole number",
            Takes::Property => "a value",
            Takes::Place => "a place",
            Takes::Id | Takes::Nothing => "the id of an object",
        };
        self.reader.expected(&format!("{what}, as in {}", word.example))
    }

    /// A text that is meant as it stands.
    fn exact(&mut self, word: &Word) -> Read<String> {
        if self.reader.is_at_end_of_word() {
            return Err(self.no_value(word));
        }
        if self.reader.peek() != Some('"') {
            return Ok(self.reader.word().to_owned());
        }
        let text = self.reader.quoted()?;
        self.ends_behind("the text")?;
        Ok(text)
    }

    /// A text or pattern that has to occur.
    fn part(&mut self, word: &Word) -> Read<Matcher> {
        match self.reader.peek() {
            Some('/') => self.pattern(),
            _ => self.exact(word).map(|text| Matcher::has(&text)),
        }
    }

    fn id(&mut self, word: &Word) -> Read<ObjectId> {
        let start = self.reader.at();
        let text = self.exact(word)?;
        let id = text.strip_prefix('@').unwrap_or(&text).parse();
        id.map_err(|_| self.reader.mistake(start..self.reader.at(), format!("expected an id, as in {}", word.example)))
    }

    fn size(&mut self, word: &Word) -> Read<u64> {
        let start = self.reader.at();
        let text = self.exact(word)?;
        let wrong = || self.reader.mistake(start..self.reader.at(), format!("expected a size, as in {}", word.example));
        let digits = text.find(|c: char| !(c.is_ascii_digit() || "._,".contains(c))).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let number = grouped(number);
        if number.is_empty() {
            return Err(wrong());
        }
        let unit = match unit.to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "kb" | "k" => 1_000,
            "mb" | "m" => 1_000_000,
            "gb" | "g" => 1_000_000_000,
            _ => {
                let at = start + digits..self.reader.at();
                return Err(self.reader.mistake(at, "expected B, kB, MB or GB"));
            }
        };
        // What no size reaches is as good as the largest.
        match number.parse::<u64>() {
            Ok(whole) => Ok(whole.saturating_mul(unit)),
            Err(_) => number.parse::<f64>().map(|number| (number * unit as f64).round() as u64).map_err(|_| wrong()),
        }
    }

    fn count(&mut self, word: &Word) -> Read<u64> {
        let start = self.reader.at();
        let text = self.exact(word)?;
        let wrong = |_| {
            let problem = format!("expected a whole number, as in {}", word.example);
            self.reader.mistake(start..self.reader.at(), problem)
        };
        grouped(&text).parse().map_err(wrong)
    }

    fn place(&mut self, word: &Word) -> Read<Condition> {
        let text = self.exact(word)?;
        Ok(Condition::Place(read_place(&text)))
    }

    fn property(&mut self) -> Read<Condition> {
        let word = words::find("prop").expect("the table has it");
        if !self.reader.eat(".") {
            return Err(self.reader.expected("the name of a property, as in prop.user:\"eve\""));
        }
        let name = match self.reader.peek() {
            Some('"') => self.reader.quoted()?,
            _ => self.reader.word_until(|c| ":~<>=!".contains(c)).to_owned(),
        };
        if name.is_empty() {
            return Err(self.reader.expected("the name of a property, as in prop.user:\"eve\""));
        }
        let Some((sign, _)) = self.sign() else {
            return Err(self.reader.expected(&format!("a sign and a value, as in {}", word.example)));
        };
        let value = match sign {
            Sign::Has => Value::Text(self.part(word)?),
            Sign::Is => self.value(word)?,
            Sign::Op(op) => {
                let start = self.reader.at();
                let text = self.exact(word)?;
                let number = number(&text);
                let wrong = || self.reader.mistake(start..self.reader.at(), "expected a number, as in prop.n>5");
                Value::Compared(op, number.ok_or_else(wrong)?)
            }
        };
        Ok(Condition::Property { name: name.into_bytes().into(), value })
    }

    /// What a property has to refer to, exactly.
    fn value(&mut self, word: &Word) -> Read<Value> {
        let is_quoted = self.reader.peek() == Some('"');
        let text = self.exact(word)?;
        let matcher = Matcher::is(&text);
        if is_quoted {
            return Ok(Value::Text(matcher));
        }
        let id = text.strip_prefix('@').and_then(|id| id.parse().ok());
        let constant = CONSTANTS.into_iter().find(|constant| *constant == text);
        Ok(match (id, constant, number(&text)) {
            (Some(id), _, _) => Value::Object(id),
            (_, Some(constant), _) => Value::Constant(constant, matcher),
            (_, _, Some(number)) => Value::Number(number, matcher),
            _ => Value::Text(matcher),
        })
    }
}

#[derive(Debug, Clone, Copy)]
enum Sign {
    /// `:`
    Is,
    /// `~`
    Has,
    Op(Op),
}

impl Sign {
    fn op(self) -> Op {
        if let Sign::Op(op) = self { op } else { Op::Equal }
    }
}

fn of_text(word: &Word, matcher: Matcher) -> Condition {
    match word.word {
        "class" => Condition::Class(matcher),
        "type" => Condition::Type(matcher),
        "name" => Condition::Name(matcher),
        "text" => Condition::Text(matcher),
        _ => Condition::Has(matcher),
    }
}

fn of_number(word: &Word, bound: Bound) -> Condition {
    let field = match word.word {
        "shallow" => Field::Shallow,
        "retained" => Field::Retained,
        "distance" => Field::Distance,
        "refs" => Field::References,
        _ => Field::Retainers,
    };
    Condition::Number(field, bound)
}

fn of_id(word: &Word, id: ObjectId) -> Condition {
    match word.word {
        "dominated" => Condition::Dominated(id),
        "reachable" => Condition::Reachable(id),
        _ => Condition::Id(id),
    }
}

/// A number as JavaScript may have it; no word that Rust would take for one.
fn number(text: &str) -> Option<f64> {
    let begins = text.strip_prefix('-').unwrap_or(text).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    text.parse().ok().filter(|_| begins)
}

/// Digits without the signs that group them: `60,001` as screens show it.
fn grouped(number: &str) -> String {
    number.replace([',', '_'], "")
}

/// `server.js`, `server.js:79`, `/srv/server.js:79:5`, `script 12:79`. People count lines and columns from one.
fn read_place(text: &str) -> Place {
    let (rest, last) = number_behind(text);
    let (script, before) = if last.is_some() { number_behind(rest) } else { (rest, None) };
    let (line, column) = if before.is_some() { (before, last) } else { (last, None) };
    let script = match script.strip_prefix("script ").and_then(|number| number.parse().ok()) {
        Some(number) => Script::Number(number),
        None => Script::Named(script.to_owned()),
    };
    Place { script, line, column }
}

/// The number behind the last colon, counted from zero.
fn number_behind(text: &str) -> (&str, Option<u32>) {
    let parts = text.rsplit_once(':').filter(|(script, _)| !script.is_empty());
    let number = |digits: &str| digits.parse::<u32>().ok().and_then(|number| number.checked_sub(1));
    match parts.and_then(|(script, digits)| Some((script, number(digits)?))) {
        Some((script, number)) => (script, Some(number)),
        None => (text, None),
    }
}

#[cfg(test)]
#[path = "parser_tests.rs"]
mod tests;
