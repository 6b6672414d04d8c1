//! The names that rules speak of, found once in the strings.

use crate::base::encode::encode_fields;
use crate::base::ids::{EdgeIx, NodeIx, StrIx};
use crate::columns::{Columns, EdgeType, NodeType, StrSet};

macro_rules! known_names {
    ($($field:ident = $text:literal),* $(,)?) => {
        /// For each name that a rule speaks of, the strings that are equal to it.
        #[derive(Debug, Default)]
        pub(crate) struct Known {
            $(#[doc = concat!("`", $text, "`")] pub $field: StrSet,)*
        }

        encode_fields!(Known { $($field),* });

        impl Known {
            /// One walk over the strings.
            pub(crate) fn find(columns: &Columns) -> Known {
                let mut sets = columns.strings.matching(&[$($text),*]).into_iter();
                Known { $($field: sets.next().expect("one set for each text")),* }
            }
        }
    };
}

known_names! {
    array = "Array",
    window = "window",
    global = "global",
    function = "Function",
    error = "Error",
    document = "document",
    bool_name = "bool",
    document_dom_trees = "(Document DOM trees)",
    context = "context",
    context_local_count = "context_local_count",
    context_object = "<context>",
    empty = "",
    exported_references = "System / ExportedReferences",
    gc_roots = "(GC roots)",
    gc_roots_old = "(GC Roots)",
    root_name = "(root)",
    elements = "elements",
    end_position = "end_position",
    function_name = "function_name",
    system_scope_info = "system / ScopeInfo",
    extension = "extension",
    external_string_data = "system / ExternalStringData",
    first = "first",
    global_object = "global_object",
    global_this = "globalThis",
    hash = "hash",
    int = "int",
    js_array_buffer_data = "system / JSArrayBufferData",
    length = "length",
    map = "map",
    map_descriptors = "(map descriptors)",
    native_context = "native_context",
    name_or_scope_info = "name_or_scope_info",
    object = "Object",
    oddball = "system / Oddball",
    outer_scope_info = "outer_scope_info",
    previous = "previous",
    proto = "__proto__",
    scope_id = "scope_id",
    scope_info = "scope_info",
    scope_type_name = "scope_type_name",
    script = "script",
    script_or_debug_info = "script_or_debug_info",
    second = "second",
    shared = "shared",
    sloppy_function_map = "sloppy_function_map",
    source_url = "source_url",
    start_position = "start_position",
    system_native_context = "system / NativeContext",
    true_text = "true",
    truncated = "truncated",
    v8_event_listener = "V8EventListener",
    value = "value",
}

impl Known {
    /// The synthetic node from which attached and detached documents hang.
    pub(crate) fn is_document_dom_trees(&self, columns: &Columns, node: NodeIx) -> bool {
        columns.nodes.node_type(node) == NodeType::SYNTHETIC
            && self.document_dom_trees.contains(columns.nodes.name(node))
    }

    /// A node from which the distances count: what the program itself sees below the root (HeapSnapshot.ts,
    /// `JSHeapSnapshot.isUserRoot`).
    pub(crate) fn is_user_root(&self, columns: &Columns, node: NodeIx) -> bool {
        columns.nodes.node_type(node) != NodeType::SYNTHETIC || self.is_document_dom_trees(columns, node)
    }

    /// A literal or `new Object`: type object and the raw name `Object`.
    #[inline]
    pub(crate) fn is_plain_object(&self, columns: &Columns, node: NodeIx) -> bool {
        columns.nodes.node_type(node) == NodeType::OBJECT && self.object.contains(columns.nodes.name(node))
    }

    /// Whether a property of this name counts for the names of plain objects: all but `__proto__`.
    #[inline]
    pub(crate) fn is_name_of_property(&self, name: StrIx) -> bool {
        !self.proto.contains(name)
    }

    /// A property that counts for the names of plain objects.
    #[inline]
    pub(crate) fn is_named_property(&self, columns: &Columns, edge: EdgeIx) -> bool {
        columns.edges.edge_type(edge) == EdgeType::PROPERTY && self.is_name_of_property(columns.edges.name(edge))
    }
}
