package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.endpoints.Operations;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.table.Tables;
import dev.tiphys.apiserver.watch.Subscription;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.world.World;
import java.time.Duration;

/// Watches over HTTP. A watch takes no thread: the stream is written to by who brings the news.
///
/// Threads: any.
final class WatchHandler {

  /// Watches end by themselves after a time between once and twice this, if the client names none.
  private static final Duration SHORTEST = Duration.ofMinutes(30);

  private static final Duration BOOKMARKS = Duration.ofMinutes(1);

  private final Operations operations;
  private final Tables tables;
  private final World world;

  WatchHandler(Operations operations, Tables tables, World world) {
    this.operations = operations;
    this.tables = tables;
    this.world = world.background();
  }

  void handle(ResourceRequest request) {
    Target target = request.target();
    Negotiation wanted = request.negotiate(true);
    WatchQuery query =
        new ListParameters(request.parameters(), target.namespace(), target.name()).watch();
    WatchWriting writing =
        WatchWriting.of(target.endpoint(), wanted, tables, request.includeObject());
    HttpWatch watch = new HttpWatch(writing);
    // before anything is answered: what can't be watched is refused with a status of its own
    Subscription subscription = operations.watch(target, query, watch);
    ResponseStream stream =
        request.exchange().stream(200, request.answering().streamHeaders(writing.mediaType()));
    watch.begin(stream, subscription);
    Duration life = life(request.parameters());
    watch.endAfter(world, life);
    if (request.parameters().isTrue("allowWatchBookmarks")) {
      watch.mark(world, BOOKMARKS, life);
    }
  }

  private Duration life(Parameters parameters) {
    long seconds = parameters.number("timeoutSeconds", 0);
    if (seconds > 0) {
      return Duration.ofSeconds(seconds);
    }
    return SHORTEST.plusMillis(world.random().nextLong(SHORTEST.toMillis()));
  }
}
