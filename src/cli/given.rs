//! What a FILE on the command line means.

use std::path::Path;

use crate::heap::Input;

/// A real snapshot of a small leaking server (`tests/fixtures/demo`).
pub(crate) static DEMO: &[u8] = include_bytes!("../../assets/demo.heapsnapshot.zst");

/// A path, or the bundled snapshot for `demo` where no file has that name.
pub(crate) fn input(path: &Path) -> Input {
    if path.as_os_str() == "demo" && !path.exists() { Input::Bundled(DEMO) } else { Input::Path(path.to_owned()) }
}
