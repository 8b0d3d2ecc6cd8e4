package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.schema.Resource.Rule;
import dev.tiphys.store.KeyValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Deletes objects: at once, or after the time they take to end, or once nothing holds them any
/// longer.
record Deleting(RegistryContext context) {

  static final String ORPHAN = "orphan";
  static final String FOREGROUND = "foregroundDeletion";

  Deleted delete(Call call, String namespace, String name, DeleteRequest deletion) {
    while (true) {
      KeyValue record = context.storage().find(namespace, name);
      if (record == null) {
        throw context.notFound(name);
      }
      Stored state = context.storage().readable(record);
      if (state == null) {
        Deleted removed = removeUnreadable(call, record);
        if (removed != null) {
          return removed;
        }
        continue;
      }
      Struct object = state.object();
      Precondition.check(context.resource(), deletion, object);
      Admission.Request request =
          new Admission.Request(call, Operation.DELETE, context.resource(), "", namespace, name);
      context.admission(call).admit(request, Struct.EMPTY, object);
      boolean begins = !object.has("metadata", "deletionTimestamp");
      Struct begun = begins ? context.strategy().deleting(object) : object;
      Deleted deleted = step(call, record, begun, deletion);
      if (deleted != null) {
        return deleted;
      }
    }
  }

  /// Deletes what can't be read, so that it can be made anew: nothing is known that could hold it.
  private @Nullable Deleted removeUnreadable(Call call, KeyValue record) {
    boolean gone = call.dryRun() || context.storage().delete(call, record) > 0;
    return gone ? new Deleted(Struct.EMPTY, true) : null;
  }

  /// Does what the object's present state asks for. Null if that state is no longer the present
  /// one.
  private @Nullable Deleted step(
      Call call, KeyValue record, Struct object, DeleteRequest deletion) {
    Struct marked = graceful(object, deletion);
    boolean waits = marked != null && marked.integer("metadata", "deletionGracePeriodSeconds") > 0;
    if (marked == object && waits) {
      return new Deleted(object, false);
    }
    Struct next = withPropagation(marked == null ? object : marked, deletion);
    boolean held =
        !next.list("metadata", "finalizers").isEmpty()
            || !next.list("spec", "finalizers").isEmpty();
    if (held && marked == null) {
      next = markedNow(next);
    }
    if (!held && !waits) {
      return remove(call, record, marked == null ? object : next);
    }
    if (next.equals(object) || call.dryRun()) {
      return new Deleted(next, false);
    }
    Struct terminating = context.strategy().terminating(next);
    Stored written = context.storage().write(call, terminating, record, record.lease());
    return written == null ? null : new Deleted(written.object(), false);
  }

  /// The object marked to end after its grace period; itself if it is marked already and the
  /// request changes nothing; null if it has no such period (any more).
  private @Nullable Struct graceful(Struct object, DeleteRequest deletion) {
    Struct metadata = object.struct("metadata");
    if (metadata.has("deletionTimestamp")) {
      long present = metadata.integer("deletionGracePeriodSeconds");
      if (present == 0) {
        return null;
      }
      if (deletion.grace() == null || deletion.grace() >= present) {
        return object;
      }
      Instant due = Timestamps.of(metadata.get("deletionTimestamp"));
      Instant begun = (due == null ? context.world().now() : due).minusSeconds(present);
      return marked(object, begun, Math.max(0, deletion.grace()));
    }
    long grace = context.strategy().gracePeriod(object, deletion.grace());
    if (grace < 0) {
      return null;
    }
    return countedUp(marked(object, context.world().now(), grace));
  }

  private static Struct marked(Struct object, Instant begun, long grace) {
    return object
        .withAt(Timestamps.seconds(begun.plusSeconds(grace)), "metadata", "deletionTimestamp")
        .withAt(grace, "metadata", "deletionGracePeriodSeconds");
  }

  /// The object marked as being deleted, for as long as something holds it.
  private Struct markedNow(Struct object) {
    Struct metadata = object.struct("metadata");
    if (metadata.has("deletionTimestamp") && metadata.integer("deletionGracePeriodSeconds") == 0) {
      return object;
    }
    Struct marked = marked(object, context.world().now(), 0);
    return metadata.has("deletionTimestamp") ? marked : countedUp(marked);
  }

  private static Struct countedUp(Struct object) {
    long generation = object.integer("metadata", "generation");
    return generation > 0 ? object.withAt(generation + 1, "metadata", "generation") : object;
  }

  /// The object with the finalizer that the wanted propagation needs, and without the other one.
  private Struct withPropagation(Struct object, DeleteRequest deletion) {
    if (context.resource().has(Rule.NO_GARBAGE_COLLECTION)) {
      return object;
    }
    List<String> before = object.struct("metadata").strings("finalizers");
    String wanted = propagationFinalizer(deletion.propagation(), before);
    List<Object> after = new ArrayList<>();
    for (String finalizer : before) {
      if (!finalizer.equals(ORPHAN) && !finalizer.equals(FOREGROUND)) {
        after.add(finalizer);
      }
    }
    if (!wanted.isEmpty()) {
      after.add(wanted);
    }
    if (after.equals(before)) {
      return object;
    }
    return after.isEmpty()
        ? object.withoutAt("metadata", "finalizers")
        : object.withAt(List.copyOf(after), "metadata", "finalizers");
  }

  private String propagationFinalizer(String propagation, List<String> present) {
    return switch (propagation) {
      case "Orphan" -> ORPHAN;
      case "Foreground" -> FOREGROUND;
      case "Background" -> "";
      default -> {
        if (present.contains(ORPHAN)) {
          yield ORPHAN;
        }
        if (present.contains(FOREGROUND)) {
          yield FOREGROUND;
        }
        yield context.resource().has(Rule.ORPHANS) ? ORPHAN : "";
      }
    };
  }

  private @Nullable Deleted remove(Call call, KeyValue record, Struct object) {
    if (call.dryRun()) {
      return new Deleted(object, true);
    }
    Struct last = removed(call, record, object);
    return last == null ? null : new Deleted(last, true);
  }

  /// Removes an object whose last update left nothing that holds it. Null if the record is no
  /// longer its present state.
  @Nullable Stored finish(Call call, KeyValue record, Struct last) {
    if (call.dryRun()) {
      return context.storage().state(last, record.revision());
    }
    Struct removed = removed(call, record, last);
    return removed == null ? null : context.storage().state(removed, record.revision());
  }

  private @Nullable Struct removed(Call call, KeyValue record, Struct last) {
    long revision = context.storage().delete(call, record);
    if (revision == 0) {
      return null;
    }
    context.strategy().deleted(last);
    return last.withAt(Long.toString(revision), "metadata", "resourceVersion");
  }
}
