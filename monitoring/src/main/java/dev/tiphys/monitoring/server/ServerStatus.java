package dev.tiphys.monitoring.server;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.monitoring.program.Server;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the status of objects that have a server: `Reconciled` says whether it is configured as
/// it should be, `Available` whether it answers.
///
/// @param tools what it is done with
/// @param kind of the objects
public record ServerStatus(ServerTools tools, ApiResource kind) {

  private static final String RECONCILED = "Reconciled";
  private static final String AVAILABLE = "Available";

  /// The condition about its configuration.
  ///
  /// @param failure why it is not configured as it should be; empty if it is
  public static Struct reconciled(String failure, long generation) {
    return failure.isEmpty()
        ? reconciled("", "", generation)
        : Conditions.of(RECONCILED, "False", "ReconciliationFailed", failure, generation);
  }

  /// The condition about a configuration that is as it should be, with a remark.
  public static Struct reconciled(String reason, String message, long generation) {
    return Conditions.of(RECONCILED, "True", reason, message, generation);
  }

  /// The condition about the server.
  ///
  /// @param server null if there is none
  /// @param failure why it is not configured as it should be; empty if it is
  /// @param trouble what is wrong though it answers; empty if nothing is
  public static Struct available(
      @Nullable Server server, String failure, Trouble trouble, long generation) {
    if (server == null) {
      return Conditions.of(AVAILABLE, "False", "NotStarted", failure, generation);
    }
    String why = server.state().problem();
    if (!server.state().ready()) {
      return Conditions.of(
          AVAILABLE,
          "False",
          "NoPodReady",
          why.isEmpty() ? "it is starting" : "it has ended and is started again: " + why,
          generation);
    }
    return Conditions.of(
        AVAILABLE,
        trouble.message().isEmpty() ? "True" : "Degraded",
        trouble.reason(),
        trouble.message(),
        generation);
  }

  /// What is wrong with a server that answers.
  public record Trouble(String reason, String message) {

    public static final Trouble NONE = new Trouble("", "");
  }

  /// Writes it, if it has changed. What became worse is an event.
  ///
  /// @param conditions both of them
  /// @param more fields that objects of this kind have besides
  public void write(Struct object, List<Struct> conditions, boolean ready, Struct more) {
    List<Struct> before = object.structs("status", "conditions");
    List<Struct> timed = Conditions.timed(conditions, before, tools.world().now());
    long available = ready ? 1 : 0;
    Struct status =
        new StructBuilder()
            .addAll(more)
            .add("availableReplicas", available)
            .add("conditions", timed)
            .add("paused", object.bool("spec", "paused"))
            .add("replicas", 1L)
            .add("unavailableReplicas", 1 - available)
            .add("updatedReplicas", 1L)
            .build();
    if (status.equals(object.struct("status"))) {
      return;
    }
    Meta meta = Meta.of(object);
    Struct _ =
        tools
            .api()
            .patch(
                kind,
                meta.namespace(),
                meta.name(),
                "status",
                PatchType.MERGE,
                Struct.of("status", status));
    timed.forEach(each -> tell(object, before, each));
  }

  private void tell(Struct object, List<Struct> before, Struct condition) {
    String message = condition.string("message");
    boolean news =
        before.stream()
            .noneMatch(
                one ->
                    one.string("type").equals(condition.string("type"))
                        && one.string("message").equals(message));
    if (news && !condition.string("status").equals("True") && !message.isEmpty()) {
      tools.events().warning(object, condition.string("reason"), message);
    }
  }
}
