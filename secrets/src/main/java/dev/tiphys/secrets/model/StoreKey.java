package dev.tiphys.secrets.model;

import dev.tiphys.client.ApiResource;

/// Which store.
///
/// @param cluster whether it is a ClusterSecretStore
/// @param namespace empty for a ClusterSecretStore
public record StoreKey(boolean cluster, String namespace, String name) {

  /// What a `secretStoreRef` means.
  ///
  /// @param kind empty for a SecretStore
  /// @param namespace of the object that refers
  public static StoreKey of(String kind, String name, String namespace) {
    boolean cluster = kind.equals(SecretsResources.CLUSTER_SECRET_STORES.kind());
    return new StoreKey(cluster, cluster ? "" : namespace, name);
  }

  public ApiResource resource() {
    return cluster ? SecretsResources.CLUSTER_SECRET_STORES : SecretsResources.SECRET_STORES;
  }

  public String kind() {
    return resource().kind();
  }
}
