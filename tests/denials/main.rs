//! Diagnosis against recorded denials, every code of the taxonomy, and properties over all of them.

#[cfg(test)]
mod archives;
#[cfg(test)]
mod at_prism;
#[cfg(test)]
mod capsules;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod growth;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod odd;
#[cfg(test)]
mod passed_on;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod random;
#[cfg(test)]
mod reach;
#[cfg(test)]
mod readable;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod refusal_texts;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod stream;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod unread;
