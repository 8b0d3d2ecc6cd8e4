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
    List<Struct> begun = new ArrayList<>(); // their volumes are being made, for one node
    List<Struct> begins = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (Open open : claims) {
      String selected = Meta.of(open.claim).annotation(Volumes.SELECTED_NODE);
      if (!selected.isEmpty()) {
        if (!selected.equals(node.name())) {
          return lacking(Lack.VOLUME);
        }
        begun.add(open.claim);
        continue;
      }
      Struct found = firstInReach(open, used, node);
      if (found.isEmpty()) {
        begins.add(open.claim);
      } else {
        used.add(Meta.of(found).name());
        bind.add(new Match(found, open.claim));
      }
    }
    begun.addAll(begins);
    Lack lack = lack(begun, node, volumes);
    return lack == Lack.NOTHING ? new Plan(bind, begun, lack) : lacking(lack);
  }

  /// What the first claim that can't have a volume made lacks.
  private static Lack lack(List<Struct> claims, NodeInfo node, Volumes volumes) {
    for (Struct claim : claims) {
      if (!Matching.canProvision(volumes.storageClass(claim), node.facts())) {
        return Lack.VOLUME;
      }
      if (!volumes.hasCapacity(claim, node.facts())) {
        return Lack.STORAGE;
      }
    }
    return Lack.NOTHING;
  }

  private static Plan lacking(Lack lack) {
    return new Plan(List.of(), List.of(), lack);
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
