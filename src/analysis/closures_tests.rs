use super::*;
use crate::columns::ScopeRecord;
use crate::notation::Graph;

/// `outer` has made a context with the variables `dead` and `used`; the closure `inner`, which uses `used`, lives.
pub(crate) const GRAPH: &str = "
    r -c-> system+/+Context#1[1]; system+/+Context#1 =scope_info=> system+/+ScopeInfo#1:code
    system+/+Context#1 $dead$> big[100]; system+/+Context#1 $used$> small[10]
    system+/+ScopeInfo#1 =scope_id=> int#1:number; int#1 =value=> 1#v:string
    system+/+ScopeInfo#1 =function_name=> outer:string
    r -f-> inner:closure; inner =context=> system+/+Context#1
    inner =shared=> system+/+SharedFunctionInfo+/+inner:code
    system+/+SharedFunctionInfo+/+inner =script=> system+/+Script+/+a.js:code
    system+/+SharedFunctionInfo+/+inner =scope_id=> int#2:number; int#2 =value=> 2#v:string
    r -o-> system+/+SharedFunctionInfo+/+outer:code
    system+/+SharedFunctionInfo+/+outer =name_or_scope_info=> system+/+ScopeInfo#1
    system+/+SharedFunctionInfo+/+outer =script=> system+/+Script+/+a.js";

/// The graph with the tables of its script, or without any.
pub(crate) fn scoped(graph: &str, has_tables: bool) -> Graph {
    Graph::with(graph, |columns| {
        let string = |text: &str| {
            let strings = (0..columns.strings.len() as u32).map(StrIx);
            strings.into_iter().find(|&string| &*columns.strings.get(string) == text.as_bytes()).expect("a string").0
        };
        let script = (0..columns.nodes.len())
            .map(NodeIx::new)
            .find(|&node| columns.nodes.name(node).0 == string("system / Script / a.js"))
            .expect("the script");
        let script_node_index = script.0 as u64 * columns.header.node_fields.len() as u64;
        let record =
            |scope_id, depth, variables, uses| ScopeRecord { script_node_index, scope_id, depth, variables, uses };
        if has_tables {
            // Scope 2 stands in scope 1 and uses its second variable.
            columns.scopes.scopes = vec![record(1, 0, 2, 0), record(2, 1, 0, 1)].into();
            columns.scopes.variables = vec![string("dead") as u64, string("used") as u64].into();
            columns.scopes.uses = vec![[1, 1]].into();
        }
    })
}

fn analyzed(graph: &str, has_tables: bool) -> (Graph, Analysis) {
    let graph = scoped(graph, has_tables);
    let analysis = analyze(&graph.heap, &Meter::default()).expect("nobody cancels");
    (graph, analysis)
}

#[test]
fn a_variable_that_no_living_function_uses_is_dead() {
    let (graph, analysis) = analyzed(GRAPH, true);
    let [scope] = &analysis.scopes[..] else { panic!("one scope: {analysis:?}") };
    assert_eq!(
        (scope.name.as_deref(), &scope.script_name[..], scope.field_count),
        (Some(&b"outer"[..]), &b"a.js"[..], 2)
    );
    let [context] = &scope.contexts[..] else { panic!("one context: {scope:?}") };
    assert_eq!((context.context, context.dead_size), (graph.node("system+/+Context#1"), 100));
    assert_eq!(context.fields.iter().map(|field| graph.name(field.value)).collect::<Vec<_>>(), ["big"]);
    assert!(analysis.unknown.is_empty());
}

#[test]
fn without_the_function_that_uses_it_the_other_is_dead_as_well() {
    let (_, analysis) = analyzed(&GRAPH.replace("inner =context=> system+/+Context#1", "inner -x-> small"), true);
    assert_eq!(analysis.scopes[0].contexts[0].fields.len(), 2);
    assert_eq!(analysis.scopes[0].contexts[0].dead_size, 110);
}

#[test]
fn a_script_without_tables_is_named_with_its_contexts() {
    let (graph, analysis) = analyzed(GRAPH, false);
    assert!(analysis.scopes.is_empty());
    let [script] = &analysis.unknown[..] else { panic!("one script: {analysis:?}") };
    assert_eq!((script.script, script.contexts), (graph.node("system+/+Script+/+a.js"), 1));
}
