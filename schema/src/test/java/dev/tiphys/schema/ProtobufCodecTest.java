package dev.tiphys.schema;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufCodecTest {

  private static final Type CONFIG_MAP = TypeTable.BUILT_IN.type("io.k8s.api.core.v1.ConfigMap");

  @Test
  void anObjectIsWrappedInItsEnvelope() {
    Struct object =
        Normalizer.normalize(
            Json.struct("{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\"}}"), CONFIG_MAP);

    byte[] bytes = ProtobufCodec.encode(object, "v1", "ConfigMap", CONFIG_MAP);

    // name, then the other fields of the metadata that Go can't leave unset
    String metadata = "0a0161" + "1200" + "1a00" + "2200" + "2a00" + "3200" + "3800" + "4200";
    String data = "0a016b" + "120176";
    String message = "0a" + length(metadata) + metadata + "12" + length(data) + data;
    String typeMeta = "0a027631" + "1209" + hex("ConfigMap");
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            hex("k8s\0")
                + ("0a" + length(typeMeta) + typeMeta)
                + ("12" + length(message) + message)
                + "1a002200");
  }

  /// The verbs are a list in JSON and a message with a list in protobuf.
  @Test
  void theVerbsOfAResourceAreAMessageOfTheirOwn() {
    Type resource = TypeTable.BUILT_IN.type("io.k8s.apimachinery.pkg.apis.meta.v1.APIResource");
    Struct object = Json.struct("{\"name\":\"pods\",\"verbs\":[\"get\",\"list\"]}");

    byte[] message = ProtobufCodec.encodeMessage(Normalizer.normalize(object, resource), resource);

    String verbs = "0a03" + "676574" + "0a04" + "6c697374";
    assertThat(HexFormat.of().formatHex(message))
        .contains("0a04" + "706f6473")
        .contains("22" + length(verbs) + verbs);
  }

  @Test
  void whateverATypeCanHoldComesBackAsItWas() {
    Random random = new Random(42);
    for (Type type : TablesTest.reachable()) {
      for (int i = 0; i < 20; i++) {
        Struct object =
            withoutTypeMeta(
                Normalizer.normalize(new RandomTrees(random).struct(type, 0), type), type);

        byte[] message = ProtobufCodec.encodeMessage(object, type);

        assertThat(ProtobufCodec.decodeMessage(message, type)).as(type.name()).isEqualTo(object);
      }
    }
  }

  @Test
  void whatIsCutShortIsRefused() {
    Struct object = Json.struct("{\"metadata\":{\"name\":\"abc\"}}");
    byte[] bytes = ProtobufCodec.encode(object, "v1", "ConfigMap", CONFIG_MAP);

    for (int length = 4; length < bytes.length - 4; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      try {
        assertThat(ProtobufCodec.open(cut).message().length).isLessThan(bytes.length);
      } catch (EncodingException expected) {
        assertThat(expected).hasMessageContaining("EOF");
      }
    }
    assertThatThrownBy(() -> ProtobufCodec.open("{\"a\":1}".getBytes(UTF_8)))
        .isInstanceOf(EncodingException.class);
  }

  /// Messages do not hold the apiVersion and kind of their object: the envelope does.
  private static Struct withoutTypeMeta(Struct object, Type type) {
    Struct rest = object;
    for (Field field : type.fields()) {
      rest = field.proto().isEmpty() ? rest.without(field.name()) : rest;
    }
    return rest;
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(US_ASCII));
  }

  private static String length(String hex) {
    return "%02x".formatted(hex.length() / 2);
  }
}
