package dev.tiphys.node.sync;

import java.util.Map;

/// Where a Pod is on its way over this node. It only goes forwards.
enum PodStage {

  /// It is to run: what is missing is started.
  SYNCING,
  /// It is to end: what runs is stopped.
  TERMINATING,
  /// Nothing of it runs: what it had on the node is given back.
  RELEASING,
  /// It stays as a record until its object is deleted.
  TERMINATED,
  /// Its object is gone: what is left of it is removed.
  REMOVING,
  /// Nothing is left of it on this node.
  GONE;

  /// What takes a Pod from one stage to the next.
  enum Event {
    /// It is deleted, has done its work, has failed, or has had its time.
    FINISHED,
    /// The node does not run it.
    REFUSED,
    /// Its containers have ended, and the API knows how.
    STOPPED,
    /// Its volumes and cgroups are gone.
    RELEASED,
    /// Its object is gone.
    OBJECT_GONE,
    /// Its sandboxes, directories and logs are gone.
    REMOVED
  }

  private static final Map<PodStage, Map<Event, PodStage>> TRANSITIONS =
      Map.of(
          SYNCING, Map.of(Event.FINISHED, TERMINATING, Event.REFUSED, RELEASING),
          TERMINATING, Map.of(Event.STOPPED, RELEASING),
          RELEASING, Map.of(Event.RELEASED, TERMINATED),
          TERMINATED, Map.of(Event.OBJECT_GONE, REMOVING),
          REMOVING, Map.of(Event.REMOVED, GONE),
          GONE, Map.of());

  /// The stage that follows.
  ///
  /// @throws IllegalStateException if the event cannot happen here
  PodStage after(Event event) {
    PodStage next = TRANSITIONS.getOrDefault(this, Map.of()).get(event);
    if (next == null) {
      throw new IllegalStateException(event + " cannot happen to a Pod that is " + this);
    }
    return next;
  }
}
