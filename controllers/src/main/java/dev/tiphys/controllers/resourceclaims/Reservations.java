package dev.tiphys.controllers.resourceclaims;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For which Pods claims are reserved. What is reserved for none is given back: its devices are
/// free for others, and if it was made for one Pod that is over it goes.
///
/// @param pods the informer about Pods
record Reservations(Api api, Informer pods) {

  private static final ApiResource CLAIMS = ApiResource.RESOURCE_CLAIMS;

  /// Keeps a claim until its devices are free.
  private static final String FINALIZER = "resource.kubernetes.io/delete-protection";

  /// For how many Pods a claim can be reserved.
  private static final int MOST = 256;

  /// Whether a claim that has devices is still to be reserved for a Pod.
  static boolean isMissing(Struct claim, Struct pod) {
    List<Struct> consumers = consumers(claim);
    String uid = Meta.of(pod).uid();
    return claim.has("status", "allocation")
        && consumers.size() < MOST
        && consumers.stream().noneMatch(consumer -> consumer.string("uid").equals(uid));
  }

  private static List<Struct> consumers(Struct claim) {
    return claim.structs("status", "reservedFor");
  }

  /// Reserves a claim for a Pod that was bound without a scheduler that does.
  void add(Struct claim, Struct pod) {
    Meta meta = Meta.of(pod);
    List<Struct> consumers = new ArrayList<>(consumers(claim));
    consumers.add(Struct.of("resource", "pods", "name", meta.name(), "uid", meta.uid()));
    api.update(CLAIMS, claim.withAt(List.copyOf(consumers), "status", "reservedFor"), "status");
  }

  /// Ends the reservations of Pods that are over.
  void clean(Struct claim) {
    List<Struct> before = consumers(claim);
    List<Struct> valid =
        before.stream().filter(consumer -> isValid(Meta.of(claim).namespace(), consumer)).toList();
    if (valid.size() < before.size()) {
      Struct updated = api.update(CLAIMS, withConsumers(claim, valid), "status");
      if (!updated.has("status", "allocation")) {
        release(updated);
      }
    } else if (valid.isEmpty() && Meta.of(claim).isBeingDeleted() && isHeld(claim)) {
      boolean allocated = claim.has("status", "allocation");
      release(allocated ? api.update(CLAIMS, withConsumers(claim, List.of()), "status") : claim);
    }
    if (valid.isEmpty() && isOfPodThatIsOver(claim)) {
      delete(claim);
    }
  }

  /// Devices that none uses are free again.
  private static Struct withConsumers(Struct claim, List<Struct> consumers) {
    StructBuilder status =
        StructBuilder.from(
            consumers.isEmpty()
                ? claim
                    .struct("status")
                    .without("reservedFor")
                    .without("allocation")
                    .without("devices")
                : claim.struct("status"));
    return claim.with("status", status.addUnlessEmpty("reservedFor", consumers).build());
  }

  /// Whether a consumer may use the claim yet. What is no Pod is not for this part to judge.
  private boolean isValid(String namespace, Struct consumer) {
    if (!consumer.string("apiGroup").isEmpty() || !consumer.string("resource").equals("pods")) {
      return true;
    }
    String name = consumer.string("name");
    String uid = consumer.string("uid");
    Struct known = pods.find(namespace, name);
    if (known != null) {
      return Meta.of(known).uid().equals(uid) && !PodClaims.isDone(known);
    }
    // It may be so new that it is not known here.
    Struct live = api.find(ApiResource.PODS, namespace, name);
    return live != null && Meta.of(live).uid().equals(uid);
  }

  private static boolean isHeld(Struct claim) {
    return Meta.of(claim).finalizers().contains(FINALIZER);
  }

  private void release(Struct claim) {
    if (isHeld(claim)) {
      List<String> others =
          Meta.of(claim).finalizers().stream().filter(each -> !each.equals(FINALIZER)).toList();
      api.update(CLAIMS, claim.withAt(others, "metadata", "finalizers"));
    }
  }

  /// One whose Pod is not known is left to the garbage collector: the Pod may be new.
  private boolean isOfPodThatIsOver(Struct claim) {
    Struct owner = PodClaims.owner(claim);
    @Nullable Struct pod =
        owner == null ? null : pods.find(Meta.of(claim).namespace(), owner.string("name"));
    return owner != null
        && pod != null
        && (!Meta.of(pod).uid().equals(owner.string("uid")) || PodClaims.isDone(pod));
  }

  private void delete(Struct claim) {
    Meta meta = Meta.of(claim);
    try {
      api.delete(CLAIMS, meta.namespace(), meta.name(), DeleteOptions.DEFAULT.ofUid(meta.uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
