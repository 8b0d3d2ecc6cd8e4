package dev.tiphys.node.pod;

/// Why a container does not run yet, or not again.
///
/// @param reason upstream's word for it, as `CrashLoopBackOff`
public record Waiting(String reason, String message) {}
