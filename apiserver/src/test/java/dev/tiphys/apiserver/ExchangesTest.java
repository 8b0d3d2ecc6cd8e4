package dev.tiphys.apiserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What upstream answers, request by request: the tables are in the `.exchanges` files.
class ExchangesTest {

  private static final List<String> FILES =
      List.of(
          "services",
          "patches",
          "checks",
          "objects",
          "warnings",
          "content",
          "discovery",
          "apply",
          "owners");

  private static RunningServer server;
  private static Wire wire;

  @BeforeAll
  static void start() throws IOException {
    server =
        new RunningServer(RunningServer.SETTINGS.withoutAdvice()); // of which upstream has none
    wire = new Wire(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static List<Arguments> exchanges() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (String file : FILES) {
      for (Exchange exchange : Exchange.in(file + ".exchanges")) {
        all.add(Arguments.of(file, exchange, all.size()));
      }
    }
    return all;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("exchanges")
  void isAnsweredAsUpstreamDoes(String file, Exchange exchange, int number) throws Exception {
    exchange.run(wire, number);
  }
}
