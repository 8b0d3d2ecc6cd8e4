package dev.tiphys.monitoring.metricsapi;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.defaults.ServedHere;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;

/// Makes the server known to the cluster, as people's manifests of the `metrics-server` do: by the
/// Service of that name and the APIService `v1beta1.metrics.k8s.io`. Where such a manifest is
/// applied over them, the Service selects the Pods of that one, and this server is not asked.
///
/// Threads: any.
public final class Registration implements AutoCloseable {

  private static final String NAME = "metrics-server";
  private static final String NAMESPACE = "kube-system";

  private static final ApiResource API_SERVICES =
      new ApiResource(
          GroupVersion.parse("apiregistration.k8s.io/v1"), "apiservices", "APIService", false);

  private final DefaultObjects objects;
  private final ServedHere served;

  /// @param address where the server listens
  /// @param host what the machine is called, to tell several servers apart
  public Registration(World world, Api api, InetSocketAddress address, String host) {
    this.objects =
        new DefaultObjects(
            world,
            api,
            NAME,
            List.of(ApiResource.SERVICES, API_SERVICES),
            List.of(service(), apiService()));
    Struct slice = slice(address, host);
    this.served = new ServedHere(world, api, new ObjectKey(NAMESPACE, NAME), () -> List.of(slice));
  }

  /// The name that the server's certificate must have.
  public static String serverName() {
    return NAME + "." + NAMESPACE + ".svc";
  }

  /// Begins, in the background.
  public void start() {
    objects.start();
    served.start();
  }

  private static Struct service() {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Service")
        .add(
            "metadata",
            Struct.of("name", NAME, "namespace", NAMESPACE, "labels", Struct.of("k8s-app", NAME)))
        .add(
            "spec",
            Struct.of(
                "ports",
                List.of(
                    new StructBuilder()
                        .add("name", "https")
                        .add("port", 443L)
                        .add("protocol", "TCP")
                        .add("targetPort", "https")
                        .build())))
        .build();
  }

  /// Without the authority that vouches for the server, as in people's manifests: an API server
  /// refuses to have both from them.
  private static Struct apiService() {
    return new StructBuilder()
        .add("apiVersion", API_SERVICES.apiVersion())
        .add("kind", API_SERVICES.kind())
        .add(
            "metadata",
            Struct.of("name", "v1beta1." + Discovery.GROUP, "labels", Struct.of("k8s-app", NAME)))
        .add(
            "spec",
            new StructBuilder()
                .add("group", Discovery.GROUP)
                .add("version", "v1beta1")
                .add("groupPriorityMinimum", 100L)
                .add("versionPriority", 100L)
                .add("insecureSkipTLSVerify", true)
                .add("service", Struct.of("name", NAME, "namespace", NAMESPACE, "port", 443L))
                .build())
        .build();
  }

  private static Struct slice(InetSocketAddress address, String host) {
    return new StructBuilder()
        .add("addressType", address.getAddress() instanceof Inet4Address ? "IPv4" : "IPv6")
        .add("apiVersion", ApiResource.ENDPOINT_SLICES.apiVersion())
        .add(
            "endpoints",
            List.of(
                Struct.of(
                    "addresses",
                    List.of(address.getAddress().getHostAddress()),
                    "conditions",
                    Struct.of("ready", true))))
        .add("kind", ApiResource.ENDPOINT_SLICES.kind())
        .add(
            "metadata",
            Struct.of(
                "name",
                NAME + "-" + host,
                "namespace",
                NAMESPACE,
                "labels",
                Struct.of(
                    "endpointslice.kubernetes.io/managed-by",
                    "metrics.tiphys.dev",
                    "kubernetes.io/service-name",
                    NAME)))
        .add(
            "ports",
            List.of(
                new StructBuilder()
                    .add("name", "https")
                    .add("port", (long) address.getPort())
                    .add("protocol", "TCP")
                    .build()))
        .build();
  }

  @Override
  public void close() {
    served.close();
    objects.close();
  }
}
