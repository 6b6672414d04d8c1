//! The version of the index: a hash of the source of all that decides what an index says. An index that other source
//! has made is made anew, also while somebody works on that source.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const SOURCES: [&str; 6] = ["base", "cache", "columns", "heap", "index", "input"];

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    hash.add(std::env::var("CARGO_PKG_VERSION").unwrap_or_default().as_bytes());
    for folder in SOURCES {
        let folder = Path::new("src").join(folder);
        println!("cargo:rerun-if-changed={}", folder.display());
        for file in files(&folder)? {
            hash.add(file.to_string_lossy().as_bytes());
            hash.add(&fs::read(&file)?);
        }
    }
    println!("cargo:rustc-env=HEAPWALK_INDEX_VERSION={:016x}", hash.0);
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

/// FNV-1a, 64 bits.
struct Fnv(u64);

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
