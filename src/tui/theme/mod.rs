//! Theme files → styles by role, for as many colours as the terminal has.
//!
//! What a piece of a row means comes from `view::label::Role`, what belongs to the screen itself from [`Ui`]. Nothing
//! else in `tui` names a colour.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use super::own_themes::own_themes;
use crate::view::label::Role;

const DARK: &str = include_str!("../../assets/themes/dark.toml");
const LIGHT: &str = include_str!("../../assets/themes/light.toml");
const EMBER: &str = include_str!("../../assets/themes/ember.toml");

/// A theme: one that comes with the program, or of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Palette {
    Dark,
    Light,
    /// Warm and low in contrast.
    Ember,
    /// Of somebody's own, by its place among these.
    Own(usize),
}

impl Palette {
    /// Those that come with the program.
    pub(crate) const ALL: [Palette; 3] = [Palette::Dark, Palette::Light, Palette::Ember];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Palette::Dark => "dark",
            Palette::Light => "light",
            Palette::Ember => "ember",
            Palette::Own(place) => own_themes().get(place).map_or("", |theme| theme.name.as_str()),
        }
    }

    /// The theme with this name.
    pub(crate) fn named(name: &str) -> Option<Palette> {
        Palette::all().find(|palette| palette.name() == name)
    }

    /// All that there are, in the order of the key for them.
    pub(crate) fn all() -> impl Iterator<Item = Palette> {
        Palette::ALL.into_iter().chain((0..own_themes().len()).map(Palette::Own))
    }

    pub(crate) fn next(self) -> Palette {
        Palette::all().skip_while(|&palette| palette != self).nth(1).unwrap_or(Palette::Dark)
    }
}

/// Parts of the screen that are not pieces of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ui {
    Title,
    Tab,
    ActiveTab,
    Header,
    SortedHeader,
    Selected,
    /// The cursor's row in a pane that does not have the keys.
    Unfocused,
    Rule,
    FocusedRule,
    Text,
    NumberCell,
    Dim,
    Key,
    /// What a filter has found in a name.
    Found,
    Bar,
    Info,
    Warning,
    Error,
    Cycle,
    /// A piece of a row, outside of rows.
    Of(Role),
}

impl Ui {
    /// All parts but those of rows, with the names by which themes call them.
    pub(crate) const ALL: [(Ui, &'static str); 19] = [
        (Ui::Title, "title"),
        (Ui::Tab, "tab"),
        (Ui::ActiveTab, "active-tab"),
        (Ui::Header, "header"),
        (Ui::SortedHeader, "sorted-header"),
        (Ui::Selected, "selected"),
        (Ui::Unfocused, "unfocused"),
        (Ui::Rule, "rule"),
        (Ui::FocusedRule, "focused-rule"),
        (Ui::Text, "text"),
        (Ui::NumberCell, "number-cell"),
        (Ui::Dim, "dim"),
        (Ui::Key, "key"),
        (Ui::Found, "found"),
        (Ui::Bar, "bar"),
        (Ui::Info, "info"),
        (Ui::Warning, "warning"),
        (Ui::Error, "error"),
        (Ui::Cycle, "cycle"),
    ];
}

/// How many colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// `NO_COLOR`: bold, underline, reverse only.
    None,
    /// The 16 that every terminal has, in the shades that its owner has chosen.
    Palette16,
    Palette256,
    True,
}

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

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StyleSpec {
    pub(super) fg: Option<String>,
    /// The foreground where there are 16 colours, by name: what differs in shade alone would be the same there.
    pub(super) ansi: Option<String>,
    pub(super) bg: Option<String>,
    pub(super) bold: bool,
    pub(super) dim: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
    pub(super) reverse: bool,
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
            Palette::Own(place) => own_themes().get(place),
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

/// Why a style cannot be one, whatever the terminal.
pub(super) fn check(spec: &StyleSpec) -> Result<(), String> {
    [Depth::True, Depth::Palette16].into_iter().try_for_each(|depth| style(spec, depth).map(drop))
}

/// Whether themes may have a style of this name.
pub(super) fn is_role(name: &str) -> bool {
    Ui::ALL.iter().any(|(_, own)| *own == name) || Role::ALL.iter().any(|(_, own)| *own == name)
}

fn style(spec: &StyleSpec, depth: Depth) -> Result<Style, String> {
    let mut style = Style::new();
    if let Some(text) = &spec.fg {
        style.fg = color(text, depth)?;
    }
    if let Some(name) = spec.ansi.as_ref().filter(|_| depth == Depth::Palette16) {
        style.fg = Some(name.parse().map_err(|_| format!("{name:?} is no colour such as \"light-blue\""))?);
    }
    if let Some(text) = &spec.bg {
        // None of the 16 colours is a shade of the background.
        style.bg = if depth == Depth::Palette16 { None } else { color(text, depth)? };
    }
    let modifiers = [
        (spec.bold, Modifier::BOLD),
        (spec.dim, Modifier::DIM),
        (spec.italic, Modifier::ITALIC),
        (spec.underline, Modifier::UNDERLINED),
        (spec.reverse, Modifier::REVERSED),
    ];
    for (_, modifier) in modifiers.into_iter().filter(|&(wanted, _)| wanted) {
        style = style.add_modifier(modifier);
    }
    Ok(style)
}

fn color(text: &str, depth: Depth) -> Result<Option<Color>, String> {
    let number = text.strip_prefix('#').filter(|digits| digits.len() == 6);
    let number = number.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let [_, r, g, b] = number.ok_or_else(|| format!("{text:?} is no colour such as \"#9ccfd8\""))?.to_be_bytes();
    Ok(match depth {
        Depth::None => None,
        Depth::True => Some(Color::Rgb(r, g, b)),
        Depth::Palette16 => nearest_named(r, g, b),
        Depth::Palette256 => Some(Color::Indexed(nearest_indexed(r, g, b))),
    })
}

/// One of the colours with names, by hue; the terminal's own for what is nearly black or white, which would be lost on
/// half of all terminals.
fn nearest_named(r: u8, g: u8, b: u8) -> Option<Color> {
    let (most, least) = (r.max(g).max(b) as i32, r.min(g).min(b) as i32);
    if most - least < 48 {
        return if (64..200).contains(&most) { Some(Color::DarkGray) } else { None };
    }
    let (red, green, blue) = (r as i32, g as i32, b as i32);
    let high = |part: i32| part - least > (most - least) / 2;
    Some(match (high(red), high(green), high(blue)) {
        (true, false, false) => Color::Red,
        (false, true, false) => Color::Green,
        (false, false, true) => Color::Blue,
        (true, true, _) => Color::Yellow,
        (true, false, true) => Color::Magenta,
        _ => Color::Cyan,
    })
}

/// The nearest of xterm's 240 fixed colours: a cube of 6×6×6 and 24 greys.
fn nearest_indexed(r: u8, g: u8, b: u8) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let distance = |x: u8, y: u8| (x as i32 - y as i32).pow(2);
    let total = |(x, y, z): (u8, u8, u8)| distance(x, r) + distance(y, g) + distance(z, b);
    let nearest = |value: u8| (0..6).min_by_key(|&step| distance(STEPS[step], value)).expect("there are six steps");
    let (i, j, k) = (nearest(r), nearest(g), nearest(b));
    let cube = total((STEPS[i], STEPS[j], STEPS[k]));
    let grey = (0..24u8).min_by_key(|&step| total((8 + 10 * step, 8 + 10 * step, 8 + 10 * step))).expect("24 greys");
    let level = 8 + 10 * grey;
    if total((level, level, level)) < cube { 232 + grey } else { (16 + 36 * i + 6 * j + k) as u8 }
}

/// The name of a role in a list of all.
fn name_of<R: PartialEq + Copy>(all: &[(R, &'static str)], role: R) -> &'static str {
    all.iter().find(|(other, _)| *other == role).map_or("", |(_, name)| name)
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
    fn sixteen_colours_keep_hues_apart() {
        assert_eq!(nearest_named(0xe8, 0x40, 0x40), Some(Color::Red));
        assert_eq!(nearest_named(0x9c, 0xcf, 0xd8), Some(Color::Cyan));
        assert_eq!(nearest_named(0xf6, 0xc1, 0x77), Some(Color::Yellow));
        assert_eq!(nearest_named(0x8a, 0x8f, 0xa3), Some(Color::DarkGray));
        assert_eq!(nearest_named(0xf1, 0xee, 0xfc), None);
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

    #[test]
    fn palette_colours_are_the_nearest() {
        assert_eq!(nearest_indexed(255, 0, 0), 196);
        assert_eq!(nearest_indexed(8, 8, 8), 232);
        assert_eq!(nearest_indexed(95, 135, 175), 67);
    }
}
