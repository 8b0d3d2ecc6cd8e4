package dev.tiphys.node.runtime.spec;

/// Which container of its sandbox one is. No two containers of a sandbox have the same.
///
/// @param name the container's name in the Pod
/// @param attempt how often it was restarted
public record ContainerName(String name, int attempt) {}
