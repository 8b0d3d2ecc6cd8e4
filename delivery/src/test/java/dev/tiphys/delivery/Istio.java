package dev.tiphys.delivery;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cluster that knows kinds of Istio, and what stands in the objects `web` of these.
record Istio(RolloutCluster it) {

  private static final GroupVersion ISTIO = GroupVersion.parse("networking.istio.io/v1alpha3");
  static final ApiResource VIRTUAL_SERVICES =
      new ApiResource(ISTIO, "virtualservices", "VirtualService", true);
  static final ApiResource DESTINATION_RULES =
      new ApiResource(ISTIO, "destinationrules", "DestinationRule", true);

  /// Makes a kind known.
  void serve(ApiResource resource) {
    ApiResource definitions =
        new ApiResource(
            GroupVersion.parse("apiextensions.k8s.io/v1"),
            "customresourcedefinitions",
            "CustomResourceDefinition",
            false);
    it.cluster.create(
        definitions,
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: %s.networking.istio.io}
        spec:
          group: networking.istio.io
          scope: Namespaced
          names: {kind: %s, plural: %s}
          versions:
          - name: v1alpha3
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """
            .formatted(resource.plural(), resource.kind(), resource.plural()));
    it.cluster.advance(Duration.ofSeconds(5));
  }

  /// An object `web` of one of the kinds, as makers of old versions write it.
  void web(ApiResource resource, String spec) {
    it.cluster.create(
        resource,
        """
        apiVersion: networking.istio.io/v1alpha3
        kind: %s
        metadata: {name: web, namespace: default}
        spec:
        """
                .formatted(resource.kind())
            + spec.indent(2));
  }

  /// The routes of the VirtualService.
  List<Struct> http() {
    return it.cluster.get(VIRTUAL_SERVICES, "web").structs("spec", "http");
  }

  /// What each destination of a route gets.
  static String weights(Struct route) {
    return route.structs("route").stream()
        .map(
            each ->
                each.string("destination", "host")
                    + each.string("destination", "subset")
                    + "="
                    + each.integer("weight"))
        .toList()
        .toString();
  }

  /// The hash that a subset of the DestinationRule selects; empty if none, null without the subset.
  @Nullable String hashOf(String subset) {
    return it.cluster.get(DESTINATION_RULES, "web").structs("spec", "subsets").stream()
        .filter(each -> each.string("name").equals(subset))
        .map(each -> each.string("labels", Labels.HASH))
        .findFirst()
        .orElse(null);
  }
}
