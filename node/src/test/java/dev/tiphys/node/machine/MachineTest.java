package dev.tiphys.node.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineTest {
  @Test
  void podsGetWhatIsNotReservedAndNotKeptFree() {
    Machine machine =
        new Machine(
            Map.of(
                "cpu",
                Quantity.of(4),
                "memory",
                Quantity.parse("1124Mi"),
                "ephemeral-storage",
                Quantity.of(1000)),
            0,
            "",
            "",
            "",
            "",
            "",
            "amd64");

    assertThat(machine.allocatable(Map.of("cpu", Quantity.parse("500m")), 110))
        .isEqualTo(
            Map.of(
                "cpu",
                Quantity.parse("3500m"),
                "memory",
                Quantity.parse("1Gi"),
                "ephemeral-storage",
                Quantity.of(900),
                "pods",
                Quantity.of(110)));
  }

  @Test
  void namesAreThoseThatKubernetesKnows() {
    assertThat(Machine.goArchitecture("x86_64")).isEqualTo("amd64");
    assertThat(Machine.goArchitecture("aarch64")).isEqualTo("arm64");
    assertThat(Machine.osImage(List.of("ID=debian", "PRETTY_NAME=\"Debian GNU/Linux 12\"")))
        .isEqualTo("Debian GNU/Linux 12");
  }
}
