package dev.tiphys.controllers.job;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Takes finalizers off Pods, and knows which are off though the informer still shows them: else
/// those Pods would be counted again.
///
/// Threads: any.
final class Released {

  private final Api api;
  private final Set<String> uids = ConcurrentHashMap.newKeySet();

  Released(Api api) {
    this.api = api;
  }

  /// Tells which Pods still carry the finalizer. To be asked for before the Pods are read from the
  /// informer: what is forgotten here by then, the informer shows.
  Predicate<Struct> tracked() {
    Set<String> off = Set.copyOf(uids);
    return pod -> JobPods.isTracked(pod) && !off.contains(Meta.of(pod).uid());
  }

  /// Is told of each Pod that the informer shows.
  void seen(Struct pod) {
    if (!JobPods.isTracked(pod)) {
      uids.remove(Meta.of(pod).uid());
    }
  }

  /// Is told of each Pod that is gone.
  void gone(Struct pod) {
    uids.remove(Meta.of(pod).uid());
  }

  /// Takes the finalizer off. Throws what the server refused with.
  void release(Struct pod) {
    Meta meta = Meta.of(pod);
    uids.add(meta.uid());
    try {
      api.patch(
          ApiResource.PODS,
          meta.namespace(),
          meta.name(),
          "",
          PatchType.STRATEGIC,
          JobPods.release(pod));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        uids.remove(meta.uid());
        throw e;
      }
    }
  }
}
