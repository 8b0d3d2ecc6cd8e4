package dev.tiphys.apiserver.past;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.flow.FlowEvent;
import dev.tiphys.apiserver.flow.FlowLog;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.TreeDiff;
import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who changed an object and why, as far as the store remembers it.
///
/// Costs a look at every remembered write to objects of the kind.
///
/// Threads: any.
public final class ObjectHistory {

  private final FlowLog flow;

  /// @param flow knows what wrote which revision, and what that reacted to
  public ObjectHistory(FlowLog flow) {
    this.flow = flow;
  }

  /// The writes to an object, the oldest first: `since`, the revision from which on all are known,
  /// and `writes`. Each has `revision`, `verb` and `changes`; and where that is known `time`, `by`
  /// and `because`, the writes that it followed from, the nearest first.
  public Struct of(Endpoint endpoint, String namespace, String name) {
    Storage storage = endpoint.registry().storage();
    Map<Long, FlowEvent> known = new HashMap<>();
    flow.events().forEach(event -> known.put(event.revision(), event));
    List<Struct> writes = new ArrayList<>();
    for (Event event : storage.events(namespace, name)) {
      writes.add(write(endpoint, event, known));
    }
    return new StructBuilder()
        .add("resource", endpoint.served().groupResource())
        .addUnlessEmpty("namespace", namespace)
        .add("name", name)
        .add("since", storage.history().compacted())
        .add("writes", List.copyOf(writes))
        .build();
  }

  private static Struct write(Endpoint endpoint, Event event, Map<Long, FlowEvent> known) {
    Struct before = state(endpoint, event.previous());
    Struct after = state(endpoint, event.current());
    FlowEvent told = known.get(event.revision());
    String verb =
        event.previous() == null ? "create" : event.current() == null ? "delete" : "update";
    return new StructBuilder()
        .add("revision", event.revision())
        .add("verb", verb)
        .addUnlessEmpty("time", told == null ? "" : Timestamps.micros(told.ended()))
        .addUnlessEmpty("by", told == null ? lastManager(after) : told.part())
        .addUnlessEmpty("because", because(event.cause(), known))
        .add("changes", verb.equals("update") ? changes(before, after) : List.of())
        .build();
  }

  private static Struct state(Endpoint endpoint, @Nullable KeyValue record) {
    Stored state = record == null ? null : endpoint.registry().storage().readable(record);
    return state == null ? Struct.EMPTY : endpoint.present(state);
  }

  /// The manager of fields that came last, where no flow event tells what wrote.
  private static String lastManager(Struct object) {
    String last = "";
    String time = "";
    for (Struct entry : object.struct("metadata").structs("managedFields")) {
      if (entry.string("time").compareTo(time) >= 0) {
        time = entry.string("time");
        last = entry.string("manager");
      }
    }
    return last;
  }

  private static List<Object> because(long cause, Map<Long, FlowEvent> known) {
    List<Object> chain = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (long revision = cause; revision != 0 && seen.add(revision); ) {
      FlowEvent event = known.get(revision);
      if (event == null) {
        chain.add(Struct.of("revision", revision));
        break;
      }
      chain.add(
          new StructBuilder()
              .add("revision", revision)
              .add("by", event.part())
              .add("verb", event.verb())
              .add("resource", event.resource())
              .addUnlessEmpty("namespace", event.namespace())
              .add("name", event.name())
              .build());
      revision = event.cause();
    }
    return List.copyOf(chain);
  }

  private static List<Object> changes(Struct before, Struct after) {
    List<Object> changes = new ArrayList<>();
    for (TreeDiff.Difference each : TreeDiff.between(bare(before), bare(after))) {
      StructBuilder change = new StructBuilder().add("path", each.path());
      if (each.before() != null) {
        change.add("from", each.before());
      }
      if (each.after() != null) {
        change.add("to", each.after());
      }
      changes.add(change.build());
    }
    return List.copyOf(changes);
  }

  /// Without what changes with every write.
  private static Struct bare(Struct object) {
    return object.withoutAt("metadata", "resourceVersion").withoutAt("metadata", "managedFields");
  }
}
