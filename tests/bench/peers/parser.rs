//! Opens a snapshot with the crate `v8-heap-parser`, classes and retained sizes included.

fn main() {
    let path = std::env::args().nth(1).expect("a file");
    let bytes = std::fs::read(path).expect("it can be read");
    let graph = v8_heap_parser::decode_slice(&bytes).expect("a snapshot");
    drop(bytes);
    let groups = graph.get_class_groups(false);
    let largest = groups.iter().map(|group| group.retained_size).max().unwrap_or(0);
    println!("{} classes, {largest} bytes", groups.len());
    // Taking it apart is no part of the answer.
    std::process::exit(0);
}
