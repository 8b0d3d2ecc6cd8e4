package dev.tiphys.schema.quota;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Each object counts as one.
///
/// @param names what it counts for
record CountEvaluator(List<String> names) implements Evaluator {

  static final Quantity ONE = Quantity.of(1);

  @Override
  public boolean counts(boolean creates, String subresource) {
    return creates && subresource.isEmpty();
  }

  @Override
  public List<String> matching(Collection<String> limited) {
    return limited.stream().filter(names::contains).sorted().toList();
  }

  @Override
  public Map<String, Quantity> usage(Struct object, Instant now) {
    Map<String, Quantity> usage = new TreeMap<>();
    names.forEach(name -> usage.put(name, ONE));
    return usage;
  }
}
