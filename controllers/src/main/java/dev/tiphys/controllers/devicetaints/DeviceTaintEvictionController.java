package dev.tiphys.controllers.devicetaints;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.EvictionMetrics;
import dev.tiphys.controllers.common.Evictions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Deletes Pods that use devices whose taints (effect `NoExecute`) their claims do not tolerate, at
/// once or when the time is over that they tolerate them for.
///
/// Cost: none for Pods without claims; a look at each Pod that uses a device when that gets a
/// taint.
public final class DeviceTaintEvictionController implements Component {

  public static final String NAME = "device-taint-eviction-controller";

  private static final ApiResource RULES =
      new ApiResource(
          GroupVersion.parse("resource.k8s.io/v1beta2"),
          "devicetaintrules",
          "DeviceTaintRule",
          false);

  private static final String EVICTION = "DeviceTaintManagerEviction";
  private static final Evictions.Disruption TAINTED =
      new Evictions.Disruption(
          "DeletionByDeviceTaintManager",
          "Device Taint manager: deleting due to NoExecute taint",
          false);

  private final World world;
  private final Informer pods;
  private final Informer claims;
  private final ObjectIndex claimsByPod;
  private final ObjectIndex claimsByDevice;
  private final Devices devices;
  private final @Nullable Informer rules;
  private final EventRecorder events;
  private final Evictions evictions;
  private final EvictionMetrics metrics;
  private final Controller controller;

  /// Pods that are to go, by key.
  private final Map<ObjectKey, Marked> marked = new ConcurrentHashMap<>();

  /// A Pod that is to go.
  ///
  /// @param since when that was found
  private record Marked(String uid, Instant since) {}

  /// @param byRules whether administrators taint devices too
  public DeviceTaintEvictionController(
      World world,
      Api api,
      ClusterView cluster,
      EvictionMetrics metrics,
      boolean byRules,
      int workers) {
    this.metrics = metrics;
    this.world = world;
    this.pods = cluster.of(ApiResource.PODS);
    Informer claims = cluster.of(ApiResource.RESOURCE_CLAIMS);
    Informer slices = cluster.of(ApiResource.RESOURCE_SLICES);
    this.claimsByPod =
        claims.index(claim -> users(claim).stream().map(user -> user.string("uid")).toList());
    this.claimsByDevice =
        claims.index(
            claim -> results(claim).stream().map(DeviceTaintEvictionController::deviceOf).toList());
    this.claims = claims;
    this.rules = byRules ? new Informer(world, api, RULES) : null;
    this.devices = new Devices(slices, rules);
    this.events = new EventRecorder(world, api, NAME, "");
    this.evictions = new Evictions(world, api);
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    pods.listen(Informer.Listener.ofAll(this::podChanged));
    claims.listen(new ClaimListener());
    slices.listen(new SliceListener());
    if (rules != null) {
      rules.listen(Informer.Listener.ofAll(this::ruleChanged));
    }
  }

  /// Only the users of devices that a rule selects, or has selected, are affected; a rule that
  /// selects others than before is rare, so that all claims are looked at.
  private void ruleChanged(Struct rule) {
    long revision = Meta.of(rule).revision();
    for (Struct claim : claims.list()) {
      if (!results(claim).isEmpty()) {
        lookAtUsers(claim, revision);
      }
    }
  }

  private static List<Struct> users(Struct claim) {
    return claim.structs("status", "reservedFor").stream()
        .filter(user -> user.string("resource").equals("pods"))
        .toList();
  }

  private static List<Struct> results(Struct claim) {
    return claim.structs("status", "allocation", "devices", "results");
  }

  private static String deviceOf(Struct result) {
    return Devices.name(result.string("driver"), result.string("pool"), result.string("device"));
  }

  private void podChanged(Struct pod) {
    boolean hasClaims = !claimsByPod.with(Meta.of(pod).uid()).isEmpty();
    if (hasClaims || marked.containsKey(ObjectKey.of(pod))) {
      controller.enqueue(pod);
    }
  }

  private void lookAtUsers(Struct claim, long revision) {
    String namespace = Meta.of(claim).namespace();
    for (Struct user : users(claim)) {
      controller.queue().add(new ObjectKey(namespace, user.string("name")), revision);
    }
  }

  private final class ClaimListener implements Informer.Listener {
    @Override
    public void added(Struct claim) {
      lookAtUsers(claim, Meta.of(claim).revision());
    }

    @Override
    public void updated(Struct before, Struct now) {
      lookAtUsers(before, Meta.of(now).revision());
      lookAtUsers(now, Meta.of(now).revision());
    }

    @Override
    public void deleted(Struct last) {
      lookAtUsers(last, Meta.of(last).revision());
    }
  }

  private final class SliceListener implements Informer.Listener {
    @Override
    public void added(Struct slice) {
      changed(Devices.tainted(slice), slice);
    }

    @Override
    public void updated(Struct before, Struct now) {
      List<String> both = new ArrayList<>(Devices.tainted(before));
      both.addAll(Devices.tainted(now));
      changed(both, now);
    }

    @Override
    public void deleted(Struct last) {
      changed(Devices.tainted(last), last);
    }

    private void changed(List<String> tainted, Struct slice) {
      Set<Struct> affected = new LinkedHashSet<>();
      tainted.forEach(device -> affected.addAll(claimsByDevice.with(device)));
      affected.forEach(claim -> lookAtUsers(claim, Meta.of(slice).revision()));
    }
  }

  @Override
  public void start() {
    if (rules != null) {
      rules.start();
    }
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct pod = pods.find(key);
    if (pod == null || Meta.of(pod).isBeingDeleted()) {
      marked.remove(key);
      return Outcome.DONE;
    }
    String uid = Meta.of(pod).uid();
    Marked mark = marked.get(key);
    if (mark != null && !mark.uid.equals(uid)) {
      mark = null;
    }
    Instant seen = mark == null ? world.now() : mark.since;
    Instant end = end(pod, seen);
    if (end == null) {
      marked.remove(key);
      if (mark != null) {
        events.normal(pod, EVICTION, "Cancelling deletion");
      }
      return Outcome.DONE;
    }
    marked.put(key, new Marked(uid, seen));
    if (end.isAfter(world.now())) {
      return Outcome.again(Duration.between(world.now(), end));
    }
    events.normal(pod, EVICTION, "Marking for deletion");
    evictions.evict(pod, TAINTED);
    metrics.deleted(Duration.between(end, world.now()));
    return Outcome.DONE;
  }

  /// When a Pod is to go; null if it may stay.
  ///
  /// @param seen since when taints count that do not say
  private @Nullable Instant end(Struct pod, Instant seen) {
    Instant first = null;
    if (!pod.string("spec", "nodeName").isEmpty()) {
      for (Struct claim : claimsByPod.with(Meta.of(pod).uid())) {
        for (Struct result : results(claim)) {
          List<Struct> taints =
              devices.evictingTaints(
                  result.string("driver"), result.string("pool"), result.string("device"));
          first =
              DeviceTaints.earlier(
                  first, DeviceTaints.end(taints, result.structs("tolerations"), seen));
        }
      }
    }
    return first;
  }

  @Override
  public void close() {
    if (rules != null) {
      rules.close();
    }
    controller.close();
    events.close();
  }
}
