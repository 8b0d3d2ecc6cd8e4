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
import java.util.ArrayList;
import java.util.List;

/// Makes a server of APIs known to the cluster, as people's manifests of such servers do: by a
/// Service, and an APIService for each version that it serves. Where such a manifest is applied
/// over them, the Service selects the Pods of that one, and this server is not asked.
///
/// Threads: any.
public final class Registration implements AutoCloseable {

  /// The metrics server.
  public static final Identity METRICS_SERVER =
      new Identity(
          new ObjectKey("kube-system", "metrics-server"),
          List.of(GroupVersion.parse(UsageObjects.VERSION)));

  private static final ApiResource API_SERVICES =
      new ApiResource(
          GroupVersion.parse("apiregistration.k8s.io/v1"), "apiservices", "APIService", false);

  /// What a server is to the cluster.
  ///
  /// @param service by which it is found
  /// @param versions what it serves, the preferred one of a group first
  public record Identity(ObjectKey service, List<GroupVersion> versions) {

    public Identity {
      versions = List.copyOf(versions);
    }

    /// The name that the server's certificate must have.
    public String serverName() {
      return service.name() + "." + service.namespace() + ".svc";
    }
  }

  private final Identity identity;
  private final DefaultObjects objects;
  private final ServedHere served;

  /// @param address where the server listens
  /// @param host what the machine is called, to tell several servers apart
  public Registration(
      World world, Api api, Identity identity, InetSocketAddress address, String host) {
    this.identity = identity;
    List<Struct> made = new ArrayList<>();
    if (!identity.service.namespace().equals("kube-system")) { // which every cluster has
      made.add(namespace());
    }
    made.add(service());
    for (int i = 0; i < identity.versions.size(); i++) {
      made.add(apiService(identity.versions.get(i), 100L * (identity.versions.size() - i)));
    }
    this.objects =
        new DefaultObjects(
            world,
            api,
            identity.service.name(),
            List.of(ApiResource.NAMESPACES, ApiResource.SERVICES, API_SERVICES),
            made);
    Struct slice = slice(address, host);
    this.served = new ServedHere(world, api, identity.service, () -> List.of(slice));
  }

  /// Begins, in the background.
  public void start() {
    objects.start();
    served.start();
  }

  private Struct namespace() {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Namespace")
        .add("metadata", Struct.of("name", identity.service.namespace()))
        .build();
  }

  private Struct service() {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Service")
        .add(
            "metadata",
            Struct.of(
                "name",
                identity.service.name(),
                "namespace",
                identity.service.namespace(),
                "labels",
                labels()))
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

  private Struct labels() {
    return Struct.of("k8s-app", identity.service.name());
  }

  /// Without the authority that vouches for the server, as in people's manifests: an API server
  /// refuses to have both from them.
  private Struct apiService(GroupVersion version, long priority) {
    return new StructBuilder()
        .add("apiVersion", API_SERVICES.apiVersion())
        .add("kind", API_SERVICES.kind())
        .add(
            "metadata",
            Struct.of("name", version.version() + "." + version.group(), "labels", labels()))
        .add(
            "spec",
            new StructBuilder()
                .add("group", version.group())
                .add("version", version.version())
                .add("groupPriorityMinimum", 100L)
                .add("versionPriority", priority)
                .add("insecureSkipTLSVerify", true)
                .add(
                    "service",
                    Struct.of(
                        "name",
                        identity.service.name(),
                        "namespace",
                        identity.service.namespace(),
                        "port",
                        443L))
                .build())
        .build();
  }

  private Struct slice(InetSocketAddress address, String host) {
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
                identity.service.name() + "-" + host,
                "namespace",
                identity.service.namespace(),
                "labels",
                Struct.of(
                    "endpointslice.kubernetes.io/managed-by",
                    "metrics.tiphys.dev",
                    "kubernetes.io/service-name",
                    identity.service.name())))
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
