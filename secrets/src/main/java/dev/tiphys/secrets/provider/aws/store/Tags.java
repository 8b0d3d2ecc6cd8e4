package dev.tiphys.secrets.provider.aws.store;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.PushMetadata;
import dev.tiphys.secrets.provider.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The tags of a secret. One of them tells that it was pushed from a cluster: only such ones are
/// written to and deleted.
public final class Tags {

  private static final String MANAGED_BY = "managed-by";
  private static final String MANAGER = "external-secrets";

  private Tags() {}

  /// A list of tags as AWS has it.
  public static Map<String, String> of(List<Struct> list) {
    Map<String, String> tags = new TreeMap<>();
    list.forEach(each -> tags.put(each.string("Key"), each.string("Value")));
    return tags;
  }

  /// The same as a list.
  public static List<Struct> list(Map<String, String> tags) {
    List<Struct> list = new ArrayList<>();
    tags.forEach((key, value) -> list.add(Struct.of("Key", key, "Value", value)));
    return list;
  }

  /// Whether a secret with these was pushed.
  public static boolean areOurs(Map<String, String> tags) {
    return MANAGER.equals(tags.get(MANAGED_BY));
  }

  /// Those that a secret is to have, with the one that tells that it was pushed.
  ///
  /// @throws StoreException if that one is given
  public static Map<String, String> wanted(PushMetadata metadata) {
    Map<String, String> tags = new TreeMap<>();
    metadata.spec().struct("tags").forEach((key, value) -> tags.put(key, String.valueOf(value)));
    if (tags.put(MANAGED_BY, MANAGER) != null) {
      throw new StoreException(
          "error parsing tags in metadata: Cannot specify a '%s' tag".formatted(MANAGED_BY));
    }
    return tags;
  }

  /// What a secret is described by.
  public static String description(PushMetadata metadata) {
    return metadata.text("description", "secret '%s:%s'".formatted(MANAGED_BY, MANAGER));
  }

  /// The names of those that are there and are not wanted.
  public static List<String> toRemove(Map<String, String> there, Map<String, String> wanted) {
    return there.keySet().stream().filter(each -> !wanted.containsKey(each)).toList();
  }
}
