import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;

/// Measures how fast connections are made: `Connections.java serve PORT`, and from another network
/// `Connections.java ask ROUNDS WAY STRAIGHT SERVICE`, the last two as ADDRESS:PORT. Each round asks both for half a
/// second, in turn, so that what else the machine does touches both alike.
public final class Connections {
  private static final long ROUND = 500_000_000L;

  private Connections() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("serve")) {
      serve(Integer.parseInt(arguments[1]));
    } else {
      ask(Integer.parseInt(arguments[1]), arguments[2], at(arguments[3]), at(arguments[4]));
    }
  }

  private static InetSocketAddress at(String text) {
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        InetAddress.ofLiteral(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  private static void serve(int port) throws IOException {
    // Long enough for all that come while other work keeps this process waiting.
    try (ServerSocket socket = new ServerSocket(port, 60_000)) {
      while (true) {
        try (Socket one = socket.accept()) {
          one.getInputStream().read(); // until the caller has gone
        } catch (SocketException e) {
          continue; // as it goes
        }
      }
    }
  }

  private static void ask(int rounds, String way, InetSocketAddress straight, InetSocketAddress service)
      throws IOException {
    double[] direct = new double[rounds];
    double[] translated = new double[rounds];
    double[] ratio = new double[rounds];
    for (int i = -2; i < rounds; i++) {
      double one = rate(straight);
      double other = rate(service);
      if (i >= 0) {
        direct[i] = one;
        translated[i] = other;
        ratio[i] = other / one;
      }
    }
    figure("connections " + way + ", per s", median(direct));
    figure("by a Service's address, per s", median(translated));
    figure("of going straight", median(ratio));
  }

  /// Each connection is reset, so that none waits at the caller's end.
  private static double rate(InetSocketAddress to) throws IOException {
    long begin = System.nanoTime();
    int count = 0;
    while (System.nanoTime() - begin < ROUND) {
      try (Socket socket = new Socket()) {
        socket.setSoLinger(true, 0);
        socket.connect(to, 1000);
        count++;
      }
    }
    return count / ((System.nanoTime() - begin) / 1e9);
  }

  private static double median(double[] all) {
    Arrays.sort(all);
    return all[all.length / 2];
  }

  private static void figure(String what, double value) {
    System.out.printf("%-66s %,.3f%n", what, value);
  }
}
