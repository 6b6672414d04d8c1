//! A snapshot of any size, for measurements: `cargo bench --bench generate -- SIZE FILE`, `SIZE` as `1MB`, `200MB`, `10GB`.

mod generator;

use std::fs::File;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [size, path] = &arguments[..] else {
        // Also what `cargo bench` without a name asks for.
        println!("generate: cargo bench --bench generate -- SIZE FILE (1MB, 200MB, 10GB)");
        return;
    };
    let bytes = bytes(size).expect("a size as 1MB, 200MB or 10GB");
    let started = Instant::now();
    let mut file = File::create(path).expect("a file that can be written");
    let counts = generator::write(bytes, &mut file).expect("room for it");
    let written = file.metadata().expect("it is there").len();
    let generator::Counts { nodes, edges } = counts;
    println!("{path}: {written} bytes, {nodes} nodes, {edges} edges, {:.1} s", started.elapsed().as_secs_f64());
}

/// `200MB` in bytes.
fn bytes(size: &str) -> Option<u64> {
    let digits = size.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(size.len());
    let unit = match &size[digits..] {
        "" | "B" => 1,
        "kB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    size[..digits].parse::<u64>().ok()?.checked_mul(unit)
}
