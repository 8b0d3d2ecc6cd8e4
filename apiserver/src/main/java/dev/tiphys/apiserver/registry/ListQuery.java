package dev.tiphys.apiserver.registry;

import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import java.time.Duration;
import java.time.Instant;

/// What to list.
///
/// @param namespace empty for all
/// @param labels which labels the objects must have
/// @param fields which fields they must have
/// @param version the state to list
/// @param limit the size of a page; 0 for all in one
/// @param continueToken where the last page ended; empty for the first one
public record ListQuery(
    String namespace,
    LabelSelector labels,
    FieldSelector fields,
    Version version,
    long limit,
    String continueToken) {

  /// Which state of the store is wanted.
  public sealed interface Version {
    /// The newest one.
    record Newest() implements Version {}

    /// Any that is not older than a revision.
    record NotOlderThan(long revision) implements Version {}

    /// The one at a revision.
    record Exactly(long revision) implements Version {}

    /// The one at a time.
    record At(Instant time) implements Version {}

    /// The one of some time ago.
    record Ago(Duration span) implements Version {}
  }

  /// Everything, as it is now.
  public static ListQuery everything() {
    return new ListQuery(
        "", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING, new Version.Newest(), 0, "");
  }
}
