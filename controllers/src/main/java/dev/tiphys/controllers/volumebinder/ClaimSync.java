package dev.tiphys.controllers.volumebinder;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Brings one claim on its way: to a volume that there is, or to the program that makes one.
///
/// Threads: any, one for each claim.
final class ClaimSync {

  private static final List<String> PROVISIONER =
      List.of(
          "volume.beta.kubernetes.io/storage-provisioner",
          "volume.kubernetes.io/storage-provisioner");

  /// What classes name as their provisioner that make no volumes.
  private static final String BUILT_IN = "kubernetes.io/";

  private final Api api;
  private final VolumeCatalog catalog;
  private final BindingWriter writer;
  private final EventRecorder events;
  private final VolumeMetrics metrics;

  ClaimSync(
      Api api,
      VolumeCatalog catalog,
      BindingWriter writer,
      EventRecorder events,
      VolumeMetrics metrics) {
    this.api = api;
    this.catalog = catalog;
    this.writer = writer;
    this.events = events;
    this.metrics = metrics;
  }

  void sync(Struct claim) {
    if (Meta.of(claim).annotations().has(Binding.COMPLETED)) {
      bound(claim);
    } else if (claim.string("spec", "volumeName").isEmpty()) {
      choose(claim);
    } else {
      named(claim);
    }
  }

  private void bound(Struct claim) {
    String name = claim.string("spec", "volumeName");
    if (name.isEmpty()) {
      writer.lost(
          claim,
          "ClaimLost",
          "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
      return;
    }
    Struct volume = catalog.volume(name);
    if (volume == null) {
      volume = api.find(ApiResource.PERSISTENT_VOLUMES, "", name);
    }
    if (volume == null) {
      writer.lost(
          claim,
          "ClaimLost",
          "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
    } else if (!volume.has("spec", "claimRef") || Binding.isOf(volume, claim)) {
      writer.bind(volume, claim);
    } else {
      writer.lost(
          claim,
          "ClaimMisbound",
          "Two claims are bound to the same volume, this one is bound incorrectly");
    }
  }

  /// The claim names its volume, but is not bound yet.
  private void named(Struct claim) {
    String name = claim.string("spec", "volumeName");
    Struct volume = catalog.volume(name);
    if (volume == null) {
      writer.pending(claim);
    } else if (!volume.has("spec", "claimRef")) {
      String mismatch = mismatch(volume, claim);
      if (mismatch.isEmpty()) {
        writer.bind(volume, claim);
      } else {
        events.warning(
            claim,
            "VolumeMismatch",
            "Cannot bind to requested volume \"%s\": %s".formatted(name, mismatch));
        writer.pending(claim);
      }
    } else if (Binding.isKeptFor(volume, claim)) {
      writer.bind(volume, claim);
    } else {
      events.warning(
          claim,
          "FailedBinding",
          "volume \"%s\" already bound to a different claim.".formatted(name));
      writer.pending(claim);
    }
  }

  private static String mismatch(Struct volume, Struct claim) {
    if (!VolumeMatching.isLargeEnough(volume, claim)) {
      return "requested PV is too small";
    }
    if (!VolumeMatching.storageClass(volume).equals(VolumeMatching.storageClass(claim))) {
      return "storageClassName does not match";
    }
    if (!volume
        .string("spec", "volumeAttributesClassName")
        .equals(claim.string("spec", "volumeAttributesClassName"))) {
      return "volumeAttributesClassName does not match";
    }
    if (!VolumeMatching.mode(volume).equals(VolumeMatching.mode(claim))) {
      return "incompatible volumeMode";
    }
    return volume.strings("spec", "accessModes").containsAll(claim.strings("spec", "accessModes"))
        ? ""
        : "incompatible accessMode";
  }

  private void choose(Struct claim) {
    boolean waits =
        catalog.waitsForPod(claim) && Meta.of(claim).annotation(Binding.SELECTED_NODE).isEmpty();
    Optional<Struct> volume = catalog.bestFor(claim, waits);
    if (volume.isPresent()) {
      bindFound(volume.get(), claim);
      return;
    }
    Optional<Struct> given = namesNoClass(claim) ? catalog.defaultClass() : Optional.empty();
    if (given.isPresent()) {
      giveClass(claim, Meta.of(given.get()).name());
      return; // the claim is looked at again for the change
    }
    Struct now = claim;
    if (waits) {
      tellWaiting(claim);
    } else if (!VolumeMatching.storageClass(claim).isEmpty()) {
      now = provision(claim);
    } else {
      events.normal(
          claim,
          "FailedBinding",
          "no persistent volumes available for this claim and no storage class is set");
    }
    writer.pending(now);
  }

  private void bindFound(Struct volume, Struct claim) {
    try {
      writer.bind(volume, claim);
    } catch (ApiException e) {
      metrics.operations().failed(ObjectKey.of(claim));
      throw e;
    }
    metrics.operations().done(ObjectKey.of(claim));
  }

  private void giveClass(Struct claim, String name) {
    try {
      api.update(
          ApiResource.PERSISTENT_VOLUME_CLAIMS, claim.withAt(name, "spec", "storageClassName"));
    } catch (ApiException e) {
      metrics.gaveClass(false);
      throw e;
    }
    metrics.gaveClass(true);
  }

  /// A claim that names no class and has found no volume gets the default class, however late that
  /// appears. One that names the empty class wants none.
  private static boolean namesNoClass(Struct claim) {
    return !claim.has("spec", "storageClassName") && VolumeMatching.storageClass(claim).isEmpty();
  }

  private void tellWaiting(Struct claim) {
    List<Struct> pods = catalog.waitingPods(claim);
    if (pods.isEmpty()) {
      events.normal(
          claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
    } else {
      events.normal(
          claim,
          "WaitForPodScheduled",
          (pods.size() == 1
                  ? "waiting for pod %s to be scheduled"
                  : "waiting for pods %s to be scheduled")
              .formatted(
                  pods.stream().map(pod -> Meta.of(pod).name()).collect(Collectors.joining(","))));
    }
  }

  /// Hands a claim over to what makes volumes of its class.
  private Struct provision(Struct claim) {
    Struct type = catalog.classOf(claim);
    if (type == null) {
      events.warning(
          claim,
          "ProvisioningFailed",
          "storageclass.storage.k8s.io \"%s\" not found"
              .formatted(VolumeMatching.storageClass(claim)));
      return claim;
    }
    String provisioner = type.string("provisioner");
    if (provisioner.startsWith(BUILT_IN)) {
      events.warning(claim, "ProvisioningFailed", "no volume plugin matched name: " + provisioner);
      return claim;
    }
    metrics.operations().provision(ObjectKey.of(claim), provisioner);
    Struct handed = handOver(claim, provisioner);
    events.normal(
        handed,
        "ExternalProvisioning",
        "Waiting for a volume to be created either by the external provisioner '%s' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
            .formatted(provisioner));
    return handed;
  }

  private Struct handOver(Struct claim, String provisioner) {
    Meta meta = Meta.of(claim);
    if (PROVISIONER.stream().allMatch(each -> meta.annotation(each).equals(provisioner))) {
      return claim;
    }
    Struct handed = claim;
    for (String annotation : PROVISIONER) {
      handed = Meta.withAnnotation(handed, annotation, provisioner);
    }
    return api.update(ApiResource.PERSISTENT_VOLUME_CLAIMS, handed);
  }
}
