package dev.tiphys.secrets.data;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.provider.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/// Makes one set of values of several secrets that are JSON objects each: a `merge`.
///
/// @param asJson whether the result is one more value, a JSON object of the name `into`
/// @param priority names of secrets whose values win over others', the last one's over all
/// @param lenient whether such a secret may be missing
/// @param quiet whether a value may come twice
record Merge(boolean asJson, String into, List<String> priority, boolean lenient, boolean quiet) {

  static Merge of(Struct operation) {
    return new Merge(
        operation.string("strategy").equals("JSON"),
        operation.string("into"),
        operation.strings("priority"),
        operation.string("priorityPolicy").equals("IgnoreNotFound"),
        operation.string("conflictPolicy").equals("Ignore"));
  }

  Map<String, byte[]> apply(Map<String, byte[]> values) {
    Map<String, Object> merged = new LinkedHashMap<>();
    List<String> conflicts = new ArrayList<>();
    for (String name : order(values)) {
      Struct object = object(name, Objects.requireNonNull(values.get(name)));
      for (String field : object.names()) {
        if (merged.containsKey(field)) {
          conflicts.add(field);
        }
        Object value = object.get(field);
        if (value != null) {
          merged.put(field, value);
        }
      }
    }
    if (!quiet && !conflicts.isEmpty()) {
      throw new StoreException("merge failed with conflicts: " + String.join(", ", conflicts));
    }
    return asJson ? joined(values, merged) : extracted(merged);
  }

  /// By name, and what has priority at last.
  private List<String> order(Map<String, byte[]> values) {
    List<String> order = new ArrayList<>(new TreeSet<>(values.keySet()));
    for (String name : priority) {
      if (order.remove(name)) {
        order.add(name);
      } else if (!lenient) {
        throw new StoreException("merge failed with key \"" + name + "\" not found in input map");
      }
    }
    return order;
  }

  private static Struct object(String name, byte[] value) {
    try {
      if (Json.parse(value) instanceof Struct object) {
        return object;
      }
    } catch (EncodingException e) {
      // said below, without a part of the value
    }
    throw new StoreException(
        "merge failed with failed to unmarshal JSON: the value of \""
            + name
            + "\" is no JSON object");
  }

  private Map<String, byte[]> joined(Map<String, byte[]> values, Map<String, Object> merged) {
    if (into.isEmpty()) {
      throw new StoreException("merge failed with missing 'into' field");
    }
    StructBuilder all = new StructBuilder(merged.size());
    merged.forEach(all::put);
    Map<String, byte[]> result = new LinkedHashMap<>(values);
    result.put(into, Json.bytes(all.build()));
    return result;
  }

  private static Map<String, byte[]> extracted(Map<String, Object> merged) {
    Map<String, byte[]> result = new LinkedHashMap<>();
    merged.forEach((name, value) -> result.put(name, Values.bytes(value)));
    return result;
  }
}
