package dev.tiphys.network.istio.fields;

/// The statuses of HTTP that callers by gRPC take for those of gRPC.
public final class GrpcStatuses {

  private GrpcStatuses() {}

  /// @param name as `UNAVAILABLE`
  public static int http(String name) {
    return switch (name) {
      case "INTERNAL" -> 400;
      case "UNAUTHENTICATED" -> 401;
      case "PERMISSION_DENIED" -> 403;
      case "UNIMPLEMENTED" -> 404;
      default -> 503;
    };
  }
}
