//! Which columns the panes have, by the names that settings know, and what settings say of them.

use super::state::columns::{ColumnLayout, RETAINERS, WIDTHS};
use super::view::View;
use super::views::entry;
use crate::config::{ColumnChoice, Problem, Section};
use crate::view::spec::{Show, Spec, short_words};
use crate::view::table::{seen, specs};
use crate::view::tables::holders::Holders;
use crate::view::tables::retainers::Retainers;

/// What settings say, and what is wrong with them.
pub(crate) fn layout_of(wanted: &[ColumnChoice]) -> (ColumnLayout, Vec<Problem>) {
    let (mut layout, mut problems) = (ColumnLayout::default(), Vec::new());
    for ColumnChoice { view, words } in wanted {
        let key = format!("{}.{}", Section::COLUMNS.table, view.text);
        let Some(pane) = panes().find(|pane| *pane == view.text) else {
            let known = panes().collect::<Vec<_>>().join(", ");
            problems.push(Problem::new(view.line, key, format!("there is no such view; there are {known}")));
            continue;
        };
        let columns = columns_of(pane);
        let mut shown = Vec::new();
        for word in words {
            let (name, width) = match word.text.rsplit_once(':') {
                Some((name, width)) => (name, Some(width)),
                None => (word.text.as_str(), None),
            };
            let Some(spec) = columns.iter().find(|spec| spec.is_called(name)) else {
                let what = format!("no column is called \"{name}\"; there are {}", short_words(&columns).join(", "));
                problems.push(Problem::new(word.line, &key, what));
                continue;
            };
            shown.push(spec.field);
            match width.map(|width| width.parse().ok().filter(|width| WIDTHS.contains(width))) {
                Some(Some(width)) => drop(layout.widths.insert((pane, spec.field), width)),
                Some(None) => {
                    let what =
                        format!("\"{}\": a width is a number from {} to {}", word.text, WIDTHS.start(), WIDTHS.end());
                    problems.push(Problem::new(word.line, &key, what));
                }
                None => {}
            }
        }
        if !shown.is_empty() {
            layout.shown.insert(pane, shown);
        }
    }
    (layout, problems)
}

fn panes() -> impl Iterator<Item = &'static str> {
    let views = View::ALL.into_iter().map(View::command).filter(|pane| !columns_of(pane).is_empty());
    views.chain([RETAINERS])
}

/// All columns that a pane can have, the label left out.
fn columns_of(pane: &str) -> Vec<&'static Spec> {
    let mut columns = match View::called(pane) {
        Some(view) => seen(&entry(view).columns()),
        None if pane == RETAINERS => [seen(&specs::<Retainers>()), seen(&specs::<Holders>())].concat(),
        None => Vec::new(),
    };
    columns.retain(|spec| spec.show != Show::Label);
    let mut known = Vec::new();
    columns.retain(|spec| {
        !known.contains(&spec.field) && {
            known.push(spec.field);
            true
        }
    });
    columns
}

/// The field of a column of a pane, as the program calls it.
pub(crate) fn field_of(pane: &str, field: &str) -> Option<&'static str> {
    columns_of(pane).into_iter().map(|spec| spec.field).chain(["label"]).find(|known| *known == field)
}

/// Lines of settings that say which columns each view has.
pub(crate) fn lines() -> Vec<String> {
    let line = |pane: &'static str| {
        let words = short_words(&columns_of(pane));
        format!("{pane} = [{}]", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "))
    };
    panes().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::view::tables::classes::Classes;
    use crate::view::tables::suspects::Suspects;

    fn of(text: &str) -> (ColumnLayout, Vec<String>) {
        let (settings, problems) = Settings::parse(text);
        assert_eq!(problems, []);
        let (layout, problems) = layout_of(&settings.columns);
        (layout, problems.iter().map(|problem| format!("{}: {problem}", problem.line)).collect())
    }

    fn fields(specs: &[&'static Spec]) -> Vec<&'static str> {
        specs.iter().map(|spec| spec.field).collect()
    }

    #[test]
    fn columns_are_shown_as_they_are_named_the_label_first() {
        let (layout, problems) = of("[columns]\nsummary = [\"retained:20\", \"count\"]");
        assert_eq!(problems, Vec::<String>::new());
        let all = seen(&specs::<Classes>());
        let shown = layout.seen("summary", all.clone());
        assert_eq!(fields(&shown)[1..], ["retainedSize", "count"]);
        assert_eq!(shown[0].show, Show::Label);
        assert_eq!(layout.width("summary", "retainedSize"), Some(20));
        assert_eq!(layout.seen("retainers", all.clone()), all);
        let others = seen(&specs::<Suspects>());
        assert!(!layout.seen("summary", others).is_empty(), "another form of the table shows all");
    }

    #[test]
    fn what_is_no_column_is_told_with_those_that_there_are() {
        let (layout, problems) =
            of("[columns]\nnonsense = []\nsummary = [\"count\", \"depth\"]\nretainers = \"distance:900\"");
        assert_eq!(
            problems[1],
            "3: columns.summary: no column is called \"depth\"; there are count, distance, shallow, retained"
        );
        assert_eq!(problems[2], "4: columns.retainers: \"distance:900\": a width is a number from 4 to 60");
        assert!(problems[0].starts_with("2: columns.nonsense: there is no such view; there are summary, comparison, "));
        assert_eq!(fields(&layout.seen("summary", seen(&specs::<Classes>())))[1..], ["count"]);
    }

    #[test]
    fn the_lines_of_the_default_show_every_column() {
        let (layout, problems) = of(&format!("[columns]\n{}", lines().join("\n")));
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(panes().count(), View::ALL.len(), "all views but the Statistics, and the Retainers");
        let all = seen(&specs::<Classes>());
        assert_eq!(layout.seen("summary", all.clone()), all);
    }
}
