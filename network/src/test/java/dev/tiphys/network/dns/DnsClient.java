package dev.tiphys.network.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A client for tests, which shares no code with the server.
final class DnsClient {

  static final Map<String, Integer> TYPES =
      Map.of(
          "A", 1, "NS", 2, "CNAME", 5, "SOA", 6, "PTR", 12, "HINFO", 13, "MX", 15, "TXT", 16,
          "AAAA", 28, "SRV", 33);

  private static final List<String> RCODES =
      List.of("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED");
  private static final int PATIENCE_MILLIS = 10_000;

  private final InetSocketAddress server;

  DnsClient(InetAddress address, int port) {
    this.server = new InetSocketAddress(address, port);
  }

  /// What came back.
  ///
  /// @param question the name in it, as it is spelled
  /// @param answers each as `NAME TTL TYPE DATA`, without the last dot of names
  record Response(
      String rcode,
      boolean truncated,
      boolean authoritative,
      String question,
      List<String> answers,
      List<String> authority,
      List<String> additional,
      int size) {

    /// The answers without their times to live.
    List<String> records() {
      return answers.stream().map(each -> each.replaceFirst(" [0-9]+ ", " ")).toList();
    }
  }

  static byte[] query(int id, String name, int type, int size) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeShort(id);
      out.writeShort(0x0100);
      out.writeShort(1);
      out.writeInt(0);
      out.writeShort(size > 0 ? 1 : 0);
      for (String label : name.isEmpty() ? new String[0] : name.split("\\.")) {
        out.writeByte(label.length());
        out.write(label.getBytes(StandardCharsets.UTF_8));
      }
      out.writeByte(0);
      out.writeShort(type);
      out.writeShort(1);
      if (size > 0) {
        out.writeByte(0);
        out.writeShort(41);
        out.writeShort(size);
        out.writeInt(0);
        out.writeShort(0);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Asks by datagram, without EDNS.
  Response ask(String name, String type) throws IOException {
    return ask(name, type, 0);
  }

  /// Asks by datagram.
  ///
  /// @param size what the client takes, by EDNS; 0 for without EDNS
  Response ask(String name, String type, int size) throws IOException {
    byte[] answer = exchange(query(77, name, TYPES.get(type), size));
    return read(answer);
  }

  /// Sends a datagram and gives back what comes.
  byte[] exchange(byte[] query) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(server);
      socket.send(new DatagramPacket(query, query.length));
      DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
      socket.receive(packet);
      return Arrays.copyOf(packet.getData(), packet.getLength());
    }
  }

  /// Sends a datagram, and does not wait for what comes.
  void send(byte[] query) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.send(new DatagramPacket(query, query.length));
    }
  }

  /// Asks by stream.
  Response askByStream(String name, String type) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(server, PATIENCE_MILLIS);
      byte[] query = query(78, name, TYPES.get(type), 0);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(query.length);
      out.write(query);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      return read(answer);
    }
  }

  static Response read(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    in.getShort();
    int flags = in.getShort();
    int questions = in.getShort();
    int[] counts = {in.getShort(), in.getShort(), in.getShort()};
    String question = "";
    if (questions == 1) {
      question = name(in);
      in.getInt();
    }
    List<List<String>> sections = new ArrayList<>();
    int upper = 0;
    for (int count : counts) {
      List<String> records = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String owner = name(in);
        int type = in.getShort();
        in.getShort();
        int ttl = in.getInt();
        int end = (in.getShort() & 0xffff) + in.position();
        if (type == 41) {
          upper = ttl >>> 24;
        } else {
          records.add(owner + " " + ttl + " " + data(in, type, end));
        }
        in.position(end);
      }
      sections.add(records);
    }
    if (in.hasRemaining()) {
      throw new IllegalStateException("more than is counted");
    }
    int rcode = upper << 4 | flags & 0xf;
    return new Response(
        rcode == 16 ? "BADVERS" : RCODES.get(rcode),
        (flags & 0x0200) != 0,
        (flags & 0x0400) != 0,
        question,
        sections.get(0),
        sections.get(1),
        sections.get(2),
        message.length);
  }

  private static String data(ByteBuffer in, int type, int end) {
    try {
      return switch (type) {
        case 1 -> "A " + address(in, 4);
        case 28 -> "AAAA " + address(in, 16);
        case 5 -> "CNAME " + name(in);
        case 12 -> "PTR " + name(in);
        case 2 -> "NS " + name(in);
        case 6 -> "SOA " + name(in) + " " + name(in);
        case 33 ->
            "SRV " + in.getShort() + " " + in.getShort() + " " + in.getShort() + " " + name(in);
        case 16 -> "TXT " + string(in, in.get());
        default -> "TYPE" + type + " " + string(in, end - in.position());
      };
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String address(ByteBuffer in, int length) throws IOException {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return InetAddress.getByAddress(bytes).getHostAddress();
  }

  private static String string(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String name(ByteBuffer in) {
    List<String> labels = new ArrayList<>();
    int after = -1;
    while (true) {
      int label = in.get() & 0xff;
      if (label == 0) {
        break;
      }
      if (label >= 0xc0) {
        int to = (label & 0x3f) << 8 | in.get() & 0xff;
        after = after < 0 ? in.position() : after;
        in.position(to);
      } else {
        labels.add(string(in, label));
      }
    }
    if (after >= 0) {
      in.position(after);
    }
    return String.join(".", labels);
  }
}
