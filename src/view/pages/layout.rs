//! Markdown as pages of help use it → lines of so many columns, in pieces with kinds. It knows headings, paragraphs,
//! lists, tables, blocks of code, and inline code, bold, emphasis and links.

use super::super::cut::{width, wrap};

/// What a piece of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    Title,
    Heading,
    Text,
    Strong,
    Code,
    /// A line of a block of code, which is not broken.
    Block,
    /// Heads of tables, addresses.
    Dim,
}

/// A line in pieces.
pub(crate) type TextLine = Vec<(String, TextKind)>;
/// A word, which may have pieces of several kinds.
type Word = Vec<(String, TextKind)>;

const GAP: usize = 2;

/// The lines of a text; with `ticks` inline code keeps its backquotes, for terminals without styles.
pub(crate) fn lines(markdown: &str, columns: usize, ticks: bool) -> Vec<TextLine> {
    let columns = columns.max(8);
    let mut shown = Page { columns, ticks, lines: Vec::new() };
    let mut source = markdown.lines().peekable();
    while let Some(line) = source.next() {
        if line.is_empty() {
            shown.blank();
        } else if line.starts_with("```") {
            let block = source.by_ref().take_while(|line| !line.starts_with("```"));
            shown.lines.extend(block.map(|line| vec![(format!("  {line}"), TextKind::Block)]));
        } else if let Some(title) = line.strip_prefix("# ") {
            shown.paragraph(title, TextKind::Title);
        } else if let Some(heading) = line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with("##"))
        {
            shown.paragraph(heading, TextKind::Heading);
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = source.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line));
            }
            shown.table(&rows);
        } else {
            let mut text = line.to_owned();
            while let Some(line) = source.next_if(|line| goes_on(line)) {
                text.push(' ');
                text.push_str(line.trim_start());
            }
            shown.item(&text);
        }
    }
    while shown.lines.last().is_some_and(Vec::is_empty) {
        shown.lines.pop();
    }
    shown.lines
}

/// The same as plain text, a line each.
pub(crate) fn plain(markdown: &str, columns: usize) -> String {
    let line = |line: TextLine| {
        let is_heading = line.first().is_some_and(|(_, kind)| matches!(kind, TextKind::Title | TextKind::Heading));
        let text: String = line.into_iter().map(|(text, _)| text).collect();
        let text = text.trim_end();
        let rule = if is_heading { format!("{}\n", "─".repeat(width(text))) } else { String::new() };
        format!("{text}\n{rule}")
    };
    lines(markdown, columns, true).into_iter().map(line).collect()
}

/// Whether a line belongs to the paragraph or item before it.
fn goes_on(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(['#', '|', '`']) && marker(line) == 0
        || line.starts_with('`') && !line.starts_with("```")
}

/// The columns that `- ` or `1. ` takes at the beginning of an item.
fn marker(line: &str) -> usize {
    if line.starts_with("- ") {
        return 2;
    }
    let digits = line.len() - line.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    if digits > 0 && line[digits..].starts_with(". ") { digits + 2 } else { 0 }
}

/// The cells of a line of a table.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches('|');
    let line = line.strip_suffix('|').unwrap_or(line).replace("\\|", "\u{0}");
    line.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect()
}

struct Page {
    columns: usize,
    ticks: bool,
    lines: Vec<TextLine>,
}

impl Page {
    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(Vec::new());
        }
    }

    fn paragraph(&mut self, text: &str, kind: TextKind) {
        let filled = fill(&words(text, kind, self.ticks), self.columns);
        self.lines.extend(filled);
    }

    /// A paragraph, or an item of a list whose lines stand below its first word.
    fn item(&mut self, text: &str) {
        let indent = marker(text);
        if indent == 0 {
            return self.paragraph(text, TextKind::Text);
        }
        let mark = text[..indent].replace('-', "•");
        let filled = fill(&words(&text[indent..], TextKind::Text, self.ticks), self.columns.saturating_sub(indent));
        for (index, mut line) in filled.into_iter().enumerate() {
            let before = if index == 0 { mark.clone() } else { " ".repeat(indent) };
            line.insert(0, (before, TextKind::Text));
            self.lines.push(line);
        }
    }

    /// The first row is the head, the second its rule.
    fn table(&mut self, rows: &[Vec<String>]) {
        let count = rows.iter().map(Vec::len).max().unwrap_or(0);
        let is_rule =
            |row: &[String]| row.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| "-:".contains(c)));
        let made: Vec<Vec<Vec<Word>>> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| !is_rule(row))
            .map(|(index, row)| {
                let kind = if index == 0 { TextKind::Dim } else { TextKind::Text };
                row.iter().map(|cell| words(cell, kind, self.ticks)).collect()
            })
            .collect();
        let natural = |column: usize| made.iter().filter_map(|row| row.get(column)).map(|cell| long(cell)).max();
        let widths = shares(&(0..count).map(|column| natural(column).unwrap_or(0)).collect::<Vec<_>>(), self.columns);
        let is_high = |row: &Vec<Vec<Word>>| row.iter().zip(&widths).any(|(cell, wide)| fill(cell, *wide).len() > 2);
        let is_parted = made.iter().any(is_high);
        for (index, row) in made.iter().enumerate() {
            // Rows of several lines stand apart.
            if is_parted && index > 1 {
                self.blank();
            }
            let filled: Vec<Vec<TextLine>> = row.iter().zip(&widths).map(|(cell, wide)| fill(cell, *wide)).collect();
            let height = filled.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..height {
                let mut whole: TextLine = Vec::new();
                let mut end = 0;
                for (column, cell) in filled.iter().enumerate() {
                    let used: usize = whole.iter().map(|(text, _)| width(text)).sum();
                    if let Some(pieces) = cell.get(line).filter(|pieces| !pieces.is_empty()) {
                        whole.push((" ".repeat(end - used), TextKind::Text));
                        whole.extend(pieces.iter().cloned());
                    }
                    end += widths[column] + GAP;
                }
                self.lines.push(whole);
            }
        }
    }
}

/// What columns get: what they need, or the last what the others, cut to their share, leave.
fn shares(natural: &[usize], columns: usize) -> Vec<usize> {
    let gaps = GAP * natural.len().saturating_sub(1);
    if natural.iter().sum::<usize>() + gaps <= columns || natural.is_empty() {
        return natural.to_vec();
    }
    let room = columns.saturating_sub(gaps);
    let most = if natural.len() == 2 { room * 2 / 5 } else { room / natural.len() };
    let mut widths: Vec<usize> = natural.iter().map(|&wide| wide.min(most).max(1)).collect();
    let last = widths.len() - 1;
    let others: usize = widths[..last].iter().sum();
    widths[last] = room.saturating_sub(others).min(natural[last]).max(1);
    widths
}

/// The columns that words take in one line.
fn long(words: &[Word]) -> usize {
    let one = |word: &Word| word.iter().map(|(text, _)| width(text)).sum::<usize>();
    words.iter().map(one).sum::<usize>() + words.len().saturating_sub(1)
}

/// The words of a text with inline marks.
fn words(text: &str, kind: TextKind, ticks: bool) -> Vec<Word> {
    let mut words: Vec<Word> = vec![Vec::new()];
    for (piece, kind) in pieces(text, kind, ticks) {
        for (index, part) in piece.split(' ').enumerate() {
            if index > 0 && words.last().is_some_and(|word| !word.is_empty()) {
                words.push(Vec::new());
            }
            if !part.is_empty() {
                words.last_mut().expect("there is always a word").push((part.to_owned(), kind));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Pieces of a line by their marks.
fn pieces(text: &str, kind: TextKind, ticks: bool) -> Vec<(String, TextKind)> {
    let mut pieces: Vec<(String, TextKind)> = Vec::new();
    let mut add = |text: &str, kind: TextKind| {
        if !text.is_empty() {
            pieces.push((text.to_owned(), kind));
        }
    };
    let mut rest = text;
    // A star within a word is no mark.
    let is_letter = |before: &str| before.ends_with(|letter: char| letter.is_alphanumeric());
    while let Some(at) = rest.find(['`', '*', '[']) {
        let (before, marked) = rest.split_at(at);
        add(before, kind);
        let (shown, shown_kind, behind) = match marked.as_bytes()[0] {
            b'`' if marked[1..].contains('`') => {
                let end = marked[1..].find('`').expect("just seen") + 1;
                let shown = if ticks { &marked[..=end] } else { &marked[1..end] };
                let shown_kind = if kind == TextKind::Text { TextKind::Code } else { kind };
                (shown, shown_kind, &marked[end + 1..])
            }
            b'*' if is_letter(before) => (&marked[..1], kind, &marked[1..]),
            b'*' if marked.starts_with("**") && marked[2..].contains("**") => {
                let end = marked[2..].find("**").expect("just seen") + 2;
                (&marked[2..end], TextKind::Strong, &marked[end + 2..])
            }
            b'*' if marked[1..].find('*').is_some_and(|end| end > 0 && !marked[1..].starts_with(' ')) => {
                let end = marked[1..].find('*').expect("just seen") + 1;
                (&marked[1..end], kind, &marked[end + 1..])
            }
            b'[' => match link(marked) {
                Some((name, address, behind)) => {
                    add(name, kind);
                    add(" ", kind);
                    (address, TextKind::Dim, behind)
                }
                None => (&marked[..1], kind, &marked[1..]),
            },
            _ => (&marked[..1], kind, &marked[1..]),
        };
        add(shown, shown_kind);
        rest = behind;
    }
    add(rest, kind);
    pieces
}

/// `[name](address)` at the beginning of a text, and what follows.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, behind) = rest.split_once(')')?;
    let is_link = !name.contains(['[', ']']) && address.starts_with("http");
    is_link.then_some((name, address, behind))
}

/// Words in lines of at most so many columns; longer words are broken.
fn fill(words: &[Word], columns: usize) -> Vec<TextLine> {
    let columns = columns.max(2);
    let mut lines: Vec<TextLine> = vec![Vec::new()];
    let mut used = 0;
    for word in words {
        let wide: usize = word.iter().map(|(text, _)| width(text)).sum();
        if used > 0 && used + 1 + wide > columns {
            lines.push(Vec::new());
            used = 0;
        }
        let line = lines.last_mut().expect("there is always a line");
        if used > 0 {
            let kind = line.last().map(|(_, kind)| *kind).filter(|kind| Some(*kind) == word.first().map(|(_, k)| *k));
            line.push((" ".into(), kind.unwrap_or(TextKind::Text)));
            used += 1;
        }
        for (text, kind) in word {
            if used + width(text) <= columns {
                lines.last_mut().expect("there is always a line").push((text.clone(), *kind));
                used += width(text);
                continue;
            }
            // Longer than a line: its parts stand in lines of their own.
            for part in wrap(text, columns) {
                if used > 0 {
                    lines.push(Vec::new());
                }
                used = width(&part);
                lines.last_mut().expect("there is always a line").push((part, *kind));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_reads_well_without_any_style() {
        let page = "# A *title*\n\nSome **bold** text and `code`,\nbroken `a b` at will.\n\n- first\n  goes on\n- [a](http://b)\n\n\
                    ```js\nx  = 1;\n```\n\n| head | of |\n| --- | --- |\n| `a \\| b` | one two three four five |\n| c | d |\n";
        assert_eq!(
            plain(page, 30),
            "A title\n───────\n\nSome bold text and `code`,\nbroken `a b` at will.\n\n• first goes on\n• a http://b\n\n  x  = 1;\n\n\
             head     of\n`a | b`  one two three four\n         five\nc        d\n"
        );
    }

    #[test]
    fn marks_that_mark_nothing_stay_as_they_are() {
        let text = "2 * 3, a*b, [17] in `Array`, `open, **too";
        assert_eq!(plain(text, 80), format!("{text}\n"));
    }

    #[test]
    fn columns_of_a_table_share_what_there_is() {
        assert_eq!(shares(&[5, 10], 20), [5, 10]);
        assert_eq!(shares(&[50, 100], 42), [16, 24]);
        assert_eq!(shares(&[4, 100], 42), [4, 36]);
        assert_eq!(shares(&[30, 30, 30], 34), [10, 10, 10]);
        assert_eq!(shares(&[], 34), Vec::<usize>::new());
    }

    #[test]
    fn kinds_are_those_of_the_marks() {
        let kinds: Vec<TextKind> =
            lines("a `b` **c**", 40, false).remove(0).into_iter().map(|(_, kind)| kind).collect();
        assert_eq!(kinds, [TextKind::Text, TextKind::Text, TextKind::Code, TextKind::Text, TextKind::Strong]);
    }
}
