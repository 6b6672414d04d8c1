//! What tests share: the bundled heap, loaded once, and heaps of bytes.

use std::sync::{Arc, OnceLock};

use crate::heap::{self, Heap, Input, LoadOptions};

pub(crate) static DEMO: &[u8] = include_bytes!("../assets/demo.heapsnapshot.zst");

/// The bundled heap with all indexes.
pub(crate) fn demo() -> Arc<Heap> {
    static HEAP: OnceLock<Arc<Heap>> = OnceLock::new();
    HEAP.get_or_init(|| whole(DEMO)).clone()
}

/// A heap with all indexes.
pub(crate) fn whole(bytes: &'static [u8]) -> Arc<Heap> {
    let options = LoadOptions::new(Input::Bundled(bytes), Default::default());
    heap::load(&options, &Arc::default(), &mut |_| {}).expect("the snapshot of a test can be read")
}
