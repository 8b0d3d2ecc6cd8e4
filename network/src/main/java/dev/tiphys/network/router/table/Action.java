package dev.tiphys.network.router.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is done with a request.
public sealed interface Action {

  /// It is passed on to a backend.
  ///
  /// @param split which backend
  /// @param rewrite what the backend is asked instead
  /// @param request what is changed of the request's headers
  /// @param response what is changed of the response's headers
  /// @param mirrors what is sent a copy
  /// @param fault what is done to it on purpose
  /// @param wording of the answer if it could not be passed on
  record Forward(
      Split split,
      Rewrite rewrite,
      HeaderEdits request,
      HeaderEdits response,
      Timeouts timeouts,
      Retries retries,
      List<Mirror> mirrors,
      Fault fault,
      Wording wording)
      implements Action {

    public Forward {
      mirrors = List.copyOf(mirrors);
    }

    /// Without copies and faults.
    public Forward(
        Split split,
        Rewrite rewrite,
        HeaderEdits request,
        HeaderEdits response,
        Timeouts timeouts,
        Retries retries) {
      this(
          split,
          rewrite,
          request,
          response,
          timeouts,
          retries,
          List.of(),
          Fault.NONE,
          Wording.NGINX);
    }

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

  /// The client is sent to what it asked for with some parts replaced; the query is kept.
  ///
  /// @param scheme null for that of the request
  /// @param host null for that of the request
  /// @param port 0 to name none, [#SAME_PORT] for that of the request
  record Relocate(
      int status, @Nullable String scheme, @Nullable String host, int port, Rewrite.OfPath path)
      implements Action {

    /// The port that the client named in its request.
    public static final int SAME_PORT = -1;
  }

  /// It is answered without a backend.
  record Respond(int status, String contentType, String content) implements Action {}
}
