package dev.tiphys.node.runtime;

import java.time.Instant;

/// How much of a file system is used for a purpose.
///
/// @param at when this was measured
/// @param directory a directory in that file system
public record FilesystemUsage(Instant at, String directory, long bytes, long inodes) {}
