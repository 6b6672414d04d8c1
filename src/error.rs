//! Errors that a person can act on: what went wrong, where in the file, what to do about it.

use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a snapshot could not be read or a question not be answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not a heap snapshot, or it is damaged.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The system refused to open or read a file.
    #[error("{path}: {problem}")]
    Io { path: String, problem: String },
    /// A wish that cannot be met for this file: an unknown id, class or scope. Exit status 1.
    #[error("{0}")]
    Unknown(String),
    /// A wish that makes no sense whatever the file. Exit status 2.
    #[error("{0}")]
    Usage(String),
    /// Somebody asked the work to stop.
    #[error("interrupted")]
    Cancelled,
}

/// A damaged or foreign file: the section and the byte (of the decompressed text), what is wrong, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    /// The section of the snapshot, `nodes` for example; empty where no section has begun.
    pub section: String,
    /// Offset in the decompressed file.
    pub byte: Option<u64>,
    pub problem: String,
    /// What to do about it; may be empty.
    pub advice: String,
}

impl FormatError {
    pub fn new(section: &str, byte: impl Into<Option<u64>>, problem: impl Into<String>) -> Self {
        FormatError { section: section.to_owned(), byte: byte.into(), problem: problem.into(), advice: String::new() }
    }

    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }
}

impl std::error::Error for FormatError {}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.section.is_empty() {
            write!(f, "{}: ", self.section)?;
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

impl Error {
    /// An error of the operating system about the file `path`.
    pub fn io(path: impl Into<String>, problem: &std::io::Error) -> Self {
        // The system's own words without Rust's "(os error 2)".
        let text = problem.to_string();
        let problem = text.split(" (os error").next().unwrap_or(&text).to_owned();
        Error::Io { path: path.into(), problem }
    }

    /// The exit status that the command line gives for this error.
    pub fn exit_status(&self) -> i32 {
        match self {
            Error::Unknown(_) => 1,
            Error::Format(_) | Error::Io { .. } | Error::Usage(_) => 2,
            Error::Cancelled => 130,
        }
    }
}
