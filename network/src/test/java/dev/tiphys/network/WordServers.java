package dev.tiphys.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;

/// Servers of no protocol: each takes all that a client says, and then answers with its name and
/// how many bytes that was.
public final class WordServers implements AutoCloseable {

  /// Much less than tests wait for a route: a connection that was made before it was there may be
  /// taken for one of HTTP, to which a word is no request, and is to be made again.
  private static final int PATIENCE_MILLIS = 4000;

  private final List<ServerSocket> servers = new ArrayList<>();

  /// @return the port
  public int start(String name) throws IOException {
    return start(name, new ServerSocket(0));
  }

  /// @param server on which clients are taken
  /// @return the port
  public int start(String name, ServerSocket server) {
    servers.add(server);
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket client = server.accept();
                  Thread.ofVirtual().start(() -> answer(name, client));
                } catch (IOException e) {
                  return; // closed
                }
              }
            });
    return server.getLocalPort();
  }

  private static void answer(String name, Socket client) {
    try (client) {
      long read = 0;
      byte[] buffer = new byte[1 << 16];
      int count;
      while ((count = client.getInputStream().read(buffer)) > 0) {
        read += count;
        if (buffer[count - 1] == '!') {
          break; // TLS clients can't say their end and go on to read
        }
      }
      client.getOutputStream().write((name + " " + read).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // the client went away
    }
  }

  /// What a server answers; empty if the connection is closed without an answer.
  public static String say(InetSocketAddress at, String words) throws IOException {
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      return say(socket, words);
    }
  }

  /// The same at the loopback.
  public static String say(int port, String words) throws IOException {
    return say(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), words);
  }

  /// The same on a connection that there is.
  public static String say(Socket socket, String words) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.getOutputStream().write(words.getBytes(StandardCharsets.UTF_8));
    if (!(socket instanceof SSLSocket)) {
      socket.shutdownOutput();
    }
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket each : servers) {
      each.close();
    }
  }
}
