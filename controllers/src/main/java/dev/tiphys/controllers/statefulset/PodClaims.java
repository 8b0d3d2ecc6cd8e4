package dev.tiphys.controllers.statefulset;

import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUME_CLAIMS;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The claims of a StatefulSet's Pods: made before a Pod is, kept when it goes unless the retention
/// policy says otherwise.
///
/// @param api in whose name they are written
/// @param known the claims of the cluster
/// @param events where it is told
record PodClaims(Api api, Informer known, EventRecorder events) {

  private @Nullable Struct find(StatefulSet set, Struct template, long ordinal) {
    return known.find(set.meta().namespace(), SetPods.claimName(set, template, ordinal));
  }

  /// Makes the claims that a Pod lacks. Throws if one can't be made, or is about to go.
  void create(StatefulSet set, Struct pod) {
    long ordinal = set.ordinalOf(pod);
    ApiException failure = null;
    for (Struct template : set.claimTemplates()) {
      Struct present = find(set, template, ordinal);
      try {
        if (present == null) {
          create(set, template, pod);
        } else if (Meta.of(present).isBeingDeleted()) {
          throw ApiException.internal("pvc " + Meta.of(present).name() + " is being deleted");
        }
      } catch (ApiException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void create(StatefulSet set, Struct template, Struct pod) {
    String name = SetPods.claimName(set, template, set.ordinalOf(pod));
    Struct labels =
        new StructBuilder()
            .addAll(Meta.of(template).labels())
            .addAll(set.spec().struct("selector", "matchLabels"))
            .build();
    Struct claim =
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "PersistentVolumeClaim")
            .add(
                "metadata",
                template
                    .struct("metadata")
                    .with("name", name)
                    .with("namespace", set.meta().namespace())
                    .with("labels", labels))
            .add("spec", template.struct("spec"))
            .build();
    String of = "Claim " + name;
    String where = " Pod " + Meta.of(pod).name() + " in StatefulSet " + set.meta().name();
    try {
      api.create(PERSISTENT_VOLUME_CLAIMS, withOwners(claim, wantedOwners(set, pod, claim)));
      events.normal(set.object(), "SuccessfulCreate", "create " + of + where + " success");
    } catch (ApiException e) {
      if (e.is(Reason.ALREADY_EXISTS)) {
        return; // it was made a moment ago, and is not shown yet
      }
      events.warning(
          set.object(),
          "FailedCreate",
          "create " + of + " for" + where + " failed error: " + e.message());
      throw e;
    }
  }

  /// Whether a Pod's claims are there, and are owned and as large as the set wants.
  boolean areIntact(StatefulSet set, Struct pod) {
    boolean kept = set.isWanted(set.ordinalOf(pod));
    for (Struct template : set.claimTemplates()) {
      Struct claim = find(set, template, set.ordinalOf(pod));
      boolean intact =
          claim == null
              ? !kept
              : owned(set, pod, claim).equals(claim)
                  && ClaimGrowth.grown(set, template, claim).equals(claim);
      if (!intact) {
        return false;
      }
    }
    return true;
  }

  /// Gives a Pod's claims the owners and the size that the set wants. A size that is refused is
  /// told, and keeps nothing else from being done.
  void mend(StatefulSet set, Struct pod) {
    for (Struct template : set.claimTemplates()) {
      Struct claim = find(set, template, set.ordinalOf(pod));
      if (claim != null) {
        Struct owned = owned(set, pod, claim);
        Struct present = owned.equals(claim) ? claim : api.update(PERSISTENT_VOLUME_CLAIMS, owned);
        grow(set, present, ClaimGrowth.grown(set, template, present));
      }
    }
  }

  private void grow(StatefulSet set, Struct claim, Struct grown) {
    if (grown.equals(claim)) {
      return;
    }
    try {
      api.update(PERSISTENT_VOLUME_CLAIMS, grown);
    } catch (ApiException e) {
      if (!e.is(Reason.INVALID, Reason.FORBIDDEN)) {
        throw e;
      }
      events.warning(
          set.object(),
          "FailedUpdate",
          "grow Claim %s in StatefulSet %s failed error: %s"
              .formatted(Meta.of(claim).name(), set.meta().name(), e.message()));
    }
  }

  private static Struct owned(StatefulSet set, Struct pod, Struct claim) {
    return withOwners(claim, wantedOwners(set, pod, claim));
  }

  private static Struct withOwners(Struct claim, List<Struct> owners) {
    return owners.isEmpty()
        ? claim.withoutAt("metadata", "ownerReferences")
        : claim.withAt(owners, "metadata", "ownerReferences");
  }

  /// Those who own a claim: others as they are; the set and the Pod as the policy wants.
  private static List<Struct> wantedOwners(StatefulSet set, Struct pod, Struct claim) {
    Meta podMeta = Meta.of(pod);
    boolean condemned = !set.isWanted(set.ordinalOf(pod));
    boolean bySet = set.endsClaimsWhenDeleted() && !(condemned && set.endsClaimsWhenScaled());
    boolean byPod = set.endsClaimsWhenScaled() && condemned;
    List<Struct> owners = new ArrayList<>();
    for (Struct owner : Meta.of(claim).owners()) {
      String uid = owner.string("uid");
      boolean isSet = uid.equals(set.meta().uid());
      boolean isPod = uid.equals(podMeta.uid());
      if (isSet && !bySet || isPod && !byPod) {
        continue;
      }
      bySet &= !isSet;
      byPod &= !isPod;
      owners.add(owner);
    }
    boolean managed = owners.stream().anyMatch(owner -> owner.bool("controller"));
    if (bySet && !managed) {
      owners.add(set.meta().asController());
    }
    if (byPod && !managed) {
      owners.add(podMeta.asController());
    }
    return owners;
  }

  /// Whether a claim still belongs to an earlier Pod of this name, and is about to go with it: a
  /// new Pod must not use it.
  boolean isStale(StatefulSet set, long ordinal) {
    if (!set.endsClaimsWhenScaled()) {
      return false;
    }
    String pod = set.podName(ordinal);
    return set.claimTemplates().stream()
        .map(template -> find(set, template, ordinal))
        .anyMatch(
            claim ->
                claim != null
                    && Meta.of(claim).owners().stream()
                        .anyMatch(
                            owner ->
                                owner.string("kind").equals("Pod")
                                    && owner.string("name").equals(pod)));
  }
}
