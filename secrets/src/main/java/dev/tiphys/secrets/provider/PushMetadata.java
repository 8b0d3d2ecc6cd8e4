package dev.tiphys.secrets.provider;

import dev.tiphys.object.Struct;
import java.util.Set;

/// What a push says besides: a `PushSecretMetadata`.
///
/// @param spec what it says; empty if it says nothing
public record PushMetadata(Struct spec) {

  private static final String VERSION = "kubernetes.external-secrets.io/v1alpha1";
  private static final String KIND = "PushSecretMetadata";

  /// @param metadata may be empty
  /// @param known the fields that a spec may have
  /// @throws StoreException if it is none, or has others
  public static PushMetadata of(Struct metadata, Set<String> known) {
    if (metadata.isEmpty()) {
      return new PushMetadata(Struct.EMPTY);
    }
    require("apiVersion", metadata.string("apiVersion"), VERSION);
    require("kind", metadata.string("kind"), KIND);
    for (String name : metadata.struct("spec").names()) {
      if (!known.contains(name)) {
        throw new StoreException(
            "failed to parse metadata: failed to parse %s %s: unknown field \"spec.%s\""
                .formatted(VERSION, KIND, name));
      }
    }
    return new PushMetadata(metadata.struct("spec"));
  }

  private static void require(String field, String found, String wanted) {
    if (!found.equals(wanted)) {
      throw new StoreException(
          "failed to parse metadata: unexpected %s \"%s\", expected \"%s\""
              .formatted(field, found, wanted));
    }
  }

  /// A text; the usual one if it is not given.
  public String text(String field, String usual) {
    String text = spec.string(field);
    return text.isEmpty() ? usual : text;
  }
}
