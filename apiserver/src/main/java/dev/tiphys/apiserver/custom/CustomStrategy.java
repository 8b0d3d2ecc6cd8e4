package dev.tiphys.apiserver.custom;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.Resource;

/// Custom objects: everything but their metadata counts as what is wanted of them.
///
/// @param resource that they are objects of
record CustomStrategy(Resource resource) implements Strategy {

  @Override
  public Struct prepareForCreate(Call call, Struct object) {
    if (resource.has(Resource.Rule.TERMINATING)) {
      throw ApiException.of(
          Reason.METHOD_NOT_ALLOWED,
          "create not allowed while custom resource definition is terminating",
          ApiException.details(resource.groupResource(), ""));
    }
    return object;
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct object, Struct old) {
    return object.without("metadata").equals(old.without("metadata"))
        ? object
        : object.withAt(old.integer("metadata", "generation") + 1, "metadata", "generation");
  }
}
