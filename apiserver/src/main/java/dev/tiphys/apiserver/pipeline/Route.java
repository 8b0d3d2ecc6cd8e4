package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.schema.Resource;

/// What a request is about, as it is served.
public sealed interface Route {

  /// A resource that has objects, one of them, or something below one.
  record ToObjects(Target target) implements Route {}

  /// A resource without objects: a question that is answered at once.
  record ToVirtual(Resource resource) implements Route {}
}
