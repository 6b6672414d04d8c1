//! Files of themes in the directory of settings → themes beside those that come with the program.
//!
//! A theme says only what is other than in the one that it names as its base. What is wrong in it is told with line and
//! key, and is as in the base.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::palette::{OwnTheme, Palette, set_own};
use super::style::{check, is_role};
use crate::config::{Entry, Problem, entries, read};

/// Takes all themes of a directory; what is wrong with them, a line each.
pub(crate) fn take(directory: &Path) -> Vec<String> {
    let (themes, problems) = find(directory);
    set_own(themes);
    problems
}

/// More than anybody looks through.
const MOST: usize = 100;

fn find(directory: &Path) -> (Vec<OwnTheme>, Vec<String>) {
    let files = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|file| file.path());
    let mut paths: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    paths.sort_unstable();
    paths.truncate(MOST);
    let (mut themes, mut told) = (Vec::new(), Vec::new());
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = match read(&path) {
            Ok(text) => text.unwrap_or_default(),
            Err(what) => {
                told.push(Problem::new(0, "", what).in_file(&path));
                continue;
            }
        };
        if Palette::ALL.iter().any(|palette| palette.name() == name) || name == "auto" {
            told.push(Problem::new(0, "", "a theme of this name comes with the program").in_file(&path));
            continue;
        }
        let (theme, problems) = parse(&name, &text);
        told.extend(problems.iter().map(|problem| problem.in_file(&path)));
        themes.push(theme);
    }
    (themes, told)
}

fn parse(name: &str, text: &str) -> (OwnTheme, Vec<Problem>) {
    let mut theme = OwnTheme { name: name.to_owned(), base: Palette::Dark, specs: BTreeMap::new() };
    let (entries, mut problems) = entries(text);
    for entry in &entries {
        if let Err(what) = take_entry(&mut theme, entry) {
            problems.push(entry.problem(what));
        }
    }
    problems.sort_by_key(|problem| problem.line);
    (theme, problems)
}

fn take_entry(theme: &mut OwnTheme, entry: &Entry<'_>) -> Result<(), String> {
    if entry.table.is_empty() && entry.name == "base" {
        theme.base = entry.one_of(&Palette::ALL.map(|palette| (palette.name(), palette)))?;
        return Ok(());
    }
    // `[title]` with `fg` below it is the same as `title = { fg = … }`.
    let (role, parts) = match (entry.table.as_str(), entry.value.as_table()) {
        ("", Some(table)) => (
            entry.name.as_str(),
            table.iter().map(|(name, value)| (name.get_ref().as_ref(), value.get_ref())).collect(),
        ),
        ("", None) => return Err(entry.is_no("a style such as { fg = \"#9ccfd8\", bold = true }")),
        (table, _) => (table, vec![(entry.name.as_str(), &entry.value)]),
    };
    if !is_role(role) {
        return Err("no part of the screen is called so; `heapwalk config --theme` shows all".into());
    }
    let mut spec = theme.specs.get(role).cloned().unwrap_or_default();
    for (part, value) in parts {
        let text = || value.as_str().map(str::to_owned).ok_or_else(|| format!("{part} must be a text in quotes"));
        let flag = || value.as_bool().ok_or_else(|| format!("{part} must be true or false"));
        match part {
            "fg" => spec.fg = Some(text()?),
            "bg" => spec.bg = Some(text()?),
            "ansi" => spec.ansi = Some(text()?),
            "bold" => spec.bold = flag()?,
            "dim" => spec.dim = flag()?,
            "italic" => spec.italic = flag()?,
            "underline" => spec.underline = flag()?,
            "reverse" => spec.reverse = flag()?,
            _ => return Err(format!("{part} is none of fg, bg, ansi, bold, dim, italic, underline, reverse")),
        }
    }
    check(&spec)?;
    theme.specs.insert(role.to_owned(), spec);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::palette::HERE;
    use crate::tui::theme::{Depth, Look, Theme, Ui};
    use ratatui::style::{Color, Modifier};

    fn told(text: &str) -> (OwnTheme, Vec<String>) {
        let (theme, problems) = parse("mine", text);
        (theme, problems.iter().map(|problem| format!("{}: {problem}", problem.line)).collect())
    }

    #[test]
    fn a_theme_of_a_file_is_its_base_with_what_it_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("mine.toml");
        std::fs::write(
            &file,
            "base = \"light\"\ntitle = { fg = \"#112233\", italic = true }\n[key]\nfg = \"#445566\"\n",
        )
        .expect("a file");
        std::fs::write(folder.path().join("dark.toml"), "").expect("a file");
        std::fs::write(folder.path().join("notes.txt"), "").expect("a file");
        let (themes, problems) = find(folder.path());
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].ends_with("dark.toml: a theme of this name comes with the program"));
        HERE.set(Some(themes.leak()));
        let mine = Palette::named("mine").expect("it was found");
        assert_eq!((Palette::Ember.next(), mine.next()), (mine, Palette::Dark));
        let look = Look { depth: Depth::True, ascii: false };
        let (own, light) = (Theme::new(look, mine), Theme::new(look, Palette::Light));
        assert_eq!(own.ui(Ui::Title).fg, Some(Color::Rgb(0x11, 0x22, 0x33)));
        assert!(own.ui(Ui::Title).add_modifier.contains(Modifier::ITALIC));
        assert_eq!(own.ui(Ui::Key).fg, Some(Color::Rgb(0x44, 0x55, 0x66)));
        assert_eq!(own.ui(Ui::Error), light.ui(Ui::Error));
    }

    #[test]
    fn what_is_wrong_in_a_theme_is_told_and_as_in_the_base() {
        let (theme, problems) = told(
            "base = \"blue\"\ntitle = \"red\"\nnonsense = { bold = true }\nkey = { fg = \"red\" }\n\
             bar = { bold = 1 }\ntab = { size = 3 }\ndim = { ansi = \"pinkish\" }\ntext = { bold = true }\n",
        );
        assert_eq!(
            problems,
            [
                "1: base: \"blue\" is none of \"dark\", \"light\", \"ember\"",
                "2: title: must be a style such as { fg = \"#9ccfd8\", bold = true }, and is string",
                "3: nonsense: no part of the screen is called so; `heapwalk config --theme` shows all",
                "4: key: \"red\" is no colour such as \"#9ccfd8\"",
                "5: bar: bold must be true or false",
                "6: tab: size is none of fg, bg, ansi, bold, dim, italic, underline, reverse",
                "7: dim: \"pinkish\" is no colour such as \"light-blue\"",
            ]
        );
        assert_eq!(theme.specs.keys().collect::<Vec<_>>(), ["text"]);
    }
}
