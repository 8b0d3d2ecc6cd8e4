package dev.tiphys.apiserver.registry;

/// What an update did.
///
/// @param created whether the object did not exist before
public record Updated(Stored state, boolean created) {}
