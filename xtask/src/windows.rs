//! `cargo xtask check --windows`: the resident program as Windows gets it, built here and run under Wine.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::cross::WINDOWS;
use crate::run::{cargo, run};
use crate::{Result, build, packages, root, say};

/// The name of mingw's compiler.
const COMPILER: &str = "x86_64-w64-mingw32-gcc";

/// Where the resident program for Windows is, once it is built.
pub fn program() -> PathBuf {
    WINDOWS.programs_dir().join("gatecall.exe")
}

/// Builds the programs, and runs the resident through its day.
///
/// # Errors
/// The first thing that is not right.
pub fn check() -> Result<()> {
    packages::ensure(&[packages::WINDOWS])?;
    run(WINDOWS.cargo("build")?.args(["-p", "gatecall", "-p", "gateway"]))?;
    lay_beside()?;
    build::node_modules(&root().join("tests/node"))?;
    let mut test = cargo();
    test.args(["test", "--locked", "-p", "e2e", "--test", "wine", "--", "--ignored"]);
    run(test.env("GATECALL_REAL_PARTS", "1"))?;
    say("Gatecall works on what Wine has of Windows.");
    Ok(())
}

/// What lies beside the program: a library that Wine lacks, and the icon of the toasts.
fn lay_beside() -> Result<()> {
    let folder = WINDOWS.programs_dir();
    let mut compile = Command::new(COMPILER);
    compile.args(["-shared", "-O1", "-Wall", "-Werror", "-o"]).arg(folder.join("bcryptprimitives.dll"));
    run(compile.arg(root().join("tests/wine/bcryptprimitives.c")).arg("-ladvapi32"))?;
    fs::copy(root().join("icons/128x128.png"), folder.join("gatecall.png"))?;
    Ok(())
}
