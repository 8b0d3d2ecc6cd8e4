package dev.tiphys.secrets.provider;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// What is to be in a store.
public final class Pushed {

  private final RemoteReference place;
  private final Map<String, byte[]> values;
  private final String key;
  private final Struct metadata;

  /// @param place where in the store
  /// @param values of the Secret
  /// @param key which of them; empty for all of them as a JSON object
  /// @param metadata what the provider is told besides, as it defines it
  public Pushed(RemoteReference place, Map<String, byte[]> values, String key, Struct metadata) {
    this.place = place;
    this.values = new TreeMap<>(values);
    this.key = key;
    this.metadata = metadata;
  }

  public RemoteReference place() {
    return place;
  }

  public Map<String, byte[]> values() {
    return values;
  }

  public String key() {
    return key;
  }

  /// What is to be at that place: the one value, or all of them as a JSON object.
  ///
  /// @throws StoreException if the Secret does not have that value
  public byte[] value() {
    if (key.isEmpty()) {
      StructBuilder texts = new StructBuilder(values.size());
      values.forEach((name, value) -> texts.put(name, new String(value, StandardCharsets.UTF_8)));
      return Json.bytes(texts.build());
    }
    byte[] value = values.get(key);
    if (value == null) {
      throw new StoreException("failed to find secret key in secret with key: " + key);
    }
    return value;
  }

  public Struct metadata() {
    return metadata;
  }
}
