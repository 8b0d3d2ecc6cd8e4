package dev.tiphys.monitoring.state;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.defaults.ServedHere;
import dev.tiphys.monitoring.model.HostedService;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
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

  private static final HostedService SERVICE =
      new HostedService(
          new ObjectKey(NAMESPACE, NAME),
          Struct.of("app.kubernetes.io/name", NAME),
          "https-main",
          8443,
          "state.tiphys.dev");

  private final DefaultObjects objects;
  private final ServedHere served;

  /// @param address where the server listens
  /// @param host what the machine is called, to tell several servers apart
  public StateRegistration(World world, Api api, InetSocketAddress address, String host) {
    this.objects =
        new DefaultObjects(
            world, api, NAME, List.of(ApiResource.SERVICES), List.of(SERVICE.service()));
    Struct slice = SERVICE.slice(address, host);
    this.served = new ServedHere(world, api, SERVICE.key(), () -> List.of(slice));
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

  @Override
  public void close() {
    served.close();
    objects.close();
  }
}
