package dev.tiphys.delivery.model;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Rollout's status while it is being worked out.
///
/// Threads: one.
public final class StatusDraft {

  private final Struct before;
  private Struct now;

  /// @param before as it is stored
  public StatusDraft(Struct before) {
    this.before = before;
    this.now = before;
  }

  public Struct before() {
    return before;
  }

  public Struct now() {
    return now;
  }

  /// Sets a field; null, false and empty texts and lists remove it.
  public void set(@Nullable Object value, String... path) {
    if (value != null && !isNothing(value)) {
      now = now.withAt(value, path);
    } else if (now.has(path)) {
      now = now.withoutAt(path);
    }
  }

  private static boolean isNothing(Object value) {
    return value.equals(false)
        || value.equals("")
        || (value instanceof List<?> list && list.isEmpty());
  }

  /// Takes a whole status over.
  public void replace(Struct status) {
    now = status;
  }

  public boolean isAborted() {
    return now.bool("abort");
  }

  /// The update is given up.
  public void abort(String message, Instant at) {
    if (!isAborted()) {
      set(true, "abort");
      set(Timestamps.seconds(at), "abortedAt");
      abortMessage = message;
    }
  }

  private String abortMessage = "";

  /// Why it was given up in this look; empty if it was not.
  public String abortMessage() {
    return abortMessage;
  }

  public void dropAbort() {
    set(null, "abort");
    set(null, "abortedAt");
  }

  public boolean isPromotedFully() {
    return now.bool("promoteFull");
  }

  /// The hash of the template that everything goes back to; empty before the first one is complete.
  public String stable() {
    return now.string("stableRS");
  }

  public String current() {
    return now.string("currentPodHash");
  }

  /// Whether nothing is left to promote.
  public boolean isFullyPromoted() {
    return !stable().isEmpty() && stable().equals(current());
  }

  public boolean isControllerPaused() {
    return now.bool("controllerPause");
  }

  /// Whether the controller waits, for whatever reason.
  public boolean isPaused() {
    return !now.structs("pauseConditions").isEmpty();
  }

  /// Since when it waits for a reason; null if it does not.
  public @Nullable Instant pausedSince(String reason) {
    for (Struct condition : now.structs("pauseConditions")) {
      if (condition.string("reason").equals(reason)) {
        Instant start = Timestamps.of(condition.get("startTime"));
        return start == null ? Instant.EPOCH : start;
      }
    }
    return null;
  }

  public void pause(String reason, Instant since) {
    if (pausedSince(reason) != null) {
      return;
    }
    List<Struct> all = new ArrayList<>(now.structs("pauseConditions"));
    all.add(Struct.of("reason", reason, "startTime", Timestamps.seconds(since)));
    set(List.copyOf(all), "pauseConditions");
    set(true, "controllerPause");
  }

  /// Ends the wait for one reason, and lets it be known that it was this controller that waited.
  public void endPause(String reason) {
    set(
        now.structs("pauseConditions").stream()
            .filter(condition -> !condition.string("reason").equals(reason))
            .toList(),
        "pauseConditions");
  }

  public void clearPauses() {
    set(null, "pauseConditions");
    set(null, "controllerPause");
  }

  /// The index of the step that is being taken; negative if there are none.
  public long stepIndex() {
    return now.has("currentStepIndex") ? now.integer("currentStepIndex") : -1;
  }

  /// What has to be sent to make the stored status this one; empty if nothing has.
  public Struct patch() {
    return difference(before, now);
  }

  private static Struct difference(Struct from, Struct to) {
    StructBuilder patch = new StructBuilder();
    for (String name : from.names()) {
      if (to.get(name) == null) {
        patch.add(name, Null.NULL);
      }
    }
    to.forEach(
        (name, value) -> {
          Object old = from.get(name);
          if (old instanceof Struct inner && value instanceof Struct next) {
            patch.addUnlessEmpty(name, difference(inner, next));
          } else if (!value.equals(old)) {
            patch.add(name, value);
          }
        });
    return patch.build();
  }
}
