package dev.tiphys.cli.machine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.world.TestPorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {

  @Test
  void aPortThatAnotherHasIsRefusedWithTheOptionThatChoosesAnother() throws Exception {
    int port = TestPorts.free();
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"))) {
      assertThatThrownBy(() -> Ports.requireFree(port, "--port"))
          .isInstanceOf(CliException.class)
          .hasMessageStartingWith("cannot listen on port " + port + " (")
          .hasMessageEndingWith("choose another one with --port");
    }
    assertThatCode(() -> Ports.requireFree(port, "--port")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void whatIsNoPortIsRefused(int port) {
    assertThatThrownBy(() -> Ports.requireFree(port, "--port")).isInstanceOf(CliException.class);
  }
}
