//! Build script of the window: a placeholder page where `ui/dist` is missing, and the permission for the Tauri command.

use std::error::Error;
use std::fs;
use std::path::Path;

/// Page shown when the window was built before the UI.
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
