//! Every code of the taxonomy, provoked by its cause.
