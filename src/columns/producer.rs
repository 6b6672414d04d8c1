//! Which program wrote a snapshot, as far as its file tells (see docs/FORMAT.md for the table).

use std::fmt;

use crate::base::encode::encode_variants;

/// The program that wrote a snapshot, with the approximate version of its engine. `Display` gives its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Producer {
    /// Nothing has been read yet, or it is none of those below.
    #[default]
    Unknown,
    /// One of those that embed this V8: the header alone speaks.
    Embedder(V8),
    Node(V8),
    Chromium(V8),
    Deno(V8),
    Workerd(V8),
    Bun,
    Hermes(Hermes),
    Valdi(Valdi),
    Julia,
    OpenHarmony,
}

/// Versions of V8 that headers tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum V8 {
    V6,
    V7To8,
    /// Hermes 1.0 writes the same header.
    V9To10,
    V11,
    V12,
    V13To14,
    V15,
    /// With allocation stacks these headers are the same.
    V12To14,
}

/// Versions of Hermes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hermes {
    V0_5To0_7,
    V0_8To0_11,
    V1_0,
}

/// The engine below Valdi.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Valdi {
    Hermes,
    QuickJs,
    /// The header does not tell.
    Either,
}

impl Producer {
    /// Whether an object keeps its id as long as the process lives. Valdi numbers anew with each dump; of others it is
    /// not known.
    pub(crate) fn ids_last(self) -> bool {
        match self {
            Producer::Embedder(_)
            | Producer::Node(_)
            | Producer::Chromium(_)
            | Producer::Deno(_)
            | Producer::Workerd(_)
            | Producer::Hermes(_) => true,
            Producer::Unknown | Producer::Bun | Producer::Valdi(_) | Producer::Julia | Producer::OpenHarmony => false,
        }
    }

    /// Whether an object has another id in each snapshot, as a place in a file has.
    pub(crate) fn numbers_anew(self) -> bool {
        matches!(self, Producer::Bun | Producer::Valdi(_))
    }

    /// Whether objects get their ids in the order of the file when a snapshot first meets them: so does V8.
    pub(crate) fn numbers_in_order(self) -> bool {
        match self {
            Producer::Embedder(_)
            | Producer::Node(_)
            | Producer::Chromium(_)
            | Producer::Deno(_)
            | Producer::Workerd(_) => true,
            Producer::Unknown
            | Producer::Bun
            | Producer::Hermes(_)
            | Producer::Valdi(_)
            | Producer::Julia
            | Producer::OpenHarmony => false,
        }
    }

    /// Whether Hermes has written it, or may have.
    pub(crate) fn is_hermes(self) -> bool {
        match self {
            Producer::Hermes(_) | Producer::Embedder(V8::V9To10) => true,
            Producer::Valdi(engine) => engine != Valdi::QuickJs,
            _ => false,
        }
    }
}

impl V8 {
    /// The releases of Node.js with this V8; nothing where the version of V8 says more.
    fn node(self) -> Option<&'static str> {
        Some(match self {
            V8::V6 => "Node 10",
            V8::V7To8 => "Node 12 or 14",
            V8::V9To10 => "Node 16 or 18",
            V8::V11 => "Node 20",
            V8::V12 => "Node 22",
            V8::V13To14 => "Node 24 or 26",
            V8::V12To14 => "Node 22, 24 or 26",
            V8::V15 => return None,
        })
    }

    /// Who else writes the header of this V8.
    fn others(self) -> &'static str {
        match self {
            V8::V9To10 => ", or Hermes 1.0",
            V8::V12 => " or Bun",
            V8::V13To14 => ", or Chromium 131",
            V8::V12To14 => ", or Chromium of their time",
            V8::V15 => ": Chromium 150 or later, Deno 2.9, workerd",
            V8::V6 | V8::V7To8 | V8::V11 => "",
        }
    }
}

encode_variants!(V8 { V6, V7To8, V9To10, V11, V12, V13To14, V15, V12To14 });
encode_variants!(Hermes { V0_5To0_7, V0_8To0_11, V1_0 });
encode_variants!(Valdi { Hermes, QuickJs, Either });
encode_variants!(Producer {
    Unknown,
    Embedder(v8),
    Node(v8),
    Chromium(v8),
    Deno(v8),
    Workerd(v8),
    Bun,
    Hermes(version),
    Valdi(engine),
    Julia,
    OpenHarmony,
});

impl fmt::Display for V8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            V8::V6 => "V8 6",
            V8::V7To8 => "V8 7 or 8",
            V8::V9To10 => "V8 9 or 10",
            V8::V11 => "V8 11",
            V8::V12 => "V8 12",
            V8::V13To14 => "V8 13 or 14",
            V8::V12To14 => "V8 12 to 14",
            V8::V15 => "V8 15",
        })
    }
}

impl fmt::Display for Producer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Producer::Unknown => f.write_str("unknown"),
            Producer::Embedder(v8) => match v8.node() {
                Some(node) => write!(f, "{node} ({v8}){}", v8.others()),
                None => write!(f, "{v8}{}", v8.others()),
            },
            Producer::Node(v8) => write!(f, "{} ({v8})", v8.node().unwrap_or("Node")),
            Producer::Chromium(v8) => write!(f, "Chromium ({v8})"),
            Producer::Deno(v8) => write!(f, "Deno ({v8})"),
            Producer::Workerd(v8) => write!(f, "workerd ({v8})"),
            Producer::Bun => f.write_str("Bun"),
            Producer::Julia => f.write_str("Julia"),
            Producer::OpenHarmony => f.write_str("OpenHarmony (ArkTS)"),
            Producer::Hermes(Hermes::V0_5To0_7) => f.write_str("Hermes 0.5 to 0.7"),
            Producer::Hermes(Hermes::V0_8To0_11) => f.write_str("Hermes 0.8 to 0.11"),
            Producer::Hermes(Hermes::V1_0) => f.write_str("Hermes 1.0"),
            Producer::Valdi(Valdi::Hermes) => f.write_str("Valdi (Hermes)"),
            Producer::Valdi(Valdi::QuickJs) => f.write_str("Valdi (QuickJS)"),
            Producer::Valdi(Valdi::Either) => f.write_str("Valdi (Hermes or QuickJS)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::encode::Encode;

    #[test]
    fn a_producer_is_told_in_words_and_a_guess_names_all_who_may_have_written_it() {
        let words = [
            (Producer::Embedder(V8::V12), "Node 22 (V8 12) or Bun"),
            (Producer::Node(V8::V12), "Node 22 (V8 12)"),
            (Producer::Embedder(V8::V13To14), "Node 24 or 26 (V8 13 or 14), or Chromium 131"),
            (Producer::Node(V8::V13To14), "Node 24 or 26 (V8 13 or 14)"),
            (Producer::Embedder(V8::V9To10), "Node 16 or 18 (V8 9 or 10), or Hermes 1.0"),
            (Producer::Embedder(V8::V15), "V8 15: Chromium 150 or later, Deno 2.9, workerd"),
            (Producer::Node(V8::V15), "Node (V8 15)"),
            (Producer::Chromium(V8::V15), "Chromium (V8 15)"),
            (Producer::Embedder(V8::V6), "Node 10 (V8 6)"),
            (Producer::Deno(V8::V13To14), "Deno (V8 13 or 14)"),
            (Producer::Valdi(Valdi::Either), "Valdi (Hermes or QuickJS)"),
            (Producer::Hermes(Hermes::V1_0), "Hermes 1.0"),
            (Producer::Workerd(V8::V15), "workerd (V8 15)"),
            (Producer::Bun, "Bun"),
            (Producer::Embedder(V8::V12To14), "Node 22, 24 or 26 (V8 12 to 14), or Chromium of their time"),
            (Producer::Julia, "Julia"),
            (Producer::OpenHarmony, "OpenHarmony (ArkTS)"),
            (Producer::Unknown, "unknown"),
        ];
        for (producer, shown) in words {
            assert_eq!(producer.to_string(), shown);
            let mut bytes = Vec::new();
            producer.encode(&mut bytes);
            assert_eq!(Producer::decode(&mut &bytes[..]), Some(producer));
        }
    }

    #[test]
    fn who_may_be_hermes_is_taken_for_it() {
        let hermes = [
            Producer::Hermes(Hermes::V1_0),
            Producer::Valdi(Valdi::Hermes),
            Producer::Valdi(Valdi::Either),
            Producer::Embedder(V8::V9To10),
        ];
        assert!(hermes.into_iter().all(Producer::is_hermes));
        let others = [Producer::Valdi(Valdi::QuickJs), Producer::Bun, Producer::Node(V8::V9To10)];
        assert!(!others.into_iter().any(Producer::is_hermes));
    }
}
