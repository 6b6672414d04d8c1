//! `O`: the program's own code, in all views that can tell it.

use super::*;

/// Two snapshots of a program with a script of its own, and one of the runtime.
fn own_series() -> [Arc<Heap>; 2] {
    let both = "r -f-> f:closure@1/2/3[8]; f =shared=> fs:code; fs =script=> /srv/app.js:code
        r -g-> g:closure@2/2/3[8]; g =shared=> gs:code; gs =script=> internal/fs.js:code; f -o-> Own#1@1/9/9[16]";
    let before = format!("{both}; g -t-> Theirs#1[32]; f -x-> gone[64]");
    let after = format!("{both}; g -p-> pad[1]; r -q-> pad2[1]; r -w-> Theirs#2[400]; f -n-> Own#2@1/9/9[128]");
    [Graph::new(&before).heap, Graph::new(&after).heap]
}

fn comparing_own(width: u16, height: u16) -> Person {
    let [before, after] = own_series();
    let mut person = Person::given(&["before", "after"], width, height);
    person.loaded(1, after);
    person.loaded(0, before);
    person
}

fn names(person: &Person, view: View) -> Vec<String> {
    let tree = &person.pane(view).tree;
    let mut names: Vec<String> = tree.roots().iter().map(|&row| tree.table().name(row)).collect();
    names.sort_unstable();
    names
}

#[test]
fn own_code_limits_the_comparison_on_both_sides() {
    let mut person = comparing_own(100, 30);
    person.press("2");
    assert_eq!(names(&person, View::COMPARISON), ["Own", "Theirs", "gone", "pad", "pad2"]);
    person.press("O");
    assert_eq!(person.explorer().view, View::COMPARISON, "it stays where it is");
    assert_eq!(names(&person, View::COMPARISON), ["Own", "gone"]);
    assert!(person.sees().contains(" own code · 2 classes, 1 hidden (a) since before"), "{}", person.sees());
    person.press("y");
    assert!(person.sees().contains("heapwalk compare before after --own"), "{}", person.sees());
    person.press("esc a");
    assert_eq!(names(&person, View::COMPARISON), ["Function", "Own", "gone"]);
    person.press("1");
    assert_eq!(names(&person, View::SUMMARY), ["Function", "Own"], "the Summary is limited too");
    person.press("2 esc");
    assert_eq!(names(&person, View::COMPARISON).len(), 6, "Esc shows all, with classes without change as before");
    person.press("1");
    assert!(names(&person, View::SUMMARY).contains(&"Theirs".to_owned()));
}

#[test]
fn places_of_a_comparison_with_other_rows_are_forgotten() {
    let mut person = comparing_own(100, 30);
    person.press("2 j j m a 1 O 2 '");
    assert!(person.answer().contains("no marks"), "{}", person.answer());
    person.press("[");
    assert_ne!(person.explorer().view, View::COMPARISON);
}

#[test]
fn own_code_leaves_own_objects_in_the_dominator_tree() {
    let mut person = Person::at_demo(100, 30);
    person.press("4 O");
    assert_eq!(person.explorer().view, View::DOMINATORS);
    assert!(person.row().starts_with("Array @210025"), "{}", person.row());
    assert!(person.sees().contains(" own code · (root)"), "{}", person.sees());
    person.press("l j");
    assert!(person.row().starts_with("{method, path, handle}"), "{}", person.row());
    // By class too.
    person.press("g t");
    assert!(person.row().starts_with("Array") && person.row_line().contains("×"), "{}", person.row_line());
    person.press("t O");
    assert!(!person.sees().contains("own code"), "{}", person.sees());
    assert!(!person.row().starts_with("Array @210025"), "{}", person.row());
}

#[test]
fn jumps_to_what_is_not_own_show_all_again() {
    let mut person = Person::at_demo(100, 30);
    person.press("O @ =210217 enter d");
    assert!(person.row().starts_with("Map @210217"), "{}", person.row());
    assert!(person.explorer().is_own(), "the map of the store is own");
    person.press("@ =6467 enter");
    assert!(!person.explorer().is_own());
    person.press("4 O @ =6467 enter d");
    assert!(person.row().starts_with("system / Context @6467"), "{}", person.row());
}

#[test]
fn functions_of_the_runtime_are_left_out_of_allocation() {
    let mut person = Person::exploring(whole(timeline()), 100, 30);
    let functions = View::ALLOCATION;
    person.press("6");
    let all = names(&person, functions);
    person.press("O");
    // Without places in scripts nothing is told of objects, so nothing is limited.
    assert!(person.answer().contains("cannot be told"), "{}", person.answer());
    assert_eq!(names(&person, functions), all);
}
