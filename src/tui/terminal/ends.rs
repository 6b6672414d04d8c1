//! What ends the program from outside: signals, and a terminal that is gone. Both end it within a second, whatever the
//! terminal, the screen and the workers do.

#[cfg(unix)]
mod unix {
    use std::io;
    use std::time::Duration;

    use crossbeam_channel::Sender;
    use signal_hook::consts::{
        SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU,
    };
    use signal_hook::iterator::Signals;

    use super::super::restore::restore;
    use super::super::signal;
    use crate::tui::message::Msg;

    /// The loop has so long to end in an orderly way; giving the terminal back takes at most another 300 ms.
    const GRACE: Duration = Duration::from_millis(500);
    /// Signals that end a process which does not care for them.
    const DEADLY: [i32; 10] =
        [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU];

    /// Listens to signals from now on.
    pub(crate) fn watch(sender: Sender<Msg>) -> io::Result<()> {
        let mut signals = Signals::new(DEADLY.iter().chain(&[SIGCONT]))?;
        let handle = move || {
            for signal in signals.forever() {
                match signal {
                    SIGCONT => drop(sender.try_send(Msg::Continued)),
                    signal => end(&sender, signal),
                }
            }
        };
        std::thread::Builder::new().name("signals".into()).spawn(handle)?;
        Ok(())
    }

    /// Ends the program as this signal does: asks the loop first, and does it where the loop does not.
    pub(crate) fn end(sender: &Sender<Msg>, signal: i32) {
        signal::set(signal);
        // Where the channel is full the loop is behind; it looks at the signal where it waits for the terminal.
        let _ = sender.send_timeout(Msg::Signal(signal), GRACE / 2);
        std::thread::sleep(GRACE);
        die(signal);
    }

    /// Gives the terminal back and ends the process as the signal would have done without us.
    pub(crate) fn die(signal: i32) {
        restore();
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }

    /// What is left when a terminal goes away.
    pub(crate) const HANG_UP: i32 = SIGHUP;
}

#[cfg(unix)]
pub(crate) use unix::{HANG_UP, die, end, watch};

#[cfg(not(unix))]
pub(crate) fn die(_signal: i32) {
    super::restore::restore();
}
