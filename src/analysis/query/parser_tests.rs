use super::*;

/// An expression as a text that shows its structure.
fn shown(expr: &Expr) -> String {
    let list = |parts: &[Expr], word: &str| parts.iter().map(shown).collect::<Vec<_>>().join(word);
    match expr {
        Expr::All(parts) => format!("({})", list(parts, " & ")),
        Expr::Any(parts) => format!("({})", list(parts, " | ")),
        Expr::Not(part) => format!("!{}", shown(part)),
        Expr::Is(condition) => of(condition),
    }
}

fn of(condition: &Condition) -> String {
    match condition {
        Condition::Anywhere(matcher) => written(matcher),
        Condition::Class(matcher) => format!("class {}", written(matcher)),
        Condition::Type(matcher) => format!("type {}", written(matcher)),
        Condition::Name(matcher) => format!("name {}", written(matcher)),
        Condition::Text(matcher) => format!("text {}", written(matcher)),
        Condition::Has(matcher) => format!("has {}", written(matcher)),
        Condition::Property { name, value } => {
            let value = match value {
                Value::Text(matcher) => written(matcher),
                Value::Number(number, _) => format!("number {number}"),
                Value::Compared(op, number) => format!("{op:?} {number}"),
                Value::Constant(constant, _) => format!("the {constant}"),
                Value::Object(id) => format!("@{id}"),
            };
            format!("[{}] {value}", String::from_utf8_lossy(name))
        }
        Condition::Number(field, bound) => format!("{field:?} {:?} {}", bound.op, bound.value),
        Condition::Detached => "detached".into(),
        Condition::Place(place) => {
            let script = match &place.script {
                Script::Named(name) => name.clone(),
                Script::Number(number) => format!("#{number}"),
                Script::Like(matcher) => written(matcher),
            };
            format!("at {script} {:?} {:?}", place.line, place.column)
        }
        Condition::Dominated(id) => format!("dominated {id}"),
        Condition::Reachable(id) => format!("reachable {id}"),
        Condition::Id(id) => format!("id {id}"),
    }
}

fn written(matcher: &Matcher) -> String {
    match matcher {
        Matcher::Is(text) => format!("={}", String::from_utf8_lossy(text)),
        Matcher::Has(finder) => format!("~{}", String::from_utf8_lossy(finder.needle())),
        Matcher::Matches { regex, .. } => format!("/{regex}/"),
    }
}

fn read(text: &str) -> String {
    match parse(text) {
        Ok((expr, end)) => {
            assert_eq!(end, text.len(), "{text}");
            shown(&expr)
        }
        Err(mistake) => panic!("{mistake}: {text}"),
    }
}

#[test]
fn every_condition_reads_as_its_example_says() {
    let cases = [
        ("Sess", "~Sess"),
        ("ab", "/[aA][bB]/"),
        ("\"a B\"", "~a B"),
        ("/^Sess/", "/^Sess/"),
        ("class:Session", "class =Session"),
        ("class:(string)", "class =(string)"),
        ("class~SE", "class ~SE"),
        ("class~/^S e/", "class /^S e/"),
        ("type:\"concatenated string\"", "type =concatenated string"),
        ("name~12", "name ~12"),
        ("text:\"\"", "text ="),
        ("text~\"A b\"", "text ~A b"),
        ("has:user", "has =user"),
        ("prop.user:\"eve\"", "[user] =eve"),
        ("prop.user:eve", "[user] =eve"),
        ("prop.\"my key\"~EV", "[my key] ~EV"),
        ("prop.n:42", "[n] number 42"),
        ("prop.n:\"42\"", "[n] =42"),
        ("prop.n:-1.5e3", "[n] number -1500"),
        ("prop.n:Infinity", "[n] =Infinity"),
        ("prop.n<=-2", "[n] LessOrEqual -2"),
        ("prop.n!=0", "[n] Unequal 0"),
        ("prop.done:true", "[done] the true"),
        ("prop.done:\"true\"", "[done] =true"),
        ("prop.parent:@12", "[parent] @12"),
        ("prop.0:x", "[0] =x"),
        ("shallow>1kB", "Shallow More 1000"),
        ("shallow=1,234", "Shallow Equal 1234"),
        ("retained>=1.5MB", "Retained MoreOrEqual 1500000"),
        ("retained<2gb", "Retained Less 2000000000"),
        ("distance<5", "Distance Less 5"),
        ("distance:5", "Distance Equal 5"),
        ("refs>60_000", "References More 60000"),
        ("retainers!=1", "Retainers Unequal 1"),
        ("detached", "detached"),
        ("detachedNodes", "~detachedNodes"),
        ("place:server.js:79", "at server.js Some(78) None"),
        ("place:/srv/a.js:79:5", "at /srv/a.js Some(78) Some(4)"),
        ("place:node:internal/timers", "at node:internal/timers None None"),
        ("place:http://localhost:8080/a.js:3", "at http://localhost:8080/a.js Some(2) None"),
        ("place:\"script 12:3\"", "at #12 Some(2) None"),
        ("place~/JS:7/", "at /JS:7/ None None"),
        ("dominated:@123", "dominated 123"),
        ("reachable:123", "reachable 123"),
        ("id:@1", "id 1"),
        ("http://x/Y", "~http://x/Y"),
        ("node:Internal", "~node:Internal"),
        ("a>B", "~a>B"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn or_binds_less_than_and_and_not_binds_most() {
    let cases = [
        ("A B", "(~A & ~B)"),
        ("A and B or C", "((~A & ~B) | ~C)"),
        ("A or B C", "(~A | (~B & ~C))"),
        ("not A B", "(!~A & ~B)"),
        ("not (A or B)", "!(~A | ~B)"),
        ("not not A", "!!~A"),
        ("( A OR B )AND(C)", "((~A | ~B) & ~C)"),
        ("class:(string)or X:1", "(class =(string)or & ~X:1)"),
        ("(class:(string))", "class =(string)"),
        ("Order", "~Order"),
        ("\"OR\" ANDROID", "(~OR & ~ANDROID)"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn a_mistake_says_where_and_what_was_expected() {
    let cases = [
        ("", 0, 0, "expected what to find"),
        ("  ", 2, 2, "expected what to find"),
        ("class:", 6, 6, "expected a text, as in class:Session"),
        ("class: x", 6, 7, "expected a text"),
        ("class>5", 5, 6, "expected : or ~ behind class"),
        ("clas:Session", 0, 4, "no condition is called clas: class may be meant"),
        ("size>5", 0, 4, "shallow or retained may be meant"),
        ("shallow~5", 7, 8, "expected <, <=, >, >=, = or != behind shallow"),
        ("shallow>x", 8, 9, "expected a size, as in shallow>1kB"),
        ("shallow>1xB", 9, 11, "expected B, kB, MB or GB"),
        ("shallow>", 8, 8, "expected a size"),
        ("distance<1.5", 9, 12, "expected a whole number"),
        ("refs>1kB", 5, 8, "expected a whole number"),
        ("id:x", 3, 4, "expected an id"),
        ("id>3", 2, 3, "expected : behind id"),
        ("prop.", 5, 5, "expected the name of a property"),
        ("prop:user", 4, 5, "expected the name of a property"),
        ("prop.user", 9, 9, "expected a sign and a value"),
        ("prop.n>x", 7, 8, "expected a number, as in prop.n>5"),
        ("detached:x", 8, 9, "expected nothing behind detached"),
        ("a and", 5, 5, "expected a condition"),
        ("and a", 0, 3, "expected a condition before and"),
        ("a or or b", 5, 7, "expected a condition before or"),
        ("a and and b", 6, 9, "expected a condition before and"),
        ("not", 3, 3, "expected a condition behind not"),
        ("(a", 0, 1, "expected the ) that closes this"),
        ("a)", 1, 2, "no ( is open here"),
        ("()", 1, 2, "expected a condition"),
        ("\"ab", 0, 3, "expected \" at the end"),
        ("\"ab\"c", 4, 5, "expected a space behind the text"),
        ("\"\"", 0, 2, "expected a text between the quotes"),
        ("/ab", 0, 3, "expected / at the end of the pattern"),
        ("name~/(/", 5, 8, "this is no pattern: error: unclosed group"),
        ("ä class:", 9, 9, "expected a text"),
    ];
    for (text, start, end, problem) in cases {
        let mistake = parse(text).expect_err(text);
        assert!(mistake.problem.contains(problem), "{text}: {}", mistake.problem);
        assert_eq!(mistake.at, start..end, "{text}");
        assert_eq!(mistake.query, text);
    }
    assert_eq!(parse("ä class:").expect_err("no value").to_string().split(": ").next(), Some("query, character 9"));
}

#[test]
fn a_bar_of_its_own_ends_the_query() {
    let end = |text: &str| parse(text).map(|(_, end)| end).expect(text);
    assert_eq!(end("class:Session | count > 0"), 14);
    assert_eq!(end("a|b"), 3);
    assert!(parse("| count > 0").is_err());
}

#[test]
fn however_much_is_written_nothing_overflows() {
    for text in ["(".repeat(100_000), "not ".repeat(100_000) + "x", "a ".repeat(100_000)] {
        let problem = parse(&text).expect_err("too much").problem;
        assert!(problem.contains("fewer"), "{problem}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(
        text in "[a-e \"/()|:~<>=.@0-9ÄöA-C\\\\]{0,24}|(class|prop\\.|has|not |or |and |place|[:~<>=( )\"/x1@]){0,12}"
    ) {
        if let Err(mistake) = parse(&text) {
            // A place that can be shown.
            proptest::prop_assert!(text.get(mistake.at.clone()).is_some(), "{:?} in {text:?}", mistake.at);
        }
    }
}
