package dev.tiphys.secrets.kept;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a Secret is to have of an ExternalSecret.
///
/// @param type empty for the one that it has, or the usual one
/// @param data its values
public record Rendered(
    String type,
    Map<String, byte[]> data,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<String> finalizers) {

  /// What a Secret has already, which is to stay.
  public static Rendered asItIs(Struct secret) {
    Meta meta = Meta.of(secret);
    return new Rendered(
        "", SecretData.of(secret), texts(meta.labels()), texts(meta.annotations()), List.of());
  }

  /// Labels or annotations as a map.
  static Map<String, String> texts(Struct fields) {
    Map<String, String> texts = new LinkedHashMap<>();
    fields.forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }
}
