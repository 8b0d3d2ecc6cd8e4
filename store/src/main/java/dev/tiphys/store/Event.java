package dev.tiphys.store;

import org.jspecify.annotations.Nullable;

/// One write that happened.
///
/// @param revision the revision it got
/// @param key the key
/// @param current the new state; null if the key was deleted
/// @param previous the state before; null if the key did not exist, or if that state is compacted
///   away
/// @param cause the revision that the writer reacted to, or 0. A deletion has one too
public record Event(
    long revision,
    String key,
    @Nullable KeyValue current,
    @Nullable KeyValue previous,
    long cause) {}
