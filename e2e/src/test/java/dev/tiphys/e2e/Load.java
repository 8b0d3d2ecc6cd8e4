package dev.tiphys.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.TestReporter;

/// HTTP requests to one address at a steady rate, each by a connection of its own; and connections
/// that are kept, each with a request after the other.
///
/// Callers that were held up make up for it, so that the rate is met if the machine can.
final class Load implements AutoCloseable {

  /// Requests a second for what is switched. How many there were is reported: a machine with two
  /// processors reaches it if it has nothing else to do.
  static final int RATE = 1000;

  /// So many answers tests wait for after each step that they take meanwhile: with fewer they would
  /// not show what they are to show. How long they take is the machine's matter.
  static final int LEAST = 250;

  private static final int CALLERS = 24;
  private static final int PATIENCE_MILLIS = 5000;

  /// nginx closes a connection after its thousandth request: that is after minutes.
  private static final Duration PAUSE_OF_KEPT = Duration.ofMillis(200);

  private final InetSocketAddress address;
  private final byte[] lastRequest;
  private final byte[] request;
  private final List<Thread> threads = new ArrayList<>();
  private final Tally answers = new Tally();
  private final Tally keptAnswers = new Tally();
  private final Tally failures = new Tally();
  private final Tally closed = new Tally();
  private final long begin = System.nanoTime();
  private volatile long end;

  /// @param rate how many requests a second come by connections of their own
  /// @param kept how many connections are kept
  Load(String host, int port, int rate, int kept) {
    this(host, host, port, rate, kept);
  }

  /// @param named the host that is asked for there
  Load(String host, String named, int port, int rate, int kept) {
    address = new InetSocketAddress(InetAddress.ofLiteral(host), port);
    String text = "GET / HTTP/1.1\r\nHost: " + named + "\r\n";
    request = (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    lastRequest = (text + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    long interval = Duration.ofSeconds(CALLERS).toNanos() / rate;
    for (int i = 0; i < CALLERS; i++) {
      long first = begin + i * interval / CALLERS;
      threads.add(Thread.ofPlatform().start(() -> callAtRate(first, interval)));
    }
    for (int i = 0; i < kept; i++) {
      threads.add(Thread.ofPlatform().start(this::callByKept));
    }
  }

  private void callAtRate(long first, long interval) {
    for (long next = first; end == 0; next += interval) {
      long left = next - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(left);
      }
      try (Socket socket = connect()) {
        socket.getOutputStream().write(lastRequest);
        note(socket.getInputStream().readAllBytes(), answers);
        // What is over needs no memory of the kernel: thousands a second would fill it.
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        failures.add(e.toString());
      }
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(address, PATIENCE_MILLIS);
    return socket;
  }

  private void callByKept() {
    while (end == 0) {
      try (Socket socket = connect()) {
        InputStream in = socket.getInputStream();
        byte[] answer = new byte[0];
        do {
          LockSupport.parkNanos(PAUSE_OF_KEPT.toNanos());
          if (!send(socket)) {
            break;
          }
          answer = answer(in);
          if (answer.length > 0) {
            note(answer, keptAnswers);
          }
        } while (answer.length > 0 && end == 0);
        if (end == 0) {
          closed.add("connections");
        }
      } catch (IOException e) {
        failures.add("kept: " + e);
      }
    }
  }

  /// Sends a request, unless the server has closed the connection meanwhile.
  private boolean send(Socket socket) {
    try {
      socket.getOutputStream().write(request);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// One answer; nothing if the server has closed the connection instead of beginning one.
  private static byte[] answer(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int first;
    try {
      first = in.read();
    } catch (SocketException e) {
      return new byte[0]; // it was closed as the request was on its way
    }
    if (first < 0) {
      return new byte[0];
    }
    all.write(first);
    while (!all.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      all.write(readByte(in));
    }
    String head = all.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    int length =
        head.lines()
            .filter(line -> line.startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
            .findFirst()
            .orElseThrow(() -> new IOException("an answer without a length: " + head));
    all.write(in.readNBytes(length));
    return all.toByteArray();
  }

  private static int readByte(InputStream in) throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new IOException("an answer that breaks off");
    }
    return next;
  }

  private void note(byte[] answer, Tally tally) {
    String text = new String(answer, StandardCharsets.UTF_8);
    int content = text.indexOf("\r\n\r\n");
    if (content < 0 || !text.startsWith("HTTP/1.1 200 ") && !text.startsWith("HTTP/1.0 200 ")) {
      failures.add("no good answer: '" + text.lines().findFirst().orElse("") + "'");
    } else {
      tally.add(text.substring(content + 4).strip());
    }
  }

  /// How often each content was answered so far, to connections of their own.
  Map<String, Long> answers() {
    return answers.counts();
  }

  /// Waits until so many more requests by connections of their own are answered.
  void awaitMore(int more) throws InterruptedException {
    answers.awaitTotal(answers.total() + more);
  }

  /// As [#awaitMore(int)], with this content.
  void awaitMore(String content, int more) throws InterruptedException {
    answers.await(content, answers.count(content) + more);
  }

  /// As [#answers], on the connections that are kept.
  Map<String, Long> keptAnswers() {
    return keptAnswers.counts();
  }

  /// As [#awaitMore(String,int)], on the connections that are kept.
  void awaitMoreKept(String content, int more) throws InterruptedException {
    keptAnswers.await(content, keptAnswers.count(content) + more);
  }

  /// What went wrong, and how often.
  Map<String, Long> failures() {
    return failures.counts();
  }

  /// How many of the connections that are kept were closed by a server between two answers.
  long closed() {
    return closed.total();
  }

  /// Waits until so many of them were closed by then.
  void awaitClosed(int connections) throws InterruptedException {
    closed.awaitTotal(connections);
  }

  /// How many requests by connections of their own were answered.
  long total() {
    return answers.total();
  }

  /// Requests by connections of their own that were answered a second, over the whole time.
  double rate() {
    return total() * 1e9 / ((end == 0 ? System.nanoTime() : end) - begin);
  }

  /// Tells how many requests were answered.
  void report(TestReporter reporter) {
    reporter.publishEntry(
        Map.of(
            "answers", Long.toString(total()),
            "answers a second", Long.toString(Math.round(rate())),
            "kept connections closed by servers", Long.toString(closed())));
  }

  /// Ends it: requests that are under way are answered first.
  @Override
  public void close() {
    if (end == 0) {
      end = System.nanoTime();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
