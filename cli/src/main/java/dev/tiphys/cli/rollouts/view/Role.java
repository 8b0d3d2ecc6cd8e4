package dev.tiphys.cli.rollouts.view;

import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// Which part a ReplicaSet plays in a Rollout.
final class Role {

  private Role() {}

  /// Its tags: `stable`, `canary`, `active`, `preview`, `ping`, `pong`.
  static List<String> of(Struct replicaSet, Rollout rollout) {
    String hash = new ReplicaSet(replicaSet).hash();
    Struct status = rollout.status();
    List<String> tags = new ArrayList<>();
    if (hash.isEmpty()) {
      return tags;
    }
    boolean stable = status.string("stableRS").equals(hash);
    if (stable) {
      tags.add("stable");
    }
    if (rollout.isBlueGreen()) {
      if (status.string("blueGreen", "activeSelector").equals(hash)) {
        tags.add("active");
      } else if (status.string("blueGreen", "previewSelector").equals(hash)) {
        tags.add("preview");
      }
    }
    if (rollout.isCanary()) {
      boolean canary = !stable && status.string("currentPodHash").equals(hash);
      if (canary) {
        tags.add("canary");
      }
      if (rollout.canary().isPingPong() && (stable || canary)) {
        boolean ping = !status.string("canary", "stablePingPong").equals("pong");
        tags.add(ping == stable ? "ping" : "pong");
      }
    }
    return tags;
  }
}
