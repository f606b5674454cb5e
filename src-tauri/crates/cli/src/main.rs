//! The command line.

use zeroizing_alloc::ZeroAlloc;

/// Memory is emptied when it is given back, so that no library leaves a copy of a secret behind.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> std::process::ExitCode {
    engine::harden_process();
    cli::main()
}
