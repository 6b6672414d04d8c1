//! The version of the index: a hash of the source of all that decides what an index says. An index that other source
//! has made is made anew, also while somebody works on that source. And `cfg(development)`: whether the build is one for
//! whoever works on the program, tests among them, which looks at itself more closely than one that is handed out.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

const SOURCES: [&str; 6] = ["base", "cache", "columns", "heap", "index", "input"];

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=src/build.rs");
    // Another compiler may hash otherwise; then indexes are made anew.
    let mut hash = DefaultHasher::new();
    std::env::var_os("CARGO_PKG_VERSION").hash(&mut hash);
    for folder in SOURCES {
        let folder = Path::new("src").join(folder);
        println!("cargo:rerun-if-changed={}", folder.display());
        for file in files(&folder)? {
            fs::read(&file)?.hash(&mut hash);
            file.hash(&mut hash);
        }
    }
    println!("cargo:rustc-env=HEAPWALK_INDEX_VERSION={:016x}", hash.finish());
    println!("cargo:rustc-check-cfg=cfg(development)");
    if std::env::var_os("PROFILE").is_some_and(|profile| profile == "debug") {
        println!("cargo:rustc-cfg=development");
    }
    Ok(())
}

/// All files below a folder, in the order of their names.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    Ok(found)
}
