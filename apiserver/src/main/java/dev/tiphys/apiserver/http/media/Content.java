package dev.tiphys.apiserver.http.media;

import dev.tiphys.apiserver.endpoints.Decoding;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Patches;
import dev.tiphys.client.PatchType;
import dev.tiphys.http.ContentTimeoutException;
import dev.tiphys.http.ContentTooLargeException;
import dev.tiphys.http.Exchange;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.ProtobufCodec;
import dev.tiphys.schema.Schema;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the content of requests: JSON, YAML or protobuf.
public final class Content {

  public static final int LARGEST = 3 << 20;

  private static final int SHOWN = 30;

  private static final Representations PATCHES =
      new Representations(
          Stream.of(PatchType.JSON, PatchType.MERGE, PatchType.STRATEGIC, PatchType.APPLY)
              .map(PatchType::mediaType)
              .toList());

  private Content() {}

  /// The object that a client sent.
  ///
  /// @param schema what it looks like, for protobuf
  /// @param findings told of fields that stand twice
  public static Struct object(Exchange exchange, Schema schema, FieldValidation.Findings findings) {
    return object(exchange, bytes(exchange), schema, findings);
  }

  private static Struct object(
      Exchange exchange, byte[] body, Schema schema, FieldValidation.Findings findings) {
    try {
      return tree(exchange, body, schema, findings);
    } catch (EncodingException e) {
      throw ApiException.badRequest(
          "the object provided is unrecognized (must be of type "
              + schema.shortName()
              + "): "
              + e.getMessage()
              + " ("
              + beginning(body)
              + ")");
    }
  }

  /// What content that has been read says, whatever it may be.
  ///
  /// @throws EncodingException if it is of a known form, and malformed
  public static Struct tree(
      Exchange exchange, byte[] body, Schema schema, FieldValidation.Findings findings) {
    String header = exchange.header("content-type");
    MediaType media = MediaType.parse(header == null ? MediaType.JSON : header);
    return switch (media.name()) {
      case MediaType.JSON, "" -> json(body, schema, findings);
      case MediaType.YAML ->
          struct(Yaml.parse(new String(body, StandardCharsets.UTF_8), findings::duplicateInYaml));
      case MediaType.PROTOBUF ->
          switch (schema) {
            case Type type -> unwrapped(body, type);
            case StructuralSchema _ -> throw unsupported(schema);
          };
      default -> throw unsupported(schema);
    };
  }

  /// Enough of what was sent to tell what it is: JSON as it is, anything else in hexadecimal
  /// digits.
  private static String beginning(byte[] body) {
    if (body.length == 0) {
      return "<empty>";
    }
    int shown = Math.min(body.length, SHOWN);
    String text =
        body[0] == '{'
            ? new String(body, 0, shown, StandardCharsets.UTF_8)
            : HexFormat.of().formatHex(body, 0, shown);
    return body.length > SHOWN ? text + " ..." : text;
  }

  private static Struct json(byte[] body, Schema schema, FieldValidation.Findings findings) {
    RepeatedFields repeated = new RepeatedFields(schema);
    try {
      findings.inOrderOf(body);
      return struct(
          Json.parse(
              body,
              (path, earlier, later) -> {
                findings.duplicate(path);
                return repeated.value(path, earlier, later);
              }));
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
  ///
  /// @throws ApiException `UNSUPPORTED_MEDIA_TYPE` if it is none that is served
  public static PatchType patchType(Exchange exchange) {
    PATCHES.checkContent(exchange);
    String header = exchange.header("content-type");
    String name = MediaType.parse(header == null ? "" : header).name();
    return Arrays.stream(PatchType.values())
        .filter(type -> type.mediaType().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /// The patch that a client sent.
  ///
  /// @param findings told of fields that stand twice
  public static Object patch(Exchange exchange, PatchType type, FieldValidation.Findings findings) {
    return Patches.decode(bytes(exchange), type, findings);
  }

  /// All of the content; waits for it.
  public static byte[] bytes(Exchange exchange) {
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
      throw ApiException.badRequest("unexpected EOF"); // the client left, and will not read this
    }
  }

  /// `null` is an object without fields, as in upstream.
  private static Struct struct(@Nullable Object tree) {
    return switch (tree) {
      case null -> Struct.EMPTY;
      case Null _ -> Struct.EMPTY;
      case Struct struct -> struct;
      default ->
          throw new EncodingException(
              "json: cannot unmarshal "
                  + name(tree)
                  + " into Go value of type "
                  + Decoding.TYPE_META);
    };
  }

  private static String name(Object tree) {
    return switch (tree) {
      case List<?> _ -> "array";
      case String _ -> "string";
      case Boolean _ -> "bool";
      default -> "number";
    };
  }

  private static ApiException unsupported(Schema schema) {
    String accepted =
        switch (schema) {
          case Type _ -> String.join(", ", MediaType.JSON, MediaType.YAML, MediaType.PROTOBUF);
          case StructuralSchema _ -> String.join(", ", MediaType.JSON, MediaType.YAML);
        };
    return ApiException.of(
        Reason.UNSUPPORTED_MEDIA_TYPE,
        "the body of the request was in an unknown format - accepted media types include: "
            + accepted);
  }
}
