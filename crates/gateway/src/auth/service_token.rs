//! Other services: one shared token, compared in a time that says nothing about it.

use std::hint::black_box;

use domain::Secret;
use sha2::{Digest, Sha256};

/// The service token, as the hash that requests are compared with.
#[derive(Clone)]
pub struct ServiceToken([u8; 32]);

impl ServiceToken {
    /// Hashes the token.
    pub fn new(token: &Secret) -> Self {
        Self(Sha256::digest(token.expose().as_bytes()).into())
    }

    /// Whether `token` equals the service token. Hashes have one length, and all of their bytes are always looked at.
    pub(super) fn is(&self, token: &str) -> bool {
        let given: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let difference =
            self.0.iter().zip(given).fold(0, |difference, (ours, theirs)| black_box(difference | (ours ^ theirs)));
        difference == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_holds() {
        let token = ServiceToken::new(&Secret::new("0123456789abcdef0123456789abcdef"));
        assert!(token.is("0123456789abcdef0123456789abcdef"));
        for other in [
            "",
            "0123456789abcdef0123456789abcdee",
            "0123456789abcdef0123456789abcde",
            "0123456789abcdef0123456789abcdef0",
        ] {
            assert!(!token.is(other), "{other}");
        }
    }
}
