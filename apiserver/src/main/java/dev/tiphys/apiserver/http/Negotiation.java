package dev.tiphys.apiserver.http;

import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// In which form a client wants an answer.
///
/// @param format how it is written
/// @param shape what is shown of objects
/// @param shapeVersion the version of the Table or PartialObjectMetadata that was asked for
public record Negotiation(Format format, Shape shape, String shapeVersion) {

  /// How an answer is written.
  enum Format {
    JSON(MediaType.JSON),
    YAML(MediaType.YAML),
    PROTOBUF(MediaType.PROTOBUF);

    private final String mediaType;

    Format(String mediaType) {
      this.mediaType = mediaType;
    }

    String mediaType() {
      return mediaType;
    }
  }

  /// What is shown of objects.
  enum Shape {
    OBJECT,
    /// What `kubectl get` prints.
    TABLE,
    /// Their metadata only.
    METADATA
  }

  static final Negotiation PLAIN = new Negotiation(Format.JSON, Shape.OBJECT, "");

  private static final List<String> FORMATS =
      List.of(MediaType.JSON, MediaType.YAML, MediaType.PROTOBUF);

  /// Reads an Accept header field.
  ///
  /// @param header null if there is none
  /// @param shapes whether Tables and PartialObjectMetadata can be had
  /// @throws ApiException `NOT_ACCEPTABLE` if nothing in it can be had
  static Negotiation of(@Nullable String header, boolean shapes) {
    if (header == null || header.isBlank()) {
      return PLAIN;
    }
    for (MediaType wanted : MediaType.accepted(header)) {
      Negotiation found = match(wanted, shapes);
      if (found != null) {
        return found;
      }
    }
    throw ApiException.of(
        Reason.NOT_ACCEPTABLE,
        "only the following media types are accepted: " + String.join(", ", FORMATS));
  }

  /// The same, for an answer that goes on and on.
  ///
  /// @throws ApiException `NOT_ACCEPTABLE` if there is no such answer in this format
  Negotiation forStream() {
    if (format != Format.YAML) {
      return this;
    }
    throw ApiException.of(
        Reason.NOT_ACCEPTABLE,
        "only the following media types are accepted: "
            + MediaType.JSON
            + ";stream=watch, "
            + MediaType.PROTOBUF
            + ";stream=watch");
  }

  private static @Nullable Negotiation match(MediaType wanted, boolean shapes) {
    Format format = formatOf(wanted);
    String as = wanted.parameter("as", "");
    if (format == null || (!as.isEmpty() && !shapes)) {
      return null;
    }
    String version = wanted.parameter("v", "v1");
    boolean known =
        wanted.parameter("g", "meta.k8s.io").equals("meta.k8s.io")
            && (version.equals("v1") || version.equals("v1beta1"));
    return switch (as) {
      case "" -> new Negotiation(format, Shape.OBJECT, "");
      case "Table" ->
          known && format != Format.PROTOBUF ? new Negotiation(format, Shape.TABLE, version) : null;
      case "PartialObjectMetadata", "PartialObjectMetadataList" ->
          known ? new Negotiation(format, Shape.METADATA, version) : null;
      default -> null;
    };
  }

  private static @Nullable Format formatOf(MediaType wanted) {
    for (Format format : Format.values()) {
      if (wanted.covers(format.mediaType())) {
        return format;
      }
    }
    return null;
  }
}
