//! Prepares the shell: a placeholder page where the interface has not been built, and the permission of the one command.

use std::error::Error;
use std::fs;
use std::path::Path;

/// Shown instead of the interface, so that a shell built too early says what is missing.
const PLACEHOLDER: &str = "<!doctype html><meta charset=\"utf-8\"><title>Gatecall</title>\
    <p>This Gatecall was built without its interface. Run <code>npm run build</code> in <code>ui</code>, then build again.\n";

fn main() -> Result<(), Box<dyn Error>> {
    let dist = Path::new("ui/dist");
    if !dist.join("index.html").exists() {
        fs::create_dir_all(dist)?;
        fs::write(dist.join("index.html"), PLACEHOLDER)?;
    }
    println!("cargo::rerun-if-changed=ui/dist");
    let manifest = tauri_build::AppManifest::new().commands(&["call"]);
    Ok(tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?)
}
