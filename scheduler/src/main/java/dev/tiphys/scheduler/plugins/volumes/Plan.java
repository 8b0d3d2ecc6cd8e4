package dev.tiphys.scheduler.plugins.volumes;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What has to be done for a Pod's claims before it runs on a node.
///
/// @param bind volumes that exist, and the claims they are for
/// @param provision claims that volumes have to be made for
/// @param lack what some claim lacks, so that the Pod can't run there
record Plan(List<Match> bind, List<Struct> provision, Lack lack) {

  /// What a claim may lack on a node.
  enum Lack {
    NOTHING,
    /// There is no volume that suits it, and none can be made.
    VOLUME,
    /// A volume could be made if there were enough storage.
    STORAGE
  }

  /// A volume for a claim.
  record Match(Struct volume, Struct claim) {}

  /// A claim that waits for a Pod, with the volumes that would suit it on some node.
  record Open(Struct claim, List<Struct> candidates) {}

  /// The plan for a node.
  static Plan of(List<Open> claims, NodeInfo node, Volumes volumes) {
    List<Match> bind = new ArrayList<>();
    List<Struct> provision = new ArrayList<>();
    Set<String> used = new HashSet<>();
    Lack lack = Lack.NOTHING;
    for (Open open : claims) {
      String selected = Meta.of(open.claim).annotation(Volumes.SELECTED_NODE);
      Struct found = selected.isEmpty() ? firstInReach(open, used, node) : Struct.EMPTY;
      if (!found.isEmpty()) {
        used.add(Meta.of(found).name());
        bind.add(new Match(found, open.claim));
      } else if (!canProvision(open.claim, selected, node, volumes)) {
        return new Plan(List.of(), List.of(), Lack.VOLUME);
      } else if (selected.isEmpty() && !volumes.hasCapacity(open.claim, node.facts())) {
        lack = Lack.STORAGE;
      } else {
        provision.add(open.claim);
      }
    }
    return new Plan(bind, provision, lack);
  }

  /// The first volume that the node reaches; empty if there is none.
  private static Struct firstInReach(Open open, Set<String> used, NodeInfo node) {
    for (Struct volume : open.candidates) {
      if (!used.contains(Meta.of(volume).name()) && Matching.reaches(volume, node.facts())) {
        return volume;
      }
    }
    return Struct.EMPTY;
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

  /// The claims that something has to be done for.
  List<ObjectKey> claims() {
    List<ObjectKey> claims = new ArrayList<>();
    bind.forEach(match -> claims.add(ObjectKey.of(match.claim())));
    provision.forEach(claim -> claims.add(ObjectKey.of(claim)));
    return claims;
  }
}
