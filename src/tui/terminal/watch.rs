//! Waits for the terminal: for keys, for a new size, for its end.
//!
//! The library that reads keys does not notice that a terminal is gone: it reads nothing, at full speed, for ever. So
//! somebody looks first.

use std::time::Duration;

/// What was waited for.
pub(super) enum Awaited {
    /// There is something to read: so many bytes, as far as the system says it.
    Keys(u64),
    Size,
    /// The terminal is gone.
    Gone,
    /// Terminals cannot be waited for here.
    #[cfg_attr(not(unix), allow(dead_code))]
    Unknown,
}

/// What is there comes within so long.
pub(super) const AT_ONCE: Duration = Duration::from_millis(1);

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::{self, IsTerminal, Read};
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, poll};

    use super::Awaited;

    /// The terminal by all descriptors that lead to it.
    pub(crate) struct Watch {
        /// Where keys come from.
        keys: File,
        screen: io::Stdout,
        /// Something comes here when the size changes.
        sizes: UnixStream,
    }

    /// A terminal that has something to read but gives nothing is looked at so often before it counts as gone.
    const LOOKS: usize = 5;

    impl Watch {
        pub(crate) fn new() -> io::Result<Watch> {
            let stdin = io::stdin();
            let keys = match stdin.is_terminal() {
                true => File::from(stdin.as_fd().try_clone_to_owned()?),
                false => File::open("/dev/tty")?,
            };
            let (sizes, tell) = UnixStream::pair()?;
            for end in [&sizes, &tell] {
                end.set_nonblocking(true)?;
            }
            signal_hook::low_level::pipe::register(signal_hook::consts::SIGWINCH, tell)?;
            Ok(Watch { keys, screen: io::stdout(), sizes })
        }

        /// Waits until something happens.
        pub(crate) fn wait(&self) -> io::Result<Awaited> {
            for _ in 0..LOOKS {
                let mut ways = [
                    PollFd::new(&self.keys, PollFlags::IN),
                    PollFd::new(&self.screen, PollFlags::empty()),
                    PollFd::new(&self.sizes, PollFlags::IN),
                ];
                match poll(&mut ways, None) {
                    Err(rustix::io::Errno::INTR) => continue,
                    Err(problem) => return Err(problem.into()),
                    Ok(_) => {}
                }
                let [keys, screen, sizes] = [0, 1, 2].map(|way| ways[way].revents());
                // Of another kind than hang-ups: a system that cannot wait for this descriptor.
                if keys.contains(PollFlags::NVAL) {
                    return Ok(Awaited::Unknown);
                }
                if (keys | screen).intersects(PollFlags::HUP | PollFlags::ERR) {
                    return Ok(Awaited::Gone);
                }
                if sizes.contains(PollFlags::IN) {
                    while (&self.sizes).read(&mut [0; 64]).is_ok_and(|count| count > 0) {}
                    return Ok(Awaited::Size);
                }
                if keys.contains(PollFlags::IN) {
                    let count = rustix::io::ioctl_fionread(&self.keys);
                    if count.is_ok_and(|count| count == 0) {
                        // The end of a file, or lines that are edited while another program has the terminal.
                        std::thread::sleep(Duration::from_millis(20));
                        continue;
                    }
                    return Ok(Awaited::Keys(count.unwrap_or(0)));
                }
            }
            Ok(Awaited::Gone)
        }
    }
}

#[cfg(unix)]
pub(super) use unix::Watch;

#[cfg(not(unix))]
pub(super) struct Watch;

#[cfg(not(unix))]
impl Watch {
    pub(super) fn new() -> std::io::Result<Watch> {
        Ok(Watch)
    }

    pub(super) fn wait(&self) -> std::io::Result<Awaited> {
        Ok(Awaited::Unknown)
    }
}
