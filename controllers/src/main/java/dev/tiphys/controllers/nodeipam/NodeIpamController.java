package dev.tiphys.controllers.nodeipam;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.PodRanges;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Gives each node the range that its Pods get their addresses from (`spec.podCIDRs`): a part of
/// the cluster's range that no other node has. A node that has one keeps it.
public final class NodeIpamController implements Component {

  private static final System.Logger LOG = System.getLogger(NodeIpamController.class.getName());

  private final Api api;
  private final Informer nodes;
  private final List<CidrSet> sets = new ArrayList<>();

  /// What nodes have, by their uid: those that are gone give it back.
  private final Map<String, List<String>> held = new ConcurrentHashMap<>();

  private final AddressRangeMetrics metrics;
  private final EventRecorder events;
  private final Controller controller;

  public NodeIpamController(
      World world,
      Api api,
      ClusterView cluster,
      PodRanges ranges,
      AddressRangeMetrics metrics,
      int workers) {
    this.api = api;
    this.metrics = metrics;
    this.nodes = cluster.of(ApiResource.NODES);
    for (String range : ranges.cluster()) {
      boolean ipv6 = range.indexOf(':') >= 0;
      CidrSet set = new CidrSet(range, ipv6 ? ranges.ipv6Bits() : ranges.ipv4Bits(), metrics);
      ranges.excluded().forEach(set::occupy);
      sets.add(set);
    }
    this.events = new EventRecorder(world, api, "cidrAllocator", "");
    this.controller = new Controller("node-ipam-controller", world, workers, this::reconcile);
    nodes.listen(new NodeListener());
  }

  private final class NodeListener implements Informer.Listener {
    @Override
    public void added(Struct node) {
      occupy(node);
      enqueue(node);
    }

    @Override
    public void updated(Struct before, Struct now) {
      occupy(now);
      enqueue(now);
    }

    @Override
    public void deleted(Struct last) {
      List<String> ranges = held.remove(Meta.of(last).uid());
      if (ranges != null) {
        release(ranges);
        waiting();
      }
    }

    private void enqueue(Struct node) {
      if (rangesOf(node).isEmpty()) {
        controller.enqueue(node);
      }
    }

    /// What was given back may be what others wait for.
    private void waiting() {
      nodes.list().forEach(this::enqueue);
    }
  }

  private static List<String> rangesOf(Struct node) {
    List<String> ranges = node.strings("spec", "podCIDRs");
    String first = node.string("spec", "podCIDR");
    return ranges.isEmpty() && !first.isEmpty() ? List.of(first) : ranges;
  }

  private void occupy(Struct node) {
    List<String> ranges = rangesOf(node);
    if (ranges.isEmpty()) {
      return;
    }
    List<String> before = held.put(Meta.of(node).uid(), ranges);
    if (ranges.equals(before)) {
      return;
    }
    if (before != null) {
      release(before); // Another one gave the node its ranges first.
    }
    for (String range : ranges) {
      if (sets.stream().noneMatch(set -> set.occupy(range))) {
        LOG.log(
            Level.WARNING,
            "a node has addresses that are not the cluster's: node={0} range={1}",
            Meta.of(node).name(),
            range);
      }
    }
  }

  private void release(List<String> ranges) {
    ranges.forEach(range -> sets.forEach(set -> set.release(range)));
  }

  @Override
  public void start() {
    controller.start();
    metrics.runs(true);
  }

  private Outcome reconcile(ObjectKey key) {
    Struct node = nodes.find(key);
    if (node == null || !rangesOf(node).isEmpty()) {
      return Outcome.DONE;
    }
    Meta meta = Meta.of(node);
    List<String> ranges = held.computeIfAbsent(meta.uid(), _ -> take());
    if (ranges.isEmpty()) {
      held.remove(meta.uid());
      report(node, "CIDRNotAvailable");
      return Outcome.RETRY;
    }
    try {
      give(meta, ranges);
    } catch (ApiException e) {
      // Without an answer it may have been written: the next attempt gives the same ranges.
      if (!e.is(Reason.SERVICE_UNAVAILABLE, Reason.TIMEOUT, Reason.SERVER_TIMEOUT)) {
        held.remove(meta.uid());
        release(ranges);
      }
      if (e.is(Reason.NOT_FOUND)) {
        return Outcome.DONE;
      }
      report(node, "CIDRAssignmentFailed");
      throw e;
    }
    return Outcome.DONE;
  }

  /// A range of each set; none if one of them has none left.
  private List<String> take() {
    List<String> ranges = new ArrayList<>();
    for (CidrSet set : sets) {
      set.take().ifPresent(ranges::add);
    }
    if (ranges.size() < sets.size()) {
      release(ranges);
      return List.of();
    }
    return List.copyOf(ranges);
  }

  private void give(Meta node, List<String> ranges) {
    Struct spec = Struct.of("podCIDR", ranges.getFirst(), "podCIDRs", ranges);
    Struct patch = Struct.of("metadata", Struct.of("uid", node.uid()), "spec", spec);
    api.patch(ApiResource.NODES, "", node.name(), "", PatchType.STRATEGIC, patch);
  }

  private void report(Struct node, String status) {
    Struct reference =
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "Node")
            .add("name", Meta.of(node).name())
            .add("uid", Meta.of(node).uid())
            .build();
    events.record(
        reference, "Normal", status, "Node " + Meta.of(node).name() + " status is now: " + status);
  }

  @Override
  public void close() {
    controller.close();
    metrics.runs(false);
    events.close();
  }
}
