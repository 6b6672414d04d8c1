//! Theme files → styles by role, for as many colours as the terminal has.
//!
//! What a piece of a row means comes from `view::label::Role`, what belongs to the screen itself from [`Ui`]. Nothing
//! else in `tui` names a colour.

pub(crate) mod own;
mod palette;
mod style;

use std::collections::BTreeMap;

use ratatui::style::{Modifier, Style};

pub(crate) use self::palette::Palette;
use self::palette::own;
pub(crate) use self::style::{Depth, Ui};
use self::style::{StyleSpec, name_of, style};
use crate::view::label::Role;

const DARK: &str = include_str!("../../../assets/themes/dark.toml");
const LIGHT: &str = include_str!("../../../assets/themes/light.toml");
const EMBER: &str = include_str!("../../../assets/themes/ember.toml");

/// What the environment says about the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) depth: Depth,
    /// Marks and lines in ASCII: the locale is not UTF-8.
    pub(crate) ascii: bool,
}

impl Look {
    /// Reads a look from environment variables.
    pub(crate) fn from_env(env: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let depth = match set("COLORTERM").as_deref() {
            _ if set("NO_COLOR").is_some() || set("TERM").as_deref() == Some("dumb") => Depth::None,
            Some("truecolor" | "24bit") => Depth::True,
            Some(_) => Depth::Palette256,
            None => depth_of(&set("TERM").unwrap_or_default()),
        };
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default();
        let locale = locale.to_lowercase();
        let ascii = cfg!(unix) && !(locale.contains("utf-8") || locale.contains("utf8"));
        Look { depth, ascii }
    }
}

/// Names of terminals say how many colours they have; most of today's that do not say so have 256.
fn depth_of(term: &str) -> Depth {
    const NEW: [&str; 8] = ["256color", "direct", "kitty", "alacritty", "ghostty", "wezterm", "foot", "tmux"];
    if NEW.iter().any(|name| term.contains(name)) { Depth::Palette256 } else { Depth::Palette16 }
}

/// The colours that somebody asks for: `HEAPWALK_THEME`, what is set, else what `COLORFGBG` says of the background.
pub(crate) fn choose(env: impl Fn(&str) -> Option<String>, set: Option<Palette>) -> Option<Palette> {
    let wanted = env("HEAPWALK_THEME").and_then(|name| Palette::named(&name)).or(set);
    // `COLORFGBG` is "foreground;background" in numbers of the 16 colours: 7 and 15 are white.
    let background = env("COLORFGBG").and_then(|value| value.rsplit(';').next()?.parse::<u8>().ok());
    wanted.or_else(|| match background? {
        7 | 15 => Some(Palette::Light),
        _ => Some(Palette::Dark),
    })
}

/// A style for every role.
#[derive(Debug, Clone)]
pub(crate) struct Theme {
    styles: BTreeMap<String, Style>,
    pub(crate) ascii: bool,
}

impl Theme {
    pub(crate) fn new(look: Look, palette: Palette) -> Self {
        let own = match palette {
            Palette::Own(place) => own().get(place),
            _ => None,
        };
        let text = text_of(own.map_or(palette, |own| own.base));
        let own = own.map(|own| own.specs.clone()).unwrap_or_default();
        Self::parse(text, own, look).expect("a test reads every bundled theme, and what is wrong in others is left out")
    }

    fn parse(text: &str, own: BTreeMap<String, StyleSpec>, look: Look) -> Result<Self, String> {
        let mut specs: BTreeMap<String, StyleSpec> = toml::from_str(text).map_err(|problem| problem.to_string())?;
        specs.extend(own);
        let mut styles = BTreeMap::new();
        for (name, spec) in specs {
            styles.insert(name, style(&spec, look.depth)?);
        }
        if matches!(look.depth, Depth::None | Depth::Palette16) {
            // Without shades of the background the cursor's row must still be seen.
            styles.insert(name_of(&Ui::ALL, Ui::Selected).into(), Style::new().add_modifier(Modifier::REVERSED));
            styles.insert(name_of(&Ui::ALL, Ui::Unfocused).into(), Style::new().add_modifier(Modifier::UNDERLINED));
        }
        Ok(Theme { styles, ascii: look.ascii })
    }

    pub(crate) fn role(&self, role: Role) -> Style {
        self.named(name_of(&Role::ALL, role))
    }

    pub(crate) fn ui(&self, part: Ui) -> Style {
        match part {
            Ui::Of(role) => self.role(role),
            part => self.named(name_of(&Ui::ALL, part)),
        }
    }

    fn named(&self, name: &str) -> Style {
        self.styles.get(name).copied().unwrap_or_default()
    }
}

/// The text of a theme that comes with the program.
fn text_of(palette: Palette) -> &'static str {
    match palette {
        Palette::Light => LIGHT,
        Palette::Ember => EMBER,
        Palette::Dark | Palette::Own(_) => DARK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(pairs: &[(&str, &str)]) -> Look {
        Look::from_env(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn all_themes_know_the_same_roles_and_all_of_them() {
        let names = |palette| {
            let look = Look { depth: Depth::True, ascii: false };
            Theme::new(look, palette).styles.into_keys().collect::<Vec<_>>()
        };
        for palette in Palette::ALL {
            assert_eq!(names(Palette::Dark), names(palette), "{palette:?}");
        }
        let mut used: Vec<&str> =
            Role::ALL.iter().map(|(_, name)| *name).chain(Ui::ALL.iter().map(|(_, name)| *name)).collect();
        used.sort_unstable();
        assert_eq!(used, names(Palette::Dark));
    }

    #[test]
    fn the_environment_decides_about_colours_and_letters() {
        let utf8 = ("LANG", "C.UTF-8");
        assert_eq!(look(&[utf8]), Look { depth: Depth::Palette16, ascii: false });
        assert_eq!(look(&[utf8, ("TERM", "xterm-256color")]).depth, Depth::Palette256);
        assert_eq!(look(&[utf8, ("TERM", "xterm")]).depth, Depth::Palette16);
        assert_eq!(look(&[utf8, ("COLORTERM", "truecolor")]).depth, Depth::True);
        assert_eq!(look(&[utf8, ("COLORTERM", "truecolor"), ("NO_COLOR", "1")]).depth, Depth::None);
        let chosen = |pairs: &[(&str, &str)]| {
            choose(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()), None)
        };
        assert_eq!(chosen(&[("COLORFGBG", "0;15")]), Some(Palette::Light));
        assert_eq!(chosen(&[("COLORFGBG", "15;0")]), Some(Palette::Dark));
        assert_eq!(chosen(&[("COLORFGBG", "15;0"), ("HEAPWALK_THEME", "ember")]), Some(Palette::Ember));
        assert_eq!(chosen(&[("HEAPWALK_THEME", "light")]), Some(Palette::Light));
        assert_eq!(chosen(&[("HEAPWALK_THEME", "unknown")]), None);
        assert_eq!(chosen(&[]), None);
        assert_eq!(look(&[("LC_ALL", "C"), utf8]).ascii, cfg!(unix));
    }

    #[test]
    fn no_color_leaves_no_colour_but_shows_the_cursor() {
        let theme = Theme::new(Look { depth: Depth::None, ascii: false }, Palette::Dark);
        assert!(theme.styles.values().all(|style| style.fg.is_none() && style.bg.is_none()));
        assert!(theme.ui(Ui::Selected).add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn kinds_of_references_differ_without_colours() {
        for palette in Palette::ALL {
            let theme = Theme::new(Look { depth: Depth::None, ascii: false }, palette);
            // Elements have brackets.
            let kinds = [Role::Property, Role::ContextVariable, Role::InternalReference, Role::Shortcut];
            let styles = kinds.map(|kind| theme.role(kind).add_modifier);
            for (at, style) in styles.iter().enumerate() {
                assert!(!styles[..at].contains(style), "{}: {:?}", palette.name(), kinds[at]);
            }
        }
    }

    #[test]
    fn sixteen_colours_tell_variables_strings_and_detached_nodes_apart() {
        for palette in Palette::ALL {
            let theme = Theme::new(Look { depth: Depth::Palette16, ascii: false }, palette);
            let colours =
                [Role::ContextVariable, Role::String, Role::Detached, Role::Function].map(|role| theme.role(role).fg);
            for (at, colour) in colours.iter().enumerate() {
                assert!(colour.is_some() && !colours[..at].contains(colour), "{}: {colours:?}", palette.name());
            }
        }
    }
}
