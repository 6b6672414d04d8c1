//! Whole screens, read by eye.

use super::{PLAIN, Person, whole};
use crate::tui::theme::Palette;
use crate::tui::theme::{Look, Theme};
use crate::view::cut::width;

#[test]
fn summary_at_80_by_24() {
    let mut person = Person::at_demo(80, 24);
    person.press("/ =/^Session$/ enter l l j j");
    insta::assert_snapshot!(person.sees(), @r#"
     demo · file 11.9 MB · 128,046 objects · heap 13.4 MB · Node 22 (V8 12)
     1 Sum  2 Comp  3 Cont  4 Dom  5 Stat  6 Alloc  7 Str  8 Find  9 Ser  0 Sus
     / /^Session$/                        1 of 165 classes · 4,000 objects (320 kB)
       Constructor 1–11 of 4,001       Count  Dist     Shallow size  Retained size ▼
     ▾ Session  server.js:79          ×4,000    15     320 kB   2 %     7.2 MB  54 %
     ▸   Session @73413                         15       80 B   0 %     1.9 kB   0 %
     ▸   Session @75851                         15       80 B   0 %     1.9 kB   0 %
     ▸   Session @83093                         15       80 B   0 %     1.9 kB   0 %
     ▸   Session @83701                         15       80 B   0 %     1.9 kB   0 %
     ▸   Session @84629                         15       80 B   0 %     1.9 kB   0 %
     ▸   Session @84885                         15       80 B   0 %     1.9 kB   0 %
     ▸   Session @85813                         15       80 B   0 %     1.9 kB   0 %
     ▸   Session @86117                         15       80 B   0 %     1.9 kB   0 %
     ▸   Session @87461                         15       80 B   0 %     1.9 kB   0 %
    ↓▸   Session @87733                         15       80 B   0 %     1.9 kB   0 %
    ─ Retainers of Session @83093 ──────────────────────────────────────────────────
     SessionStore.sessions (Map) holds it under key "3024-88b1be"; the variable
     store of createVisitHandler() holds SessionStore, used by handleVisit()
     (server.js:121); … up to the variable routes of server.js
       Object 1–3 of 249                    Dist ▲     Shallow size    Retained size
     ▾ 11121 in (internal array)[] @211305      14        0 B   0 %     7.3 MB  55 %
     ▾   table in Map @210217                   13     115 kB   1 %     7.5 MB  56 %
    ↓▾     sessions in SessionStore @210215     12       96 B   0 %     7.5 MB  56 %
     l open  / filter  @ id  s sort  r retainers  i info  Tab pane  ? keys  q quit
    "#);
}

#[test]
fn summary_at_120_by_40() {
    let mut person = Person::at_demo(120, 40);
    insta::assert_snapshot!(person.sees(), @"
     demo · file 11.9 MB · 128,046 objects · heap 13.4 MB · Node 22 (V8 12)
     1 Summary  2 Compare  3 Contain  4 Dominators  5 Stats  6 Alloc  7 Strings  8 Search  9 Series  0 Suspects
     All objects · 165 classes                                                                    128,046 objects (13.4 MB)
       Constructor 1–21 of 165                                Count   Distance      Shallow size   Retained size ▼
     ▸ Function                                              ×5,702          2      393 kB   3 %     10.7 MB  80 % ██████▍
     ▸ system / Context                                        ×900          3     74.6 kB   1 %      9.8 MB  73 % █████▉
     ▸ Object                                                  ×531          2      159 kB   1 %      9.1 MB  68 % █████▍
     ▸ Array                                                 ×8,696          3      5.2 MB  39 %      9.0 MB  67 % █████▍
     ▸ Map                                                      ×21          3      156 kB   1 %      8.0 MB  59 % ████▊
     ▸ SessionStore  server.js:103                               ×1         12        96 B   0 %      7.5 MB  56 % ████▌
     ▸ Session  server.js:79                                 ×4,000         15      320 kB   2 %      7.2 MB  54 % ████▍
     ▸ (compiled code)                                      ×20,598        3+−      2.2 MB  16 %      2.3 MB  17 % █▍
     ▸ (string)                                             ×39,283          2      1.8 MB  13 %      1.8 MB  13 % █▏
     ▸ (concatenated string)                                ×16,288          3      521 kB   4 %      782 kB   6 % ▌
     ▸ {entry, receipt}                                        ×401          9     16.0 kB   0 %      739 kB   6 % ▌
     ▸ ArrayBuffer                                             ×838          3     73.8 kB   1 %      708 kB   5 % ▍
     ▸ (sliced string)                                       ×4,001          6      128 kB   1 %      704 kB   5 % ▍
     ▸ system / JSArrayBufferData                              ×833          6      633 kB   5 %      633 kB   5 % ▍
     ▸ {name, plan, delivery}                                ×4,001         12      192 kB   1 %      592 kB   4 % ▍
     ▸ Buffer  node:buffer:274                                 ×402          6     38.6 kB   0 %      492 kB   4 % ▎
     ▸ (object shape)                                        ×4,835          2      455 kB   3 %      486 kB   4 % ▎
     ▸ EventEmitter  node:events:220                             ×3          5       376 B   0 %      436 kB   3 % ▎
     ▸ BuiltinModule  node:internal/bootstrap/realm:239        ×359          9     28.7 kB   0 %      406 kB   3 % ▎
     ▸ (array)                                                  ×79          4      300 kB   2 %      311 kB   2 % ▏
    ↓▸ {product, quantity, total}                            ×4,001         14      192 kB   1 %      256 kB   2 % ▏
    ─ Retainers of 5,702 × Function ────────────────────────────────────────────────────────────────────────────────────────
     4 × Object hold each of 1,631 (of 5,702; 959 directly) between them; also 492 by (slot) in (internal array)[] @224963,
     283 by {…} of exports in BuiltinModule ×8, 231 by {…} in global @6349 ◆, and by 4,221 more
       Held by 1–10 of 4,341                                      Objects ▼ of all        Only     Holders     Retained size
     ▸ {…} in Object ×4                                               1,631   29 %       1,471           4      563 kB   4 %
     ▸ (slot) in (internal array)[] @224963                             492    9 %           2           1     96.5 kB   1 %
     ▸ {…} of exports in BuiltinModule ×8                               283    5 %         174           8      176 kB   1 %
     ▸ {…} in global @6349 ◆                                            231    4 %          16           1      103 kB   1 %
     ▸ constructor in Error ×186                                        221    4 %           0         186     33.2 kB   0 %
     ▸ get constructor in Error ×178                                    210    4 %           0         178     22.6 kB   0 %
     ▸ toString in Error ×172                                           204    4 %         172         172     19.4 kB   0 %
     ▸ <symbol kIsNodeError> in Error ×171                              203    4 %         171         171     20.3 kB   0 %
     ▸ {…} in Stream @206645                                            198    3 %          47           1     92.1 kB   1 %
    ↓▸ […] of price in {price} @210199                                  192    3 %         160           1      442 kB   3 %
     l open  / filter  F find  @ id  f scope  s sort  r retainers  y copy  i info  Tab pane  ? keys  q quit
    ");
}

#[test]
fn statistics_at_80_by_24() {
    let mut person = Person::at_demo(80, 24);
    person.press("5");
    insta::assert_snapshot!(person.sees(), @"
    demo · file 11.9 MB · 128,046 objects · heap 13.4 MB · Node 22 (V8 12)
    1 Sum  2 Comp  3 Cont  4 Dom  5 Stat  6 Alloc  7 Str  8 Find  9 Ser  0 Sus
    Kinds of memory

      Code                             2.2 MB   16 %  ████▌
      Strings                          2.4 MB   18 %  ████▉
      JS arrays                        5.2 MB   39 %  ██████████▌
      Typed arrays                     633 kB    5 %  █▎
      System objects                  92.0 kB    1 %  ▏
      Other JS objects                 2.8 MB   21 %  █████▋
      Other non-JS objects             9.3 kB    0 %
      Total                           13.4 MB  100 %  ███████████████████████████

      V8 heap 12.7 MB · native 643 kB









    / find  @ id  ? keys  q quit
    ");
}

#[test]
fn dominators_at_60_by_16() {
    let mut person = Person::at_demo(60, 16);
    person.press("4 l");
    insta::assert_snapshot!(person.sees(), @"
     demo · file 11.9 MB · 128,046 objects · heap 13.4 MB · Nod…
     1 Sum 2 Com 3 Con 4 Dom 5 Sta 6 All 7 Str 8 Fin 9 Ser 0 Sus
     (root)
       Object 1–5 of 9,033            Dist    Shallow Retained ▼
     ▾ system / Context @6467            7      232 B     8.8 MB
     ▸   Array @210025                   8       64 B     7.5 MB
     ▸   Array @210023                   8     4.5 kB     744 kB
     ▸   EventEmitter @210021            8      104 B     435 kB
    ↓▸   serve() @210001                 8       64 B    19.9 kB
    ─ Retainers of system / Context @6467 ──────────────────────
     close() uses it as its scope; …. Also held by others
       Object 1–3 of 240            Dist ▲    Shallow   Retained
     ▾ context in close() @209187        6       64 B      488 B
     ▾   SIGTERM in {newLis… @209043     5      280 B     1.3 kB
    ↓▾     _events in process @6383      4     6.6 kB    83.9 kB
     l open  / find  @ id  s sort  r retainers  ? keys  q quit
    ");
}

#[test]
fn below_60_by_10_one_line_asks_for_more() {
    for (width, height) in [(59, 24), (80, 9), (48, 3)] {
        let mut person = Person::at_demo(width, height);
        let screen = person.sees();
        assert!(screen.trim().starts_with("heapwalk needs 60"), "{screen}");
        assert_eq!(screen.trim().lines().count(), 1);
    }
}

#[test]
fn names_of_any_width_keep_the_columns_straight() {
    let names =
        ["東京".repeat(40), "e\u{301}".repeat(90), "👩‍👩‍👧".repeat(30), "\u{1b}[2J\r\n\u{202e}x".into(), "é".into()];
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut person = Person::exploring(whole(super::strings(&names)), 80, 24);
    person.press("/ =string enter l");
    let screen = person.screen();
    let rows = &screen[4..10];
    assert!(rows[1].contains("東京東京") && rows[4].contains("␛[2J␍␊\u{fffd}x"), "{screen:#?}");
    for row in rows {
        assert_eq!(width(row), 80, "{row}");
        assert!(row.ends_with(" %"), "{row}");
    }
    assert!(!person.sees().contains('\u{1b}'));
}

#[test]
fn other_locales_get_ascii() {
    let mut person = Person::at_demo(120, 40);
    person.theme = Theme::new(Look { ascii: true, ..PLAIN }, Palette::Dark);
    person.press("l l ?");
    assert!(person.sees().is_ascii(), "{}", person.sees());
    person.press("? i");
    assert!(person.sees().is_ascii());
    person.press("i 5");
    assert!(person.sees().is_ascii() && person.sees().contains("###"));
}

#[test]
fn exact_bytes_are_whole_numbers() {
    let mut person = Person::at_demo(100, 24);
    person.press("b");
    assert!(person.sees().contains("5,702") && person.sees().contains(" B "), "{}", person.sees());
}

#[test]
fn wide_screens_show_details_at_the_right() {
    let mut person = Person::at_demo(140, 30);
    person.press("@ =210215 enter");
    let screen = person.sees();
    assert!(screen.contains("│ SessionStore @210215") && screen.contains("/srv/shop/server.js:103"), "{screen}");
    person.press("tab");
    assert!(person.sees().contains("│ reference     store (context) of"), "they are about the pane with the keys");
    person.press("z");
    assert!(!person.sees().contains("│"), "a pane on the whole screen has all of it");
    person.resize(139, 30);
    person.press("z");
    assert!(!person.sees().contains("│"));
}

#[test]
fn retainers_and_details_at_200_by_50() {
    let mut person = Person::at_demo(200, 50);
    person.press("@ =75851 enter tab j j x");
    let screen = person.sees();
    // Every line fits, and the panes stand side by side.
    assert!(screen.lines().all(|line| width(line) <= 200), "{screen}");
    let bars = screen.lines().filter(|line| line.chars().nth(136) == Some('│')).count();
    assert_eq!(bars, 46, "one border from the first line of the panes to the last: {screen}");
    assert!(screen.contains("ignored: X lists what is, and counts it again"), "{screen}");
}

#[test]
fn the_palette_at_80_by_24() {
    let mut person = Person::at_demo(80, 24);
    person.press(": =path");
    insta::assert_snapshot!(person.screen()[3..9].join("\n"), @"
     ┌─ Commands ──────────────────────────────────────────────────── 1–9 of 9 ─┐ ▼
    ▸│ :path                                                                    │ %
    ▸│ p           next-path  next path to a root, over another holder, open…   │ %
    ▸│ E           root-end  the end of the open path that is at the root       │ %
    ▸│             add  one more snapshot behind the last: `:add FILE`; Tab …   │ %
    ▸│ y           copy  copy the id, name, path, value, row or the command …   │ %
    ");
}

#[test]
fn retainers_with_an_ignored_one_at_120_by_40() {
    let mut person = Person::at_demo(120, 40);
    person.press("@ =210215 enter tab j x");
    insta::assert_snapshot!(person.screen()[25..30].join("\n"), @"
    ─ Retainers of SessionStore @210215 ─────────────────────────────────────────────────────────────────────── 1 ignored ──
     nothing else holds it: without what is ignored it would be freed
       Object 1–2 of 2                                              Distance ▲      Shallow size     Retained size
     ▾ store in system / Context @209993  would go                           −        40 B   0 %      7.5 MB  56 % ████▌
     ▸   context in handleVisit() @208315  server.js:121  ignored            −        64 B   0 %      7.5 MB  56 % ████▌
    ");
}
