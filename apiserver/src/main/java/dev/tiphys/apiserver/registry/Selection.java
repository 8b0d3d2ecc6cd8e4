package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.store.Cursor;
import dev.tiphys.store.Index;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Keyspace;
import dev.tiphys.store.Snapshot;
import dev.tiphys.world.Gate;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which objects of a resource a list or a watch is about, and the shortest way to them: the one
/// key, the index of a field or a label, or all keys of the namespace.
///
/// Threads: any.
public final class Selection {

  /// What the index has of states that can't be read: no field or label has this value.
  private static final String UNREADABLE = "\0unreadable";

  private final Storage storage;
  private final Selecting selecting;
  private final LabelSelector labels;
  private final FieldSelector fields;
  private final String keyPrefix;
  private final boolean single;
  private final @Nullable Term term;

  /// What the objects can be found by in an index.
  ///
  /// @param name of the index
  /// @param wanted the value they must have
  /// @param value the value that a state has
  private record Term(String name, String wanted, Function<Struct, @Nullable String> value) {}

  /// @param namespace empty for all
  Selection(
      Storage storage,
      Selecting selecting,
      String namespace,
      LabelSelector labels,
      FieldSelector fields) {
    this.storage = storage;
    this.selecting = selecting;
    this.labels = labels;
    this.fields = fields;
    String name = name(fields);
    this.single = !name.isEmpty() && (!storage.isNamespaced() || !namespace.isEmpty());
    this.keyPrefix = single ? storage.key(namespace, name) : storage.prefix(namespace);
    this.term = single ? null : term();
  }

  private static String name(FieldSelector fields) {
    for (FieldSelector.Term field : fields.terms()) {
      if (field.equal() && field.field().equals("metadata.name")) {
        return field.value();
      }
    }
    return "";
  }

  private @Nullable Term term() {
    for (FieldSelector.Term field : fields.terms()) {
      if (field.equal() && !field.field().equals("metadata.namespace")) {
        return new Term(
            "field " + field.field(),
            field.value(),
            object -> selecting.value(object, field.field()));
      }
    }
    for (Requirement label : labels.requirements()) {
      if (label.operator() == Requirement.Operator.IN && label.values().size() == 1) {
        return new Term(
            "label " + label.key(),
            label.values().iterator().next(),
            object ->
                object.struct("metadata", "labels").get(label.key()) instanceof String s
                    ? s
                    : null);
      }
    }
    return null;
  }

  /// Whether every object of the namespace is meant.
  public boolean selectsAll() {
    return labels.matchesEverything() && fields.matchesEverything();
  }

  public boolean selects(Struct object) {
    return selecting.matches(object, labels, fields);
  }

  /// The states that may be meant, in the order of their keys, after the key `after`.
  Iterator<KeyValue> candidates(Snapshot snapshot, String after) {
    if (single) {
      KeyValue state = keyPrefix.compareTo(after) > 0 ? snapshot.get(keyPrefix) : null;
      return state == null ? List.<KeyValue>of().iterator() : List.of(state).iterator();
    }
    Index index = index();
    List<KeyValue> found =
        index == null || term == null || hidesUnreadable(index, term, snapshot)
            ? null
            : index.find(snapshot, term.wanted);
    return found == null
        ? new SnapshotIterator(snapshot, keyPrefix, after)
        : found.stream()
            .filter(state -> state.key().startsWith(keyPrefix) && state.key().compareTo(after) > 0)
            .iterator();
  }

  /// How many objects come after the key `after`, if every one is meant.
  long count(Snapshot snapshot, String after) {
    return snapshot.count(keyPrefix, after);
  }

  /// A place in the history of the objects, from which everything that may concern these is read.
  ///
  /// @param after the revision up to which everything is known
  /// @param news opened when there is something to read
  public Cursor cursor(long after, Gate news) {
    Index index = index();
    return index == null || term == null
        ? storage.keyspace().cursor(keyPrefix, after, news)
        : index.cursor(term.wanted, keyPrefix, after, news);
  }

  /// Whether there is what the index can't tell the value of: then each state is looked at, and the
  /// caller learns which one can't be read.
  private boolean hidesUnreadable(Index index, Term by, Snapshot snapshot) {
    List<KeyValue> unreadable = index.find(snapshot, UNREADABLE);
    return unreadable == null
        || unreadable.stream().anyMatch(each -> UNREADABLE.equals(indexed(each, by)));
  }

  private @Nullable Index index() {
    Term by = term;
    if (by == null || storage.mayWait()) {
      return null;
    }
    Keyspace keyspace = storage.keyspace();
    return keyspace.index(storage.indexName(by.name), record -> indexed(record, by));
  }

  /// The value by which a state is found. Runs where the history grows, so it neither waits nor
  /// fails.
  private @Nullable String indexed(KeyValue record, Term by) {
    if (storage.mayWait()) {
      return UNREADABLE;
    }
    try {
      Stored state = storage.readable(record);
      return state == null ? null : by.value.apply(state.object());
    } catch (ApiException e) {
      return UNREADABLE;
    }
  }
}
