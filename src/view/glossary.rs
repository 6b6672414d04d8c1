//! One sentence for each thing of the engine that somebody who knows JavaScript has never met.

use super::text;
use crate::base::ids::NodeIx;
use crate::columns::{EdgeType, NodeType};
use crate::heap::Heap;
use crate::index::naming;

/// Beginnings of names, and what bears them. The first that fits holds. Each sentence is true of whatever bears the name,
/// in all versions that are read; what only some versions do is said so.
///
/// Sources: V8's heap-snapshot-generator.cc, roots.h (`ROOT_ID_LIST`), objects/*.tq; Node's base_object-inl.h
/// (`GetDetachedness`); Hermes' GCBase.cpp (`createSnapshot`); Valdi's `runtime.dumpHeap()`.
const GROUPS: [(&str, &[(&str, &str)]); 7] = [
    (
        "Roots of V8",
        &[
            ("(GC roots)", "What the garbage collector starts from: everything it reaches from here stays."),
            ("(GC Roots)", "What the garbage collector starts from: everything it reaches from here stays."),
            (
                "(Stack roots)",
                "What running functions and the engine's own state referred to when the snapshot was taken.",
            ),
            ("(Isolate)", "What running functions and the engine's own state referred to when the snapshot was taken."),
            ("(Global handles)", "References that native code holds: Node.js itself, add-ons, the browser."),
            ("(Handle scope)", "References that native code was using just then; they go with its function."),
            ("(Strong root list)", "Objects that the engine always needs: undefined, empty arrays, its own maps."),
            ("(Strong roots)", "Objects that the engine always needs, or has set down as roots for a while."),
            ("(Smi roots)", "Small numbers that the engine keeps beside its other roots."),
            ("(Read-only roots)", "Objects that the engine always needs and that never change."),
            ("(Builtins)", "The code of functions that come with the engine."),
            ("(Bootstrapper)", "What the engine keeps of its own start: the sources of its extensions."),
            (
                "(Compilation cache)",
                "Functions compiled of late, kept in case the same source comes again; they go as they get old.",
            ),
            (
                "(Internalized strings)",
                "The table of names: each name stands in memory once. It keeps none of them alive.",
            ),
            ("(Symbols)", "The table of names in V8 3: each name stands in memory once. It keeps none of them alive."),
            (
                "(External strings)",
                "The table of strings whose text lies outside the heap. It keeps none of them alive.",
            ),
            ("(Eternal handles)", "References that native code holds until the engine ends."),
            (
                "(Traced handles)",
                "References from C++ objects, in browsers those behind the DOM, that the collector follows.",
            ),
            ("(Micro tasks)", "Jobs that wait for the running code to end: reactions of promises, queueMicrotask()."),
            ("(Debugger)", "What the debugger holds: breakpoints, functions that it has looked at."),
            (
                "(Startup object cache)",
                "Objects that were loaded together with the engine and that native code asks for by number.",
            ),
            ("(Weak roots)", "Lists of the engine that keep nothing alive."),
            ("(Document DOM trees)", "DOM trees that a document shows, in files of older browsers."),
            (
                "(Detached DOM trees)",
                "DOM trees that no document shows and that something still holds, in files of older browsers.",
            ),
            (
                "(Native objects)",
                "Objects of native code by groups, in files of V8 3 to 6. Who holds one wrapper of a group holds all of the group.",
            ),
            ("C++ Persistent roots", "Collected C++ objects that other C++ code of Node.js or the browser holds."),
            ("C++ CrossThreadPersistent roots", "Collected C++ objects that other threads hold."),
            (
                "C++ native stack",
                "Collected C++ objects that running C++ functions referred to when the snapshot was taken.",
            ),
            ("C++ roots", "Collected C++ objects that other C++ code of Node.js or the browser holds."),
            ("C++ cross-thread roots", "Collected C++ objects that other threads hold."),
        ],
    ),
    (
        "Roots of Hermes, Valdi and QuickJS",
        &[
            ("(Registers)", "Variables of functions that were running, and the global object: Hermes keeps it here."),
            ("(RuntimeInstanceVars)", "Objects that Hermes always needs."),
            ("(RuntimeFields)", "Objects that Hermes always needs."),
            ("(RuntimeModules)", "Files of bytecode that are loaded."),
            ("(CharStrings)", "Strings of one character, which Hermes keeps ready."),
            ("(Prototypes)", "The prototypes of built-in classes."),
            ("(IdentifierTable)", "The table of names in Hermes."),
            ("(GCScopes)", "References that native code was using just then; they go with its function."),
            ("(Locals)", "References that native code was using just then; they go with its function."),
            ("(SymbolRegistry)", "Symbols made with Symbol.for()."),
            (
                "(Custom)",
                "References that native code holds: in React Native and Valdi all that C++ has got from JavaScript.",
            ),
            ("(Jobs)", "Jobs that wait for the running code to end: reactions of promises."),
            ("(WeakRef", "What WeakRefs, WeakMaps and native code point at without keeping it alive."),
            (
                "System / ExportedReferences",
                "What native code (C++, Objective-C, Kotlin) has got from TypeScript. An entry goes when its native object does.",
            ),
            ("<context>", "A JavaScript context of QuickJS: it holds the global object and the built-in classes."),
        ],
    ),
    (
        "Scopes and the world",
        &[
            ("system / ContextCell", "The place of a variable in a scope, where V8 has learned how it is used."),
            (
                "system / Context",
                "A scope: the variables that functions inside it use. All of it lives as long as one of these functions, or one that is still running or waiting in it.",
            ),
            (
                "Detached system / NativeContext",
                "The world of a window or frame that is gone, still held: one object or function out of it keeps all of it.",
            ),
            (
                "system / NativeContext",
                "The world of a window, worker or vm context: its global object and built-in classes.",
            ),
            ("system / ScriptContextTable", "The let, const and class variables at the top of scripts."),
            (
                "system / PropertyCell",
                "The place of one property of a global object; the object refers to the value as well.",
            ),
            (
                "system / JSGlobalPropertyCell",
                "The place of one property of a global object, in V8 3; older documents: (global property).",
            ),
            (
                "system / Cell",
                "A place for one value that the engine shares: a variable that a module exports, or a note on a prototype.",
            ),
            ("system / ScopeInfo", "The names of the variables of a scope."),
            ("(function scope info)", "The names of the variables of a scope."),
            ("(context local names)", "The names of the variables of a scope that has many."),
            ("system / EmbedderDataArray", "What Node.js or the browser stores in a JavaScript world."),
        ],
    ),
    (
        "Shapes and stores",
        &[
            ("system / Map", "The shape of objects: which properties they have, and where. Not a JavaScript Map."),
            ("system / DescriptorArray", "The names and places of the properties that objects of one shape have."),
            ("(map descriptors)", "The names and places of the properties that objects of one shape have."),
            ("system / TransitionArray", "Which shape an object gets when a property is added."),
            ("(transition array)", "Which shape an object gets when a property is added."),
            ("system / EnumCache", "The property names of a shape, kept for `for … in`."),
            ("(enum cache)", "The property names of a shape, kept for `for … in`."),
            ("system / PrototypeInfo", "What V8 notes about an object that is a prototype."),
            ("(object elements)", "The store of the numbered properties of an object or array."),
            ("(object properties)", "The store of properties that do not stand in the object itself."),
            ("system / PropertyArray", "The store of properties that do not stand in the object itself."),
            ("system / SwissNameDictionary", "The store of properties that do not stand in the object itself."),
            ("system / AccessorPair", "A getter and a setter of one property."),
            ("system / JSArrayBufferData", "The bytes of an ArrayBuffer or Buffer, outside the JavaScript heap."),
            ("system / ExternalStringData", "The text of a string, kept outside the JavaScript heap."),
            ("system / WeakFixedArray", "A list that can refer to objects without keeping them alive."),
            ("system / WeakArrayList", "A list that can refer to objects without keeping them alive."),
            (
                "system / WeakCell",
                "What a FinalizationRegistry keeps of one register(): it holds the held value, but neither the object nor its token. In Node 10 a pointer that keeps nothing alive.",
            ),
        ],
    ),
    (
        "Code",
        &[
            (
                "(shared function info)",
                "What all closures of one function have in common: code, name, source. It has no scope.",
            ),
            (
                "system / SharedFunctionInfo",
                "What all closures of one function have in common: code, name, source. It has no scope.",
            ),
            ("system / Script", "A piece of source that was compiled as one, a file or an eval(), with its text."),
            (
                "system / UncompiledData",
                "A function without code: nobody has called it, or not for so long that its code was dropped. Its place in the source is kept.",
            ),
            ("system / PreparseData", "What V8 has noted about the functions inside one that it has only skimmed."),
            ("system / BytecodeArray", "A function as V8's interpreter runs it."),
            ("system / BytecodeWrapper", "A link to bytecode, which lies where JavaScript cannot overwrite it."),
            ("system / CodeWrapper", "A link to machine code, which lies where JavaScript cannot overwrite it."),
            ("system / CodeDataContainer", "A link to machine code, with what goes with it."),
            ("system / Code", "Machine code of a function, with what goes with it."),
            ("system / InstructionStream", "Machine code of a function."),
            (
                "system / FeedbackCell",
                "The link from the closures made at one place to what V8 has learned about them.",
            ),
            (
                "system / FeedbackVector",
                "What V8 has learned about a function while it ran; it makes the function fast.",
            ),
            ("system / FeedbackMetadata", "At which places of a function V8 can learn something."),
            (
                "system / ClosureFeedbackCellArray",
                "The links from the functions that a function makes to what V8 has learned about them.",
            ),
            ("system / LoadHandler", "How V8 reads a property at one place of the program, the fast way."),
            ("system / StoreHandler", "How V8 writes a property at one place of the program, the fast way."),
            (
                "system / AllocationSite",
                "What V8 has learned about the arrays or objects made at one place of the program.",
            ),
            ("system / ObjectBoilerplateDescription", "The properties of a literal in the source."),
            ("system / ArrayBoilerplateDescription", "The elements of a literal in the source."),
            ("system / ClassBoilerplate", "The methods of a class in the source."),
            ("(code deopt data)", "What it takes to return from fast code to slow code."),
            ("(code relocation info)", "Where in compiled code there are addresses."),
            ("(source position table)", "Which place of the source each piece of code comes from."),
            ("(script line ends)", "Where the lines of a script end."),
            (
                "(constant pool)",
                "The values that a function's bytecode refers to: texts, functions inside it, shapes of literals.",
            ),
            ("(bound arguments)", "The arguments that bind() has fixed."),
        ],
    ),
    (
        "Promises, errors, modules, regular expressions",
        &[
            (
                "system / PromiseReaction",
                "What is to run once a Promise is settled: the functions of a then(), or an await.",
            ),
            (
                "system / PromiseResolveThenableJobTask",
                "A job that waits to run: a Promise that was resolved with another one.",
            ),
            (
                "system / CallSiteInfo",
                "One line of an Error's stack that nobody has read yet: it holds the function, and what was its `this`.",
            ),
            ("system / StackTraceFrame", "One line of an Error's stack, or of one that the inspector has asked for."),
            ("system / StackFrameInfo", "One line of a stack: function, script and place, as text and numbers."),
            ("system / StackTraceInfo", "A stack that was recorded for the inspector."),
            (
                "system / ErrorStackData",
                "The stack of an Error that nobody has read yet: its lines, each with the function that ran.",
            ),
            (
                "system / SourceTextModule",
                "A module (import, export): its code, variables and the modules that it imports.",
            ),
            ("system / SyntheticModule", "A module that native code offers."),
            (
                "system / RegExpMatchInfo",
                "The last match of a regular expression. It keeps the text that was searched alive.",
            ),
            ("system / RegExpData", "A regular expression, compiled."),
            ("system / IrRegExpData", "A regular expression, compiled."),
            ("system / AtomRegExpData", "A regular expression that is a plain text."),
        ],
    ),
    (
        "Native code",
        &[
            ("system / Managed", "An object of native code that JavaScript owns."),
            ("system / Foreign", "An address of something outside the JavaScript heap."),
            ("system / FunctionTemplate", "A class or function that native code offers to JavaScript."),
            ("system / ObjectTemplateInfo", "The shape of objects that native code offers to JavaScript."),
            ("system / AccessorInfo", "A property that native code answers for."),
            (
                "system / InterceptorInfo",
                "What native code answers for when properties of an object are read or written.",
            ),
            ("system / Oddball", "One of the values undefined, null, true, false, or a placeholder of the engine."),
            ("system / Hole", "A placeholder of the engine: there is no value here."),
            ("heap number", "A number that is no small whole number: it takes an object of its own."),
            (
                "Detached Node / ",
                "An object of Node.js itself that lives as long as its JavaScript object: native code no longer holds that one.",
            ),
            ("Node / ", "An object of Node.js itself, written in C++."),
            ("workerd / ", "An object of workerd itself, written in C++."),
            ("Detached ", "No longer part of a document, but still held: find the property or variable that does."),
            ("system / ", "An object of the engine. What holds it is more telling than what it is."),
            ("blink::", "An object of the browser behind the DOM, written in C++."),
        ],
    ),
];

/// What Hermes writes as ordinary objects but works with itself.
const OF_HERMES: &[(&str, &str)] = &[
    (
        "Environment",
        "A scope: the variables that functions inside it use, by number. All of it lives as long as one of these functions.",
    ),
    ("HiddenClass", "The shape of objects: which properties they have, and where."),
    (
        "ArrayStorage",
        "The store of the elements of an array, or of the properties that do not stand in the object itself.",
    ),
    ("SegmentedArray", "The store of the elements of a long array."),
    ("DictPropertyMap", "Where the properties of an object with very many of them are looked up."),
    ("OrderedHashMap", "The table behind a Map or Set."),
    ("HashMapEntry", "An entry of the table behind a Map or Set: its key and its value."),
    ("PropertyAccessor", "A getter and a setter of one property."),
];

/// What a newcomer should know about the object; nothing where its name says it.
pub(crate) fn about(heap: &Heap, node: NodeIx) -> Option<&'static str> {
    let name = text::safe(&heap.raw_name(node));
    let by_name = by_name(&name);
    let by_type = match heap.node_type(node) {
        // What people write stands in these names.
        NodeType::STRING | NodeType::REGEXP | NodeType::CLOSURE => return None,
        NodeType::CONS_STRING => {
            "Two texts joined with +. V8 copies them together only when it must, so both parts stay."
        }
        NodeType::SLICED_STRING => "A piece of a longer text. It keeps the whole of that text alive.",
        NodeType::CODE if by_name.is_none() && is_shared_function(heap, node) => {
            return self::by_name("system / SharedFunctionInfo");
        }
        NodeType::CODE if by_name.is_none() => "Code, or what comes with it. It grows while a program warms up.",
        NodeType::ARRAY if name.is_empty() => {
            "A store of an object or of the engine: the table of a Map or Set, the elements of an Array, a list."
        }
        NodeType::OBJECT_SHAPE if by_name.is_none() => {
            "How objects of one kind are laid out; V8 shares it between them."
        }
        NodeType::OBJECT if heap.producer().is_hermes() => return by_name.or_else(|| of_hermes(&name)),
        _ => return by_name,
    };
    Some(by_type)
}

/// A class of the program may begin like a thing of Hermes.
fn of_hermes(name: &str) -> Option<&'static str> {
    naming::is_of_hermes(name.as_bytes()).then(|| sentence(OF_HERMES, name)).flatten()
}

fn by_name(name: &str) -> Option<&'static str> {
    GROUPS.iter().find_map(|(_, names)| sentence(names, name))
}

fn sentence(names: &[(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    names.iter().find(|(start, _)| name.starts_with(start)).map(|&(_, sentence)| sentence)
}

/// Before V8 15 these are called by their function and nothing else: known by the `shared` of closures, and by an edge
/// that only they have.
fn is_shared_function(heap: &Heap, node: NodeIx) -> bool {
    let known = heap.known();
    let is_shared = |(edge, _)| {
        heap.edge_type(edge) == EdgeType::INTERNAL && known.shared.contains(heap.columns().edges.name(edge))
    };
    heap.internal_target(node, &known.name_or_scope_info).is_some() || heap.shown_retainers(node).any(is_shared)
}

/// What classes of the Summary are that bear no name of a single thing.
const CLASSES: &[(&str, &str)] = &[
    ("(string)", "Texts, names of properties among them."),
    ("(concatenated string)", "Texts joined with +. Both parts stay in memory."),
    ("(sliced string)", "Pieces of longer texts. Each keeps the whole of its text alive."),
    ("(array)", "Stores of the engine that belong to no single object."),
    ("(system)", "Other objects of the engine."),
    (
        "(compiled code)",
        "Code, and what comes with it: what all closures of one function share has no scope and stands here. It grows while a program warms up.",
    ),
    ("(object shape)", "How objects of one kind are laid out; V8 shares it between them."),
    ("(number)", "Numbers that are no small whole numbers: each takes an object of its own."),
    ("Function", "Functions, those of the engine among them. A function keeps its scope alive."),
    ("Object", "Plain objects that share their properties with no other, or have none."),
];

/// The same for the names of classes in the Summary.
pub(crate) fn about_class(name: &str) -> Option<&'static str> {
    if let Some((_, sentence)) = CLASSES.iter().find(|(class, _)| *class == name) {
        return Some(sentence);
    }
    if name.starts_with('{') { Some("Plain objects that share these properties.") } else { by_name(name) }
}

/// All names with their sentences, under headings: names that share a sentence stand together.
pub(crate) fn all() -> Vec<(&'static str, Vec<(String, &'static str)>)> {
    let groups = [("Classes of the Summary", CLASSES)].into_iter().chain(GROUPS).chain([("Inside Hermes", OF_HERMES)]);
    let group = |(heading, names): (&'static str, &[(&str, &'static str)])| {
        let mut said: Vec<(String, &'static str)> = Vec::new();
        for &(name, sentence) in names {
            // What more follows in the name.
            let name = if name.ends_with([' ', ':']) { format!("`{name}…`") } else { format!("`{name}`") };
            match said.iter_mut().find(|(_, other)| *other == sentence) {
                Some((names, _)) => *names += &format!(", {name}"),
                None => said.push((name, sentence)),
            }
        }
        (heading, said)
    };
    groups.map(group).collect()
}

/// What the filter for a word of older documents and versions is today; nothing for other words.
///
/// `(global property)` and `(roots)` are words of V8's first heap profiler (heap-profiler.cc, `JSObjectsCluster`),
/// `(closure)` and `(regexp)` of earlier DevTools, the others of earlier V8.
pub(crate) fn today(word: &str) -> Option<&'static str> {
    Some(match word {
        "(closure)" => "'Function",
        "(regexp)" => "'RegExp",
        "(code)" => r"/\((compiled )?code\)/",
        "(roots)" => r"/\((GC|Strong|Stack) roots\)|\(Global handles\)/",
        "(global property)" | "JSGlobalPropertyCell" | "system / JSGlobalPropertyCell" => {
            r"/PropertyCell|^\(system\)$/"
        }
        "SharedFunctionInfo" | "SharedFunctionInfos" | "(shared function info)" => {
            r"/SharedFunctionInfo|\(shared function info\)|^\(compiled code\)$/"
        }
        "(Native objects)" => r"/\(Native objects\)|C\+\+ .*roots/",
        "(Symbols)" => r"/\(Symbols\)|\(Internalized strings\)/",
        "(Isolate)" => r"/\(Isolate\)|\(Stack roots\)/",
        "(hidden)" => "'(system)",
        "(symbol)" => "'Symbol",
        "(bigint)" => "'bigint",
        "(shape)" => "'(object shape)",
        "(heap number)" => "'(number)",
        "DOMWindow" => "'Window",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    #[test]
    fn no_entry_is_hidden_by_one_before_it() {
        let names: Vec<_> = GROUPS.iter().flat_map(|(_, names)| names.iter()).collect();
        for (index, (name, _)) in names.iter().enumerate() {
            let first = names.iter().position(|(start, _)| name.starts_with(start));
            assert_eq!(first, Some(index), "{name}");
        }
    }

    #[test]
    fn a_class_of_a_program_is_no_thing_of_hermes() {
        assert!(of_hermes("Environment").is_some_and(|said| said.starts_with("A scope")));
        assert_eq!(of_hermes("EnvironmentProvider"), None);
        assert!(["HashMapEntry", "ArrayStorageSmall", "PropertyAccessor"].iter().all(|name| of_hermes(name).is_some()));
    }

    #[test]
    fn what_closures_share_is_told_from_other_code() {
        let graph = Graph::new(
            "r -a-> f:closure; f =shared=> work:code; work =code=> other:code
             r -b-> g:closure; g =shared=> plain:code; plain =name_or_scope_info=> text:string",
        );
        let said = |name| about(&graph.heap, graph.node(name)).unwrap_or_default();
        assert!(said("work").contains("no scope") && said("plain").contains("no scope"));
        assert!(said("other").starts_with("Code, or"));
        assert!(about_class("(compiled code)").is_some_and(|text| text.contains("no scope")));
    }

    #[test]
    fn a_sentence_is_true_of_all_that_bear_the_name() {
        let said = |name: &str| about_class(name).unwrap_or_default().to_owned();
        assert!(said("system / WeakCell").contains("holds the held value"));
        assert!(said("system / CallSiteInfo").contains("function"));
        assert!(said("Detached Node / ZlibStream").contains("native code no longer holds"));
        assert!(said("Detached <div>").contains("document"));
        assert!(said("Detached system / NativeContext").contains("window"));
        let words = [
            "system / JSGlobalPropertyCell",
            "(Native objects)",
            "C++ Persistent roots",
            "C++ native stack roots",
            "System / ExportedReferences",
            "(Symbols)",
            "(Custom)",
        ];
        for word in words {
            assert!(!said(word).is_empty(), "{word}");
        }
    }

    #[test]
    fn texts_and_names_of_functions_are_no_things_of_the_engine() {
        let graph = Graph::new("r -a-> system+/+Map:string; r -b-> (GC+roots):closure");
        assert_eq!([1, 2].map(|node| about(&graph.heap, NodeIx(node))), [None, None]);
    }

    #[test]
    fn things_of_the_engine_are_explained_and_others_are_not() {
        let graph =
            Graph::new("r -a-> system+/+Context+/+scope; r -b-> Session; r -c-> x:sliced+string; r -d-> y:code");
        let said = |name| about(&graph.heap, graph.node(name));
        assert!(said("system+/+Context+/+scope").is_some_and(|text| text.contains("A scope")));
        assert_eq!(said("Session"), None);
        assert!(said("x").is_some() && said("y").is_some());
        assert!(about_class("(compiled code)").is_some() && about_class("Session").is_none());
    }
}
