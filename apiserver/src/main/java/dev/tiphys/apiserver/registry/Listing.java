package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.store.History;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Lists objects.
record Listing(RegistryContext context, Selecting selecting) {

  /// How long a list waits for a revision that the store has not reached.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  ListPage list(ListQuery query) {
    return query.continueToken().isEmpty()
        ? page(query, snapshot(query.version()), "")
        : next(query, ContinueToken.decode(query.continueToken()));
  }

  private ListPage next(ListQuery query, ContinueToken token) {
    String after = context.storage().prefix() + token.start();
    if (token.revision() < 0) {
      return page(query, context.storage().newest(), after);
    }
    try {
      return page(query, at(token.revision()), after);
    } catch (StoreException e) {
      throw e.reason() == StoreException.Reason.COMPACTED ? expired(token) : Storage.refusal(e);
    }
  }

  /// The state at a revision, which another server may have reached before this one.
  private Snapshot at(long revision) {
    History history = context.storage().history();
    if (revision > history.newest().revision()) {
      context.storage().sync();
    }
    return history.at(revision);
  }

  /// The refusal of a page whose state is gone; tells how to go on with a newer state.
  private static ApiException expired(ContinueToken token) {
    ApiException refusal =
        ApiException.of(
            Reason.EXPIRED,
            "The provided continue parameter is too old to display a consistent list result. You can"
                + " start a new list without the continue parameter, or use the continue token in this"
                + " response to retrieve the remainder of the results. Continuing with the provided"
                + " token results in an inconsistent list - objects that were created, modified, or"
                + " deleted between the time the first chunk was returned and now may show up in the"
                + " list.");
    String onward = new ContinueToken(-1, token.start()).encode();
    return ApiException.from(
        refusal.status().withAt(onward, "metadata", "continue"), refusal.code());
  }

  /// @throws ApiException if that state is not known any more, or is not reached within some
  ///   seconds
  Snapshot snapshot(ListQuery.Version version) {
    return switch (version) {
      case ListQuery.Version.Newest() -> context.storage().newest();
      case ListQuery.Version.Exactly(long revision) -> {
        try {
          yield at(revision);
        } catch (StoreException e) {
          throw e.reason() == StoreException.Reason.FUTURE
              ? tooLarge(revision, context.storage().history().newest().revision())
              : Storage.refusal(e);
        }
      }
      case ListQuery.Version.At(Instant time) -> at(time);
      case ListQuery.Version.Ago(Duration span) -> at(context.world().now().minus(span));
      case ListQuery.Version.NotOlderThan(long revision) -> {
        awaitRevision(revision);
        yield context.storage().history().newest();
      }
    };
  }

  private Snapshot at(Instant time) {
    try {
      History history = context.storage().history();
      return history.at(history.revisionAt(time));
    } catch (StoreException e) {
      throw e.reason() == StoreException.Reason.COMPACTED
          ? ApiException.of(Reason.EXPIRED, "The past is forgotten by now: " + e.getMessage())
          : Storage.refusal(e);
    }
  }

  /// Waits until the store has come to a revision.
  private void awaitRevision(long revision) {
    History history = context.storage().history();
    try {
      if (!history.await(revision, PATIENCE)) {
        throw tooLarge(revision, history.newest().revision()).retryAfter(1);
      }
    } catch (StoreException e) {
      throw Storage.refusal(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw tooLarge(revision, history.newest().revision()).retryAfter(1);
    }
  }

  static ApiException tooLarge(long wanted, long current) {
    Struct cause =
        Struct.of("reason", "ResourceVersionTooLarge", "message", "Too large resource version");
    return ApiException.of(
        Reason.TIMEOUT,
        "Timeout: Too large resource version: " + wanted + ", current: " + current,
        Struct.of("causes", List.of(cause)));
  }

  Selection selection(String namespace, LabelSelector labels, FieldSelector fields) {
    return new Selection(context.storage(), selecting, namespace, labels, fields);
  }

  private ListPage page(ListQuery query, Snapshot snapshot, String after) {
    Selection selection = selection(query.namespace(), query.labels(), query.fields());
    long limit = query.limit() > 0 ? query.limit() : Long.MAX_VALUE;
    boolean everything = selection.selectsAll(); // then objects are not looked into
    Iterator<KeyValue> candidates = selection.candidates(snapshot, after);
    List<Stored> items = new ArrayList<>();
    String last = after;
    while (items.size() < limit && candidates.hasNext()) {
      KeyValue record = candidates.next();
      Stored state = context.storage().readable(record);
      if (state != null && (everything || selection.selects(state.object()))) {
        items.add(state);
      }
      last = record.key();
    }
    if (!candidates.hasNext()) {
      return new ListPage(items, snapshot.revision(), "", -1);
    }
    String start = last.substring(context.storage().prefix().length());
    return new ListPage(
        items,
        snapshot.revision(),
        new ContinueToken(snapshot.revision(), start).encode(),
        everything ? selection.count(snapshot, last) : -1);
  }

  /// The states in a snapshot that are meant and can be read.
  Iterator<Stored> states(Selection selection, Snapshot snapshot) {
    return new SelectedStates(context.storage(), selection, selection.candidates(snapshot, ""));
  }
}
