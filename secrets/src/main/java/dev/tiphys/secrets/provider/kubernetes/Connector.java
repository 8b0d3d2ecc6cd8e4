package dev.tiphys.secrets.provider.kubernetes;

import dev.tiphys.client.Api;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.world.World;

/// Reaches clusters.
public interface Connector {

  /// The API of a cluster, with the credentials and so the rights that a store names.
  Api connect(World world, Kubeconfig.Access access);
}
