package dev.tiphys.object.api;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;

/// A request that the API server refused. Holds the Status that a client over HTTP is sent.
public final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Reason reason;
  private final int code;
  private final transient Struct status;

  private ApiException(Reason reason, int code, String message, Struct status) {
    super(message, null, false, false);
    this.reason = reason;
    this.code = code;
    this.status = status;
  }

  public static ApiException of(Reason reason, String message) {
    return of(reason, message, Struct.EMPTY);
  }

  /// @param details the Status' `details`
  public static ApiException of(Reason reason, String message, Struct details) {
    Struct status =
        new StructBuilder()
            .add("kind", "Status")
            .add("apiVersion", "v1")
            .add("metadata", Struct.EMPTY)
            .add("status", "Failure")
            .addUnlessEmpty("message", message)
            .addUnlessEmpty("reason", reason.word())
            .addUnlessEmpty("details", details)
            .add("code", (long) reason.code())
            .build();
    return new ApiException(reason, reason.code(), message, status);
  }

  /// The refusal that a Status tells of.
  ///
  /// @param code the HTTP status code it came with
  public static ApiException from(Struct status, int code) {
    return new ApiException(
        Reason.of(status.string("reason")), code, status.string("message"), status);
  }

  public static ApiException badRequest(String message) {
    return of(Reason.BAD_REQUEST, message);
  }

  /// The refusal of a path or method that the server does not have: it is about no object.
  public static ApiException ofServer(Reason reason, String message) {
    ApiException bare = of(reason, message);
    return new ApiException(reason, bare.code, message, bare.status.with("details", Struct.EMPTY));
  }

  public static ApiException notFound(String groupResource, String name) {
    return of(
        Reason.NOT_FOUND,
        groupResource + " \"" + name + "\" not found",
        details(groupResource, name));
  }

  public static ApiException conflict(String groupResource, String name, String cause) {
    return of(
        Reason.CONFLICT,
        "Operation cannot be fulfilled on " + groupResource + " \"" + name + "\": " + cause,
        details(groupResource, name));
  }

  public static ApiException forbidden(String groupResource, String name, String cause) {
    String subject = name.isEmpty() ? groupResource : groupResource + " \"" + name + "\"";
    return of(Reason.FORBIDDEN, subject + " is forbidden: " + cause, details(groupResource, name));
  }

  public static ApiException internal(String cause) {
    return of(
        Reason.INTERNAL_ERROR,
        "Internal error occurred: " + cause,
        Struct.of("causes", java.util.List.of(Struct.of("message", cause))));
  }

  /// `details` that name an object.
  ///
  /// @param groupResource as messages name the resource: `deployments.apps`
  public static Struct details(String groupResource, String name) {
    int dot = groupResource.indexOf('.');
    return new StructBuilder()
        .addUnlessEmpty("name", name)
        .addUnlessEmpty("group", dot < 0 ? "" : groupResource.substring(dot + 1))
        .addUnlessEmpty("kind", dot < 0 ? groupResource : groupResource.substring(0, dot))
        .build();
  }

  /// This refusal, with the advice to try again after some seconds.
  public ApiException retryAfter(int seconds) {
    Struct more = status.withAt((long) seconds, "details", "retryAfterSeconds");
    return new ApiException(reason, code, message(), more);
  }

  public Reason reason() {
    return reason;
  }

  /// The HTTP status code.
  public int code() {
    return code;
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  /// The Status object.
  public Struct status() {
    return status;
  }

  /// After how many seconds the server wants the request to be tried again; 0 if it does not say.
  public long retryAfterSeconds() {
    return status.integer("details", "retryAfterSeconds");
  }

  /// Whether this is a refusal for any of these reasons.
  public boolean is(Reason... reasons) {
    return java.util.List.of(reasons).contains(reason);
  }
}
