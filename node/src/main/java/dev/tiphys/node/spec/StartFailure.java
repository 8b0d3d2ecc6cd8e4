package dev.tiphys.node.spec;

import dev.tiphys.client.ApiResource;

/// Why a container cannot be started, in upstream's words.
public final class StartFailure extends Exception {
  private static final long serialVersionUID = 1;

  public static final String CONFIG = "CreateContainerConfigError";
  public static final String CREATE = "CreateContainerError";
  public static final String RUN = "RunContainerError";
  public static final String POST_START = "PostStartHookError";

  private final String reason;

  /// @param reason what the container waits for, then: `CreateContainerConfigError`
  public StartFailure(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// A failure because the Pod asks for what cannot be.
  public static StartFailure config(String message) {
    return new StartFailure(CONFIG, message);
  }

  /// A failure because a ConfigMap or Secret does not have what a variable asks of it.
  public static StartFailure noKey(
      String key, ApiResource resource, String namespace, String name) {
    String kind = resource.equals(ApiResource.SECRETS) ? "Secret" : "ConfigMap";
    return config("couldn't find key %s in %s %s/%s".formatted(key, kind, namespace, name));
  }

  public String reason() {
    return reason;
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}
