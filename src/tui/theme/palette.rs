//! The themes that there are: those that come with the program, and those that were found.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::style::StyleSpec;

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
            Palette::Own(place) => own().get(place).map_or("", |theme| theme.name.as_str()),
        }
    }

    /// The theme with this name.
    pub(crate) fn named(name: &str) -> Option<Palette> {
        Palette::all().find(|palette| palette.name() == name)
    }

    /// All that there are, in the order of the key for them.
    pub(crate) fn all() -> impl Iterator<Item = Palette> {
        Palette::ALL.into_iter().chain((0..own().len()).map(Palette::Own))
    }

    pub(crate) fn next(self) -> Palette {
        Palette::all().skip_while(|&palette| palette != self).nth(1).unwrap_or(Palette::Dark)
    }
}

/// A theme of somebody's own.
#[derive(Debug, Clone)]
pub(super) struct OwnTheme {
    /// The name of its file, without the end.
    pub(super) name: String,
    pub(super) base: Palette,
    pub(super) specs: BTreeMap<String, StyleSpec>,
}

static OWN: OnceLock<Vec<OwnTheme>> = OnceLock::new();

#[cfg(test)]
thread_local! {
    /// The themes of this test.
    pub(super) static HERE: std::cell::Cell<Option<&'static [OwnTheme]>> = const { std::cell::Cell::new(None) };
}

/// Those that have been found.
pub(super) fn own() -> &'static [OwnTheme] {
    #[cfg(test)]
    if let Some(own) = HERE.get() {
        return own;
    }
    OWN.get().map_or(&[], Vec::as_slice)
}

/// Takes those that have been found, once.
pub(super) fn set_own(themes: Vec<OwnTheme>) {
    let _ = OWN.set(themes);
}
