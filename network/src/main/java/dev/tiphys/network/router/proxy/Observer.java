package dev.tiphys.network.router.proxy;

import dev.tiphys.network.router.message.RequestHead;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Is told of each request when it has ended: for metrics and the access log.
///
/// Threads: the event loop of the request, so it must not wait.
@FunctionalInterface
public interface Observer {

  /// Observes nothing.
  Observer NONE = _ -> {};

  void ended(Served request);

  /// A request that has ended.
  ///
  /// @param route its name; empty if none matched
  /// @param backend its name; empty if the request was not passed on
  /// @param endpoint the last one that was tried; empty if none was
  /// @param status what the client was answered; 499 if it went before
  /// @param revision of the table
  /// @param client where it came from; null if that was not by IP
  /// @param head as it was passed on; null if it is not known
  /// @param protocol the version of HTTP that the client speaks
  /// @param logged whether the access log is to have it
  /// @param received bytes of the request's content
  /// @param sent bytes of the response's content
  record Served(
      String method,
      String host,
      String path,
      String route,
      String backend,
      String endpoint,
      int tries,
      int status,
      Duration span,
      String revision,
      @Nullable InetAddress client,
      @Nullable RequestHead head,
      String protocol,
      boolean logged,
      long received,
      long sent) {

    /// One of which is not known where it came from.
    public Served(
        String method,
        String host,
        String path,
        String route,
        String backend,
        String endpoint,
        int tries,
        int status,
        Duration span,
        String revision) {
      this(method, host, path, route, backend, endpoint, tries, status, span, revision, null);
    }

    /// One of which nothing is known that is for the access log alone.
    public Served(
        String method,
        String host,
        String path,
        String route,
        String backend,
        String endpoint,
        int tries,
        int status,
        Duration span,
        String revision,
        @Nullable InetAddress client) {
      this(
          method, host, path, route, backend, endpoint, tries, status, span, revision, client, null,
          "-", true, 0, 0);
    }
  }
}
