package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what a caller applies: YAML, which JSON is a part of.
public final class AppliedTree {

  private AppliedTree() {}

  /// The tree that a client sent.
  ///
  /// @param validation what is done about fields that stand twice
  public static Struct decode(Call call, byte[] body, FieldValidation validation) {
    List<String> duplicates = new ArrayList<>(0);
    Object tree = json(body);
    try {
      tree =
          tree == null
              ? Yaml.parse(new String(body, StandardCharsets.UTF_8), duplicates::add)
              : tree;
    } catch (EncodingException e) {
      throw ApiException.badRequest(
          "error decoding YAML: error converting YAML to JSON: " + e.getMessage());
    }
    settle(call, duplicates, validation);
    return switch (tree) {
      case Struct struct -> struct;
      case Null _ -> Struct.EMPTY;
      default ->
          throw ApiException.badRequest(
              "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot"
                  + " unmarshal "
                  + Json.kind(tree)
                  + " into Go value of type map[string]interface {}");
    };
  }

  /// The tree, if it is in plain JSON, which most programs send and is read faster; else null.
  private static @Nullable Object json(byte[] body) {
    if (body.length == 0 || body[0] != '{') {
      return null;
    }
    boolean[] twice = {false};
    try {
      Object tree = Json.parse(body, _ -> twice[0] = true);
      return twice[0] ? null : tree;
    } catch (EncodingException e) {
      return null; // YAML that begins like JSON, or nothing at all: the YAML reader tells
    }
  }

  private static void settle(Call call, List<String> duplicates, FieldValidation validation) {
    if (duplicates.isEmpty()) {
      return;
    }
    String text =
        "error converting YAML to JSON: yaml: unmarshal errors:\n  "
            + String.join("\n  ", duplicates);
    switch (validation) {
      case IGNORE -> {}
      case WARN -> call.warn(text);
      case STRICT -> throw ApiException.badRequest("error strict decoding YAML: " + text);
    }
  }
}
