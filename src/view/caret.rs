//! A mistake in a query → the line that was written, and below it a caret.

use super::cut::width;
use super::text;
use crate::error::QueryMistake;

/// Where the caret begins, and how long it is, in columns.
pub(crate) fn place(mistake: &QueryMistake) -> (usize, usize) {
    let shown = |text: Option<&str>| width(&text::sanitize(text.unwrap_or_default()));
    let start = shown(mistake.query.get(..mistake.at.start));
    (start, shown(mistake.query.get(mistake.at.clone())).max(1))
}

/// The query and the caret, safe for terminals.
pub(crate) fn lines(mistake: &QueryMistake) -> [String; 2] {
    let (start, length) = place(mistake);
    [text::sanitize(&mistake.query).into_owned(), format!("{}{}", " ".repeat(start), "^".repeat(length))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::query::parse;

    #[test]
    fn the_caret_stands_below_what_cannot_be_read() {
        let shown = |text: &str| lines(&parse(text).expect_err("a mistake")).join("|");
        assert_eq!(shown("class:A shallow>x"), "class:A shallow>x|                ^");
        assert_eq!(shown("clas:A"), "clas:A|^^^^");
        assert_eq!(shown("汉\n clas:A"), "汉␊ clas:A|    ^^^^");
        assert_eq!(shown("a and"), "a and|     ^");
    }
}
