package dev.tiphys.secrets.kept;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// The values of a Secret, and their text in the object.
public final class SecretData {

  private SecretData() {}

  /// The values of a Secret; none if there is none.
  public static Map<String, byte[]> of(Struct secret) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    secret
        .struct("data")
        .forEach(
            (key, value) -> values.put(key, Base64.getDecoder().decode(String.valueOf(value))));
    return values;
  }

  /// A Secret's `data`.
  public static Struct encoded(Map<String, byte[]> values) {
    StructBuilder data = new StructBuilder(values.size());
    values.forEach((key, value) -> data.put(key, Base64.getEncoder().encodeToString(value)));
    return data.build();
  }
}
