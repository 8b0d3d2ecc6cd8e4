package dev.tiphys.monitoring.metricsapi;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.defaults.ServedHere;
import dev.tiphys.monitoring.model.HostedService;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
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

  private static final long PORT = 443;

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

  private final HostedService hosted;
  private final DefaultObjects objects;
  private final ServedHere served;

  /// @param address where the server listens
  /// @param host what the machine is called, to tell several servers apart
  public Registration(
      World world, Api api, Identity identity, InetSocketAddress address, String host) {
    this.hosted =
        new HostedService(
            identity.service,
            Struct.of("k8s-app", identity.service.name()),
            "https",
            PORT,
            "metrics.tiphys.dev");
    List<Struct> made = new ArrayList<>();
    if (!identity.service.namespace().equals("kube-system")) { // which every cluster has
      made.add(namespace(identity.service.namespace()));
    }
    made.add(hosted.service());
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
    Struct slice = hosted.slice(address, host);
    this.served = new ServedHere(world, api, identity.service, () -> List.of(slice));
  }

  /// Begins, in the background.
  public void start() {
    objects.start();
    served.start();
  }

  private static Struct namespace(String name) {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Namespace")
        .add("metadata", Struct.of("name", name))
        .build();
  }

  /// Without the authority that vouches for the server, as in people's manifests: an API server
  /// refuses to have both from them.
  private Struct apiService(GroupVersion version, long priority) {
    return new StructBuilder()
        .add("apiVersion", API_SERVICES.apiVersion())
        .add("kind", API_SERVICES.kind())
        .add(
            "metadata",
            Struct.of("name", version.version() + "." + version.group(), "labels", hosted.labels()))
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
                        hosted.key().name(),
                        "namespace",
                        hosted.key().namespace(),
                        "port",
                        PORT))
                .build())
        .build();
  }

  @Override
  public void close() {
    served.close();
    objects.close();
  }
}
