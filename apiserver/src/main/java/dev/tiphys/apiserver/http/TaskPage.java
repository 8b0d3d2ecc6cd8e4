package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.http.media.MediaType;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.http.Body;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// `/tasks`: the endless tasks of this process that failed, or that something keeps from their
/// work.
final class TaskPage implements ServerHandler.Page {

  private final Supervisor supervisor;

  TaskPage(Supervisor supervisor) {
    this.supervisor = supervisor;
  }

  @Override
  public boolean answer(String path, ResponseWriter response) {
    if (!path.equals("/tasks")) {
      return false;
    }
    List<Struct> tasks = new ArrayList<>();
    supervisor.reports().stream()
        .filter(report -> report.failures() > 0 || !report.problem().isEmpty())
        .sorted(Comparator.comparing(SupervisedTask.Report::name))
        .forEach(report -> tasks.add(shown(report)));
    response.sendLarge(
        200, MediaType.JSON, Body.of(Json.bytes(Struct.of("tasks", tasks))), List.of());
    return true;
  }

  private static Struct shown(SupervisedTask.Report report) {
    Instant failedAt = report.failedAt();
    return new StructBuilder()
        .add("name", report.name())
        .addUnlessEmpty("problem", report.problem())
        .add("failures", report.failures())
        .addUnlessEmpty("lastFailure", report.lastFailure())
        .addUnlessEmpty("lastFailureTime", failedAt == null ? "" : Timestamps.seconds(failedAt))
        .build();
  }
}
