package dev.tiphys.network.router.table;

import java.util.List;
import java.util.Map;

/// What is changed of the headers of a message: some are removed, some set, and some added to those
/// that are there, in this order.
public record HeaderEdits(List<String> remove, Map<String, String> set, Map<String, String> add) {

  /// Nothing is changed.
  public static final HeaderEdits NONE = new HeaderEdits(List.of(), Map.of(), Map.of());

  public HeaderEdits {
    remove = List.copyOf(remove);
    set = Map.copyOf(set);
    add = Map.copyOf(add);
  }
}
