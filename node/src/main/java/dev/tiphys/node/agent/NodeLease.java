package dev.tiphys.node.agent;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lease that shows that this node is alive. It is renewed every ten seconds; when it has not
/// been for forty, the node may be thought dead.
///
/// Threads: its own task.
final class NodeLease {
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

  void run(SupervisedTask own) throws InterruptedException {
    while (true) {
      world.sleep(renew(own) ? PERIOD : RETRY);
    }
  }

  private boolean renew(SupervisedTask own) {
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
      own.problem("");
      return true;
    } catch (ApiException e) {
      lease = null;
      own.problem("the lease of the node is not renewed: " + e.message());
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
