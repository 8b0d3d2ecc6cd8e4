package dev.tiphys.apiserver.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The newest flow events.
///
/// Costs one small record for each write; the oldest are forgotten.
///
/// Threads: any.
public final class FlowLog {

  private final FlowEvent[] ring;
  private long next;

  /// @param kept how many events are kept
  public FlowLog(int kept) {
    ring = new FlowEvent[kept];
  }

  public synchronized void add(FlowEvent event) {
    ring[(int) (next++ % ring.length)] = event;
  }

  /// The events that are kept, the oldest first.
  public synchronized List<FlowEvent> events() {
    List<FlowEvent> events = new ArrayList<>();
    for (long i = Math.max(0, next - ring.length); i < next; i++) {
      events.add(ring[(int) (i % ring.length)]);
    }
    return events;
  }

  /// The walk of the last change of what an object is wanted to be: the request from outside that
  /// made it or brought it about, and everything that followed from it, in order. Empty if that is
  /// no longer known.
  ///
  /// @param resource as messages name it: `deployments.apps`
  public List<FlowEvent> trace(String resource, String namespace, String name) {
    List<FlowEvent> events = events();
    FlowEvent root = null;
    Map<Long, FlowEvent> byRevision = new HashMap<>();
    for (FlowEvent event : events) {
      byRevision.put(event.revision(), event);
      boolean meant =
          event.resource().equals(resource)
              && event.namespace().equals(namespace)
              && event.name().equals(name);
      if (meant && event.spec()) {
        FlowEvent first = first(event, byRevision);
        root = first.cause() == 0 ? first : root;
      }
    }
    if (root == null) {
      return List.of();
    }
    List<FlowEvent> walk = new ArrayList<>();
    Set<Long> revisions = new HashSet<>();
    for (FlowEvent event : events) {
      boolean follows = event == root || (event.cause() != 0 && revisions.contains(event.cause()));
      if (follows) {
        revisions.add(event.revision());
        walk.add(event);
      }
    }
    return walk;
  }

  /// The earliest that is known of what brought an event about. Causes are older than their
  /// effects.
  private static FlowEvent first(FlowEvent event, Map<Long, FlowEvent> byRevision) {
    FlowEvent first = event;
    FlowEvent before = byRevision.get(first.cause());
    while (first.cause() != 0 && before != null) {
      first = before;
      before = byRevision.get(first.cause());
    }
    return first;
  }
}
