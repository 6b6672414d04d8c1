//! What somebody has set → what the explorer does; and the settings that there are, as a file.

use super::column_names;
use super::keymap;
use super::state::State;
use super::state::columns::ColumnLayout;
use super::theme::{self, Palette};
use crate::config::{self, Found, Problem, Section, Units, commented};

/// Takes what has been set, once, before the first key is read; what is wrong with it, a line each. Whatever that is, the
/// rest counts.
pub(super) fn take(found: &Found) -> Taken {
    let settings = &found.settings;
    let mut told = match config::directory() {
        Some(directory) => theme::own::take(&directory.join("themes")),
        None => Vec::new(),
    };
    let mut problems = keymap::choose(settings.keys, &settings.bindings);
    let (columns, wrong) = column_names::layout_of(&settings.columns);
    problems.extend(wrong);
    let theme = settings.theme.as_ref().and_then(|theme| match Palette::named(&theme.text) {
        None => {
            let known: Vec<&str> = Palette::all().map(Palette::name).collect();
            let what = format!("no theme is called \"{}\"; there are auto, {}", theme.text, known.join(", "));
            problems.push(Problem::new(theme.line, "theme", what));
            None
        }
        palette => palette,
    });
    told.extend(found.told(&problems));
    Taken { columns, theme, told }
}

/// What the explorer needs to know of settings.
pub(super) struct Taken {
    pub(super) columns: ColumnLayout,
    pub(super) theme: Option<Palette>,
    /// What is wrong with them.
    pub(super) told: Vec<String>,
}

impl Taken {
    /// Lets the explorer begin as somebody has set it.
    pub(super) fn begin(self, found: &Found, state: &mut State) {
        state.columns = self.columns;
        state.retainers_height = found.settings.retainers_height;
        state.exact = found.settings.units == Units::Bytes;
        match &self.told[..] {
            [] => {}
            [one] => state.warn(one.as_str()),
            [first, rest @ ..] => {
                let more = rest.len();
                state.warn(format!("{first} (and {more} more: `heapwalk config` tells all)"));
            }
        }
    }
}

/// The settings that there are, each as it is unless somebody sets it; and what is wrong with those that are set.
pub(crate) fn described() -> (String, Vec<String>) {
    let found = config::of_user();
    let place = match (&found.path, found.is_there) {
        (Some(path), true) => format!("{}, which is there and is read.", path.display()),
        (Some(path), false) => format!("{}, which is not there.", path.display()),
        (None, _) => {
            "config.toml in a directory heapwalk of XDG_CONFIG_HOME or ~/.config; neither is known here.".into()
        }
    };
    let head = format!(
        "Settings of heapwalk {}. They stand in\n{place}\n\nEach is shown as it is unless somebody sets it: take the sign \
         away before its name, and change it.",
        env!("CARGO_PKG_VERSION")
    );
    let text = commented(&head, &[(Section::COLUMNS, column_names::lines()), (Section::BIND, keymap::lines())]);
    (text, take(found).told)
}

/// A theme as a file, to begin one of one's own with.
pub(crate) fn theme_text() -> String {
    let dark = include_str!("../../assets/themes/dark.toml");
    let head = "# A theme: themes/NAME.toml beside config.toml, where `theme = \"NAME\"` chooses it. What it does not say is as in\n\
                # the one that it names as its base: dark, light or ember.\nbase = \"dark\"\n\n";
    format!("{head}{dark}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn all_that_is_shown_can_be_set() {
        let (text, _) = described();
        let counts = crate::config::uncommented(&text);
        let (settings, problems) = Settings::parse(&counts);
        assert_eq!(problems, []);
        let (_, wrong) = column_names::layout_of(&settings.columns);
        let (keys, unbound) = keymap::Keymap::new(settings.keys, &settings.bindings);
        assert_eq!((wrong, unbound), (Vec::new(), Vec::new()));
        assert_eq!(settings.bindings.len(), keys.entries.len());
    }

    #[test]
    fn the_theme_that_is_shown_is_one() {
        let (entries, problems) = config::entries(Box::leak(theme_text().into_boxed_str()));
        assert_eq!(problems, []);
        assert!(entries.len() > 40 && entries[0].name == "base");
    }
}
