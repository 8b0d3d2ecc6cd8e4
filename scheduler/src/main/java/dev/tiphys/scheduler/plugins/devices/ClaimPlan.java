package dev.tiphys.scheduler.plugins.devices;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.plugins.devices.allocation.DeviceClaim;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of a Pod's claims in one cycle, and what they would be given on each node.
///
/// Threads: the scheduling task, then the task that binds the Pod, one after the other.
final class ClaimPlan {

  private final List<Struct> claims;
  private final List<DeviceClaim> unallocated;
  private final @Nullable ExtendedClaim extended;
  private final Map<String, NodePlan> nodes = new HashMap<>();
  private final Set<Struct> unavailable = new LinkedHashSet<>();

  /// What was reserved; null before.
  private @Nullable NodePlan reserved;

  /// The claims that were written for the Pod, and may have to be given back.
  private final List<Struct> written = new ArrayList<>();

  /// What the claims would be given on one node.
  ///
  /// @param rejection why the node will not do; null if it will
  /// @param allocations of the claims that have none, the one for extended resources last
  /// @param extended the claim for extended resources; null if none is needed there
  record NodePlan(
      @Nullable Rejection rejection,
      List<Struct> allocations,
      ExtendedClaim.@Nullable OfNode extended) {

    static NodePlan refused(Rejection why) {
      return new NodePlan(why, List.of(), null);
    }
  }

  /// @param claims those that the Pod names
  /// @param unallocated what those of them ask for that have no devices
  /// @param extended null if the Pod asks for no extended resource that stands for devices
  ClaimPlan(List<Struct> claims, List<DeviceClaim> unallocated, @Nullable ExtendedClaim extended) {
    this.claims = List.copyOf(claims);
    this.unallocated = List.copyOf(unallocated);
    this.extended = extended;
  }

  List<Struct> claims() {
    return claims;
  }

  List<DeviceClaim> unallocated() {
    return unallocated;
  }

  @Nullable ExtendedClaim extended() {
    return extended;
  }

  /// By the names of nodes.
  Map<String, NodePlan> nodes() {
    return nodes;
  }

  /// The allocated claims that keep the Pod from some node.
  Set<Struct> unavailable() {
    return unavailable;
  }

  @Nullable NodePlan reserved() {
    return reserved;
  }

  void reserve(@Nullable NodePlan plan) {
    reserved = plan;
  }

  List<Struct> written() {
    return written;
  }
}
