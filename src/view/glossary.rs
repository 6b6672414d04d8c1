//! One sentence for each thing of the engine that somebody who knows JavaScript has never met.

use super::text;
use crate::base::ids::NodeIx;
use crate::columns::NodeType;
use crate::heap::Heap;

/// Beginnings of names, and what bears them. The first that fits holds.
const NAMES: &[(&str, &str)] = &[
    ("(GC roots)", "What the garbage collector starts from: everything it reaches from here stays."),
    ("(Stack roots)", "Variables of functions that were running when the snapshot was taken."),
    ("(Global handles)", "References that native code holds: Node.js itself, add-ons, the browser."),
    ("(Handle scope)", "References that native code was using just then; they go with its function."),
    ("(Strong root list)", "Objects that the engine always needs: undefined, empty arrays, its own maps."),
    ("(Strong roots)", "Objects that the engine always needs."),
    ("(Builtins)", "The code of functions that come with the engine."),
    ("(Bootstrapper)", "What the engine made while it started."),
    ("(Internalized strings)", "The table of names: each name stands in memory once. It keeps none of them alive."),
    ("(External strings)", "The table of strings whose text lies outside the heap. It keeps none of them alive."),
    ("(Eternal handles)", "References that native code holds until the process ends."),
    ("(Traced handles)", "References between JavaScript and the browser's own objects."),
    ("(Document DOM trees)", "All DOM trees: those that a document shows, and those that are only held."),
    ("(Feedback)", "What V8 has learned about a function while it ran."),
    ("(map descriptors)", "The names and places of the properties that objects of one shape have."),
    ("(object elements)", "The store of the numbered properties of an object or array."),
    ("(object properties)", "The store of the properties that did not fit into the object itself."),
    ("(internal array)", "A store behind an object: the table of a Map or Set, or the elements of an Array."),
    ("(code deopt data)", "What it takes to return from fast code to slow code."),
    ("(code relocation info)", "Where in compiled code there are addresses."),
    ("(source position table)", "Which place of the source each piece of code comes from."),
    ("(function scope info)", "The names of the variables of a function's scope."),
    ("(transition array)", "Which shape an object gets when a property is added."),
    ("(shared function info)", "What all closures of one function have in common: code, name, source."),
    (
        "system / Context",
        "The scope of a function: the variables that its inner functions use. All of it lives as long as one of these functions does.",
    ),
    ("system / NativeContext", "The world of a window, worker or vm context: its global object and built-in classes."),
    ("system / Map", "The shape of objects: which properties they have, and where. Not a JavaScript Map."),
    ("system / JSArrayBufferData", "The bytes of an ArrayBuffer or Buffer, outside the JavaScript heap."),
    ("system / ExternalStringData", "The text of a string, kept outside the JavaScript heap."),
    ("system / WeakCell", "What a WeakRef or a property table points with: it keeps nothing alive."),
    ("system / PropertyCell", "The place of a global variable."),
    ("system / Cell", "The place of a value that several functions share."),
    ("system / AccessorPair", "A getter and a setter of one property."),
    ("system / ScopeInfo", "The names of the variables of a function's scope."),
    ("system / FeedbackCell", "Where V8 keeps what it has learned about a function."),
    ("system / FeedbackVector", "What V8 has learned about a function while it ran; it makes the function fast."),
    ("system / SharedFunctionInfo", "What all closures of one function have in common: code, name, source."),
    ("system / UncompiledData", "A function that nobody has called yet: only its place in the source is known."),
    ("system / BytecodeArray", "A function as V8's interpreter runs it."),
    ("system / Script", "A file of source, with its text."),
    ("system / DescriptorArray", "The names and places of the properties that objects of one shape have."),
    ("system / TransitionArray", "Which shape an object gets when a property is added."),
    ("system / EnumCache", "The property names of a shape, kept for `for … in`."),
    ("system / PrototypeInfo", "What V8 notes about an object that is a prototype."),
    ("system / WeakFixedArray", "A list that keeps nothing alive."),
    ("system / WeakArrayList", "A list that keeps nothing alive."),
    ("system / PromiseReaction", "What happens once a Promise is settled."),
    ("system / Managed", "An object of native code that JavaScript owns."),
    ("system / FunctionTemplateInfo", "A class that native code offers to JavaScript."),
    ("system / ObjectTemplateInfo", "The shape of objects that native code offers to JavaScript."),
    ("system / EmbedderDataArray", "What Node.js or the browser stores in a JavaScript world."),
    ("system / Oddball", "One of the values undefined, null, true, false, or a placeholder of the engine."),
    ("heap number", "A number that is no small whole number: it takes an object of its own."),
    ("Detached ", "No longer part of a document, but still held: find the property or variable that does."),
    ("system / ", "An object of the engine. What holds it is more telling than what it is."),
    ("blink::", "An object of the browser behind the DOM, written in C++."),
];

/// What a newcomer should know about the object; nothing where its name says it.
pub(crate) fn about(heap: &Heap, node: NodeIx) -> Option<&'static str> {
    let name = text::safe(&heap.raw_name(node));
    let by_type = match heap.node_type(node) {
        NodeType::CONS_STRING => {
            "Two texts joined with +. V8 copies them together only when it must, so both parts stay."
        }
        NodeType::SLICED_STRING => "A piece of a longer text. It keeps the whole of that text alive.",
        NodeType::CODE if !NAMES.iter().any(|(start, _)| name.starts_with(start)) => {
            "Code, or what comes with it. It grows while a program warms up."
        }
        NodeType::ARRAY if name.is_empty() => {
            "A store behind an object: the table of a Map or Set, or the elements of an Array."
        }
        NodeType::OBJECT_SHAPE if !name.starts_with("system / ") => {
            "How objects of one kind are laid out; V8 shares it between them."
        }
        _ => "",
    };
    if !by_type.is_empty() {
        return Some(by_type);
    }
    NAMES.iter().find(|(start, _)| name.starts_with(start)).map(|&(_, sentence)| sentence)
}

/// The same for the names of classes in the Summary.
pub(crate) fn about_class(name: &str) -> Option<&'static str> {
    let sentence = match name {
        "(string)" => "Texts, names of properties among them.",
        "(concatenated string)" => "Texts joined with +. Both parts stay in memory.",
        "(sliced string)" => "Pieces of longer texts. Each keeps the whole of its text alive.",
        "(array)" => "Stores of the engine that belong to no single object.",
        "(system)" => "Other objects of the engine.",
        "(compiled code)" => "Code, and what comes with it. It grows while a program warms up.",
        "(object shape)" => "How objects of one kind are laid out; V8 shares it between them.",
        "(number)" => "Numbers that are no small whole numbers: each takes an object of its own.",
        "Function" => "Functions, those of the engine among them. A function keeps its scope alive.",
        "Object" => "Plain objects of which there is only one of a kind.",
        _ if name.starts_with('{') => "Plain objects that share these properties.",
        _ => return NAMES.iter().find(|(start, _)| name.starts_with(start)).map(|&(_, sentence)| sentence),
    };
    Some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::Graph;

    #[test]
    fn no_entry_is_hidden_by_one_before_it() {
        for (index, (name, _)) in NAMES.iter().enumerate() {
            let first = NAMES.iter().position(|(start, _)| name.starts_with(start));
            assert_eq!(first, Some(index), "{name}");
        }
    }

    #[test]
    fn things_of_the_engine_are_explained_and_others_are_not() {
        let graph =
            Graph::new("r -a-> system+/+Context+/+scope; r -b-> Session; r -c-> x:sliced+string; r -d-> y:code");
        let said = |name| about(&graph.heap, graph.node(name));
        assert!(said("system+/+Context+/+scope").is_some_and(|text| text.contains("scope of a function")));
        assert_eq!(said("Session"), None);
        assert!(said("x").is_some() && said("y").is_some());
        assert!(about_class("(compiled code)").is_some() && about_class("Session").is_none());
    }
}
