package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.storage.Stored;

/// What an update did.
///
/// @param created whether the object did not exist before
public record Updated(Stored state, boolean created) {}
