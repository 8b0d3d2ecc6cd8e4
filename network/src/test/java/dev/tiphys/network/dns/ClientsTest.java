package dev.tiphys.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may ask.
class ClientsTest {

  private final Clients clients = new Clients(List.of(InetAddress.ofLiteral("198.51.100.1")));

  @ParameterizedTest
  @CsvSource({
    "10.244.0.7, true",
    "172.31.0.1, true",
    "172.32.0.1, false",
    "192.168.1.1, true",
    "100.64.0.9, true",
    "127.0.0.1, true",
    "198.51.100.1, true",
    "198.51.100.2, false",
    "fd00::7, true",
    "fe80::1, true",
    "2001:db8::1, false",
  })
  void anAddressMayAsk(String address, boolean may) {
    assertThat(clients.admits(InetAddress.ofLiteral(address))).isEqualTo(may);
  }
}
