package dev.tiphys.network.router.proxy;

import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that does on each connection what a test says.
final class Scripted implements AutoCloseable {

  /// What is done with one connection.
  interface Script {
    void run(Raw connection, int number) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final AtomicInteger connections = new AtomicInteger();

  Scripted(Script script) throws IOException {
    this(0, script);
  }

  private Scripted(int port, Script script) throws IOException {
    socket = new ServerSocket(port, 1000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (true) {
                try {
                  Socket accepted = socket.accept();
                  int number = connections.incrementAndGet();
                  Thread.ofVirtual().start(() -> serve(script, accepted, number));
                } catch (IOException e) {
                  return; // the test is over
                }
              }
            });
  }

  /// Answers each request with a text, and keeps the connection.
  static Scripted answering(String text) throws IOException {
    return new Scripted(
        (connection, _) -> {
          while (connection.head().startsWith("GET ")) {
            connection.send(ok(text));
          }
        });
  }

  /// A server that has ended, at a port that the kernel gives to no other socket.
  static Scripted gone() throws IOException {
    Scripted gone = new Scripted(TestPorts.free(), (_, _) -> {});
    gone.close();
    return gone;
  }

  static String ok(String text) {
    return "HTTP/1.1 200 OK\nContent-Length: " + text.length() + "\n\n" + text;
  }

  private static void serve(Script script, Socket accepted, int number) {
    try (Raw connection = new Raw(accepted)) {
      script.run(connection, number);
    } catch (IOException e) {
      // the proxy closed the connection
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /// How many connections were made to it.
  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
