package dev.tiphys.schema.quota;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// What objects of one resource use.
public interface Evaluator {

  /// Whether a write can change what an object uses.
  ///
  /// @param creates whether the object is new
  /// @param subresource what of it is written; empty for the object itself
  boolean counts(boolean creates, String subresource);

  /// Those of a quota's names that such objects count for, in order.
  List<String> matching(Collection<String> names);

  /// What an object uses.
  ///
  /// @param now what has ended by then uses less
  Map<String, Quantity> usage(Struct object, Instant now);

  /// Whether an object meets a condition of a quota.
  default boolean matches(Scope scope, Struct object) {
    return false;
  }

  /// What an object must say and does not, as messages tell it; empty if that is nothing.
  ///
  /// @param names what is limited
  default String missing(Collection<String> names, Struct object) {
    return "";
  }
}
