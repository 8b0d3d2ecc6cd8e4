package dev.tiphys.apiserver.http.media;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.ProtobufCodec;
import dev.tiphys.schema.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The content of answers as the audit log has it.
final class Recorded {

  private Recorded() {}

  /// The object in an answer; null if it holds none.
  static @Nullable Struct object(String mediaType, byte[] body) {
    try {
      return switch (MediaType.parse(mediaType).name()) {
        case MediaType.JSON -> Json.struct(body);
        case MediaType.YAML -> Yaml.struct(new String(body, StandardCharsets.UTF_8));
        case MediaType.PROTOBUF -> unwrapped(body);
        default -> null;
      };
    } catch (EncodingException | DecodingException e) {
      return null; // JSON that is no object, as a page outside resources may send it
    }
  }

  private static @Nullable Struct unwrapped(byte[] body) {
    ProtobufCodec.Envelope envelope = ProtobufCodec.open(body);
    Type type = ObjectEncoder.type(envelope.apiVersion(), envelope.kind());
    return type == null
        ? null
        : StructBuilder.from(ProtobufCodec.decodeMessage(envelope.message(), type))
            .add("apiVersion", envelope.apiVersion())
            .add("kind", envelope.kind())
            .build();
  }
}
