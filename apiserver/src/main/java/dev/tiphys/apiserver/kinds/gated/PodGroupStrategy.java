package dev.tiphys.apiserver.kinds.gated;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import java.util.List;

/// PodGroups, without what belongs to features that this server does not have: topology, claims and
/// priorities of groups.
public final class PodGroupStrategy implements Strategy {

  static final Drops DROPS =
      new Drops(
          List.of("schedulingConstraints", "resourceClaims", "priorityClassName", "priority"));

  /// How a group is disrupted, unless its Pods are disrupted together.
  private static final String MODE = "disruptionMode";

  @Override
  public Struct prepareForCreate(Call call, Struct group) {
    return dropped(group, Struct.EMPTY);
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct group, Struct old) {
    return dropped(group, old);
  }

  private static Struct dropped(Struct group, Struct old) {
    Struct spec = DROPS.from(group.struct("spec"), old.struct("spec"));
    // what is dropped is given its default again when it is read
    String mode = old.string("spec", MODE).isEmpty() ? "Pod" : old.string("spec", MODE);
    return group.with("spec", spec.has(MODE) ? spec.with(MODE, mode) : spec);
  }

  @Override
  public Struct prepareForStatusUpdate(Call call, Struct group, Struct old) {
    return old.has("spec", "resourceClaims")
        ? group
        : group.withoutAt("status", "resourceClaimStatuses");
  }
}
