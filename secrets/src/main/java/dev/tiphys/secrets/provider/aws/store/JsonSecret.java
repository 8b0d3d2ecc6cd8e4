package dev.tiphys.secrets.provider.aws.store;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.data.Properties;
import dev.tiphys.secrets.data.Values;
import dev.tiphys.secrets.provider.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A secret's value, of which parts may be wanted if it is JSON.
public record JsonSecret(String key, String value) {

  public static JsonSecret of(String key, byte[] value) {
    return new JsonSecret(key, new String(value, StandardCharsets.UTF_8));
  }

  private Object tree() {
    try {
      return Json.parse(value.getBytes(StandardCharsets.UTF_8));
    } catch (EncodingException e) {
      return Null.NULL;
    }
  }

  /// What a property of it is.
  ///
  /// @throws StoreException if there is none
  public byte[] property(String property) {
    return Properties.find(tree(), property)
        .map(Values::bytes)
        .orElseThrow(
            () ->
                new StoreException("key %s does not exist in secret %s".formatted(property, key)));
  }

  public boolean has(String property) {
    return Properties.find(tree(), property).isPresent();
  }

  /// Its fields.
  ///
  /// @throws StoreException if it has none
  public Map<String, byte[]> fields() {
    if (tree() instanceof Struct struct) {
      return Values.ofFields(struct);
    }
    throw new StoreException("unable to unmarshal secret %s: it is no JSON object".formatted(key));
  }

  /// The same with a property set to a text; what is empty becomes an object.
  ///
  /// @throws StoreException if it is no JSON object
  public String with(String property, byte[] text) {
    Object tree = value.isEmpty() ? Struct.EMPTY : tree();
    if (tree instanceof Struct struct) {
      String set = new String(text, StandardCharsets.UTF_8);
      return Json.text(struct.withAt(set, path(struct, property)));
    }
    throw new StoreException(
        "PushSecret for aws secrets manager with a pushSecretData property requires a json secret");
  }

  /// The same without a property; empty if nothing is left.
  public String without(String property) {
    if (tree() instanceof Struct struct) {
      Struct rest = struct.withoutAt(path(struct, property));
      return rest.isEmpty() ? "" : Json.text(rest);
    }
    return value;
  }

  private static String[] path(Struct struct, String property) {
    if (struct.has(property)) {
      return new String[] {property};
    }
    List<String> path = new ArrayList<>();
    for (String step : property.split("(?<!\\\\)\\.", -1)) {
      path.add(step.replace("\\.", "."));
    }
    return path.toArray(String[]::new);
  }

  /// A secret whose fields are tags.
  public static byte[] ofTags(Map<String, String> tags) {
    StructBuilder all = new StructBuilder(tags.size());
    tags.forEach(all::put);
    return Json.bytes(all.build());
  }

  /// Without the value, which must not be seen.
  @Override
  public String toString() {
    return key;
  }
}
