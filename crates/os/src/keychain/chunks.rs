//! Splits a long secret into several keychain entries. Pure, so that it is tested on every system.

/// Size of a part, below the limit of 2,560 bytes of Windows.
const MAX_BYTES: usize = 2_000;
/// Prefix of the header, before the number of parts.
const MARK: &[u8] = b"gatecall-parts:";

/// Entry name of a part.
pub(super) fn name(account: &str, index: usize) -> String {
    format!("{account}#{index}")
}

/// Splits a secret into parts of at most [`MAX_BYTES`].
pub(super) fn split(secret: &str) -> Vec<Vec<u8>> {
    secret.as_bytes().chunks(MAX_BYTES).map(<[u8]>::to_vec).collect()
}

/// Joins the parts from [`split`]; `None` if they are not UTF-8.
pub(super) fn join(parts: Vec<Vec<u8>>) -> Option<String> {
    String::from_utf8(parts.concat()).ok()
}

/// Header entry, which makes the parts valid.
pub(super) fn header(parts: usize) -> Vec<u8> {
    [MARK, parts.to_string().as_bytes()].concat()
}

/// Number of parts in a header.
pub(super) fn count(header: &[u8]) -> Option<usize> {
    std::str::from_utf8(header.strip_prefix(MARK)?).ok()?.parse().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn long_secrets_survive_in_parts() {
        for secret in [String::new(), "é".repeat(1_001), "x".repeat(9_999)] {
            let parts = split(&secret);
            assert!(parts.iter().all(|part| part.len() <= MAX_BYTES));
            assert_eq!(count(&header(parts.len())), Some(parts.len()));
            assert_eq!(join(parts).unwrap(), secret);
        }
        assert_eq!(count(b"something else"), None);
        assert_eq!(name("a@b", 1), "a@b#1");
    }
}
