package dev.tiphys.network.dns;

import dev.tiphys.world.TestPorts;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A name server that answers as a test tells it to.
final class ScriptedServer implements AutoCloseable {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final ServerSocket streams;
  private final DatagramSocket datagrams;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Script script;

  /// What is answered to a question.
  interface Script {

    /// The messages that are sent, in order; none for silence.
    List<byte[]> answers(Question question);
  }

  /// A question.
  ///
  /// @param bytes name, type and class as they came
  record Question(int id, String name, int type, boolean stream, List<Byte> bytes) {

    /// An answer that repeats the question.
    Message answer() {
      return new Message(id, bytes);
    }
  }

  /// A message in the making.
  static final class Message {
    private int id;
    private int flags = 0x8180;
    private List<Byte> question;
    private final List<byte[]> answers = new ArrayList<>();
    private final List<byte[]> authority = new ArrayList<>();

    Message(int id, List<Byte> question) {
      this.id = id;
      this.question = question;
    }

    Message id(int other) {
      id = other;
      return this;
    }

    Message question(String name, int type) {
      byte[] query = DnsClient.query(0, name, type, 0);
      List<Byte> bytes = new ArrayList<>();
      for (byte each : Arrays.copyOfRange(query, 12, query.length)) {
        bytes.add(each);
      }
      question = bytes;
      return this;
    }

    Message rcode(int rcode) {
      flags = flags & ~0xf | rcode;
      return this;
    }

    Message truncated() {
      flags |= 0x0200;
      return this;
    }

    Message address(String name, int ttl, String address) {
      answers.add(record(name, 1, ttl, InetAddress.ofLiteral(address).getAddress()));
      return this;
    }

    Message alias(String name, int ttl, String target) {
      answers.add(record(name, 5, ttl, wire(target)));
      return this;
    }

    Message soa(String zone, int ttl, int minimum) {
      ByteBuffer data = ByteBuffer.allocate(22);
      data.putShort((short) 0);
      data.putInt(1).putInt(1).putInt(1).putInt(1).putInt(minimum);
      authority.add(record(zone, 6, ttl, data.array()));
      return this;
    }

    byte[] bytes() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteBuffer header = ByteBuffer.allocate(12);
      header.putShort((short) id).putShort((short) flags).putShort((short) 1);
      header.putShort((short) answers.size()).putShort((short) authority.size());
      out.writeBytes(header.array());
      question.forEach(out::write);
      answers.forEach(out::writeBytes);
      authority.forEach(out::writeBytes);
      return out.toByteArray();
    }

    List<byte[]> alone() {
      return List.of(bytes());
    }

    private static byte[] record(String name, int type, int ttl, byte[] data) {
      byte[] owner = wire(name);
      ByteBuffer record = ByteBuffer.allocate(owner.length + 10 + data.length);
      record.put(owner).putShort((short) type).putShort((short) 1).putInt(ttl);
      record.putShort((short) data.length).put(data);
      return record.array();
    }

    private static byte[] wire(String name) {
      byte[] query = DnsClient.query(0, name, 1, 0);
      return Arrays.copyOfRange(query, 12, query.length - 4);
    }
  }

  ScriptedServer(Script script) throws IOException {
    this.script = script;
    int port = TestPorts.free(); // of both protocols: none asks the kernel for any there
    this.streams = new ServerSocket(port, 50, LOOPBACK);
    this.datagrams = new DatagramSocket(port, LOOPBACK);
    Thread.ofVirtual().start(this::serveDatagrams);
    Thread.ofVirtual().start(this::serveStreams);
  }

  int port() {
    return streams.getLocalPort();
  }

  void script(Script other) {
    script = other;
  }

  /// How often a name was asked for, by datagram or by stream.
  long asked(String name) {
    return asked.stream().filter(name::equals).count();
  }

  private Question read(byte[] message, boolean stream) {
    ByteBuffer in = ByteBuffer.wrap(message);
    int id = in.getShort() & 0xffff;
    in.position(12);
    List<String> labels = new ArrayList<>();
    for (int label = in.get(); label > 0; label = in.get()) {
      byte[] text = new byte[label];
      in.get(text);
      labels.add(new String(text, StandardCharsets.UTF_8));
    }
    int type = in.getShort();
    in.getShort();
    List<Byte> bytes = new ArrayList<>();
    for (int i = 12; i < in.position(); i++) {
      bytes.add(message[i]);
    }
    String name = String.join(".", labels);
    asked.add(name);
    return new Question(id, name, type, stream, bytes);
  }

  private void serveDatagrams() {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    while (!datagrams.isClosed()) {
      try {
        packet.setLength(4096);
        datagrams.receive(packet);
        byte[] message = Arrays.copyOf(packet.getData(), packet.getLength());
        for (byte[] each : script.answers(read(message, false))) {
          datagrams.send(new DatagramPacket(each, each.length, packet.getSocketAddress()));
        }
      } catch (IOException _) {
        // The test has ended.
      }
    }
  }

  private void serveStreams() {
    while (!streams.isClosed()) {
      try (Socket socket = streams.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        for (byte[] each : script.answers(read(message, true))) {
          out.writeShort(each.length);
          out.write(each);
        }
        out.flush();
      } catch (IOException _) {
        // The client has left, or the test has ended.
      }
    }
  }

  @Override
  public void close() throws IOException {
    streams.close();
    datagrams.close();
  }
}
