package dev.tiphys.network;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// A server for tests on a port of TCP and UDP: tells each caller its name and the address that it
/// sees the caller under.
public final class Answers implements AutoCloseable {

  /// What is said of a port where nothing listens.
  public static final String REFUSED = "refused";

  /// What is said when nothing comes back.
  public static final String SILENT = "silent";

  private static final int FIRST_PORT = 12_000;
  private static final int COUNT_OF_PORTS = 20_000;
  private static final AtomicInteger PORTS = new AtomicInteger();
  private static final int PATIENCE_MILLIS = 500;

  private final String name;
  private final ServerSocket streams;
  private final DatagramSocket datagrams;

  private Answers(String name, ServerSocket streams, DatagramSocket datagrams) {
    this.name = name;
    this.streams = streams;
    this.datagrams = datagrams;
  }

  static Answers open(String name, int port) throws IOException {
    Answers answers = new Answers(name, new ServerSocket(port, 100), new DatagramSocket(port));
    return answers;
  }

  /// Starts to answer. Not to be called where only sockets are opened: a thread that is started in
  /// a namespace stays there, and those that carry virtual threads serve other tests as well.
  Answers start() {
    Thread.ofVirtual().start(this::serveStreams);
    Thread.ofVirtual().start(this::serveDatagrams);
    return this;
  }

  private byte[] answerTo(SocketAddress caller) {
    InetAddress address = ((InetSocketAddress) caller).getAddress();
    return (name + " " + address.getHostAddress()).getBytes(StandardCharsets.UTF_8);
  }

  private void serveStreams() {
    while (!streams.isClosed()) {
      try (Socket caller = streams.accept()) {
        caller.getOutputStream().write(answerTo(caller.getRemoteSocketAddress()));
      } catch (IOException _) {
        // The caller has gone, or the test has ended.
      }
    }
  }

  private void serveDatagrams() {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    while (!datagrams.isClosed()) {
      try {
        datagrams.receive(packet);
        byte[] answer = answerTo(packet.getSocketAddress());
        datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException _) {
        // The test has ended.
      }
    }
  }

  static String ask(String address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), PATIENCE_MILLIS);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketTimeoutException _) {
      return SILENT;
    } catch (ConnectException _) {
      return REFUSED;
    }
  }

  /// A port that was not asked from for long: to the kernel, a datagram between two ports that
  /// talked a minute ago belongs to what was allowed then.
  private static int nextPort() {
    return FIRST_PORT + PORTS.getAndIncrement() % COUNT_OF_PORTS;
  }

  static String askByDatagram(String address, int port) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(nextPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(InetAddress.ofLiteral(address), port);
      return ask(socket);
    }
  }

  /// What is said to a socket of datagrams, which is connected and has a timeout.
  public static String ask(DatagramSocket socket) throws IOException {
    try {
      send(socket);
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      socket.receive(packet);
      return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    } catch (SocketTimeoutException _) {
      return SILENT;
    } catch (PortUnreachableException _) {
      return REFUSED;
    }
  }

  /// A datagram that a rule of the sender's own host drops or refuses cannot be sent at all.
  private static void send(DatagramSocket socket) throws PortUnreachableException {
    try {
      socket.send(new DatagramPacket(new byte[] {'?'}, 1));
    } catch (PortUnreachableException e) {
      throw e;
    } catch (IOException _) {
      // Whether it was refused is known once an answer is waited for.
    }
  }

  @Override
  public void close() throws IOException {
    streams.close();
    datagrams.close();
  }
}
