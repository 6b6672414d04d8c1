//! A heap ⇄ the index cache: what every heap has is one pack, each product is another. So a command that computes little
//! keeps little, the next one adds what it has computed besides, and nothing is written twice.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::Heap;
use super::options::{Input, LoadOptions};
use super::stages::with_needs;
use super::wants::{Product, Wants};
use crate::base::meter::Meter;
use crate::cache::{Entry, Pack};
use crate::error::Result;
use crate::index::RootMode;
use crate::input::Watch;

/// The pack of what every heap has.
const BASE: &str = "Columns";
/// The stage of taking what is kept.
pub(crate) const OPENING: &str = "index cache";
/// The stage of keeping.
const KEEPING: &str = "write index cache";
/// Heaps that take less are not kept: to read such a file again takes no longer than to find it here.
const LEAST: u64 = if cfg!(test) { 1 << 16 } else { 1 << 20 };

/// Where a heap is kept between runs, if it is.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Nothing for what cannot be kept: standard input, what is bundled, `--no-cache`.
    pub(super) entry: Option<Entry>,
    /// Whether the columns come from there.
    has_base: bool,
}

/// Where the snapshot to load is kept; nothing where it is not to be.
pub(super) fn entry(options: &LoadOptions) -> Option<Entry> {
    let (Some(cache), Input::Path(path)) = (&options.cache, &options.input) else { return None };
    if path == Path::new("-") {
        return None;
    }
    // Whatever makes another heap of the same file. What `--partial` changes is never kept.
    let variant = match options.roots {
        RootMode::All => "all roots",
        RootMode::DevTools => "node 0",
    };
    cache.entry(path, variant)
}

/// Whether what a load wants is kept, so that nothing would be read and next to nothing computed.
pub(crate) fn is_kept(options: &LoadOptions) -> bool {
    let of_all = |entry: &Entry| {
        let products = Product::ALL.into_iter().filter(|&product| options.wants.contains(product));
        [None].into_iter().chain(products.map(Some)).all(|of| entry.has(pack_of(of)))
    };
    entry(options).is_some_and(|entry| of_all(&entry))
}

fn pack_of(product: Option<Product>) -> String {
    product.map_or_else(|| BASE.into(), |product| format!("{product:?}"))
}

/// A heap with what is kept of it and wanted, every block checked. Nothing where the columns are not kept.
///
/// # Errors
/// `Error::Cancelled` once somebody has asked the work to stop.
pub(super) fn open(entry: Entry, wants: Wants, watch: &Watch) -> Result<Option<Heap>> {
    let Some(base) = entry.open(BASE) else { return Ok(None) };
    watch.stage(OPENING, || {
        let meter = &watch.meter;
        let open = |product: Product| Some((product, entry.open(&pack_of(Some(product)))?));
        let wanted = Product::ALL.into_iter().filter(|&product| with_needs(wants).contains(product));
        // Opened now: what is cleared meanwhile stays readable.
        let packs: Vec<(Product, Pack)> = wanted.filter_map(open).collect();
        meter.set_total(base.len() + packs.iter().map(|(_, pack)| pack.len()).sum::<u64>());
        let heap = match base.check(meter)? {
            true => Heap::of_base(wants, &mut |entry| base.part(entry.name)).ok(),
            false => None,
        };
        let Some(mut heap) = heap else {
            entry.discard(BASE);
            meter.begin_again();
            return Ok(None);
        };
        entry.touch(BASE);
        for (product, pack) in packs {
            let is_whole = pack.check(meter)?;
            if !is_whole || !heap.put(product, &mut |entry| pack.part(entry.name)).unwrap_or(false) {
                entry.discard(pack_of(Some(product)));
            }
        }
        heap.kept = Kept { entry: Some(entry.clone()), has_base: true };
        Ok(Some(heap))
    })
}

impl Heap {
    /// Whether it was in the index cache, at least its columns.
    pub(crate) fn is_from_cache(&self) -> bool {
        self.kept.has_base
    }

    /// Keeps what is there and not kept yet, for the next time.
    ///
    /// # Errors
    /// Whatever the system says: the disk is full, the directory cannot be written to. Then less is kept, or nothing.
    pub(crate) fn keep(&self, watch: &Watch) -> io::Result<()> {
        let Some(entry) = self.kept.entry.as_ref().filter(|_| !self.columns().is_cut_off) else { return Ok(()) };
        let there = self.there();
        let products = Product::ALL.into_iter().filter(|&product| there.contains(product));
        let mut packs: Vec<(Option<Product>, u64)> =
            [None].into_iter().chain(products.map(Some)).map(|of| (of, 0)).collect();
        self.visit_parts(&mut |part, _, bytes| {
            for (_, size) in packs.iter_mut().filter(|(of, _)| *of == part.product) {
                *size += bytes.len() as u64;
            }
        });
        if packs[0].1 < LEAST {
            return Ok(());
        }
        packs.retain(|&(of, size)| size > 0 && !entry.has(pack_of(of)));
        if packs.is_empty() || !entry.is_current() {
            return Ok(());
        }
        watch.timings.stage(KEEPING, || {
            let bytes = packs.iter().map(|&(_, size)| size).sum();
            watch.meter.set_total(bytes);
            entry.make_room(bytes)?;
            packs.iter().try_for_each(|&(of, _)| self.keep_pack(entry, of, &watch.meter))
        })
    }

    /// Counts the bytes that it writes.
    fn keep_pack(&self, entry: &Entry, of: Option<Product>, meter: &Meter) -> io::Result<()> {
        entry.write(&pack_of(of), meter, |writer| {
            let mut written = Ok(());
            self.visit_parts(&mut |part, width, bytes| {
                if part.product == of && written.is_ok() {
                    written = writer.add(part.name, width, bytes);
                }
            });
            written
        })
    }
}

/// Heaps that are needed one after the other: once the next is asked for, what was computed of one is kept for the next
/// time, and it is given up.
pub(crate) struct OneByOne<I> {
    heaps: I,
    before: Option<Arc<Heap>>,
}

impl<I: Iterator<Item = Result<Arc<Heap>>>> OneByOne<I> {
    pub(crate) fn new(heaps: I) -> Self {
        OneByOne { heaps, before: None }
    }
}

impl<I: Iterator<Item = Result<Arc<Heap>>>> Iterator for OneByOne<I> {
    type Item = Result<Arc<Heap>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(before) = self.before.take() {
            // Whether it will come sooner the next time is nobody's trouble.
            let _ = before.keep(&Watch::default());
        }
        let next = self.heaps.next();
        self.before = next.as_ref().and_then(|next| next.as_ref().ok()).cloned();
        next
    }
}

#[cfg(all(test, unix))]
#[path = "kept_tests.rs"]
mod tests;
