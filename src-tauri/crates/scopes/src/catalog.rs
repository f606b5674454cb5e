//! The catalogue: a provider's known scopes merged with what its server says.
