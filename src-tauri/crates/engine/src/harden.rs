//! Keeping other programs and crash reports away from the process's memory, where secrets are while they are used.

/// Makes the process unfit for dumps. Call it first thing in `main`; what a system does not offer is left out.
///
/// * Linux: no core file, and not dumpable: other programs of the same person can neither attach to it nor read
///   `/proc/PID/mem` and `environ`; crash handlers get nothing. Programs it starts are as dumpable as ever.
/// * macOS: no core file. Attaching takes the person's consent or root already.
/// * Windows: nothing; crash dumps are a setting of the system, and a program cannot decline them for itself.
///
/// A debugger has to start the program itself, or be root.
pub fn harden_process() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        // Lowering a limit is always allowed; if it is not, the program is no worse off than without.
        let _ = setrlimit(Resource::Core, none);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // The same: nothing of the program depends on it.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
