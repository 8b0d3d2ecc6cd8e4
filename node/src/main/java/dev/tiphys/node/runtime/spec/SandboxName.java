package dev.tiphys.node.runtime.spec;

/// The Pod that a sandbox is for. No two sandboxes have the same name.
///
/// @param name the Pod's name
/// @param namespace the Pod's namespace
/// @param uid the Pod's uid
/// @param attempt 0 for the Pod's first sandbox, 1 for the one that replaces it
public record SandboxName(String name, String namespace, String uid, int attempt) {}
