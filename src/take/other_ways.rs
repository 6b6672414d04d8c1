//! How a snapshot comes about where no inspector takes one.

/// How a snapshot of Bun comes about.
pub(super) const BUN: &str = "Bun has an inspector of another kind; in the program, \
    `await Bun.write(\"app.heapsnapshot\", Bun.generateHeapSnapshot(\"v8\"))` writes a snapshot";

/// How a snapshot comes about where there is no such protocol; by the name of the program or of its inspector.
pub(super) fn other_way(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let begins = |start: &str| name.starts_with(start);
    Some(match () {
        () if begins("bun") => BUN,
        () if begins("deno") => "Deno opens its inspector only with --inspect; then `heapwalk take 127.0.0.1:9229`",
        () if begins("workerd") => "workerd opens its inspector only with -iHOST:PORT; then `heapwalk take HOST:PORT`",
        () if begins("chrom") || begins("google-chrome") || begins("msedge") || begins("headless_shell") => {
            "a browser opens its inspector only with --remote-debugging-port=9222; then `heapwalk take 127.0.0.1:9222`"
        }
        () if begins("qjs") || begins("quickjs") => "QuickJS has no inspector and writes no snapshots of this format",
        () if begins("hermes") => {
            "Hermes alone has no inspector; in the program, `createHeapSnapshot(\"app.heapsnapshot\")`"
        }
        () => return None,
    })
}
