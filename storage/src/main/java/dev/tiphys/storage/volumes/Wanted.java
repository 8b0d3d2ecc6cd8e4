package dev.tiphys.storage.volumes;

import org.jspecify.annotations.Nullable;

/// A volume that is asked for.
///
/// @param name the same name means the same volume
/// @param required the bytes that it must have at least; 0 if that does not matter
/// @param limit the bytes that it may have at most; 0 for no limit
/// @param block whether it is to be a bare block device
/// @param fileSystem that is asked for; empty if any will do
/// @param backing that is asked for; null if any will do
/// @param source what it is to be a copy of; null for an empty one
public record Wanted(
    String name,
    long required,
    long limit,
    boolean block,
    String fileSystem,
    @Nullable Backing backing,
    @Nullable Source source) {}
