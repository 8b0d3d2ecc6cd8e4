package dev.tiphys.node.agent;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Meta;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lease that tells others that this node is alive. Renewed every ten seconds; who finds it not
/// renewed for forty may think the node dead.
///
/// Threads: its own task.
final class NodeLease {
  private static final System.Logger LOG = System.getLogger(NodeLease.class.getName());
  private static final String NAMESPACE = "kube-node-lease";
  private static final long SECONDS = 40;
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofMillis(200);

  private final World world;
  private final Api api;
  private final String node;
  private @Nullable Struct lease;

  NodeLease(World world, Api api, String node) {
    this.world = world.background();
    this.api = api;
    this.node = node;
  }

  void run() {
    try {
      while (true) {
        world.sleep(renew() ? PERIOD : RETRY);
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  private boolean renew() {
    try {
      Struct known = lease == null ? api.find(ApiResource.LEASES, NAMESPACE, node) : lease;
      if (known == null) {
        Struct owner = api.find(ApiResource.NODES, "", node);
        if (owner == null) {
          return false; // It is being registered.
        }
        lease = api.create(ApiResource.LEASES, fresh(owner));
      } else {
        lease =
            api.update(
                ApiResource.LEASES,
                known
                    .withAt(node, "spec", "holderIdentity")
                    .withAt(Timestamps.micros(world.now()), "spec", "renewTime"));
      }
      return true;
    } catch (ApiException e) {
      lease = null;
      LOG.log(Level.DEBUG, "the lease of the node was not renewed: {0}", e.message());
      return false;
    }
  }

  private Struct fresh(Struct owner) {
    Struct reference =
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "Node")
            .add("name", node)
            .add("uid", Meta.of(owner).uid())
            .build();
    return new StructBuilder()
        .add("apiVersion", "coordination.k8s.io/v1")
        .add("kind", "Lease")
        .add(
            "metadata",
            Struct.of("name", node, "namespace", NAMESPACE, "ownerReferences", List.of(reference)))
        .add(
            "spec",
            Struct.of(
                "holderIdentity",
                node,
                "leaseDurationSeconds",
                SECONDS,
                "renewTime",
                Timestamps.micros(world.now())))
        .build();
  }
}
