//! Counts steps of work in unit tests, so that growth is proven by counting and not by a clock. Free elsewhere.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Notes so many steps.
#[inline]
pub(crate) fn steps(count: usize) {
    #[cfg(test)]
    STEPS.with(|steps| steps.set(steps.get().saturating_add(count as u64)));
    #[cfg(not(test))]
    let _ = count;
}

/// The steps that some work takes.
#[cfg(test)]
pub(crate) fn measure<T>(work: impl FnOnce() -> T) -> u64 {
    STEPS.with(|steps| steps.set(0));
    work();
    STEPS.with(Cell::get)
}

/// Asserts that four times as much of something takes at most five times as many steps.
#[cfg(test)]
pub(crate) fn assert_linear<T>(what: &str, mut work: impl FnMut(usize) -> T, size: usize) {
    let (once, four_times) = (measure(|| work(size)), measure(|| work(4 * size)));
    assert!(once > 0, "{what}: nothing was counted");
    assert!(four_times <= 5 * once, "{what}: {once} steps for {size}, {four_times} for {}", 4 * size);
}
