package dev.tiphys.node.status;

import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Waiting;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The states of containers, as the API has them: `waiting`, `running` or `terminated`.
final class ContainerStates {
  private static final int KILLED = 137;
  private static final String UNKNOWN = "ContainerStatusUnknown";

  private ContainerStates() {}

  static Struct waiting(String reason, String message) {
    return Struct.of(
        "waiting",
        new StructBuilder().add("reason", reason).addUnlessEmpty("message", message).build());
  }

  static Struct waiting(Waiting why) {
    return waiting(why.reason(), why.message());
  }

  /// @param message what the container left when it ended
  static Struct of(Observed observed, String message, String waitingReason) {
    ContainerStatus status = observed.status();
    return switch (status.state()) {
      case RUNNING -> Struct.of("running", Struct.of("startedAt", time(status.started())));
      case EXITED -> Struct.of("terminated", terminated(status, message));
      case CREATED, UNKNOWN -> waiting(waitingReason, "");
    };
  }

  private static Struct terminated(ContainerStatus status, String message) {
    String reason = status.reason();
    if (reason.isEmpty()) {
      reason = status.exitCode() == 0 ? "Completed" : "Error";
    }
    return new StructBuilder()
        .add("exitCode", (long) status.exitCode())
        .add("reason", reason)
        .addUnlessEmpty("message", message.isEmpty() ? status.message() : message)
        .add("startedAt", time(status.started()))
        .add("finishedAt", time(status.finished()))
        .add("containerID", ContainerIds.of(status))
        .build();
  }

  /// What became of a container that is nowhere any more.
  static Struct lost(String message) {
    return Struct.of(
        "terminated",
        new StructBuilder()
            .add("exitCode", (long) KILLED)
            .add("reason", UNKNOWN)
            .add("message", message)
            .add("startedAt", Null.NULL)
            .add("finishedAt", Null.NULL)
            .build());
  }

  private static Object time(@Nullable Instant time) {
    return time == null ? Null.NULL : Timestamps.seconds(time);
  }
}
