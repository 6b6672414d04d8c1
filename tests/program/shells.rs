//! Completions in a real shell, and manual pages.

use std::path::Path;
use std::process::Output;

use crate::without_cache;

const PROGRAM: &str = env!("CARGO_BIN_EXE_heapwalk");

fn run(output: std::io::Result<Output>) -> String {
    let output = output.expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn bash_shows_what_a_number_is_but_never_inserts_that() {
    let script = r#"
        source <("$PROGRAM" completions bash) || exit 1
        list() { printf 'words\n41\tnode a.js\n42\tnode b.js\n'; }
        command() { list; }
        COMP_LINE='heapwalk take 4' COMP_POINT=15 COMP_WORDS=(heapwalk take 4)
        for COMP_TYPE in 9 63 37; do
            _heapwalk heapwalk 4 take
            printf '%s\n' "${COMPREPLY[@]}"
        done
        list() { printf 'words\n42\tnode b.js\n'; }
        COMP_TYPE=9 _heapwalk heapwalk 42 take
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut command = without_cache("bash");
    command.args(["--norc", "--noprofile", "-c", script]).env("PROGRAM", PROGRAM);
    let list = "41  node a.js\n42  node b.js\n";
    assert_eq!(run(command.output()), format!("{list}{list}41\n42\n42\n"));
}

/// What bash would put in the place of the last word of a line, one a line, as its own completion asks for it.
fn in_bash(line: &str) -> Vec<String> {
    let script = r#"
        source <("$PROGRAM" completions bash) || exit 1
        COMP_LINE=$1 COMP_POINT=${#1}
        COMP_WORDS=("$PROGRAM") COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
        _heapwalk "$PROGRAM" "${1##* }" ""
        ((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
        exit 0
    "#;
    let mut command = without_cache("bash");
    command.args(["--norc", "--noprofile", "-c", script, "bash", line]).env("PROGRAM", PROGRAM);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    run(command.current_dir(root).output()).lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_files_scopes_and_classes() {
    assert_eq!(in_bash("heapwalk susp"), ["suspects"]);
    assert_eq!(in_bash("heapwalk summary assets/demo"), ["assets/demo.heapsnapshot.zst"]);
    assert_eq!(in_bash("heapwalk summary demo --scope retained-by-d"), ["retained-by-detached-dom"]);
    assert_eq!(in_bash("heapwalk objects demo --class SessionSt"), ["SessionStore"]);
    assert_eq!(in_bash(r"heapwalk objects demo --class system\ /\ Cont"), [r"system\ /\ Context"]);
    assert_eq!(in_bash("heapwalk find demo 'class:SessionSt"), ["class:SessionStore"]);
}

#[test]
fn nothing_is_said_where_nothing_can_be_completed() {
    for words in [&["bash"][..], &["fish", "--", "heapwalk", "nonsense", "--x", ""], &["zsh"]] {
        let output = without_cache(PROGRAM).arg("complete").args(words).output().expect("heapwalk runs");
        assert!(output.stderr.is_empty() && output.status.success(), "{words:?}: {output:?}");
    }
}

#[test]
fn manual_pages_go_where_they_are_wanted() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = folder.path().join("share/man1");
    run(without_cache(PROGRAM).arg("man").arg("--dir").arg(&directory).output());
    let page = std::fs::read_to_string(directory.join("heapwalk-why.1")).expect("a page for each command");
    assert!(page.starts_with(".ie") || page.contains(".TH heapwalk-why 1"), "{page}");
    let whole = run(without_cache(PROGRAM).arg("man").output());
    assert_eq!(whole, std::fs::read_to_string(directory.join("heapwalk.1")).expect("its own page"));
    let refused = without_cache(PROGRAM).args(["man", "--dir", PROGRAM]).output().expect("heapwalk runs");
    assert_eq!(refused.status.code(), Some(2));
}
