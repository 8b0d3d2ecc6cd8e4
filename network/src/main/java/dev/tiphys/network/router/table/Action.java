package dev.tiphys.network.router.table;

/// What is done with a request.
public sealed interface Action {

  /// It is passed on to a backend.
  ///
  /// @param split which backend
  /// @param rewrite what the backend is asked instead
  /// @param request what is changed of the request's headers
  /// @param response what is changed of the response's headers
  record Forward(
      Split split,
      Rewrite rewrite,
      HeaderEdits request,
      HeaderEdits response,
      Timeouts timeouts,
      Retries retries)
      implements Action {

    /// It is passed on as it is.
    public Forward(Split split) {
      this(
          split,
          Rewrite.KEEP,
          HeaderEdits.NONE,
          HeaderEdits.NONE,
          Timeouts.USUAL,
          Retries.OF_CONNECTIONS);
    }
  }

  /// The client is sent elsewhere (RFC 9110, 15.4).
  ///
  /// @param location an absolute URL or a path; `$host` and `$target` in it stand for what was
  ///   asked
  record Redirect(int status, String location) implements Action {}

  /// It is answered without a backend.
  record Respond(int status, String contentType, String content) implements Action {}
}
