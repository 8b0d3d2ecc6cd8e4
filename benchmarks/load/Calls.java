import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Measures one call after the other on a connection that is kept, at two ports in turns:
/// `Calls.java COUNT PORT OTHER_PORT` prints the median of each, in microseconds.
public final class Calls {

  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: measured\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int TURN = 100;

  private Calls() {}

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    try (Socket one = connect(Integer.parseInt(arguments[1]));
        Socket other = connect(Integer.parseInt(arguments[2]))) {
      InputStream fromOne = new BufferedInputStream(one.getInputStream());
      InputStream fromOther = new BufferedInputStream(other.getInputStream());
      long[] ofOne = new long[count];
      long[] ofOther = new long[count];
      for (int round = 0; round < 2; round++) { // the first finds the JVM cold
        for (int i = 0; i < count; i += TURN) {
          for (int j = i; j < Math.min(count, i + TURN); j++) {
            ofOne[j] = call(one, fromOne);
          }
          for (int j = i; j < Math.min(count, i + TURN); j++) {
            ofOther[j] = call(other, fromOther);
          }
        }
      }
      System.out.println(median(ofOne) + " " + median(ofOther));
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static long call(Socket socket, InputStream in) throws IOException {
    long begin = System.nanoTime();
    socket.getOutputStream().write(REQUEST);
    int length = 0;
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the connection was closed");
      }
      if (next != '\n') {
        line.append((char) next);
        continue;
      }
      String header = line.toString().strip().toLowerCase(java.util.Locale.ROOT);
      line.setLength(0);
      if (header.startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).strip());
      } else if (header.isEmpty()) {
        in.readNBytes(length);
        return System.nanoTime() - begin;
      }
    }
  }

  private static long median(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2] / 1000;
  }
}
