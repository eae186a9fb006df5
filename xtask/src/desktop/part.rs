//! A program that runs as long as its desktop.

use std::io::{BufRead, BufReader};
use std::process::Child;

use crate::{Error, Result};

/// The program.
#[derive(Debug)]
pub struct DesktopPart {
    pub name: &'static str,
    pub child: Child,
}

impl DesktopPart {
    /// Ends the process. Always true.
    pub fn end(&mut self) -> bool {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        true
    }
}

/// The first line that a program prints.
pub fn first_line(child: &mut Child) -> Result<String> {
    let stdout = child.stdout.take().ok_or_else(|| Error::new("a program without standard output"))?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    match line.trim() {
        "" => Err(Error::new("a part of the desktop ended before it was up")),
        line => Ok(line.to_owned()),
    }
}
