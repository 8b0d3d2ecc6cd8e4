package dev.tiphys.template.externalsecrets;

import static dev.tiphys.template.value.Type.ANY;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.template.format.JsonText;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Dict;
import dev.tiphys.template.value.Utf8;
import java.util.List;
import java.util.Objects;

/// YAML, by way of JSON.
final class Yamls {

  private Yamls() {}

  static List<Function> functions() {
    return List.of(
        Function.of("toYaml", Yamls::write, ANY), Function.of("fromYaml", Yamls::parse, STRING));
  }

  private static String write(Call call) {
    try {
      String json = JsonText.of(call.value(0), false, "", call.budget());
      String yaml = Utf8.of(Yaml.text(Json.parse(Utf8.bytes(json))));
      return call.made(yaml.endsWith("\n") ? yaml.substring(0, yaml.length() - 1) : yaml);
    } catch (EncodingException e) {
      return ""; // what is no JSON is nothing
    }
  }

  /// A map; one with the key `Error` if the text is none.
  private static Object parse(Call call) {
    try {
      Object tree = Yaml.parse(Utf8.characters(call.text(0)));
      if (tree instanceof Struct struct) {
        return Objects.requireNonNull(JsonText.value(struct, call.budget()));
      }
      if (tree == Null.NULL) {
        return new Dict();
      }
      throw new EncodingException(
          "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
              + Json.kind(tree)
              + " into Go value of type map[string]interface {}");
    } catch (EncodingException e) {
      return new Dict().put("Error", PemBlock.message(e));
    }
  }
}
