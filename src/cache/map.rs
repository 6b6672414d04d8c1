//! A file → memory that is its pages, and what happens where a page cannot be read any more.
//!
//! Reading the files instead would copy them: half a millisecond a megabyte for memory that is touched for the first
//! time, and memory that the system could not take back. Pages of a mapped file come and go as there is room. But who
//! touches one that the disk does not give, or that somebody has cut off, gets no error: the system sends SIGBUS to the
//! thread. So that thread stops where it is, and another one ends the program in an orderly way.
//!
//! Besides `base/hints.rs` nothing else is `unsafe`.

#![allow(unsafe_code)]

use std::fs::File;
use std::io::{self, PipeReader, Read, Write};
use std::ptr::{NonNull, null_mut};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use libc::siginfo_t;
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
use signal_hook::consts::SIGBUS;

/// The pages of a file. They change only where somebody changes the file in place, which nobody does: packs are
/// renamed and unlinked.
struct Map {
    start: NonNull<u8>,
    length: usize,
    /// Where it stands in [`AREAS`].
    area: usize,
}

// SAFETY: the memory is only read, and belongs to no thread.
unsafe impl Send for Map {}
// SAFETY: as above.
unsafe impl Sync for Map {}

impl AsRef<[u8]> for Map {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: mapped with this length until `drop`, readable, and not written to.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        AREAS[self.area].length.store(0, SeqCst);
        AREAS[self.area].start.store(0, SeqCst);
        // SAFETY: mapped by `map` with this length, and nobody has a reference any more: `Bytes` drops its owner last.
        let _ = unsafe { munmap(self.start.as_ptr().cast(), self.length) };
    }
}

/// Where maps are, for the handler of the signal, which can take no lock: each its first address and its length, 0
/// where there is none.
struct Area {
    start: AtomicUsize,
    length: AtomicUsize,
}

impl Area {
    fn has(&self, address: usize) -> bool {
        let (start, length) = (self.start.load(SeqCst), self.length.load(SeqCst));
        (start..start + length).contains(&address)
    }
}

/// More than enough: a heap has a dozen packs.
static AREAS: [Area; 1024] = [const { Area { start: AtomicUsize::new(0), length: AtomicUsize::new(0) } }; 1024];

/// Maps all of a file.
///
/// # Errors
/// Those of the system; an empty file cannot be mapped.
pub(super) fn map(file: &File) -> io::Result<Bytes> {
    watch_for_lost_pages()?;
    let length = usize::try_from(file.metadata()?.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    // SAFETY: a new mapping at an address of the system's choice touches nothing that is there.
    let start = unsafe { mmap(null_mut(), length, ProtFlags::READ, MapFlags::SHARED, file, 0) }?;
    let start = NonNull::new(start.cast::<u8>()).ok_or(io::ErrorKind::InvalidData)?;
    let is_free = |area: &Area| area.start.compare_exchange(0, start.as_ptr().addr(), SeqCst, SeqCst).is_ok();
    match AREAS.iter().position(is_free) {
        Some(area) => {
            AREAS[area].length.store(length, SeqCst);
            Ok(Bytes::from_owner(Map { start, length, area }))
        }
        None => {
            // SAFETY: just mapped with this length, and nobody has seen it.
            let _ = unsafe { munmap(start.as_ptr().cast(), length) };
            Err(io::ErrorKind::OutOfMemory.into())
        }
    }
}

const LOST: &str = "the index cache has lost a page; start again, with --no-cache if it happens again \
                    (`heapwalk cache clear` empties it)";

/// What is to be done before the program ends because a page is lost: giving the terminal back.
static BEFORE_THE_END: Mutex<Option<fn()>> = Mutex::new(None);

/// Has this done before the program ends because a page is lost.
pub(crate) fn before_the_end(last: fn()) {
    *BEFORE_THE_END.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
}

/// Listens for the signal, from the first map on.
fn watch_for_lost_pages() -> io::Result<()> {
    static WATCH: Mutex<bool> = Mutex::new(false);
    let mut watches = WATCH.lock().unwrap_or_else(PoisonError::into_inner);
    if !*watches {
        let (reader, writer) = io::pipe()?;
        std::thread::Builder::new().name("lost pages".into()).spawn(move || wait_for_the_end(reader))?;
        let on_lost_page = move |info: &siginfo_t| {
            // SAFETY: the system fills in the address for this signal.
            let address = unsafe { info.si_addr() }.addr();
            if AREAS.iter().any(|area| area.has(address)) {
                let _ = rustix::io::write(&writer, b"!");
                // To go on would be to touch the page again.
                loop {
                    let _ = rustix::event::poll(&mut [], None);
                }
            }
            // One that is not ours ends the process as it would have done without us.
            let _ = signal_hook::low_level::emulate_default_handler(SIGBUS);
        };
        // The standard library listens too, for stacks that overflow, and would be asked first: for any other address
        // it stops listening for the whole process, and a second thread that touches a lost page would end the program
        // where it stands.
        // SAFETY: no handler runs any more that needs anything of ours.
        unsafe { libc::signal(SIGBUS, libc::SIG_DFL) };
        // SAFETY: the handler makes calls of the system that may be made in handlers, and takes no lock.
        unsafe { signal_hook_registry::register_sigaction(SIGBUS, on_lost_page) }?;
        *watches = true;
    }
    Ok(())
}

fn wait_for_the_end(mut reader: PipeReader) {
    if reader.read_exact(&mut [0]).is_ok() {
        if let Some(last) = *BEFORE_THE_END.lock().unwrap_or_else(PoisonError::into_inner) {
            last();
        }
        let _ = writeln!(io::stderr(), "heapwalk: {LOST}");
        std::process::exit(2);
    }
}
