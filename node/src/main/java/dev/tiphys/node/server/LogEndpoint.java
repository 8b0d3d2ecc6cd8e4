package dev.tiphys.node.server;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.node.logs.LogOptions;
import dev.tiphys.node.logs.LogReader;
import dev.tiphys.node.logs.LogSink;
import dev.tiphys.node.logs.LogStream;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// `/containerLogs/NAMESPACE/POD/CONTAINER`
final class LogEndpoint {

  private static final int PIECE = 32 << 10;

  private final World world;
  private final ContainerRuntime runtime;

  LogEndpoint(World world, ContainerRuntime runtime) {
    this.world = world;
    this.runtime = runtime;
  }

  void answer(Exchange exchange, ContainerChoice choice, Query query)
      throws Refusal, InterruptedException {
    LogOptions options = options(query);
    ContainerStatus status = status(choice.logged(query.isTrue("previous")));
    ResponseStream out =
        exchange.stream(200, List.of(new Header("content-type", "text/plain; charset=utf-8")));
    Thread reader = Thread.currentThread();
    out.onEnd(reader::interrupt); // the end of the connection ends the reading
    try {
      new LogReader(world)
          .read(Path.of(status.logPath()), options, () -> isRunning(status.id()), new Pieces(out));
      out.close();
    } catch (NoSuchFileException e) {
      out.close(); // nothing was ever written, or it was cleaned up
    } catch (IOException e) {
      out.abort();
    }
  }

  private ContainerStatus status(String id) throws Refusal, InterruptedException {
    try {
      return runtime.containerStatus(id);
    } catch (RuntimeFailure e) {
      throw Refusal.internal("unable to retrieve container logs for containerd://" + id);
    }
  }

  private boolean isRunning(String id) {
    try {
      return runtime.containerStatus(id).state() == ContainerState.RUNNING;
    } catch (RuntimeFailure e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private LogOptions options(Query query) throws Refusal {
    Instant since = query.time("sinceTime");
    long sinceSeconds = query.number("sinceSeconds", -1);
    if (sinceSeconds >= 0) {
      since = world.now().minusSeconds(sinceSeconds);
    }
    return new LogOptions(
        query.isTrue("follow"),
        query.number("tailLines", -1),
        since,
        query.isTrue("timestamps"),
        query.number("limitBytes", -1),
        null);
  }

  /// Gathers lines, so that a long log does not go line by line.
  private static final class Pieces implements LogSink {
    private final ResponseStream out;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();

    Pieces(ResponseStream out) {
      this.out = out;
    }

    @Override
    public void write(LogStream stream, byte[] bytes) throws IOException {
      gathered.writeBytes(bytes);
      if (gathered.size() >= PIECE) {
        flush();
      }
    }

    @Override
    public void flush() throws IOException {
      if (gathered.size() == 0) {
        return;
      }
      try {
        out.write(gathered.toByteArray());
        gathered.reset();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
