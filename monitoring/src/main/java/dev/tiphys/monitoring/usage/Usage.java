package dev.tiphys.monitoring.usage;

import java.time.Duration;
import java.time.Instant;

/// What a container or a node uses.
///
/// @param at when the last look was
/// @param window the time before that of which the processor's share is told
/// @param cpu billionths of a processor
/// @param memory bytes that it needs
public record Usage(Instant at, Duration window, long cpu, long memory) {}
