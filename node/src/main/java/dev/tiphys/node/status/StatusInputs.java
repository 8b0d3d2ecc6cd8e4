package dev.tiphys.node.status;

import dev.tiphys.node.pod.Health;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// All that a Pod's status is computed from.
///
/// @param pod the Pod, with the status that the API has
/// @param waiting why containers wait, by name
/// @param messages what a container that has ended left as its message
/// @param hostAddresses the node's addresses
/// @param stopped whether the agent has ended the Pod for good: nothing of it will run again
public record StatusInputs(
    Pod pod,
    Observation seen,
    Health health,
    Map<String, Waiting> waiting,
    Function<Observed, String> messages,
    List<String> hostAddresses,
    boolean stopped,
    Instant now) {
  public StatusInputs {
    waiting = Map.copyOf(waiting);
    hostAddresses = List.copyOf(hostAddresses);
  }
}
