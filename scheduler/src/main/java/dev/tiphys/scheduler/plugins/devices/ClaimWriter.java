package dev.tiphys.scheduler.plugins.devices;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.PluginException;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes what claims are given, and which Pods they are reserved for.
///
/// Threads: any; waits for the API.
final class ClaimWriter {

  private static final ApiResource CLAIMS = Resource.RESOURCE_CLAIM.kind();

  /// Keeps a claim until its devices are free.
  private static final String FINALIZER = "resource.kubernetes.io/delete-protection";

  private static final int ATTEMPTS = 5;

  private final World world;
  private final Api api;

  ClaimWriter(World world, Api api) {
    this.world = world;
    this.api = api;
  }

  /// Reserves a claim for a Pod, and gives it its devices if it has none. Returns the claim as it
  /// is then.
  ///
  /// @param allocation null if the claim has devices
  /// @throws PluginException if that can't be; the message is upstream's
  Struct bind(Struct claim, @Nullable Struct allocation, PodInfo pod) {
    Struct newest = claim;
    for (int attempt = 1; ; attempt++) {
      try {
        return write(newest, allocation, pod);
      } catch (ApiException e) {
        if (!e.is(Reason.CONFLICT) || attempt == ATTEMPTS) {
          String what = allocation == null ? "add reservation" : "add allocation and reservation";
          throw new PluginException(what + " to claim " + ObjectKey.of(claim) + ": " + e.message());
        }
      }
      newest = refreshed(claim);
    }
  }

  private Struct refreshed(Struct claim) {
    ObjectKey key = ObjectKey.of(claim);
    try {
      return api.get(CLAIMS, key.namespace(), key.name());
    } catch (ApiException e) {
      throw new PluginException("get updated claim " + key + " after conflict: " + e.message());
    }
  }

  private Struct write(Struct claim, @Nullable Struct allocation, PodInfo pod) {
    Struct changed = claim;
    if (Meta.of(claim).isBeingDeleted()) {
      throw new PluginException("claim " + ObjectKey.of(claim) + " got deleted in the meantime");
    }
    if (allocation != null) {
      if (claim.has("status", "allocation")) {
        throw new PluginException(
            "claim " + ObjectKey.of(claim) + " got allocated elsewhere in the meantime");
      }
      changed =
          withFinalizer(changed)
              .withAt(
                  allocation.with("allocationTimestamp", Timestamps.seconds(world.now())),
                  "status",
                  "allocation");
    }
    List<Object> users = new ArrayList<>(changed.list("status", "reservedFor"));
    users.add(Struct.of("name", pod.key().name(), "resource", "pods", "uid", pod.uid()));
    return api.update(CLAIMS, changed.withAt(users, "status", "reservedFor"), "status");
  }

  private Struct withFinalizer(Struct claim) {
    List<String> finalizers = Meta.of(claim).finalizers();
    if (finalizers.contains(FINALIZER)) {
      return claim;
    }
    List<String> more = new ArrayList<>(finalizers);
    more.add(FINALIZER);
    return api.update(CLAIMS, claim.withAt(more, "metadata", "finalizers"));
  }

  /// Creates the claim for extended resources.
  ///
  /// @throws PluginException if that fails
  Struct create(ExtendedClaim.OfNode claim) {
    Struct object = ExtendedClaim.toCreate(claim);
    try {
      return api.create(CLAIMS, object);
    } catch (ApiException e) {
      throw new PluginException(
          "create claim for extended resources "
              + object.string("metadata", "namespace")
              + "/: "
              + e.message());
    }
  }

  /// Tells in a Pod's status which claim its extended resources are.
  void tell(PodInfo pod, Struct claim, List<Struct> mappings) {
    Struct status =
        Struct.of("requestMappings", mappings, "resourceClaimName", Meta.of(claim).name());
    try {
      api.patch(
          ApiResource.PODS,
          pod.key().namespace(),
          pod.key().name(),
          "status",
          PatchType.STRATEGIC,
          Struct.of(
              "metadata",
              Struct.of("uid", pod.uid()),
              "status",
              Struct.of("extendedResourceClaimStatus", status)));
    } catch (ApiException e) {
      throw new PluginException(
          "update pod " + pod.key() + " ExtendedResourceClaimStatus: " + e.message());
    }
  }

  /// Ends the reservation of a claim for a Pod. Other users keep theirs.
  void unreserve(Struct claim, PodInfo pod) {
    Struct user = Struct.of("$patch", "delete", "uid", pod.uid());
    api.patch(
        CLAIMS,
        Meta.of(claim).namespace(),
        Meta.of(claim).name(),
        "status",
        PatchType.STRATEGIC,
        Struct.of(
            "metadata",
            Struct.of("uid", Meta.of(claim).uid()),
            "status",
            Struct.of("reservedFor", List.of(user))));
  }

  /// Gives the devices of a claim back.
  void deallocate(Struct claim) {
    Struct status =
        StructBuilder.from(claim.struct("status"))
            .build()
            .without("allocation")
            .without("devices")
            .without("reservedFor");
    api.update(CLAIMS, claim.with("status", status), "status");
  }

  /// Deletes a claim, whatever it has.
  void delete(Struct claim) {
    Meta meta = Meta.of(claim);
    List<String> others =
        meta.finalizers().stream().filter(each -> !each.equals(FINALIZER)).toList();
    try {
      Struct newest = api.get(CLAIMS, meta.namespace(), meta.name());
      if (Meta.of(newest).uid().equals(meta.uid())) {
        api.update(CLAIMS, newest.withAt(others, "metadata", "finalizers"));
        api.delete(CLAIMS, meta.namespace(), meta.name(), DeleteOptions.DEFAULT.ofUid(meta.uid()));
      }
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
