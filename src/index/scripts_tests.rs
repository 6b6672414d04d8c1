use std::sync::Arc;

use super::{is_called, known_part};
use crate::heap::{self, Heap, Input, LoadOptions};
use crate::notation::Graph;

fn name(heap: &Heap, script: u32) -> Option<String> {
    heap.script_name(script).map(|name| String::from_utf8_lossy(&name).into_owned())
}

#[test]
fn a_script_is_found_over_a_function_of_it() {
    let check = |text: &str, found: Option<&str>| {
        assert_eq!(name(&Graph::new(text).heap, 7).as_deref(), found, "{text}");
    };
    let over = |edge: &str, script: &str| {
        format!("r -x-> f:closure@7/40/3; f =map=> m:hidden; f =shared=> s:code; s ={edge}=> {script}")
    };
    check(&over("script", "/srv/app.js:code"), Some("/srv/app.js"));
    check(&over("script_or_debug_info", "/srv/app.js:code"), Some("/srv/app.js"));
    check(&over("script", "system+/+Script+/+/srv/app.js:code"), Some("/srv/app.js"));
    check(&over("script", "system+/+Script:code"), None);
    check(&over("script_or_debug_info", "system+/+DebugInfo:code"), None);
    check(&over("feedback", "/srv/app.js:code"), None);
    check("r -x-> C@7/40/3; C =shared=> s:code; s =script=> /srv/app.js:code", None);
}

#[test]
fn another_function_knows_the_script_when_the_first_does_not() {
    let graph = Graph::new(
        "r -f-> f:closure@7/1/1; f =shared=> s:code; s =script_or_debug_info=> system+/+DebugInfo:code
         r -g-> g:closure@7/2/1; g =shared=> t:code; t =script_or_debug_info=> /srv/app.js:code
         r -h-> h:closure@8/1/1; h =shared=> u:code; u =script_or_debug_info=> /srv/b.js:code",
    );
    assert_eq!([7, 8].map(|script| name(&graph.heap, script).unwrap()), ["/srv/app.js", "/srv/b.js"]);
}

/// Two objects with a location; the second says which node its script is. The functions of the allocation stacks name
/// one script more, and another name for the first, which counts less.
const NAMED: &str = r#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],
    "node_types":[["object","synthetic","code"]],"edge_fields":["type","name_or_index","to_node"],
    "edge_types":[["property"]],
    "location_fields":["object_index","script_id","script_object_index","line","column"],
    "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"]},
    "trace_function_count":3},
    "nodes":[1,0,1,0,2, 0,1,3,48,0, 2,2,5,0,0],"edges":[0,1,5, 0,1,10],
    "trace_function_infos":[0,0,4,9,0,0, 1,0,3,9,0,0, 2,0,3,7,0,0],
    "locations":[0,7,999,1,1, 5,7,10,1,1],"strings":["","Order","system / Script / a.js","b.js","unknown"]}"#;

#[test]
fn a_script_is_named_by_its_node_and_by_allocation_stacks() {
    let options = LoadOptions::new(Input::Bundled(NAMED.as_bytes()), Default::default());
    let heap = heap::load(&options, &Arc::default(), &mut |_| {}).expect("a whole snapshot");
    assert_eq!([7, 8, 9].map(|script| name(&heap, script)), [Some("a.js".into()), None, Some("b.js".into())]);
}

#[test]
fn scripts_are_known_by_the_end_of_their_names() {
    let check = |name, base| assert_eq!(known_part(name), base, "{name}");
    check("/srv/app/server.js", "server.js");
    check("server.js", "server.js");
    check(r"C:\srv\app\server.js", "server.js");
    check("file:///srv/c%23/app.mjs?v=2#top", "app.mjs");
    check("/srv/c#/app.mjs?v=2", "app.mjs");
    check("https://cdn.example/app.js?from=/a/b.js", "app.js");
    check("https://shop.example/", "(index)");
    check("webpack-internal:///./src/cart.ts", "cart.ts");
    check("node:internal/timers", "node:internal/timers");
    check("ext:core/01_core.js", "ext:core/01_core.js");
    check("evalmachine.<anonymous>", "evalmachine.<anonymous>");
}

#[test]
fn a_script_is_called_by_the_end_of_its_path() {
    let called = |wanted: &str| is_called("https://shop.example/src/app.js?v=2", wanted);
    assert!(["app.js", "src/app.js", "https://shop.example/src/app.js?v=2"].into_iter().all(called));
    assert!(!called("p.js") && !called("app") && !called("app.js?v=3") && !called(""));
    assert!(is_called(r"C:\srv\app.js", r"srv\app.js") && is_called("node:fs", "node:fs"));
}
