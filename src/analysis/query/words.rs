//! The words of the language: one table for reading, for what is expected, for completion.

/// What stands behind the word of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// `:` and the exact text, `~` and a text or pattern that occurs.
    Text,
    /// A sign and a size.
    Size,
    /// A sign and a whole number.
    Count,
    /// `.NAME`, then as [`Takes::Text`] or a sign and a number.
    Property,
    /// `:` and `script:line`, or as [`Takes::Text`].
    Place,
    /// `:` and `@ID`.
    Id,
    Nothing,
}

/// A condition as people write it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    pub word: &'static str,
    pub takes: Takes,
    pub example: &'static str,
    /// What it asks, in a few words.
    pub doc: &'static str,
}

const fn word(word: &'static str, takes: Takes, example: &'static str, doc: &'static str) -> Word {
    Word { word, takes, example, doc }
}

pub(crate) const WORDS: [Word; 16] = [
    word("class", Takes::Text, "class:Session", "the class, exactly; class~Sess: a part of it"),
    word("type", Takes::Text, "type:closure", "the type of node"),
    word("name", Takes::Text, "name~abc", "what rows call it; a string by its contents"),
    word("text", Takes::Text, "text~abc", "the contents of a string"),
    word("has", Takes::Text, "has:user", "a property or variable of this name"),
    word("prop", Takes::Property, "prop.user:\"eve\"", "a property and its value"),
    word("shallow", Takes::Size, "shallow>1kB", "the shallow size"),
    word("retained", Takes::Size, "retained>=1MB", "the retained size"),
    word("distance", Takes::Count, "distance<5", "the distance from the roots"),
    word("refs", Takes::Count, "refs>1000", "how many references it has"),
    word("retainers", Takes::Count, "retainers=1", "how many references lead to it"),
    word("detached", Takes::Nothing, "detached", "a DOM node that hangs on no document, not what belongs to it"),
    word("place", Takes::Place, "place:server.js:79", "where its class or function stands"),
    word("dominated", Takes::Id, "dominated:@123", "what goes when this object goes, and itself"),
    word("reachable", Takes::Id, "reachable:@123", "what this object leads to, and itself"),
    word("id", Takes::Id, "id:@123", "one object"),
];

/// The words that join conditions.
pub(crate) const JOINING: [&str; 3] = ["and", "or", "not"];

pub(crate) fn find(name: &str) -> Option<&'static Word> {
    WORDS.iter().find(|word| word.word == name)
}

/// What somebody may have meant who wrote a word that there is not.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    const LEAST: f64 = 0.85;
    if name == "size" {
        return Some("shallow or retained");
    }
    let alike = |word: &Word| strsim::jaro_winkler(word.word, name);
    let best = WORDS.iter().max_by(|a, b| alike(a).total_cmp(&alike(b)))?;
    (alike(best) >= LEAST).then_some(best.word)
}
