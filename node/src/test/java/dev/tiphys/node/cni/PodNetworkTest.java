package dev.tiphys.node.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodNetworkTest {

  private static final PodNetworkSettings SETTINGS =
      new PodNetworkSettings(Path.of("/data"), "tiphys0", List.of("10.244.0.0/16"));
  private static final List<String> RANGES = List.of("10.244.1.0/24");

  @Test
  void theConfigurationIsJson() throws Exception {
    try (JsonParser parser =
        new JsonFactory().createParser(new PodNetwork(SETTINGS).configuration(RANGES, 1450))) {
      int tokens = 0;
      while (parser.nextToken() != null) {
        tokens++;
      }
      assertThat(tokens).isGreaterThan(20);
    }
  }

  @Test
  void theConfigurationNamesNetworkAndRange() {
    assertThat(new PodNetwork(SETTINGS).configuration(RANGES, 1450))
        .contains("\"name\": \"tiphys0\"")
        .contains("\"mtu\": 1450,")
        .contains("\"ranges\": [[{\"subnet\": \"10.244.1.0/24\"}]]")
        .contains("\"routes\": [{\"dst\": \"0.0.0.0/0\"}]")
        .contains("\"dataDir\": \"/data/cni/networks\"");
  }

  @Test
  void podsKeepTheirAddressAmongThemselves() {
    assertThat(new PodNetwork(SETTINGS).rules(RANGES))
        .contains("table ip tiphys0 {")
        .contains(
            "ip saddr 10.244.1.0/24 ip daddr != { 10.244.0.0/16, 224.0.0.0/4 } masquerade"
                + " fully-random")
        .doesNotContain("ip6");
  }

  @Test
  void eachFamilyHasItsOwnRangeRouteAndTable() {
    PodNetwork both =
        new PodNetwork(
            new PodNetworkSettings(
                Path.of("/data"), "tiphys0", List.of("10.244.0.0/16", "fd00::/16")));
    List<String> ranges = List.of("10.244.1.0/24", "fd00:1::/64");

    assertThat(both.configuration(ranges, 0))
        .doesNotContain("mtu")
        .contains("[[{\"subnet\": \"10.244.1.0/24\"}], [{\"subnet\": \"fd00:1::/64\"}]]")
        .contains("[{\"dst\": \"0.0.0.0/0\"}, {\"dst\": \"::/0\"}]");
    assertThat(both.rules(ranges))
        .contains("ip daddr != { 10.244.0.0/16, 224.0.0.0/4 }")
        .contains("ip6 saddr fd00:1::/64 ip6 daddr != { fd00::/16, ff00::/8 }");
  }

  @Test
  void aNetworkNeedsANameThatTablesCanHave() {
    assertThatThrownBy(() -> new PodNetworkSettings(Path.of("/data"), "a_name", List.of()))
        .hasMessageContaining("no name for a network");
  }

  @Test
  void pluginsAreFoundWhereAllOfThemAre(@TempDir Path directory) throws Exception {
    Path some = Files.createDirectory(directory.resolve("some"));
    Path all = Files.createDirectory(directory.resolve("all"));
    install(some, "ptp", "loopback");
    install(all, "ptp", "loopback", "host-local");

    assertThat(CniPlugins.find(List.of(some, all)).directory()).isEqualTo(all);
    assertThatThrownBy(() -> CniPlugins.find(List.of(some)))
        .isInstanceOf(CniException.class)
        .hasMessageContaining("install the package containernetworking-plugins");
  }

  private static void install(Path directory, String... plugins) throws Exception {
    for (String plugin : plugins) {
      assertThat(Files.createFile(directory.resolve(plugin)).toFile().setExecutable(true)).isTrue();
    }
  }
}
