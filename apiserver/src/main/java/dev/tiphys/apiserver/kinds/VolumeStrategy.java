package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.world.World;

/// Persistent volumes: their status tells since when they are in their phase.
final class VolumeStrategy implements Strategy {

  private final World world;

  VolumeStrategy(World world) {
    this.world = world;
  }

  @Override
  public Struct prepareForCreate(Call call, Struct volume) {
    return volume.with("status", Struct.of("phase", "Pending", "lastPhaseTransitionTime", now()));
  }

  @Override
  public Struct prepareForStatusUpdate(Call call, Struct volume, Struct old) {
    Struct status = volume.struct("status");
    Struct before = old.struct("status");
    Object since = before.get("lastPhaseTransitionTime");
    boolean samePhase = status.string("phase").equals(before.string("phase"));
    boolean sameTime =
        status.string("lastPhaseTransitionTime").equals(before.string("lastPhaseTransitionTime"));
    if (!samePhase && (sameTime || !status.has("lastPhaseTransitionTime"))) {
      return volume.withAt(now(), "status", "lastPhaseTransitionTime");
    }
    if (samePhase && !status.has("lastPhaseTransitionTime") && since != null) {
      return volume.withAt(since, "status", "lastPhaseTransitionTime");
    }
    return volume;
  }

  private String now() {
    return Timestamps.seconds(world.now());
  }
}
