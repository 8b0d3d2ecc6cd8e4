package dev.tiphys.node.sync;

import dev.tiphys.node.runtime.spec.SandboxSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What containers are started in.
///
/// @param spec what the sandbox was made from
/// @param volumes where the Pod's volumes are
record SandboxContext(
    String id, SandboxSpec spec, List<String> addresses, Map<String, Path> volumes) {}
