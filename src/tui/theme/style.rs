//! Parts of the screen, and what a theme says of one → a style, for as many colours as the terminal has.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use crate::view::label::Role;

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

/// Why a style cannot be one, whatever the terminal.
pub(super) fn check(spec: &StyleSpec) -> Result<(), String> {
    [Depth::True, Depth::Palette16].into_iter().try_for_each(|depth| style(spec, depth).map(drop))
}

/// Whether themes may have a style of this name.
pub(super) fn is_role(name: &str) -> bool {
    Ui::ALL.iter().any(|(_, own)| *own == name) || Role::ALL.iter().any(|(_, own)| *own == name)
}

/// The style that a theme asks for.
pub(super) fn style(spec: &StyleSpec, depth: Depth) -> Result<Style, String> {
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
pub(super) fn name_of<R: PartialEq + Copy>(all: &[(R, &'static str)], role: R) -> &'static str {
    all.iter().find(|(other, _)| *other == role).map_or("", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_colours_keep_hues_apart() {
        assert_eq!(nearest_named(0xe8, 0x40, 0x40), Some(Color::Red));
        assert_eq!(nearest_named(0x9c, 0xcf, 0xd8), Some(Color::Cyan));
        assert_eq!(nearest_named(0xf6, 0xc1, 0x77), Some(Color::Yellow));
        assert_eq!(nearest_named(0x8a, 0x8f, 0xa3), Some(Color::DarkGray));
        assert_eq!(nearest_named(0xf1, 0xee, 0xfc), None);
    }

    #[test]
    fn palette_colours_are_the_nearest() {
        assert_eq!(nearest_indexed(255, 0, 0), 196);
        assert_eq!(nearest_indexed(8, 8, 8), 232);
        assert_eq!(nearest_indexed(95, 135, 175), 67);
    }
}
