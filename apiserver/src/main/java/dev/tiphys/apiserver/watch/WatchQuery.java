package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.registry.ListQuery.Version;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;

/// What to watch, and from when.
///
/// @param namespace empty for all
/// @param labels which labels the objects must have
/// @param fields which fields they must have
/// @param start where to begin
public record WatchQuery(
    String namespace, LabelSelector labels, FieldSelector fields, Start start) {

  /// Where a watch begins.
  public sealed interface Start {
    /// With what happens after a revision.
    record After(long revision) implements Start {}

    /// With what happens next.
    record Now() implements Start {}

    /// With the objects that exist.
    ///
    /// @param version in which state of the store
    /// @param marked whether the watcher is told when all of them have come
    record Existing(Version version, boolean marked) implements Start {}
  }
}
