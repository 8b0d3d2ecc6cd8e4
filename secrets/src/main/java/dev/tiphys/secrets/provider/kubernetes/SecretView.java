package dev.tiphys.secrets.provider.kubernetes;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.data.Properties;
import dev.tiphys.secrets.data.Values;
import dev.tiphys.secrets.kept.SecretData;
import dev.tiphys.secrets.provider.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A Secret as a store sees it: its data, or its labels and annotations.
///
/// @param metadata whether the latter
record SecretView(String name, Struct secret, boolean metadata) {

  private static final List<String> PARTS = List.of("labels", "annotations");

  /// All of it, as JSON.
  byte[] whole() {
    if (metadata) {
      StructBuilder parts = new StructBuilder();
      PARTS.forEach(part -> parts.put(part, secret.struct("metadata", part)));
      return Json.bytes(parts.build());
    }
    return json(SecretData.of(secret));
  }

  /// Values as a JSON object of texts.
  static byte[] json(Map<String, byte[]> values) {
    StructBuilder texts = new StructBuilder(values.size());
    values.forEach((key, value) -> texts.put(key, text(value)));
    return Json.bytes(texts.build());
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  /// Each part of it.
  Map<String, byte[]> fields() {
    if (!metadata) {
      return new TreeMap<>(SecretData.of(secret));
    }
    Map<String, byte[]> parts = new LinkedHashMap<>();
    PARTS.forEach(part -> parts.put(part, Json.bytes(secret.struct("metadata", part))));
    return parts;
  }

  /// One key, or what a path behind it leads to in its value.
  byte[] property(String property) {
    return (metadata ? ofMetadata(property) : ofData(property))
        .orElseThrow(
            () ->
                new StoreException(
                    "property %s does not exist in %s of secret \"%s\""
                        .formatted(property, metadata ? "metadata" : "data", name)));
  }

  private Optional<byte[]> ofData(String property) {
    Map<String, byte[]> data = SecretData.of(secret);
    if (data.containsKey(property)) {
      return Optional.of(data.get(property));
    }
    int dot = property.indexOf('.');
    byte[] value = dot <= 0 ? null : data.get(property.substring(0, dot));
    return value == null ? Optional.empty() : within(text(value), property.substring(dot + 1));
  }

  private Optional<byte[]> ofMetadata(String property) {
    String[] path = property.split("\\.", 2);
    if (!PARTS.contains(path[0])) {
      return Optional.empty();
    }
    Struct part = secret.struct("metadata", path[0]);
    if (path.length == 1) {
      return Optional.of(Json.bytes(part));
    }
    if (part.get(path[1]) instanceof String text) { // names of labels have dots
      return Optional.of(Values.bytes(text));
    }
    int dot = path[1].indexOf('.');
    return dot > 0 && part.get(path[1].substring(0, dot)) instanceof String text
        ? within(text, path[1].substring(dot + 1))
        : Optional.empty();
  }

  private static Optional<byte[]> within(String text, String path) {
    try {
      Object tree = Json.parse(text.getBytes(StandardCharsets.UTF_8));
      return Properties.find(tree, path).map(Values::bytes);
    } catch (EncodingException e) {
      return Optional.empty();
    }
  }

  /// The fields of a JSON object that is the value of a key, each as JSON.
  Map<String, byte[]> fieldsOf(String property) {
    byte[] value = fields().get(property);
    if (value == null) {
      throw new StoreException("property %s does not exist in key %s".formatted(property, name));
    }
    try {
      Map<String, byte[]> fields = new LinkedHashMap<>();
      Json.struct(value).forEach((key, each) -> fields.put(key, Json.bytes(each)));
      return fields;
    } catch (EncodingException e) {
      throw new StoreException("failed to unmarshal secret: invalid JSON format");
    }
  }

  /// Without the values, which must not be seen.
  @Override
  public String toString() {
    return name;
  }
}
