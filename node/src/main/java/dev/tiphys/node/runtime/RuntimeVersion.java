package dev.tiphys.node.runtime;

/// Which runtime this is.
///
/// @param name `containerd`
/// @param version as the program gives it: `1.6.20~ds1`, `v2.1.0`
public record RuntimeVersion(String name, String version) {}
