package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.schema.Resource;
import dev.tiphys.world.World;

/// Which kind has which strategy.
public final class Strategies {

  private Strategies() {}

  /// The strategy of a resource.
  ///
  /// @param leases the leases that short-lived objects are tied to
  public static Strategy of(Resource resource, World world, EventLeases leases) {
    return switch (resource.groupResource()) {
      case "certificatesigningrequests.certificates.k8s.io" -> new SigningRequestStrategy();
      case "daemonsets.apps" -> new DaemonSetStrategy();
      case "endpoints" -> new EndpointsStrategy();
      case "events" -> new EventStrategy(leases);
      case "jobs.batch" -> new JobStrategy();
      case "namespaces" -> new NamespaceStrategy();
      case "persistentvolumes" -> new VolumeStrategy(world);
      case "pods" -> new PodStrategy();
      case "secrets" -> new SecretStrategy();
      case "serviceaccounts" -> new ServiceAccountStrategy();
      default -> Strategy.PLAIN;
    };
  }
}
