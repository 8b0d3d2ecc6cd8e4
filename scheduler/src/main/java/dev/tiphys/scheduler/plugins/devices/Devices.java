package dev.tiphys.scheduler.plugins.devices;

import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.client.placement.TaintRules;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.plugins.devices.allocation.Inventory;
import dev.tiphys.scheduler.plugins.devices.allocation.Usage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The devices that there are, the claims to them, and what is promised to claims but not written
/// yet.
///
/// A claim's newest state may be one that this scheduler has written and the informer has not seen:
/// else its devices would be given away a second time in between.
///
/// Threads: the scheduling task, where nothing is said to the contrary.
public final class Devices {

  private final Handle handle;
  private final Informer claims;
  private final ObjectIndex claimsByOwner;
  private final Informer slices;
  private final DeviceClasses classes;
  private final Inventory inventory = new Inventory();

  /// What administrators taint devices by, by name.
  private final Map<String, Struct> rules = new HashMap<>();

  private final Usage usage = new Usage();

  /// What claims are to be given that is not written yet, by their uids.
  private final Map<String, Struct> promised = new HashMap<>();

  /// States of claims that were written here and not seen yet.
  private final Map<ObjectKey, Struct> written = new HashMap<>();

  /// Pods that came before all claims and devices were known.
  private final List<PodInfo> early = new ArrayList<>();

  public Devices(Handle handle) {
    this.handle = handle;
    this.claims = handle.informer(Resource.RESOURCE_CLAIM);
    this.slices = handle.informer(Resource.RESOURCE_SLICE);
    this.classes = new DeviceClasses(handle);
    this.claimsByOwner =
        claims.index(
            claim -> {
              Struct owner = Meta.of(claim).controller();
              return owner == null ? List.of() : List.of(owner.string("uid"));
            });
    claims.listen(listener(this::claimSeen, this::claimGone));
    slices.listen(listener(this::put, slice -> inventory.remove(Meta.of(slice).name())));
    if (handle.gates().isOn(FeatureGates.DEVICE_TAINT_RULES)) {
      handle
          .informer(Resource.DEVICE_TAINT_RULE)
          .listen(
              listener(
                  rule -> rulesChange(() -> rules.put(Meta.of(rule).name(), rule)),
                  rule -> rulesChange(() -> rules.remove(Meta.of(rule).name()))));
    }
    claims.onSynced(() -> handle.post(this::retryEarly));
    slices.onSynced(() -> handle.post(this::retryEarly));
  }

  private void put(Struct slice) {
    inventory.put(TaintRules.applied(rules.values(), slice));
  }

  private void rulesChange(Runnable change) {
    change.run();
    slices.list().forEach(this::put);
  }

  private Informer.Listener listener(Consumer<Struct> seen, Consumer<Struct> gone) {
    return new Informer.Listener() {
      @Override
      public void added(Struct object) {
        handle.post(() -> seen.accept(object));
      }

      @Override
      public void updated(Struct before, Struct now) {
        added(now);
      }

      @Override
      public void deleted(Struct last) {
        handle.post(() -> gone.accept(last));
      }
    };
  }

  private void claimSeen(Struct claim) {
    Struct own = written.get(ObjectKey.of(claim));
    if (own != null && Meta.of(own).revision() > Meta.of(claim).revision()) {
      return; // older than what was written since
    }
    written.remove(ObjectKey.of(claim));
    account(claim);
  }

  private void claimGone(Struct claim) {
    String uid = Meta.of(claim).uid();
    written.values().removeIf(own -> Meta.of(own).uid().equals(uid));
    if (!promised.containsKey(uid)) {
      usage.put(uid, List.of());
    }
  }

  /// Notes what a claim has; what it is promised counts until that is decided.
  private void account(Struct claim) {
    String uid = Meta.of(claim).uid();
    if (!promised.containsKey(uid)) {
      usage.put(uid, results(claim.struct("status", "allocation")));
    }
  }

  private static List<Struct> results(Struct allocation) {
    return allocation.structs("devices", "results");
  }

  /// Whether all claims and devices are known. A Pod that asks before has another turn once they
  /// are.
  boolean areKnownTo(PodInfo pod) {
    boolean known = claims.synced() && slices.synced();
    if (!known) {
      early.add(pod);
    }
    return known;
  }

  private void retryEarly() {
    if (claims.synced() && slices.synced()) {
      early.forEach(handle::activate);
      early.clear();
    }
  }

  public DeviceClasses classes() {
    return classes;
  }

  Inventory inventory() {
    return inventory;
  }

  Usage usage() {
    return usage;
  }

  /// The newest state of a claim; null if there is none.
  @Nullable Struct claim(ObjectKey key) {
    Struct seen = claims.find(key);
    Struct own = written.get(key);
    boolean newer =
        own != null && seen != null && Meta.of(own).revision() > Meta.of(seen).revision();
    return newer ? own : seen;
  }

  /// The claims that were made for a Pod, as far as they were seen.
  Collection<Struct> ownedBy(String pod) {
    return claimsByOwner.with(pod);
  }

  /// Sets aside what a claim is to be given.
  void promise(String uid, Struct allocation) {
    promised.put(uid, allocation);
    usage.put(uid, results(allocation));
  }

  boolean isPromised(String uid) {
    return promised.containsKey(uid);
  }

  /// Takes back what a claim was to be given: it has what its newest state says.
  ///
  /// @param key of the claim
  void takeBack(String uid, ObjectKey key) {
    if (promised.remove(uid) != null) {
      Struct known = claim(key);
      boolean same = known != null && Meta.of(known).uid().equals(uid);
      usage.put(
          uid, known != null && same ? results(known.struct("status", "allocation")) : List.of());
    }
  }

  /// Takes note of a claim that was written, with what it was promised.
  ///
  /// @param promise the uid under which that was promised
  void wrote(String promise, Struct claim) {
    ObjectKey key = ObjectKey.of(claim);
    Struct known = claim(key);
    if (known == null || Meta.of(known).revision() < Meta.of(claim).revision()) {
      written.put(key, claim);
    }
    if (promised.remove(promise) != null && !promise.equals(Meta.of(claim).uid())) {
      usage.put(promise, List.of());
    }
    Struct newest = claim(key);
    account(newest == null ? claim : newest);
  }

  /// Has something done whenever a claim changes, on the informer's task. Must come before the
  /// informers start.
  void onClaimChange(Runnable action) {
    claims.listen(Informer.Listener.ofAll(_ -> action.run()));
  }

  /// A claim as it was last seen. Threads: any.
  @Nullable Struct seen(ObjectKey key) {
    return claims.find(key);
  }
}
