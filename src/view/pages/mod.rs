//! The pages of help: how a snapshot is taken, how a leak is hunted, what words mean. Command line, explorer and guide
//! show the same texts, those of `assets/help`. It draws nothing.

mod layout;

pub(crate) use layout::{TextKind, TextLine, lines, plain};

use super::glossary;

/// One page, as it is written.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) name: &'static str,
    /// Other words that find it.
    others: &'static [&'static str],
    written: &'static str,
}

macro_rules! page {
    ($name:literal, $others:expr) => {
        Page { name: $name, others: &$others, written: include_str!(concat!("../../../assets/help/", $name, ".md")) }
    };
}

/// All pages, in the order in which somebody may want to read them.
pub(crate) const PAGES: [Page; 21] = [
    page!("taking", ["snapshot", "snapshots", "capture", "gc", "cost"]),
    page!("running", ["live", "pid", "inspector", "inspect", "9229", "sigusr1"]),
    page!("node", ["node.js", "nodejs", "heapdump", "sigusr2", "writeheapsnapshot", "near-heap-limit"]),
    page!("chrome", ["chromium", "edge", "electron", "browser", "devtools", "puppeteer"]),
    page!("vscode", ["vs-code", "code", "visual-studio-code"]),
    page!("react-native", ["reactnative", "metro"]),
    page!("hermes", []),
    page!("valdi", ["quickjs"]),
    page!("bun", ["javascriptcore", "jsc", "safari"]),
    page!("deno", []),
    page!("workerd", ["workers", "cloudflare", "wrangler"]),
    page!("rss", ["memory", "external", "heapused"]),
    page!("hunt", ["leak", "leaks", "steps", "five"]),
    page!("three", ["three-snapshots", "3"]),
    page!("words", ["shallow", "distance", "retainer"]),
    page!("retained", ["dominated", "dominator", "dominates"]),
    page!("closures", ["closure", "context", "scope", "scopes"]),
    page!("detached", ["dom", "detached-dom"]),
    page!("texts", ["string", "sliced"]),
    page!("patterns", ["pattern"]),
    page!("names", ["glossary", "engine", "system"]),
];

const GLOSSARY: &str = "<!-- glossary -->";

impl Page {
    pub(crate) fn title(&self) -> &'static str {
        self.written.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or(self.name)
    }

    /// The page in Markdown, its title first.
    pub(crate) fn markdown(&self) -> String {
        if self.written.contains(GLOSSARY) {
            self.written.replace(GLOSSARY, glossary_tables().trim_end())
        } else {
            self.written.to_owned()
        }
    }
}

/// The page that a word names, whatever its case.
pub(crate) fn find(word: &str) -> Option<&'static Page> {
    let word = word.to_lowercase();
    let bears = |page: &&Page| page.name == word || page.others.contains(&word.as_str());
    PAGES.iter().find(bears)
}

/// The pages in which a word occurs.
pub(crate) fn that_speak_of(word: &str) -> Vec<&'static str> {
    let word = word.to_lowercase();
    let speaks = |page: &&Page| word.len() > 1 && page.markdown().to_lowercase().contains(&word);
    PAGES.iter().filter(speaks).map(|page| page.name).collect()
}

fn glossary_tables() -> String {
    let mut text = String::new();
    for (heading, names) in glossary::all() {
        text += &format!("## {heading}\n\n| name | what it is |\n| --- | --- |\n");
        for (names, sentence) in names {
            text += &format!("| {names} | {sentence} |\n");
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::cut::width;

    #[test]
    fn every_page_has_a_title_and_a_name_of_its_own() {
        let mut names: Vec<&str> = Vec::new();
        for page in &PAGES {
            assert!(page.written.starts_with("# ") && page.title().len() > 5, "{}", page.name);
            names.extend([page.name].iter().chain(page.others));
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "a word names one page");
        assert!(names.iter().all(|name| *name == name.to_lowercase()));
    }

    #[test]
    fn every_page_fits_eighty_columns_and_narrower_ones() {
        for page in &PAGES {
            for columns in [24, 40, 76, 80] {
                let lines = lines(&page.markdown(), columns, true);
                let widest = |line: &TextLine| line.iter().map(|(text, _)| width(text)).sum::<usize>();
                let is_code = |line: &TextLine| line.iter().any(|(_, kind)| *kind == TextKind::Block);
                let wrong = lines.iter().find(|line| widest(line) > if is_code(line) { 80 } else { columns });
                assert_eq!(wrong, None, "{} at {columns}", page.name);
            }
            let is_block = |line: &&TextLine| line.iter().any(|(_, kind)| *kind == TextKind::Block);
            let shown = lines(&page.markdown(), 80, false);
            let code: Vec<_> = shown.iter().filter(is_block).map(|line| width(&line[0].0)).collect();
            assert!(code.iter().all(|wide| *wide <= 80), "{}: code is not broken", page.name);
        }
    }

    #[test]
    fn what_a_page_names_in_its_table_of_pages_is_there() {
        let taking = find("snapshot").expect("a page").markdown();
        let named = taking.lines().filter_map(|line| line.strip_suffix("` |")?.rsplit('`').next());
        let named: Vec<&str> = named.take(9).collect();
        assert_eq!(named.len(), 9);
        assert!(named.iter().all(|name| find(name).is_some_and(|page| page.name == *name)), "{named:?}");
    }

    #[test]
    fn the_glossary_is_on_its_page_whole() {
        let text = find("names").expect("a page").markdown();
        for name in ["`(GC roots)`, `(GC Roots)`", "`system / Context`", "`system / …`", "`HiddenClass`", "`(array)`"]
        {
            assert!(text.contains(&format!("| {name} |")) || text.contains(&format!("| {name}")), "{name}");
        }
        assert!(!text.contains(GLOSSARY));
    }

    #[test]
    fn a_word_finds_its_page_or_those_that_speak_of_it() {
        assert_eq!(find("Electron").map(|page| page.name), Some("chrome"));
        assert!(find("session").is_none());
        assert_eq!(that_speak_of("near-heap-limit"), ["node"]);
        assert!(that_speak_of("finalizers").contains(&"taking"));
        assert!(that_speak_of("q").is_empty(), "a letter is in all of them");
    }
}
