//! Diagnosis against recorded denials, every code of the taxonomy, and properties over all of them.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod support;
