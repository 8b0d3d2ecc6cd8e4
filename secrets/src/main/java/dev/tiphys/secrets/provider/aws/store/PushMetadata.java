package dev.tiphys.secrets.provider.aws.store;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.StoreException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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

  /// What a secret is described by.
  public String description() {
    return text("description", "secret '%s:%s'".formatted(Tags.MANAGED_BY, Tags.MANAGER));
  }

  public boolean hasTags() {
    return !spec.struct("tags").isEmpty();
  }

  /// The tags that a secret is to have, with the one that tells that it was pushed.
  ///
  /// @throws StoreException if that one is given
  public Map<String, String> tags() {
    Map<String, String> tags = new TreeMap<>();
    spec.struct("tags").forEach((key, value) -> tags.put(key, String.valueOf(value)));
    if (tags.put(Tags.MANAGED_BY, Tags.MANAGER) != null) {
      throw new StoreException(
          "error parsing tags in metadata: Cannot specify a '%s' tag".formatted(Tags.MANAGED_BY));
    }
    return tags;
  }
}
