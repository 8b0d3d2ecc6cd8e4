package dev.tiphys.node.status;

import dev.tiphys.node.runtime.ContainerStatus;

/// Containers' ids as the API has them, with the runtime's name: `containerd://…`.
public final class ContainerIds {
  private static final String PREFIX = "containerd://";

  private ContainerIds() {}

  static String of(ContainerStatus status) {
    return PREFIX + status.id();
  }

  /// The runtime's id in an API's one; empty if there is none.
  public static String id(String apiId) {
    return apiId.substring(apiId.indexOf("://") < 0 ? apiId.length() : apiId.indexOf("://") + 3);
  }
}
