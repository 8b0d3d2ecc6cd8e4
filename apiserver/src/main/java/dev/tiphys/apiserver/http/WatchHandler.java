package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.endpoints.Operations;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.http.media.Negotiation;
import dev.tiphys.apiserver.http.query.ListParameters;
import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.apiserver.table.Tables;
import dev.tiphys.apiserver.watch.WatchCursor;
import dev.tiphys.apiserver.watch.WatchQuery;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.WebSocket;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Watches over HTTP, or over a WebSocket if the client asks for one. Each has a task of its own,
/// and so holds nothing of what the short requests share.
///
/// Threads: any.
final class WatchHandler {

  /// Watches end by themselves after a time between once and twice this, if the client names none.
  private static final Duration SHORTEST = Duration.ofMinutes(30);

  /// As good as never, and far from where a clock of nanoseconds overflows.
  private static final Duration LONGEST = Duration.ofDays(36_500);

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
    Negotiation wanted = request.negotiate(true).forStream();
    WatchQuery query =
        new ListParameters(request.parameters(), target.namespace(), target.name()).watch();
    boolean inMessages = WebSocket.isAskedFor(request.exchange());
    if (inMessages) {
      checkHandshake(request.exchange());
    }
    WatchWriting writing =
        new WatchWriting(target.endpoint(), wanted, tables, request.includeObject(), inMessages);
    operations.checkWatch(target, query); // before anything is answered
    Supplier<WatchCursor> opened = open(target, query);
    HttpWatch watch =
        new HttpWatch(
            opened,
            request.parameters().isTrue("allowWatchBookmarks"),
            world,
            inMessages ? messages(request, writing) : stream(request, writing),
            writing,
            life(request.parameters()),
            request.call().turn().keep());
    world.start("watch " + target.endpoint().served().plural(), watch);
  }

  /// Begins a watch before its answer begins: so what happens once the client has seen that is
  /// told. If it cannot begin, the watch itself tells why.
  private Supplier<WatchCursor> open(Target target, WatchQuery query) {
    try {
      WatchCursor cursor = operations.watch(target, query);
      return () -> cursor;
    } catch (ApiException e) {
      return () -> {
        throw e;
      };
    }
  }

  private static ResponseStream stream(ResourceRequest request, WatchWriting writing) {
    return request.response().stream(writing.mediaType());
  }

  private static ResponseStream messages(ResourceRequest request, WatchWriting writing) {
    request.response().switchProtocol();
    List<String> offered = WebSocket.offered(request.exchange());
    String protocol = offered.isEmpty() ? "" : offered.getFirst();
    return WebSocket.acceptToSend(request.exchange(), protocol, writing.isText());
  }

  /// Upstream takes the only subprotocol that is offered, whatever it is, and chooses among none.
  private static void checkHandshake(Exchange exchange) {
    if (WebSocket.offered(exchange).size() > 1 || exchange.header("sec-websocket-key") == null) {
      throw ApiException.badRequest("the WebSocket's handshake is missing a key or is ambiguous");
    }
  }

  private Duration life(Parameters parameters) {
    long seconds = parameters.number("timeoutSeconds", 0);
    if (seconds > 0) {
      return Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds()));
    }
    return SHORTEST.plusMillis(world.random().nextLong(SHORTEST.toMillis()));
  }
}
