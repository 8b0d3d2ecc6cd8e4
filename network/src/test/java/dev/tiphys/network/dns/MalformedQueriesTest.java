package dev.tiphys.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.Rounds;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Datagrams that are no proper queries.
@TestInstance(Lifecycle.PER_CLASS)
class MalformedQueriesTest {

  private static final String NAME = "web.default.svc.cluster.local";
  private static final int PACKETS = Rounds.of("tiphys.packets", 20_000);

  private TestDns cluster;

  @BeforeAll
  void start() throws Exception {
    cluster = new TestDns();
    cluster.service("web", "clusterIP: 10.96.7.7");
    cluster.api.eventually(() -> cluster.client.ask(NAME, "A").answers().size() == 1);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  /// Each case changes bytes of a good query, which is 47 long, given as `INDEX=VALUE`.
  @ParameterizedTest
  @CsvSource({
    "5=0, FORMERR", // no question
    "5=2, FORMERR", // two questions, of which one is there
    "7=1, FORMERR", // an answer that is not there
    "11=1, FORMERR", // an additional record that is not there
    "12=64, FORMERR", // a label that is too long
    "12=192, FORMERR", // a pointer in a question
    "12=60, FORMERR", // a label that is longer than the rest
    "2=16, NOTIMP", // a status query
    "2=40, NOTIMP", // an update
    "44=252, REFUSED", // a transfer
    "46=3, REFUSED", // another class
    "44=41, FORMERR", // a type that is none
  })
  void aMalformedQueryIsRefused(String change, String rcode) throws Exception {
    byte[] query = DnsClient.query(5, NAME, 1, 0);
    assertThat(query).hasSize(47);
    String[] parts = change.split("=");
    query[Integer.parseInt(parts[0])] = (byte) Integer.parseInt(parts[1]);

    assertThat(DnsClient.read(cluster.client.exchange(query)).rcode()).isEqualTo(rcode);
  }

  @Test
  void aNewerVersionOfEdnsIsSaidToBeUnknown() throws Exception {
    byte[] query = DnsClient.query(5, NAME, 1, 1232);
    query[query.length - 5] = 1;

    assertThat(DnsClient.read(cluster.client.exchange(query)).rcode()).isEqualTo("BADVERS");
  }

  @Test
  void bytesBehindTheQueryAreAnError() throws Exception {
    byte[] query = Arrays.copyOf(DnsClient.query(5, NAME, 1, 0), 50);

    assertThat(DnsClient.read(cluster.client.exchange(query)).rcode()).isEqualTo("FORMERR");
  }

  @Test
  void noPacketMakesTheServerFail() throws Exception {
    long seed = Long.getLong("tiphys.seed", System.nanoTime());
    Random random = new Random(seed);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(InetAddress.ofLiteral("127.0.0.1"), cluster.dns.port());
      socket.setSoTimeout(1);
      for (int i = 0; i < PACKETS; i++) {
        byte[] packet = packet(random);
        socket.send(new DatagramPacket(packet, packet.length));
        if (i % 16 == 0) {
          drain(socket, seed);
        }
      }
    }

    assertThat(cluster.client.ask(NAME, "A").answers()).as("seed %d", seed).hasSize(1);
    assertThat(Pages.get(cluster.dns.pagesPort(), "/metrics"))
        .as("seed %d", seed)
        .contains("\ncoredns_panics_total 0\n");
  }

  /// What comes back can be read.
  private static void drain(DatagramSocket socket, long seed) throws Exception {
    DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
    try {
      while (true) {
        socket.receive(answer);
        byte[] bytes = Arrays.copyOf(answer.getData(), answer.getLength());
        assertThat(DnsClient.read(bytes).rcode()).as("seed %d", seed).isNotEmpty();
        answer.setLength(4096);
      }
    } catch (SocketTimeoutException _) {
      // All of them were read.
    }
  }

  private static byte[] packet(Random random) {
    byte[] packet;
    if (random.nextInt(4) == 0) {
      packet = new byte[random.nextInt(200)];
      random.nextBytes(packet);
    } else {
      packet = DnsClient.query(random.nextInt(1 << 16), NAME, random.nextInt(260), 1232);
      for (int changes = random.nextInt(6); changes > 0; changes--) {
        packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
      }
      packet = Arrays.copyOf(packet, Math.max(0, packet.length + random.nextInt(9) - 6));
    }
    if (packet.length > 2 && random.nextInt(3) > 0) {
      packet[2] &= 0x7f; // or it would be taken for an answer
    }
    return packet;
  }
}
