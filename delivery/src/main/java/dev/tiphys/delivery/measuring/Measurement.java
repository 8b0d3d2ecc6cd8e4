package dev.tiphys.delivery.measuring;

import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One measurement of a metric, as the status has it.
///
/// @param phase whether it is over, and how it ended
/// @param value what was measured; empty if nothing was
/// @param message what went wrong; empty if nothing did
/// @param metadata what is needed to go on with it
/// @param finished null while it is not over
/// @param resume when to go on with it; null if something else tells
public record Measurement(
    AnalysisPhase phase,
    String value,
    String message,
    Struct metadata,
    Instant started,
    @Nullable Instant finished,
    @Nullable Instant resume) {

  /// One that goes on.
  public static Measurement running(Instant started, Struct metadata, @Nullable Instant resume) {
    return new Measurement(AnalysisPhase.RUNNING, "", "", metadata, started, null, resume);
  }

  /// One that is over as soon as it is taken.
  public static Measurement taken(
      AnalysisPhase phase, String value, Instant started, Instant finished) {
    return new Measurement(phase, value, "", Struct.EMPTY, started, finished, null);
  }

  static Measurement of(Struct stored) {
    Instant started = Timestamps.of(stored.get("startedAt"));
    return new Measurement(
        Objects.requireNonNullElse(AnalysisPhase.of(stored.string("phase")), AnalysisPhase.PENDING),
        stored.string("value"),
        stored.string("message"),
        stored.struct("metadata"),
        started == null ? Instant.EPOCH : started,
        Timestamps.of(stored.get("finishedAt")),
        Timestamps.of(stored.get("resumeAt")));
  }

  /// The same, over now.
  public Measurement ended(AnalysisPhase how, String message, Instant now) {
    return new Measurement(how, value, message, metadata, started, now, resume);
  }

  /// The same, to be gone on with later.
  public Measurement resumedAt(Instant when) {
    return new Measurement(phase, value, message, metadata, started, finished, when);
  }

  public Measurement withMetadata(Struct metadata) {
    return new Measurement(phase, value, message, metadata, started, finished, resume);
  }

  Measurement withMessage(String message) {
    return new Measurement(phase, value, message, metadata, started, finished, resume);
  }

  Struct stored() {
    StructBuilder all = new StructBuilder().add("phase", phase.text());
    all.addUnlessEmpty("message", message).add("startedAt", Timestamps.seconds(started));
    if (finished != null) {
      all.add("finishedAt", Timestamps.seconds(finished));
    }
    all.addUnlessEmpty("value", value).addUnlessEmpty("metadata", metadata);
    if (resume != null) {
      all.add("resumeAt", Timestamps.seconds(resume));
    }
    return all.build();
  }
}
