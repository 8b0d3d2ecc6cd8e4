package dev.tiphys.secrets.provider;

import dev.tiphys.object.Struct;

/// What to read.
///
/// @param key the secret's name in the store
/// @param property the part of it; empty for all
/// @param version empty for the newest
/// @param metadata whether what the store says about the secret is wanted instead
public record RemoteReference(String key, String property, String version, boolean metadata) {

  /// The newest version of a secret.
  public RemoteReference(String key, String property) {
    this(key, property, "", false);
  }

  /// A `remoteRef` or `extract`.
  public static RemoteReference of(Struct reference) {
    return new RemoteReference(
        reference.string("key"),
        reference.string("property"),
        reference.string("version"),
        reference.string("metadataPolicy").equals("Fetch"));
  }
}
