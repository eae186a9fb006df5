//! Refuses files of one crate that import each other in a ring: such files cannot be understood, tested or moved one at a time.
//!
//! An arrow runs from a file to each file that defines something it names with a path from `crate`, `super` or `self`, through
//! re-exports. A module and its own submodules are one structure: arrows between a file and the files below it do not count,
//! nor does anything under `#[cfg(test)]`. Macros are not read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::Visit;
use syn::{Attribute, Item, ItemMod, UseTree};

use crate::{Error, Result, root, say};

/// The roots of the crates that are looked at, from the workspace's root.
const CRATES: &[&str] = &[
    "crates/client/src/lib.rs",
    "crates/domain/src/lib.rs",
    "crates/gatecall/src/lib.rs",
    "crates/gateway/src/lib.rs",
    "crates/ipc/src/lib.rs",
    "crates/os/src/lib.rs",
    "crates/socketio/src/lib.rs",
    "src-tauri/src/lib.rs",
    "tests/support/lib.rs",
    "xtask/src/lib.rs",
];

/// Refuses rings in any crate.
///
/// # Errors
/// The rings, each with the names that tie it; or a file that cannot be read.
pub fn check() -> Result<()> {
    let mut files = 0;
    let mut found = Vec::new();
    for root_file in CRATES {
        let path = root().join(root_file);
        let source = Crate::read(&path)?;
        files += source.files.len();
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        found.extend(source.rings().iter().map(|ring| ring.describe(&folder)));
    }
    say(&format!("{} rings in {files} files of {} crates.", found.len(), CRATES.len()));
    if found.is_empty() { Ok(()) } else { Err(Error::new(format!("files import each other:\n{}", found.join("\n")))) }
}

/// A path of names below the crate's root, such as `["store", "batch"]`.
type ModulePath = Vec<String>;

/// One module: the file that it is in, what is defined in it, and what it re-exports.
#[derive(Default)]
struct Module {
    file: usize,
    items: BTreeSet<String>,
    /// Each name with the path that it stands for.
    uses: BTreeMap<String, ModulePath>,
}

/// The modules of a crate.
struct Crate {
    files: Vec<PathBuf>,
    modules: BTreeMap<ModulePath, Module>,
    /// Where each path was named: the module, and the path below the crate's root.
    named: Vec<(ModulePath, ModulePath)>,
    /// Imports that begin with a submodule, or are of another crate: the module, the path, and the name.
    relative: Vec<(ModulePath, ModulePath, String)>,
}

/// Files that import each other, with what they take.
struct FileRing {
    files: Vec<PathBuf>,
    arrows: Vec<(PathBuf, PathBuf, BTreeSet<String>)>,
}

impl FileRing {
    fn describe(&self, folder: &Path) -> String {
        let short = |path: &PathBuf| path.strip_prefix(folder).unwrap_or(path).display().to_string();
        let files: Vec<_> = self.files.iter().map(short).collect();
        let arrows = self.arrows.iter().map(|(from, to, names)| {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            format!("    {} takes {} from {}", short(from), names.join(", "), short(to))
        });
        std::iter::once(format!("  {}: {}", folder.display(), files.join(", ")))
            .chain(arrows)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

impl Crate {
    fn read(root: &Path) -> Result<Self> {
        let mut this = Self { files: Vec::new(), modules: BTreeMap::new(), named: Vec::new(), relative: Vec::new() };
        this.read_file(root, &[], root.parent().unwrap_or(root))?;
        // An import without `crate`, `super` or `self` may begin with a submodule, which is known by now.
        for (module, path, name) in std::mem::take(&mut this.relative) {
            let path: ModulePath = module.iter().chain(&path).cloned().collect();
            if this.modules.contains_key(&path[..=module.len()]) {
                this.note_import(&module, path, name);
            }
        }
        Ok(this)
    }

    /// Reads a file and the files of its modules, which are in `folder`.
    fn read_file(&mut self, path: &Path, module: &[String], folder: &Path) -> Result<()> {
        let text = std::fs::read_to_string(path).map_err(|error| Error::new(format!("{}: {error}", path.display())))?;
        let syntax = syn::parse_file(&text).map_err(|error| Error::new(format!("{}: {error}", path.display())))?;
        self.files.push(path.to_owned());
        let file = self.files.len() - 1;
        self.read_items(&syntax.items, module, folder, file)
    }

    fn read_items(&mut self, items: &[Item], module: &[String], folder: &Path, file: usize) -> Result<()> {
        self.modules.insert(module.to_vec(), Module { file, ..Module::default() });
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            if let Item::Mod(inner) = item {
                self.read_module(inner, module, folder, file)?;
                continue;
            }
            if let Item::Use(import) = item {
                let mut leaves = Vec::new();
                leaves_of(&import.tree, Vec::new(), &mut leaves);
                for (path, name) in leaves {
                    match below_the_root(&path, module) {
                        Some(path) => self.note_import(module, path, name),
                        None => self.relative.push((module.to_vec(), path, name)),
                    }
                }
                continue;
            }
            if let (Some(name), Some(this)) = (name_of(item), self.modules.get_mut(module)) {
                this.items.insert(name);
            }
            let mut paths = Paths { module, found: Vec::new() };
            paths.visit_item(item);
            self.named.extend(paths.found.into_iter().map(|path| (module.to_vec(), path)));
        }
        Ok(())
    }

    fn note_import(&mut self, module: &[String], path: ModulePath, name: String) {
        if let Some(this) = self.modules.get_mut(module) {
            this.uses.insert(name, path.clone());
        }
        self.named.push((module.to_vec(), path));
    }

    fn read_module(&mut self, inner: &ItemMod, module: &[String], folder: &Path, file: usize) -> Result<()> {
        let name = inner.ident.to_string();
        let mut path = module.to_vec();
        path.push(name.clone());
        if let Some(this) = self.modules.get_mut(module) {
            this.items.insert(name.clone());
        }
        let folder = folder.join(&name);
        match &inner.content {
            Some((_, items)) => self.read_items(items, &path, &folder, file),
            None => {
                let flat = folder.with_extension("rs");
                // A module of another system may have a file that is named by an attribute; there is none today.
                let file = if flat.exists() { flat } else { folder.join("mod.rs") };
                self.read_file(&file, &path, &folder)
            }
        }
    }

    /// The file that defines what a path names, and the name; `None` for what is not of this crate.
    fn resolve(&self, path: &[String], hops: usize) -> Option<(usize, String)> {
        let depth = (0..=path.len()).rev().find(|depth| self.modules.contains_key(&path[..*depth]))?;
        let module = &self.modules[&path[..depth]];
        let Some(name) = path.get(depth) else {
            return Some((module.file, path.last().cloned().unwrap_or_default()));
        };
        if !module.items.contains(name)
            && hops > 0
            && let Some(target) = module.uses.get(name)
        {
            let further: Vec<_> = target.iter().chain(&path[depth + 1..]).cloned().collect();
            return self.resolve(&further, hops - 1);
        }
        Some((module.file, name.clone()))
    }

    /// Arrows between files, each with the names that it stands for.
    fn arrows(&self) -> BTreeMap<(usize, usize), BTreeSet<String>> {
        let mut arrows: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for (module, path) in &self.named {
            let Some(from) = self.modules.get(module).map(|module| module.file) else { continue };
            let Some((to, name)) = self.resolve(path, 8) else { continue };
            if from != to && !self.is_one_structure(from, to) {
                arrows.entry((from, to)).or_default().insert(name);
            }
        }
        arrows
    }

    /// Whether one of two files holds a module that the other is below.
    fn is_one_structure(&self, one: usize, other: usize) -> bool {
        let path = |file| self.modules.iter().find(|(_, module)| module.file == file).map(|(path, _)| path.as_slice());
        path(one).zip(path(other)).is_some_and(|(one, other)| one.starts_with(other) || other.starts_with(one))
    }

    fn rings(&self) -> Vec<FileRing> {
        let arrows = self.arrows();
        let next = |file: usize| arrows.keys().filter(move |(from, _)| *from == file).map(|(_, to)| *to);
        let reach = |from: usize| {
            let mut seen = BTreeSet::new();
            let mut open: Vec<usize> = next(from).collect();
            while let Some(file) = open.pop() {
                if seen.insert(file) {
                    open.extend(next(file));
                }
            }
            seen
        };
        let reached: Vec<BTreeSet<usize>> = (0..self.files.len()).map(reach).collect();
        let mut done: BTreeSet<usize> = BTreeSet::new();
        let mut rings = Vec::new();
        for file in 0..self.files.len() {
            if done.contains(&file) || !reached[file].contains(&file) {
                continue;
            }
            let ring: BTreeSet<usize> =
                reached[file].iter().copied().filter(|other| reached[*other].contains(&file)).collect();
            done.extend(&ring);
            rings.push(FileRing {
                files: ring.iter().map(|file| self.files[*file].clone()).collect(),
                arrows: arrows
                    .iter()
                    .filter(|((from, to), _)| ring.contains(from) && ring.contains(to))
                    .map(|((from, to), names)| (self.files[*from].clone(), self.files[*to].clone(), names.clone()))
                    .collect(),
            });
        }
        rings
    }
}

/// Collects the paths from `crate`, `super` and `self` inside an item.
struct Paths<'a> {
    module: &'a [String],
    found: Vec<ModulePath>,
}

impl Visit<'_> for Paths<'_> {
    /// An import inside a function.
    fn visit_item_use(&mut self, import: &syn::ItemUse) {
        let mut leaves = Vec::new();
        leaves_of(&import.tree, Vec::new(), &mut leaves);
        self.found.extend(leaves.iter().filter_map(|(path, _)| below_the_root(path, self.module)));
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if path.leading_colon.is_none()
            && segments.len() > 1
            && let Some(path) = below_the_root(&segments, self.module)
        {
            self.found.push(path);
        }
        syn::visit::visit_path(self, path);
    }
}

/// A path below the crate's root, for one that begins with `crate`, `super` or `self`.
fn below_the_root(path: &[String], module: &[String]) -> Option<ModulePath> {
    let mut base = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" => module.to_vec(),
        "super" => module[..module.len().checked_sub(1)?].to_vec(),
        _ => return None,
    };
    let mut rest = &path[1..];
    while rest.first().is_some_and(|name| name == "super") {
        base.pop();
        rest = &rest[1..];
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

/// The leaves of a use tree: each path, and the name that it has here.
fn leaves_of(tree: &UseTree, mut path: ModulePath, leaves: &mut Vec<(ModulePath, String)>) {
    match tree {
        UseTree::Path(part) => {
            path.push(part.ident.to_string());
            leaves_of(&part.tree, path, leaves);
        }
        UseTree::Name(part) if part.ident == "self" => {
            let name = path.last().cloned().unwrap_or_default();
            leaves.push((path, name));
        }
        UseTree::Name(part) => {
            path.push(part.ident.to_string());
            leaves.push((path, part.ident.to_string()));
        }
        UseTree::Rename(part) => {
            path.push(part.ident.to_string());
            leaves.push((path, part.rename.to_string()));
        }
        UseTree::Glob(_) => leaves.push((path, "*".to_owned())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves_of(tree, path.clone(), leaves)),
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
    })
}

fn name_of(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Fn(item) => item.sig.ident.to_string(),
        Item::Static(item) => item.ident.to_string(),
        Item::Struct(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rings of a crate of these files, each as its sorted file names.
    fn rings(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let folder =
            crate::target_dir().join(format!("rings-{}-{:?}", std::process::id(), std::thread::current().id()));
        for (name, text) in files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
            std::fs::write(path, text).expect("file");
        }
        let found = Crate::read(&folder.join("lib.rs")).expect("a crate").rings();
        let name = |file: &PathBuf| file.strip_prefix(&folder).expect("inside").display().to_string();
        let sorted = |ring: &FileRing| ring.files.iter().map(name).collect::<BTreeSet<_>>().into_iter().collect();
        let found = found.iter().map(sorted).collect();
        std::fs::remove_dir_all(folder).expect("removed");
        found
    }

    const LIB: (&str, &str) = ("lib.rs", "mod a; mod b; mod c;");

    #[test]
    fn imports_in_one_direction_are_no_ring() {
        let files =
            [LIB, ("a.rs", "use crate::b::B;"), ("b.rs", "use super::c::C; pub struct B;"), ("c.rs", "pub struct C;")];
        assert_eq!(rings(&files), [[""; 0]; 0]);
    }

    #[test]
    fn two_and_three_files_are_a_ring_by_imports_and_by_paths() {
        let two = [
            LIB,
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", "pub struct B; fn of() { use crate::a::A; }"),
            ("c.rs", ""),
        ];
        assert_eq!(rings(&two), [["a.rs", "b.rs"]]);
        let three = [
            LIB,
            ("a.rs", "use crate::b; pub struct A;"),
            ("b.rs", "use super::c::{self, C}; pub struct B;"),
            ("c.rs", "pub struct C; fn of() -> super::a::A { super::a::A }"),
        ];
        assert_eq!(rings(&three), [["a.rs", "b.rs", "c.rs"]]);
    }

    #[test]
    fn a_re_export_leads_to_the_file_that_defines() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use a::A;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", "use crate::A; pub struct B;"),
        ];
        // `a::A` of the crate's root is a path of its own module.
        assert_eq!(rings(&files), [["a.rs", "b.rs"]]);
    }

    #[test]
    fn a_module_and_its_submodules_are_one_structure_and_tests_do_not_count() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "mod inner; pub use self::inner::Inner; pub struct Outer(Inner);"),
            ("a/inner.rs", "use super::Outer; pub struct Inner;"),
            ("b.rs", "use crate::a::Inner; pub struct B; #[cfg(test)] mod tests { use crate::a::Outer; }"),
        ];
        assert_eq!(rings(&files), [[""; 0]; 0]);
    }

    #[test]
    fn every_library_of_the_workspace_is_looked_at() {
        let crates = std::fs::read_dir(root().join("crates")).expect("crates");
        for entry in crates {
            let name = entry.expect("a folder").file_name();
            let root_file = format!("crates/{}/src/lib.rs", name.to_string_lossy());
            assert!(CRATES.contains(&root_file.as_str()), "{root_file}");
        }
    }

    #[test]
    fn a_ring_that_is_planted_in_a_real_crate_is_refused() {
        let from = root().join("crates/ipc/src");
        let files: Vec<(String, String)> = std::fs::read_dir(&from)
            .expect("sources")
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.is_file())
            .map(|path| {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                (name, std::fs::read_to_string(&path).expect("source"))
            })
            .collect();
        let lib = "mod frame; mod endpoint;".to_owned();
        let planted: Vec<(&str, String)> = files
            .iter()
            .map(|(name, text)| match name.as_str() {
                "lib.rs" => ("lib.rs", lib.clone()),
                "frame.rs" => ("frame.rs", format!("{text}\nuse crate::endpoint::Endpoint as Planted;\n")),
                "endpoint.rs" => ("endpoint.rs", format!("{text}\nuse crate::frame::MAX_FRAME_BYTES as PLANTED;\n")),
                name => (name, text.clone()),
            })
            .collect();
        let planted: Vec<(&str, &str)> = planted.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(rings(&planted), [["endpoint.rs", "frame.rs"]]);
    }
}
