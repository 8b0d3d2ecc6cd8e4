package dev.tiphys.apiserver.flow;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.Resource;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes a flow event of every write.
///
/// Threads: any.
public final class FlowRecorder {

  private final World world;
  private final FlowLog log;

  public FlowRecorder(World world, FlowLog log) {
    this.world = world;
    this.log = log;
  }

  /// Records a write that is on disk.
  ///
  /// @param before the state that was replaced; null if there was none
  /// @param now the new state; null if the object is gone
  public void wrote(
      Call call, Resource resource, @Nullable Struct before, @Nullable Struct now, long revision) {
    Struct object = now == null ? before : now;
    if (object == null) {
      return;
    }
    Struct metadata = object.struct("metadata");
    Instant ended = world.now();
    log.add(
        new FlowEvent(
            revision,
            call.cause(),
            call.received() == null ? ended : call.received(),
            ended,
            call.part(),
            before == null ? "create" : now == null ? "delete" : "update",
            resource.groupResource(),
            metadata.string("namespace"),
            metadata.string("name"),
            note(resource, before, object),
            changesSpec(before, now) || isOrder(call)));
  }

  private static boolean changesSpec(@Nullable Struct before, @Nullable Struct now) {
    if (before == null || now == null) {
      return true;
    }
    return before.integer("metadata", "generation") != now.integer("metadata", "generation")
        || (!before.has("metadata", "generation")
            && !before
                .without("status")
                .without("metadata")
                .equals(now.without("status").without("metadata")));
  }

  /// Whether a person has asked for the change: programs of the cluster have names of the system's.
  private static boolean isOrder(Call call) {
    return call.cause() == 0 && !call.user().name().startsWith("system:");
  }

  /// What happened, where the object itself tells it.
  private static String note(Resource resource, @Nullable Struct before, Struct object) {
    return switch (resource.kind()) {
      case "Event" ->
          object.string("involvedObject", "kind").toLowerCase(Locale.ROOT)
              + "/"
              + object.string("involvedObject", "name")
              + " "
              + object.string("reason")
              + ": "
              + object.string("message");
      case "Pod" -> podNote(before, object);
      default -> "";
    };
  }

  private static String podNote(@Nullable Struct before, Struct pod) {
    String node = pod.string("spec", "nodeName");
    if (before != null && !node.equals(before.string("spec", "nodeName"))) {
      return "to " + node;
    }
    String phase = pod.string("status", "phase");
    boolean same = before != null && phase.equals(before.string("status", "phase"));
    return same && before != null && isReady(pod) != isReady(before)
        ? (isReady(pod) ? "Ready" : "not Ready")
        : same ? "" : phase;
  }

  private static boolean isReady(Struct pod) {
    return Meta.isTrue(pod, "Ready");
  }
}
