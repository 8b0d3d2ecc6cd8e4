package dev.tiphys.controllers.autoscaling;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.GroupVersion;

/// What an autoscaler scales.
///
/// @param scale its Scale
record ScaleTarget(ApiResource resource, Struct scale) {

  /// Reads the Scale that a reference names.
  ///
  /// @throws MetricException if it names nothing that can be scaled
  static ScaleTarget find(Api api, Kinds kinds, String namespace, Struct reference)
      throws MetricException {
    ApiResource resource =
        kinds.find(
            GroupVersion.parse(reference.string("apiVersion")).group(), reference.string("kind"));
    try {
      return new ScaleTarget(
          resource, api.get(resource, namespace, reference.string("name"), "scale"));
    } catch (ApiException e) {
      throw new MetricException(e.message());
    }
  }

  /// How many Pods there are to be.
  long replicas() {
    return scale.integer("spec", "replicas");
  }

  /// How many its controller counts.
  long present() {
    return scale.integer("status", "replicas");
  }

  /// Which Pods are its own, as a query; empty if it does not say.
  String selector() {
    return scale.string("status", "selector");
  }

  /// Sets how many Pods there are to be. Throws what the server refused with.
  void resize(Api api, long replicas) {
    api.update(resource, scale.withAt(replicas, "spec", "replicas"), "scale");
  }
}
