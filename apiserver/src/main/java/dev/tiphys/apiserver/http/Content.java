package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Patches;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.Reason;
import dev.tiphys.http.ContentTimeoutException;
import dev.tiphys.http.ContentTooLargeException;
import dev.tiphys.http.Exchange;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.ProtobufCodec;
import dev.tiphys.schema.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the content of requests: JSON, YAML or protobuf.
final class Content {

  static final int LARGEST = 3 << 20;

  private static final int SHOWN = 30;

  private Content() {}

  /// The object that a client sent.
  ///
  /// @param type its type, for protobuf
  /// @param findings told of fields that stand twice
  static Struct object(Exchange exchange, Type type, FieldValidation.Findings findings) {
    return object(exchange, bytes(exchange), type, findings);
  }

  /// The same, of content that has been read already.
  static Struct object(
      Exchange exchange, byte[] body, Type type, FieldValidation.Findings findings) {
    String header = exchange.header("content-type");
    MediaType media = MediaType.parse(header == null ? MediaType.JSON : header);
    try {
      return switch (media.name()) {
        case MediaType.JSON, "" -> json(body, findings);
        case MediaType.YAML -> struct(Yaml.parse(new String(body, StandardCharsets.UTF_8)));
        case MediaType.PROTOBUF -> unwrapped(body, type);
        default -> throw unsupported(MediaType.JSON, MediaType.YAML, MediaType.PROTOBUF);
      };
    } catch (EncodingException e) {
      throw ApiException.badRequest(
          "the object provided is unrecognized (must be of type "
              + type.shortName()
              + "): "
              + e.getMessage()
              + " ("
              + beginning(body)
              + ")");
    }
  }

  /// Enough of what was sent to tell what it is, in hexadecimal digits.
  private static String beginning(byte[] body) {
    return body.length <= SHOWN
        ? HexFormat.of().formatHex(body)
        : HexFormat.of().formatHex(body, 0, SHOWN) + " ...";
  }

  private static Struct json(byte[] body, FieldValidation.Findings findings) {
    try {
      return struct(Json.parse(body, findings::duplicate));
    } catch (EncodingException e) {
      throw new EncodingException(
          "couldn't get version/kind; json parse error: " + e.getMessage(), e);
    }
  }

  private static Struct unwrapped(byte[] body, Type type) {
    ProtobufCodec.Envelope envelope = ProtobufCodec.open(body);
    return StructBuilder.from(ProtobufCodec.decodeMessage(envelope.message(), type))
        .add("apiVersion", envelope.apiVersion())
        .add("kind", envelope.kind())
        .build();
  }

  /// The kind of patch that a client sent.
  static PatchType patchType(Exchange exchange, boolean strategic) {
    String header = exchange.header("content-type");
    String name = MediaType.parse(header == null ? "" : header).name();
    return Arrays.stream(PatchType.values())
        .filter(type -> type.mediaType().equals(name))
        .filter(type -> type != PatchType.APPLY)
        .filter(type -> strategic || type != PatchType.STRATEGIC)
        .findFirst()
        .orElseThrow(
            () ->
                unsupported(
                    Stream.of(PatchType.JSON, PatchType.MERGE, PatchType.STRATEGIC)
                        .filter(type -> strategic || type != PatchType.STRATEGIC)
                        .map(PatchType::mediaType)
                        .toArray(String[]::new)));
  }

  /// The patch that a client sent.
  ///
  /// @param findings told of fields that stand twice
  static Object patch(Exchange exchange, PatchType type, FieldValidation.Findings findings) {
    return Patches.decode(bytes(exchange), type, findings);
  }

  /// All of the content; waits for it.
  static byte[] bytes(Exchange exchange) {
    try {
      return exchange.content().readAllBytes();
    } catch (ContentTooLargeException e) {
      throw ApiException.of(
          Reason.REQUEST_ENTITY_TOO_LARGE, "Request entity too large: limit is " + LARGEST);
    } catch (ContentTimeoutException e) {
      throw ApiException.of(
          Reason.TIMEOUT,
          "Timeout: request did not complete within the allotted timeout",
          Struct.EMPTY);
    } catch (IOException e) {
      throw ApiException.badRequest("unexpected EOF"); // the client left: nobody reads this
    }
  }

  private static Struct struct(Object tree) {
    if (tree instanceof Struct struct) {
      return struct;
    }
    throw new EncodingException("not an object");
  }

  private static ApiException unsupported(String... accepted) {
    return ApiException.of(
        Reason.UNSUPPORTED_MEDIA_TYPE,
        "the body of the request was in an unknown format - accepted media types include: "
            + Arrays.stream(accepted).collect(Collectors.joining(", ")));
  }
}
