package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;

/// How a Prometheus is reached from the cluster: by a Service without selector.
///
/// @param machine where it runs
record Exposure(Prometheus prometheus, String machine) {

  private static final long PORT = 9090;
  private static final String NAME = "web";

  /// Makes the Service, if there is none of its name.
  void ensureService(PrometheusTools tools) {
    ObjectKey key = prometheus.service();
    if (tools.objects().around(ApiResource.SERVICES).find(key) != null) {
      return;
    }
    try {
      tools.api().create(ApiResource.SERVICES, service(key));
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  private Struct service(ObjectKey key) {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Service")
        .add(
            "metadata",
            new StructBuilder()
                .add("name", key.name())
                .add("namespace", key.namespace())
                .add("labels", Struct.of("operated-prometheus", "true"))
                .add("ownerReferences", List.of(Meta.of(prometheus.object()).asController()))
                .build())
        .add(
            "spec",
            Struct.of(
                "ports",
                List.of(
                    new StructBuilder()
                        .add("name", NAME)
                        .add("port", PORT)
                        .add("protocol", "TCP")
                        .add("targetPort", NAME)
                        .build())))
        .build();
  }

  /// The endpoint.
  Struct slice(InetSocketAddress address) {
    ObjectKey key = prometheus.service();
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
