package dev.tiphys.scheduler.volumes;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What has to be done for a Pod's claims before it runs on a node.
///
/// @param bind volumes that exist, and the claims they are for
/// @param provision claims that volumes have to be made for
record Plan(List<Match> bind, List<Struct> provision) {

  /// A volume for a claim.
  record Match(Struct volume, Struct claim) {}

  /// A claim that waits for a Pod, with the volumes that would suit it on some node.
  record Open(Struct claim, List<Struct> candidates) {}

  /// The plan for a node; absent if there can be none.
  static Optional<Plan> of(List<Open> claims, NodeInfo node, Volumes volumes) {
    List<Match> bind = new ArrayList<>();
    List<Struct> provision = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (Open open : claims) {
      String selected = Meta.of(open.claim).annotation(Volumes.SELECTED_NODE);
      Optional<Struct> found =
          selected.isEmpty()
              ? open.candidates.stream()
                  .filter(volume -> !used.contains(Meta.of(volume).name()))
                  .filter(volume -> Matching.reaches(volume, node.facts()))
                  .findFirst()
              : Optional.empty();
      if (found.isPresent()) {
        used.add(Meta.of(found.get()).name());
        bind.add(new Match(found.get(), open.claim));
      } else if (canProvision(open.claim, selected, node, volumes)) {
        provision.add(open.claim);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new Plan(bind, provision));
  }

  /// A claim whose volume is being made for one node can't have one on another.
  private static boolean canProvision(
      Struct claim, String selected, NodeInfo node, Volumes volumes) {
    return selected.isEmpty()
        ? Matching.canProvision(volumes.storageClass(claim), node.facts())
        : selected.equals(node.name());
  }

  boolean isEmpty() {
    return bind.isEmpty() && provision.isEmpty();
  }
}
