package dev.tiphys.controllers.ephemeralvolume;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.PodVolumes;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.util.List;

/// Makes the claims of Pods that bring a template for one along. Each is named after the Pod and
/// the volume, and goes with the Pod, which owns it. A claim of that name that is not the Pod's own
/// is left alone, and the Pod waits until it is gone.
///
/// Cost: none for Pods without such volumes.
public final class EphemeralVolumeController implements Component {

  public static final String NAME = "ephemeral-volume-controller";

  private final Api api;
  private final Informer pods;
  private final Informer claims;
  private final ObjectIndex podsByClaim;
  private final EventRecorder events;
  private final EphemeralVolumeMetrics metrics;
  private final Controller controller;

  public EphemeralVolumeController(
      World world, Api api, ClusterView cluster, EphemeralVolumeMetrics metrics, int workers) {
    this.metrics = metrics;
    this.api = api;
    this.pods = cluster.of(ApiResource.PODS);
    this.claims = cluster.of(ApiResource.PERSISTENT_VOLUME_CLAIMS);
    this.podsByClaim = pods.index(EphemeralVolumeController::claimsOf);
    this.events = new EventRecorder(world, api, "ephemeral_volume", "");
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    pods.listen(new PodListener());
    claims.listen(new ClaimListener());
  }

  private static List<Struct> volumes(Struct pod) {
    return pod.structs("spec", "volumes").stream()
        .filter(volume -> volume.has("ephemeral"))
        .toList();
  }

  private static List<String> claimsOf(Struct pod) {
    String namespace = Meta.of(pod).namespace();
    return volumes(pod).stream()
        .map(volume -> new ObjectKey(namespace, PodVolumes.claimName(pod, volume)).toString())
        .toList();
  }

  /// A Pod's volumes never change, so one look at a new Pod is enough.
  private final class PodListener implements Informer.Listener {
    @Override
    public void added(Struct pod) {
      if (!Meta.of(pod).isBeingDeleted() && !volumes(pod).isEmpty()) {
        controller.enqueue(pod);
      }
    }
  }

  private final class ClaimListener implements Informer.Listener {
    @Override
    public void deleted(Struct last) {
      long revision = Meta.of(last).revision();
      for (Struct pod : podsByClaim.with(ObjectKey.of(last).toString())) {
        controller.queue().add(ObjectKey.of(pod), revision);
      }
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct pod = pods.find(key);
    if (pod == null || Meta.of(pod).isBeingDeleted()) {
      return Outcome.DONE;
    }
    for (Struct volume : volumes(pod)) {
      String problem = ensure(pod, volume);
      if (!problem.isEmpty()) {
        events.warning(
            pod,
            "FailedBinding",
            "ephemeral volume %s: %s".formatted(volume.string("name"), problem));
        return Outcome.RETRY;
      }
    }
    return Outcome.DONE;
  }

  /// Sees to it that the claim of a volume is there. Returns why it is not; empty if it is.
  private String ensure(Struct pod, Struct volume) {
    Meta meta = Meta.of(pod);
    String name = PodVolumes.claimName(pod, volume);
    Struct present = claims.find(meta.namespace(), name);
    if (present == null) {
      metrics.creating();
      try {
        api.create(ApiResource.PERSISTENT_VOLUME_CLAIMS, claim(pod, volume));
        return "";
      } catch (ApiException e) {
        metrics.failed();
        return "create PVC " + name + ": " + e.message();
      }
    }
    return Meta.of(present).isControlledBy(meta.uid())
        ? ""
        : "PVC %s/%s was not created for pod %s/%s (pod is not owner)"
            .formatted(meta.namespace(), name, meta.namespace(), meta.name());
  }

  private static Struct claim(Struct pod, Struct volume) {
    Struct template = volume.struct("ephemeral", "volumeClaimTemplate");
    Meta owner = Meta.of(pod);
    Struct metadata =
        new StructBuilder()
            .add("name", PodVolumes.claimName(pod, volume))
            .add("namespace", owner.namespace())
            .addUnlessEmpty("annotations", template.struct("metadata", "annotations"))
            .addUnlessEmpty("labels", template.struct("metadata", "labels"))
            .add("ownerReferences", List.of(owner.asController()))
            .build();
    return Struct.of("metadata", metadata, "spec", template.struct("spec"));
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
