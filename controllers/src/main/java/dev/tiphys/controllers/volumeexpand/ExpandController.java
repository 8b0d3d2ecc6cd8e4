package dev.tiphys.controllers.volumeexpand;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;

/// Tells a claim that asks for more room than it has what it waits for: no type of volume is
/// enlarged by the cluster itself.
///
/// Cost: a comparison for each claim that changes.
public final class ExpandController implements Component {

  public static final String NAME = "expand-controller";

  private final Informer claims;
  private final Informer volumes;
  private final EventRecorder events;
  private final Controller controller;

  public ExpandController(World world, Api api, ClusterView cluster, int workers) {
    this.claims = cluster.of(ApiResource.PERSISTENT_VOLUME_CLAIMS);
    this.volumes = cluster.of(ApiResource.PERSISTENT_VOLUMES);
    this.events = new EventRecorder(world, api, "volume_expand", "");
    this.controller = new Controller("volume-expand", world, workers, this::reconcile);
    claims.listen(new ClaimListener());
  }

  private final class ClaimListener implements Informer.Listener {
    @Override
    public void added(Struct claim) {
      enqueue(claim);
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (wanted(now).compareTo(wanted(before)) > 0) {
        enqueue(now);
      }
    }

    private void enqueue(Struct claim) {
      if (claim.string("status", "phase").equals("Bound") && wantsMore(claim)) {
        controller.enqueue(claim);
      }
    }
  }

  private static boolean wantsMore(Struct claim) {
    return wanted(claim)
            .compareTo(VolumeMatching.quantity(claim.get("status", "capacity", "storage")))
        > 0;
  }

  private static Quantity wanted(Struct claim) {
    return VolumeMatching.quantity(claim.get("spec", "resources", "requests", "storage"));
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct claim = claims.find(key);
    if (claim == null || !wantsMore(claim)) {
      return Outcome.DONE;
    }
    Struct volume = volumes.find("", claim.string("spec", "volumeName"));
    if (volume == null || !volume.string("spec", "claimRef", "uid").equals(Meta.of(claim).uid())) {
      return Outcome.RETRY; // what binds them is not done yet
    }
    events.warning(
        claim, "ExternalExpanding", "waiting for an external controller to expand this PVC");
    return Outcome.DONE;
  }

  @Override
  public void close() {
    controller.close();
    events.close();
  }
}
