package dev.tiphys.secrets.provider.kubernetes;

import dev.tiphys.client.Api;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Leads to a cluster in this process, as the user that a token of one of its ServiceAccounts, or a
/// certificate, is for.
final class RemoteClusters implements Connector {

  private final TestCluster cluster;

  /// What was connected to, in order.
  final List<Kubeconfig.Access> accesses = new ArrayList<>();

  RemoteClusters(TestCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Api connect(World world, Kubeconfig.Access access) {
    accesses.add(access);
    if (access.token().isEmpty()) {
      return cluster.apiOf(access.certificate());
    }
    byte[] claims = Base64.getUrlDecoder().decode(access.token().split("\\.", -1)[1]);
    return cluster.apiOf(
        Json.struct(new String(claims, StandardCharsets.UTF_8)).string("sub"),
        "system:serviceaccounts");
  }
}
