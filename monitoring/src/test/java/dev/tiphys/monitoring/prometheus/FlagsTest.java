package dev.tiphys.monitoring.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlagsTest {

  private static List<String> flags(String spec) throws RejectedException {
    return Flags.of(
        new Prometheus(Yaml.struct("spec: " + spec)), 10L << 30, new Version(2, 42), false);
  }

  @Test
  void argumentsOfTheObjectComeLast() throws RejectedException {
    assertThat(
            flags(
                "{enableAdminAPI: true, additionalArgs: [{name: web.page-title, value: Mine}, {name: web.enable-remote-write-receiver}]}"))
        .contains("--web.enable-admin-api")
        .endsWith("--web.page-title=Mine", "--web.enable-remote-write-receiver");
  }

  @Test
  void foundTargetsAreTakenOverAtOnceUnlessTheObjectSaysOtherwise() throws RejectedException {
    String flag = "--scrape.discovery-reload-interval=";
    assertThat(flags("{}")).contains(flag + "100ms");
    assertThat(flags("{additionalArgs: [{name: scrape.discovery-reload-interval, value: 30s}]}"))
        .contains(flag + "30s")
        .doesNotContain(flag + "100ms");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.file",
        "web.listen-address",
        "no-web.enable-lifecycle",
        "storage.tsdb.path"
      })
  void argumentsThatAreSetHereAreRefused(String name) {
    assertThatThrownBy(() -> flags("{additionalArgs: [{name: %s, value: a}]}".formatted(name)))
        .isInstanceOf(RejectedException.class)
        .hasMessage("can't set arguments which are already managed by the operator: " + name);
  }
}
