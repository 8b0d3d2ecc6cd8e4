import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// `Idle.java PORT COUNT`: opens so many connections, asks once by each, and keeps them. Prints
/// their number when all have been answered, and rests until it is killed.
public final class Idle {

  private Idle() {}

  public static void main(String[] arguments) throws IOException {
    var to =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    byte[] request =
        "GET / HTTP/1.1\r\nHost: measured.example.com\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    List<SocketChannel> open = new ArrayList<>();
    ByteBuffer answer = ByteBuffer.allocate(4096);
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      SocketChannel each = SocketChannel.open(to);
      each.write(ByteBuffer.wrap(request));
      if (each.read(answer.clear()) <= 0) {
        throw new IOException("connection " + i + " was not answered");
      }
      open.add(each);
    }
    System.out.println(open.size());
    LockSupport.park();
  }
}
