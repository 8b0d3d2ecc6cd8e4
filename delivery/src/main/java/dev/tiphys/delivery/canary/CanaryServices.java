package dev.tiphys.delivery.canary;

import dev.tiphys.delivery.model.Canary;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.services.ServiceSelectors;

/// The Services of canary and stable version, and which revisions they select.
///
/// A Service never leaves Pods that serve for a revision that has none.
///
/// Threads: one.
final class CanaryServices {

  private static final String PING = "ping";

  private final Pass pass;
  private final ServiceSelectors selectors;
  private final Canary strategy;
  private String canaryHash = "";
  private String stableHash = "";

  CanaryServices(Pass pass) {
    this.pass = pass;
    this.selectors = new ServiceSelectors(pass);
    this.strategy = pass.rollout().canary();
    look();
  }

  private void look() {
    canaryHash = selectors.hashOf(canary());
    stableHash = selectors.hashOf(stable());
  }

  /// The name of the canary's Service; empty if there is none.
  String canary() {
    if (!strategy.isPingPong()) {
      return strategy.canaryService();
    }
    return isPing() ? strategy.pongService() : strategy.pingService();
  }

  /// The name of the stable version's Service; empty if there is none.
  String stable() {
    if (!strategy.isPingPong()) {
      return strategy.stableService();
    }
    return isPing() ? strategy.pingService() : strategy.pongService();
  }

  private boolean isPing() {
    return pass.status().now().string("canary", "stablePingPong").equals(PING);
  }

  /// The two Services change roles, since the canary is the stable version now.
  void swap() {
    if (strategy.isPingPong()) {
      pass.status().set(isPing() ? "pong" : PING, "canary", "stablePingPong");
      look();
    }
  }

  /// Begins with a role for each.
  void begin() {
    if (strategy.isPingPong() && !pass.status().now().has("canary", "stablePingPong")) {
      pass.status().set(PING, "canary", "stablePingPong");
      look();
    }
  }

  boolean selects(ReplicaSet set) {
    return set.hash().equals(canaryHash) || set.hash().equals(stableHash);
  }

  /// Whether the stable version's Service selects a revision, or there is no such Service.
  boolean isStableAt(ReplicaSet set) {
    return stable().isEmpty() || stableHash.equals(set.hash());
  }

  void pointStable(ReplicaSet set) {
    if (mayMove(stableHash, set) && selectors.point(stable(), set.hash())) {
      stableHash = set.hash();
    }
  }

  void pointCanary(ReplicaSet set) {
    if (mayMove(canaryHash, set) && selectors.point(canary(), set.hash())) {
      canaryHash = set.hash();
    }
  }

  /// A Service without a revision yet may have Pods of another program: all of the new ones must be
  /// there. Otherwise one is enough.
  private boolean mayMove(String from, ReplicaSet to) {
    if (from.equals(to.hash())) {
      return false;
    }
    if (from.isEmpty()) {
      return to.available() > 0 && to.available() >= to.replicas();
    }
    return to.available() > 0;
  }
}
