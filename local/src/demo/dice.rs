//! Dice that fall the same way on every run.

use std::ops::RangeInclusive;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use uuid::{Builder, Uuid};

/// Choices from raw ChaCha numbers: the distributions of the `rand` crate may change with its version, these may not.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of one tenant. Streams are independent: what one rolls never depends on how often another did.
    pub(super) fn new(tenant: Uuid, stream: u64) -> Self {
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(tenant.as_bytes());
        let mut rng = ChaCha8Rng::from_seed(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// From 0 to below 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub(super) fn between(&mut self, range: RangeInclusive<i64>) -> i64 {
        range.start() + (self.unit() * (range.end() - range.start() + 1) as f64) as i64
    }

    /// Around `mean`, many below it and a few up to three times as much: how long people talk or wait.
    pub(super) fn skewed(&mut self, mean: i64) -> i64 {
        (mean as f64 * (0.2 + 3.2 * self.unit() * self.unit())) as i64
    }

    /// One of `items`, which must not be empty.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[(self.unit() * items.len() as f64) as usize]
    }

    /// One of `items`, which must not be empty, each as likely as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, items: &[(u32, T)]) -> T {
        let total: u32 = items.iter().map(|(weight, _)| weight).sum();
        let mut left = (self.unit() * f64::from(total)) as u32;
        for &(weight, item) in items {
            match left.checked_sub(weight) {
                Some(rest) => left = rest,
                None => return item,
            }
        }
        items[items.len() - 1].1
    }

    pub(super) fn id(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }
}
