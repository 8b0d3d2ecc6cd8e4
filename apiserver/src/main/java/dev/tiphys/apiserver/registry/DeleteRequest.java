package dev.tiphys.apiserver.registry;

import org.jspecify.annotations.Nullable;

/// What the deleter of an object asks for.
///
/// @param grace how many seconds the object may take; null for its own default
/// @param propagation what becomes of dependents; empty for the default
/// @param uid the uid it must have; empty for any
/// @param resourceVersion the resourceVersion it must have; empty for any
public record DeleteRequest(
    @Nullable Long grace, String propagation, String uid, String resourceVersion) {}
