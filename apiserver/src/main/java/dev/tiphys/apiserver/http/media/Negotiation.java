package dev.tiphys.apiserver.http.media;

import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// In which form a client wants an answer.
///
/// @param format how it is written
/// @param shape what is shown of objects
/// @param shapeKind the kind that was asked for instead of the object's own; empty for that
/// @param shapeVersion the version of that kind
public record Negotiation(Format format, Shape shape, String shapeKind, String shapeVersion) {

  /// How an answer is written.
  public enum Format {
    JSON(MediaType.JSON),
    YAML(MediaType.YAML),
    PROTOBUF(MediaType.PROTOBUF);

    private final String mediaType;

    Format(String mediaType) {
      this.mediaType = mediaType;
    }

    public String mediaType() {
      return mediaType;
    }
  }

  /// What is shown of objects.
  public enum Shape {
    OBJECT,
    /// What `kubectl get` prints.
    TABLE,
    /// Their metadata only.
    METADATA
  }

  private static final String METADATA_KIND = "PartialObjectMetadata";
  private static final String METADATA_LIST = "PartialObjectMetadataList";

  public static final Negotiation PLAIN = new Negotiation(Format.JSON, Shape.OBJECT, "", "");

  private static final List<String> FORMATS =
      List.of(MediaType.JSON, MediaType.YAML, MediaType.PROTOBUF);

  /// Reads an Accept header field.
  ///
  /// @param header null if there is none
  /// @param shapes whether Tables and PartialObjectMetadata can be had
  /// @throws ApiException `NOT_ACCEPTABLE` if nothing in it can be had
  public static Negotiation of(@Nullable String header, boolean shapes) {
    return of(header, shapes, true);
  }

  /// Reads the Accept header field of a request for objects.
  ///
  /// @param protobuf whether the objects themselves can be had in protobuf, as their metadata can
  /// @throws ApiException `NOT_ACCEPTABLE` if nothing in it can be had
  public static Negotiation of(@Nullable String header, boolean shapes, boolean protobuf) {
    if (header == null || header.isBlank()) {
      return PLAIN;
    }
    for (MediaType wanted : MediaType.accepted(header)) {
      Negotiation found = match(wanted, shapes, protobuf);
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
  public Negotiation forStream() {
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

  /// The same, for an answer that is one object.
  ///
  /// @throws ApiException `NOT_ACCEPTABLE` if the metadata of a list was asked for
  public Negotiation forOne(Target target) {
    if (shapeKind.equals(METADATA_LIST)) {
      throw ApiException.of(
          Reason.NOT_ACCEPTABLE,
          "you requested %s, but the requested object is not a list (%s)"
              .formatted(shapeKind, internalName(target, "")));
    }
    return this;
  }

  /// The same, for an answer that is a list.
  ///
  /// @throws ApiException `NOT_ACCEPTABLE` if the metadata of one object was asked for
  public Negotiation forList(Target target) {
    if (shape == Shape.METADATA && !shapeKind.equals(METADATA_LIST)) {
      throw ApiException.of(
          Reason.NOT_ACCEPTABLE,
          "you requested %s, but the requested object is a list (%s)"
              .formatted(shapeKind, internalName(target, "List")));
    }
    return this;
  }

  /// What upstream calls the type of its object: `*core.ConfigMapList`.
  private static String internalName(Target target, String suffix) {
    String group = target.endpoint().served().group();
    int dot = group.indexOf('.');
    String name = group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
    return "*" + name + "." + target.endpoint().served().kind() + suffix;
  }

  private static @Nullable Negotiation match(MediaType wanted, boolean shapes, boolean protobuf) {
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
      case "" ->
          protobuf || format != Format.PROTOBUF
              ? new Negotiation(format, Shape.OBJECT, "", "")
              : null;
      case "Table" ->
          known && format != Format.PROTOBUF
              ? new Negotiation(format, Shape.TABLE, as, version)
              : null;
      case METADATA_KIND, METADATA_LIST ->
          known ? new Negotiation(format, Shape.METADATA, as, version) : null;
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
