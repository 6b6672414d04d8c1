//! Errors that a person can act on: what went wrong, where in the file, what to do about it.

use std::fmt;
use std::ops::Range;
use std::path::Path;

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a snapshot could not be read or a question not be answered.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Error {
    /// The file is not a heap snapshot, or it is damaged. Exit status 2.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The system refused to open, read or write a file. Exit status 2.
    #[error("{path}: {problem}")]
    Io { path: String, problem: String },
    /// The system refused something else: a thread, the terminal. Exit status 2.
    #[error("{what}: {problem}")]
    System { what: &'static str, problem: String },
    /// There is not enough memory for something; `whole` is what opening the file takes in all, 0 where that is not
    /// known. Exit status 2.
    #[error("memory: there is none left {doing}{}", of_whole(*.whole))]
    Memory { doing: String, whole: u64 },
    /// A wish that cannot be met for this file: an unknown id, class or scope. Exit status 1.
    #[error("{0}")]
    Unknown(String),
    /// A wish that makes no sense whatever the file. Exit status 2.
    #[error("{0}")]
    Usage(String),
    /// A file is there that would be written over. Exit status 2.
    #[error("{0}: there is such a file already; --force writes over it")]
    There(String),
    /// A running program that cannot be reached, or gives no snapshot. Exit status 2.
    #[error("{0}")]
    Take(String),
    /// A query that cannot be read. Exit status 2.
    #[error(transparent)]
    Query(#[from] QueryMistake),
    /// A mistake of the program itself, caught where it happened. Exit status 101, as after any panic.
    #[error("a mistake in heapwalk: {0}; please report it")]
    Mistake(String),
    /// Somebody asked the work to stop. Exit status 130.
    #[error("interrupted")]
    Cancelled,
}

/// A damaged or foreign file: the section and the byte (of the decompressed text), what is wrong, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormatError {
    /// What the file is called; empty as long as only its bytes are looked at.
    pub file: String,
    /// The section of the snapshot, `nodes` for example; empty where no section has begun.
    pub section: String,
    /// Offset in the decompressed file.
    pub byte: Option<u64>,
    pub problem: String,
    /// What to do about it; may be empty.
    pub advice: String,
}

impl FormatError {
    pub(crate) fn new(section: &str, byte: impl Into<Option<u64>>, problem: impl Into<String>) -> Self {
        FormatError {
            file: String::new(),
            section: section.to_owned(),
            byte: byte.into(),
            problem: problem.into(),
            advice: String::new(),
        }
    }

    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }
}

crate::base::encode::encode_fields!(FormatError { file, section, byte, problem, advice });

impl std::error::Error for FormatError {}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in [&self.file, &self.section] {
            if !place.is_empty() {
                write!(f, "{place}: ")?;
            }
        }
        f.write_str(&self.problem)?;
        if let Some(byte) = self.byte {
            write!(f, " at byte {byte}")?;
        }
        if !self.advice.is_empty() {
            write!(f, "; {}", self.advice)?;
        }
        Ok(())
    }
}

/// Where a query cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueryMistake {
    /// All of it, as it was written.
    pub query: String,
    /// The bytes that cannot be read; none where something is missing at the end.
    pub at: Range<usize>,
    /// What was expected there.
    pub problem: String,
}

impl std::error::Error for QueryMistake {}

impl fmt::Display for QueryMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.query.get(..self.at.start).unwrap_or(&self.query);
        write!(f, "query, character {}: {}", before.chars().count() + 1, self.problem)
    }
}

impl Error {
    /// An error of the operating system about the file `path`.
    pub(crate) fn io(path: impl Into<String>, problem: &std::io::Error) -> Self {
        Error::Io { path: path.into(), problem: words(problem) }
    }

    /// An error of the operating system about a file that somebody has named.
    pub(crate) fn of_file(path: &Path, problem: &std::io::Error) -> Self {
        match problem.kind() {
            std::io::ErrorKind::AlreadyExists => Error::There(path.display().to_string()),
            _ => Error::io(path.display().to_string(), problem),
        }
    }

    /// An error of the operating system about something that is no file.
    pub(crate) fn system(what: &'static str, problem: &std::io::Error) -> Self {
        Error::System { what, problem: words(problem) }
    }

    /// A thread could not begin: as good as always because there is no memory left for its stack.
    pub(crate) fn thread(problem: &std::io::Error) -> Self {
        match problem.kind() {
            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::OutOfMemory => {
                Error::Memory { doing: "for its threads".into(), whole: 0 }
            }
            _ => Error::system("threads", problem),
        }
    }

    /// The same error about the file called `name`.
    pub(crate) fn in_file(self, name: &str) -> Self {
        match self {
            Error::Format(problem) => Error::Format(FormatError { file: name.to_owned(), ..problem }),
            other => other,
        }
    }

    /// The same error about a file that takes so many bytes to open.
    pub(crate) fn for_whole(self, bytes: u64) -> Self {
        match self {
            Error::Memory { doing, .. } => Error::Memory { doing, whole: bytes },
            other => other,
        }
    }

    /// The exit status that the command line gives for this error.
    pub(crate) fn exit_status(&self) -> i32 {
        match self {
            Error::Unknown(_) => 1,
            Error::Format(_) | Error::Io { .. } | Error::System { .. } | Error::Memory { .. } => 2,
            Error::Usage(_) | Error::There(_) | Error::Take(_) | Error::Query(_) => 2,
            Error::Mistake(_) => 101,
            Error::Cancelled => 130,
        }
    }
}

fn of_whole(bytes: u64) -> String {
    match bytes {
        0 => String::new(),
        _ => format!("; opening this file takes about {} MB", bytes.div_ceil(1_000_000)),
    }
}

/// The system's own words without Rust's "(os error 2)".
fn words(problem: &std::io::Error) -> String {
    let text = problem.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
