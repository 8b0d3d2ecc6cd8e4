package dev.tiphys.apiserver.streaming;

import dev.tiphys.http.WebSocket;
import dev.tiphys.http.client.SpdyClient;
import dev.tiphys.http.client.SpdyStream;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Translates between a client's WebSocket, in which each message begins with the number of a
/// channel, and an agent's SPDY connection, in which each channel is a stream: version 5 of
/// upstream's protocol for commands in containers, whose channel 255 says that another one has
/// ended.
final class StreamTranslator {

  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int RESIZE = 4;
  private static final int CLOSE = 255;

  private final World world;
  private final WebSocket client;
  private final SpdyClient agent;
  private final StreamChoice wanted;
  private final Map<Integer, SpdyStream> streams = new HashMap<>();

  StreamTranslator(World world, WebSocket client, SpdyClient agent, StreamChoice wanted) {
    this.world = world;
    this.client = client;
    this.agent = agent;
    this.wanted = wanted;
  }

  /// Translates until the command has ended and its end has been told.
  void run() throws IOException, InterruptedException {
    SpdyStream error = open(ERROR, "error");
    if (wanted.stdin()) {
      open(STDIN, "stdin");
    }
    List<Task> downward = new ArrayList<>();
    if (wanted.stdout()) {
      downward.add(pass(STDOUT, open(STDOUT, "stdout")));
    }
    if (wanted.hasErrorStream()) {
      downward.add(pass(STDERR, open(STDERR, "stderr")));
    }
    if (wanted.tty()) {
      open(RESIZE, "resize");
    }
    Task upward = world.start("session-upward", this::readClient);
    // the end is told last, after everything that was written before it
    byte[] status = error.readAll();
    for (Task task : downward) {
      task.join();
    }
    client.write(message(ERROR, status, 0, status.length));
    upward.interrupt();
  }

  private SpdyStream open(int channel, String type) throws IOException, InterruptedException {
    SpdyStream stream = agent.open(Map.of("streamType", type));
    streams.put(channel, stream);
    return stream;
  }

  private Task pass(int channel, SpdyStream stream) {
    return world.start(
        "session-downward",
        () -> {
          try {
            for (byte[] bytes = stream.next(); bytes.length > 0; bytes = stream.next()) {
              client.write(message(channel, bytes, 0, bytes.length));
            }
          } catch (IOException e) {
            // the client has gone
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void readClient() {
    try {
      for (byte[] message = client.read(); message != null; message = client.read()) {
        if (message.length > 0) {
          take(message);
        }
      }
    } catch (IOException e) {
      // the client has gone, as at an end in good order
    }
    SessionConnector.closeQuietly(agent);
  }

  private void take(byte[] message) throws IOException {
    int channel = message[0] & 0xff;
    if (channel == CLOSE) {
      SpdyStream ended = message.length > 1 ? stream(message[1] & 0xff) : null;
      if (ended != null) {
        ended.finish();
      }
      return;
    }
    SpdyStream stream = stream(channel);
    if (stream != null && (channel == STDIN || channel == RESIZE)) {
      stream.write(message, 1, message.length - 1);
    }
  }

  private @Nullable SpdyStream stream(int channel) {
    return streams.get(channel);
  }

  private static byte[] message(int channel, byte[] bytes, int offset, int length) {
    byte[] message = new byte[length + 1];
    message[0] = (byte) channel;
    System.arraycopy(bytes, offset, message, 1, length);
    return message;
  }
}
