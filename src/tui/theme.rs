//! Theme files → styles by role, for as many colours as the terminal has.
//!
//! What a piece of a row means comes from `view::label::Role`, what belongs to the screen itself from [`Ui`]. Nothing
//! else in `tui` names a colour.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use crate::view::label::Role;

const DARK: &str = include_str!("../../assets/themes/dark.toml");
const LIGHT: &str = include_str!("../../assets/themes/light.toml");

/// Parts of the screen that are not pieces of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ui {
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
    Bar,
    Info,
    Warning,
    Error,
    Cycle,
}

/// How many colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// `NO_COLOR`: bold, underline, reverse only.
    None,
    Palette256,
    True,
}

/// What the environment says about the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub depth: Depth,
    pub light: bool,
    /// Marks and lines in ASCII: the locale is not UTF-8.
    pub ascii: bool,
}

impl Look {
    /// Reads a look from environment variables.
    pub fn from_env(env: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let depth = match set("COLORTERM").as_deref() {
            _ if set("NO_COLOR").is_some() || set("TERM").as_deref() == Some("dumb") => Depth::None,
            Some("truecolor" | "24bit") => Depth::True,
            _ => Depth::Palette256,
        };
        // `COLORFGBG` is "foreground;background" in numbers of the 16 colours: 7 and 15 are white.
        let background = set("COLORFGBG").and_then(|value| value.rsplit(';').next()?.parse::<u8>().ok());
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default();
        let locale = locale.to_lowercase();
        let ascii = cfg!(unix) && !(locale.contains("utf-8") || locale.contains("utf8"));
        Look { depth, light: matches!(background, Some(7 | 15)), ascii }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StyleSpec {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
    reverse: bool,
}

/// A style for every role.
#[derive(Debug, Clone)]
pub struct Theme {
    styles: BTreeMap<String, Style>,
    pub ascii: bool,
}

impl Theme {
    pub fn new(look: Look) -> Self {
        let text = if look.light { LIGHT } else { DARK };
        Self::parse(text, look).expect("a test reads every bundled theme")
    }

    fn parse(text: &str, look: Look) -> Result<Self, String> {
        let specs: BTreeMap<String, StyleSpec> = toml::from_str(text).map_err(|problem| problem.to_string())?;
        let mut styles = BTreeMap::new();
        for (name, spec) in specs {
            styles.insert(name, style(&spec, look.depth)?);
        }
        if look.depth == Depth::None {
            // Without colours the cursor's row must still be seen.
            styles.insert(ui_name(Ui::Selected).into(), Style::new().add_modifier(Modifier::REVERSED));
            styles.insert(ui_name(Ui::Unfocused).into(), Style::new().add_modifier(Modifier::UNDERLINED));
        }
        Ok(Theme { styles, ascii: look.ascii })
    }

    pub fn role(&self, role: Role) -> Style {
        self.named(role_name(role))
    }

    pub fn ui(&self, part: Ui) -> Style {
        self.named(ui_name(part))
    }

    fn named(&self, name: &str) -> Style {
        self.styles.get(name).copied().unwrap_or_default()
    }
}

fn style(spec: &StyleSpec, depth: Depth) -> Result<Style, String> {
    let mut style = Style::new();
    if let Some(text) = &spec.fg {
        style.fg = color(text, depth)?;
    }
    if let Some(text) = &spec.bg {
        style.bg = color(text, depth)?;
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
        Depth::Palette256 => Some(Color::Indexed(nearest_indexed(r, g, b))),
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

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Property => "property",
        Role::Element => "element",
        Role::ContextVariable => "context-variable",
        Role::InternalReference => "internal-reference",
        Role::Shortcut => "shortcut",
        Role::Object => "object",
        Role::String => "string",
        Role::Number => "number",
        Role::BigInt => "bigint",
        Role::Function => "function",
        Role::RegExp => "regexp",
        Role::Symbol => "symbol",
        Role::Hidden => "hidden",
        Role::Class => "class",
        Role::Id => "id",
        Role::Separator => "separator",
        Role::Reachable => "reachable",
        Role::Detached => "detached",
        Role::Location => "location",
    }
}

fn ui_name(part: Ui) -> &'static str {
    match part {
        Ui::Title => "title",
        Ui::Tab => "tab",
        Ui::ActiveTab => "active-tab",
        Ui::Header => "header",
        Ui::SortedHeader => "sorted-header",
        Ui::Selected => "selected",
        Ui::Unfocused => "unfocused",
        Ui::Rule => "rule",
        Ui::FocusedRule => "focused-rule",
        Ui::Text => "text",
        Ui::NumberCell => "number-cell",
        Ui::Dim => "dim",
        Ui::Key => "key",
        Ui::Bar => "bar",
        Ui::Info => "info",
        Ui::Warning => "warning",
        Ui::Error => "error",
        Ui::Cycle => "cycle",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(pairs: &[(&str, &str)]) -> Look {
        Look::from_env(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn both_themes_know_the_same_roles_and_all_of_them() {
        let names = |light| {
            let look = Look { depth: Depth::True, light, ascii: false };
            Theme::new(look).styles.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(names(false), names(true));
        let all = include_str!("theme.rs");
        let named = |line: &str| line.trim().split("=> \"").nth(1)?.strip_suffix("\",").map(str::to_owned);
        let mut used: Vec<String> = all.lines().filter(|line| line.contains("::")).filter_map(named).collect();
        used.sort();
        assert_eq!(used, names(false));
    }

    #[test]
    fn the_environment_decides_about_colours_and_letters() {
        let utf8 = ("LANG", "C.UTF-8");
        assert_eq!(look(&[utf8]), Look { depth: Depth::Palette256, light: false, ascii: false });
        assert_eq!(look(&[utf8, ("COLORTERM", "truecolor")]).depth, Depth::True);
        assert_eq!(look(&[utf8, ("COLORTERM", "truecolor"), ("NO_COLOR", "1")]).depth, Depth::None);
        assert!(look(&[utf8, ("COLORFGBG", "0;15")]).light);
        assert_eq!(look(&[("LC_ALL", "C"), utf8]).ascii, cfg!(unix));
    }

    #[test]
    fn no_color_leaves_no_colour_but_shows_the_cursor() {
        let theme = Theme::new(Look { depth: Depth::None, light: false, ascii: false });
        assert!(theme.styles.values().all(|style| style.fg.is_none() && style.bg.is_none()));
        assert!(theme.ui(Ui::Selected).add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn palette_colours_are_the_nearest() {
        assert_eq!(nearest_indexed(255, 0, 0), 196);
        assert_eq!(nearest_indexed(8, 8, 8), 232);
        assert_eq!(nearest_indexed(95, 135, 175), 67);
    }
}
