package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;

/// What a deletion did.
///
/// @param state the object's last or present state
/// @param gone whether it has left the store
public record Deleted(Struct state, boolean gone) {}
