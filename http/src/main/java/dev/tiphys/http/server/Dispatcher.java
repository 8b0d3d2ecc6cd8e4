package dev.tiphys.http.server;

import dev.tiphys.http.HttpHandler;
import dev.tiphys.http.Response;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/// Hands exchanges to the handler, each on a virtual thread.
///
/// @param world whose tasks they are
/// @param handler what answers
/// @param largestContent how many bytes a request's content may have
record Dispatcher(World world, HttpHandler handler, long largestContent) {

  private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

  void dispatch(AnswerOnce exchange) {
    world.start("request", () -> run(exchange));
  }

  private void run(AnswerOnce exchange) {
    try {
      handler.handle(exchange);
      if (!exchange.isAnswered()) {
        LOG.log(
            Level.ERROR, "a request was not answered: {0} {1}", exchange.method(), exchange.path());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the client left, or the server stops
    } catch (IOException e) {
      // that a client leaves, or breaks off what it was answered, is no failure
      if (!exchange.isGone() && !exchange.isAnswered()) {
        LOG.log(Level.ERROR, "a request failed: " + exchange.method() + " " + exchange.path(), e);
      }
    } catch (Exception | Error e) {
      LOG.log(Level.ERROR, "a request failed: " + exchange.method() + " " + exchange.path(), e);
    } finally {
      fail(exchange);
      exchange.handled();
    }
  }

  private static void fail(AnswerOnce exchange) {
    if (!exchange.isAnswered()) {
      byte[] text = "Internal Server Error\n".getBytes(StandardCharsets.UTF_8);
      exchange.respond(Response.of(500, "text/plain; charset=utf-8", text));
    }
  }
}
