package dev.tiphys.monitoring.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.api.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UsagesTest {

  private static final Duration PERIOD = Duration.ofSeconds(15);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ObjectKey POD = new ObjectKey("default", "web");

  private final Usages usages = new Usages(PERIOD);

  private static Instant at(int seconds) {
    return START.plusSeconds(seconds);
  }

  private static Reading reading(int at, double cpu, @Nullable Instant started) {
    return new Reading(at(at), cpu, 1 << 20, started);
  }

  private void read(Reading node, Reading container) {
    usages.read("n", new NodeReadings(node, Map.of(POD, Map.of("c", container))));
  }

  private void read(int at, double cpu) {
    read(reading(at, cpu, null), reading(at, cpu, at(-100)));
  }

  private @Nullable Usage container() {
    return usages.ofPod(POD).get("c");
  }

  @Test
  void aRateNeedsTwoReadings() {
    read(0, 10);
    assertThat(container()).isNull();
    assertThat(usages.ofNode("n")).isNull();

    read(20, 15);
    Usage usage = new Usage(at(20), Duration.ofSeconds(20), 250_000_000, 1 << 20);
    assertThat(container()).isEqualTo(usage);
    assertThat(usages.ofNode("n")).isEqualTo(usage);
  }

  @Test
  void theSameReadingAgainChangesNothing() {
    read(0, 10);
    read(20, 15);
    read(20, 15);

    assertThat(container())
        .isEqualTo(new Usage(at(20), Duration.ofSeconds(20), 250_000_000, 1 << 20));
  }

  @Test
  void aYoungContainerIsComparedWithItsStart() {
    Reading node = reading(0, 1, null);
    read(node, reading(12, 6, at(0)));

    assertThat(container())
        .isEqualTo(new Usage(at(12), Duration.ofSeconds(12), 500_000_000, 1 << 20));
  }

  @Test
  void aContainerThatIsTooYoungIsNotToldOf() {
    read(reading(0, 1, null), reading(9, 6, at(0)));

    assertThat(container()).isNull();
  }

  @Test
  void aContainerThatWasStartedAgainIsAnotherOne() {
    read(0, 10);
    read(15, 20);
    read(reading(30, 0, null), reading(35, 1, at(16)));

    assertThat(container()).isNull();
  }

  @Test
  void aCounterThatFellTellsNothing() {
    read(0, 10);
    read(15, 2);

    assertThat(container()).isNull();
    assertThat(usages.ofNode("n")).isNull();
  }

  @Test
  void ofAPodAllContainersAreToldOrNone() {
    Reading node = reading(0, 1, null);
    Reading old = reading(0, 10, at(-100));
    usages.read("n", new NodeReadings(node, Map.of(POD, Map.of("old", old))));
    Reading later = reading(15, 11, at(-100));
    Reading fresh = reading(15, 1, at(10));
    usages.read("n", new NodeReadings(node, Map.of(POD, Map.of("old", later, "new", fresh))));

    assertThat(usages.ofPod(POD)).isEmpty();
  }

  @Test
  void whatIsGoneIsForgotten() {
    read(0, 10);
    read(15, 20);
    usages.read("other", new NodeReadings(null, Map.of()));
    assertThat(container()).isNotNull();

    usages.read("n", new NodeReadings(reading(30, 30, null), Map.of()));
    assertThat(container()).isNull();
    assertThat(usages.ofNode("n")).isNotNull();
    usages.retain(Set.of("other"));
    assertThat(usages.ofNode("n")).isNull();
  }
}
