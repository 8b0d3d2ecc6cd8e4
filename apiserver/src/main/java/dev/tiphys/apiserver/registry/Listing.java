package dev.tiphys.apiserver.registry;

import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import dev.tiphys.object.Struct;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Lists objects.
record Listing(Parts parts, Selecting selecting) {

  /// How long a list waits for a revision that the store has not reached.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration STEP = Duration.ofMillis(50);

  ListPage list(ListQuery query) {
    try {
      return query.continueToken().isEmpty()
          ? page(query, snapshot(query.version()), "")
          : next(query, ContinueToken.decode(query.continueToken()));
    } catch (StoreException e) {
      throw Storage.refusal(e);
    }
  }

  private ListPage next(ListQuery query, ContinueToken token) {
    String after = parts.storage().prefix() + token.start();
    if (token.revision() < 0) {
      return page(query, parts.storage().store().snapshot(), after);
    }
    try {
      return page(query, parts.storage().store().snapshot(token.revision()), after);
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.COMPACTED) {
        throw e;
      }
      throw expired(token);
    }
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

  private Snapshot snapshot(ListQuery.Version version) {
    return switch (version) {
      case ListQuery.Version.Newest() -> parts.storage().store().snapshot();
      case ListQuery.Version.Exactly(long revision) -> parts.storage().store().snapshot(revision);
      case ListQuery.Version.NotOlderThan(long revision) -> {
        awaitRevision(revision);
        yield parts.storage().store().snapshot();
      }
    };
  }

  /// Waits until the store has come to a revision.
  void awaitRevision(long revision) {
    long deadline = parts.world().nanoTime() + PATIENCE.toNanos();
    long current = parts.storage().store().revision();
    while (current < revision) {
      if (parts.world().nanoTime() >= deadline) {
        throw tooLarge(revision, current);
      }
      try {
        parts.world().sleep(STEP);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw tooLarge(revision, current);
      }
      current = parts.storage().store().revision();
    }
  }

  static ApiException tooLarge(long wanted, long current) {
    Struct cause =
        Struct.of("reason", "ResourceVersionTooLarge", "message", "Too large resource version");
    return ApiException.of(
        Reason.TIMEOUT,
        "Timeout: Too large resource version: " + wanted + ", current: " + current,
        Struct.of("causes", List.of(cause), "retryAfterSeconds", 1L));
  }

  private ListPage page(ListQuery query, Snapshot snapshot, String after) {
    String prefix = parts.storage().prefix(query.namespace());
    int limit = query.limit() > 0 ? (int) Math.min(query.limit(), 1 << 20) : Integer.MAX_VALUE;
    boolean everything = !query.selects(); // then objects are not looked into
    List<Stored> items = new ArrayList<>();
    String last = after;
    boolean more;
    do {
      int wanted = limit == Integer.MAX_VALUE ? limit : limit - items.size();
      List<KeyValue> records = snapshot.list(prefix, last, wanted);
      for (KeyValue record : records) {
        Stored state = parts.storage().stored(record);
        if (everything || selecting.matches(state.object(), query.labels(), query.fields())) {
          items.add(state);
        }
        last = record.key();
      }
      more = limit != Integer.MAX_VALUE && records.size() == wanted;
    } while (more && items.size() < limit);
    long rest = more ? snapshot.count(prefix, last) : 0;
    if (rest == 0) {
      return new ListPage(items, snapshot.revision(), "", -1);
    }
    String start = last.substring(parts.storage().prefix().length());
    return new ListPage(
        items,
        snapshot.revision(),
        new ContinueToken(snapshot.revision(), start).encode(),
        query.selects() ? -1 : rest);
  }
}
