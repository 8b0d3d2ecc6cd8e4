package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;

/// How a server is reached from the cluster: by a Service without selector.
///
/// @param key of the Service
/// @param owner the object that the server is of
/// @param labels of the Service
/// @param port of the Service
/// @param machine where it runs
public record Exposure(ObjectKey key, Struct owner, Struct labels, long port, String machine) {

  private static final String NAME = "web";

  /// Makes the Service, if there is none of its name.
  public void ensureService(Api api, Objects objects) {
    if (objects.around(ApiResource.SERVICES).find(key) != null) {
      return;
    }
    try {
      api.create(ApiResource.SERVICES, service());
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  private Struct service() {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Service")
        .add(
            "metadata",
            new StructBuilder()
                .add("name", key.name())
                .add("namespace", key.namespace())
                .add("labels", labels)
                .add("ownerReferences", List.of(Meta.of(owner).asController()))
                .build())
        .add(
            "spec",
            Struct.of(
                "ports",
                List.of(
                    new StructBuilder()
                        .add("name", NAME)
                        .add("port", port)
                        .add("protocol", "TCP")
                        .add("targetPort", NAME)
                        .build())))
        .build();
  }

  /// The endpoint.
  public Struct slice(InetSocketAddress address) {
    return new StructBuilder()
        .add("apiVersion", ApiResource.ENDPOINT_SLICES.apiVersion())
        .add("kind", ApiResource.ENDPOINT_SLICES.kind())
        .add("addressType", address.getAddress() instanceof Inet4Address ? "IPv4" : "IPv6")
        .add(
            "metadata",
            Struct.of(
                "name",
                key.name() + "-" + machine,
                "namespace",
                key.namespace(),
                "labels",
                Struct.of(
                    "endpointslice.kubernetes.io/managed-by",
                    "monitoring.tiphys.dev",
                    "kubernetes.io/service-name",
                    key.name())))
        .add(
            "endpoints",
            List.of(
                Struct.of(
                    "addresses",
                    List.of(address.getAddress().getHostAddress()),
                    "conditions",
                    Struct.of("ready", true))))
        .add(
            "ports",
            List.of(
                new StructBuilder()
                    .add("name", NAME)
                    .add("port", (long) address.getPort())
                    .add("protocol", "TCP")
                    .build()))
        .build();
  }
}
