package dev.tiphys.apiserver.advice.manifest;

import java.util.Set;
import java.util.function.Consumer;

/// Knows one way in which manifests do not do what they say.
///
/// A rule speaks only where that is certain or very likely, says which of both, and what to write
/// instead. It is no matter of style.
///
/// @param name what the documentation calls it
/// @param resources whose manifests it looks at, as in `deployments.apps`
/// @param sign when it speaks, for the documentation
/// @param look tells the scene what it finds
public record Rule(String name, Set<String> resources, String sign, Consumer<Scene> look) {

  public Rule {
    resources = Set.copyOf(resources);
  }
}
