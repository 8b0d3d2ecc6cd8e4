package dev.tiphys.preview;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What is to be looked at beforehand.
///
/// @param manifests the objects, in their order
/// @param delete whether they are to be deleted, not applied
/// @param namespace where objects live that do not say it
/// @param now when it would happen
/// @param span how far to look ahead
/// @param scheduler what the scheduler works with
public record PreviewRequest(
    List<Struct> manifests,
    boolean delete,
    String namespace,
    Instant now,
    Duration span,
    SchedulerConfiguration scheduler) {

  public PreviewRequest {
    manifests = List.copyOf(manifests);
  }

  PreviewRequest changingNothing() {
    return new PreviewRequest(List.of(), false, namespace, now, span, scheduler);
  }
}
