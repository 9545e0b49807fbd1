//! What makes requests the same.

use sha2::{Digest, Sha256};

/// A name of limited length for a list of texts: the same for the same texts in the same order, and for no other list.
pub fn request_key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart() {
        assert_eq!(request_key(["a", "b"]), request_key(["a", "b"]));
        assert_ne!(request_key(["a:b", "c"]), request_key(["a", "b:c"]));
        assert_ne!(request_key(["ab"]), request_key(["a", "b"]));
    }
}
