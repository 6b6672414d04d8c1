//! What README shows of the command line is what the program prints.

use std::path::Path;

use crate::without_cache;

/// What the program prints on a line of a shell: `$ heapwalk ARGUMENTS`.
fn run(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let ["$", "heapwalk", arguments @ ..] = &words[..] else { panic!("no command: {line}") };
    let output = without_cache(env!("CARGO_BIN_EXE_heapwalk"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .expect("heapwalk runs");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    text.trim_end().to_owned()
}

/// A block of a shell with all answers anew.
fn renewed(block: &str) -> String {
    let commands = block.lines().filter(|line| line.starts_with("$ "));
    commands.map(|line| format!("{line}\n{}", run(line))).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn the_shell_in_the_readme_is_that_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let stored = std::fs::read_to_string(&path).expect("the document is there");
    let mut parts = stored.split("```console\n");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    let mut blocks = 0;
    for part in parts {
        let (block, behind) = part.split_once("\n```").expect("the block ends");
        whole += &format!("```console\n{}\n```{behind}", renewed(block));
        blocks += 1;
    }
    assert!(blocks > 0, "README shows the command line");
    if std::env::var_os("HEAPWALK_WRITE_DOCS").is_some() {
        std::fs::write(&path, &whole).expect("documents can be written");
    } else {
        assert_eq!(whole, stored, "HEAPWALK_WRITE_DOCS=1 cargo test writes it anew");
    }
}
