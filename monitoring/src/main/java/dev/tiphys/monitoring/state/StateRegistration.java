package dev.tiphys.monitoring.state;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.defaults.ServedHere;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;

/// Makes the server known to the cluster, by the Service `kube-state-metrics` as it is in people's
/// manifests. Where such a manifest is applied over it, the Service selects the Pods of that one,
/// and this server is not asked.
///
/// Threads: any.
public final class StateRegistration implements AutoCloseable {

  /// What the Service is called.
  public static final String NAME = "kube-state-metrics";

  /// Where it is.
  public static final String NAMESPACE = "kube-system";

  private static final String PORT = "https-main";
  private static final Struct LABELS = Struct.of("app.kubernetes.io/name", NAME);

  private final DefaultObjects objects;
  private final ServedHere served;

  /// @param address where the server listens
  /// @param host what the machine is called, to tell several servers apart
  public StateRegistration(World world, Api api, InetSocketAddress address, String host) {
    this.objects =
        new DefaultObjects(world, api, NAME, List.of(ApiResource.SERVICES), List.of(service()));
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
    Struct port =
        new StructBuilder()
            .add("name", PORT)
            .add("port", 8443L)
            .add("protocol", "TCP")
            .add("targetPort", PORT)
            .build();
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Service")
        .add("metadata", Struct.of("name", NAME, "namespace", NAMESPACE, "labels", LABELS))
        .add("spec", Struct.of("ports", List.of(port)))
        .build();
  }

  private static Struct slice(InetSocketAddress address, String host) {
    Struct labels =
        LABELS
            .with("endpointslice.kubernetes.io/managed-by", "state.tiphys.dev")
            .with("kubernetes.io/service-name", NAME);
    Struct endpoint =
        Struct.of(
            "addresses",
            List.of(address.getAddress().getHostAddress()),
            "conditions",
            Struct.of("ready", true));
    Struct port =
        new StructBuilder()
            .add("name", PORT)
            .add("port", (long) address.getPort())
            .add("protocol", "TCP")
            .build();
    return new StructBuilder()
        .add("addressType", address.getAddress() instanceof Inet4Address ? "IPv4" : "IPv6")
        .add("apiVersion", ApiResource.ENDPOINT_SLICES.apiVersion())
        .add("endpoints", List.of(endpoint))
        .add("kind", ApiResource.ENDPOINT_SLICES.kind())
        .add(
            "metadata",
            Struct.of("name", NAME + "-" + host, "namespace", NAMESPACE, "labels", labels))
        .add("ports", List.of(port))
        .build();
  }

  @Override
  public void close() {
    served.close();
    objects.close();
  }
}
