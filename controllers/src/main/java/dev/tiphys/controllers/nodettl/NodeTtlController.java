package dev.tiphys.controllers.nodettl;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;

/// Tells each node in an annotation how long it may keep what it has read of Secrets and
/// ConfigMaps.
///
/// Cost: one write for each node when it joins, and for all when the cluster has grown or shrunk
/// past a limit.
public final class NodeTtlController implements Component {

  public static final String NAME = "ttl-controller";

  private static final String TTL = "node.alpha.kubernetes.io/ttl";

  private final Api api;
  private final Informer nodes;
  private final CacheTtl ttl = new CacheTtl();
  private final Controller controller;
  private volatile String wanted = "0";

  public NodeTtlController(World world, Api api, ClusterView cluster, int workers) {
    this.api = api;
    this.nodes = cluster.of(ApiResource.NODES);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    nodes.listen(new NodeListener());
  }

  private final class NodeListener implements Informer.Listener {
    @Override
    public void added(Struct node) {
      count();
      check(node);
    }

    @Override
    public void updated(Struct before, Struct now) {
      check(now);
    }

    @Override
    public void deleted(Struct last) {
      count();
    }

    private void count() {
      String before = wanted;
      wanted = Integer.toString(ttl.seconds(nodes.size()));
      if (!wanted.equals(before)) {
        nodes.list().forEach(this::check);
      }
    }

    private void check(Struct node) {
      if (isOff(node)) {
        controller.enqueue(node);
      }
    }
  }

  private boolean isOff(Struct node) {
    return !Meta.of(node).annotation(TTL).equals(wanted);
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct node = nodes.find(key);
    if (node == null || !isOff(node)) {
      return Outcome.DONE;
    }
    Struct patch = Struct.EMPTY.withAt(wanted, "metadata", "annotations", TTL);
    try {
      api.patch(ApiResource.NODES, "", key.name(), "", PatchType.STRATEGIC, patch);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
    return Outcome.DONE;
  }

  @Override
  public void close() {
    controller.close();
  }
}
