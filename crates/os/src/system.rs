//! System information: operating system, architecture and memory use.

/// Operating system and processor architecture, for display.
pub fn name() -> String {
    let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{}, {processor}", distribution().unwrap_or_else(|| system.to_owned()))
}

/// Name of the Linux distribution (os-release(5)).
fn distribution() -> Option<String> {
    let text = std::fs::read_to_string("/etc/os-release").ok()?;
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(name.trim_matches(['"', '\'']).to_owned())
}

/// Memory of this process in bytes, including its share of shared pages; `None` where the system does not report it.
///
/// # Platform-specific
/// Linux: `Pss` of `/proc/self/smaps_rollup`; without it `VmRSS` of `/proc/self/status`, which counts shared pages in full.
pub fn memory_bytes() -> Option<u64> {
    let of_file = |path: &str, key: &str| kilobytes(&std::fs::read_to_string(path).ok()?, key);
    let kilobytes = of_file("/proc/self/smaps_rollup", "Pss:").or_else(|| of_file("/proc/self/status", "VmRSS:"))?;
    Some(kilobytes * 1024)
}

fn kilobytes(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_whole_name() {
        let text = "00400000-7ffe [rollup]\nRss:    9000 kB\nPss:    5000 kB\nPss_Anon: 1 kB\n";
        assert_eq!(kilobytes(text, "Pss:"), Some(5000));
        assert_eq!(kilobytes(text, "Swap:"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_memory_of_this_process_is_known() {
        assert!(memory_bytes().is_some_and(|bytes| bytes > 100_000));
        assert!(name().ends_with(std::env::consts::ARCH));
    }
}
