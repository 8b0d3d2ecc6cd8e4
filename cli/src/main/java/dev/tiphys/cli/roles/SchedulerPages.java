package dev.tiphys.cli.roles;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Response;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// The scheduler's pages, for this machine: `/metrics`, and `/healthz`, `/livez` and `/readyz`.
///
/// Threads: any.
public final class SchedulerPages implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(SchedulerPages.class.getName());

  /// Where upstream's scheduler has its pages.
  private static final InetSocketAddress USUAL = new InetSocketAddress("127.0.0.1", 10259);

  private static final int LARGEST_CONTENT = 1_024;

  private final Scheduler scheduler;
  private final HttpServer server;

  private SchedulerPages(World world, Scheduler scheduler) {
    this.scheduler = scheduler;
    this.server = new HttpServer(world, this::answer, LARGEST_CONTENT);
  }

  /// Begins to answer. If another process has the usual port, as the scheduler of another cluster
  /// of this machine, a free one is taken; a scheduler does without pages if there is none.
  public static SchedulerPages open(World world, Scheduler scheduler) {
    SchedulerPages pages = new SchedulerPages(world, scheduler);
    try {
      pages.listen();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the scheduler has no pages: error=" + e.getMessage());
    }
    return pages;
  }

  private void listen() throws IOException {
    try {
      server.listen(USUAL);
    } catch (IOException e) {
      InetSocketAddress free = server.listen(new InetSocketAddress(USUAL.getAddress(), 0));
      LOG.log(
          Level.INFO,
          "another process has the usual port of the pages of the scheduler: usual={0} port={1}",
          Integer.toString(USUAL.getPort()),
          Integer.toString(free.getPort()));
    }
  }

  private void answer(Exchange exchange) {
    exchange.respond(
        switch (exchange.path()) {
          case "/healthz", "/livez", "/readyz" -> text(200, "text/plain; charset=utf-8", "ok");
          case "/metrics" -> metrics();
          default -> text(404, "text/plain; charset=utf-8", "404 page not found\n");
        });
  }

  private Response metrics() {
    try {
      return text(200, "text/plain; version=0.0.4; charset=utf-8", scheduler.metrics());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return text(503, "text/plain; charset=utf-8", "the scheduler ends\n");
    }
  }

  private static Response text(int status, String type, String content) {
    return Response.of(status, type, content.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
