//! What a provider profile can say.
