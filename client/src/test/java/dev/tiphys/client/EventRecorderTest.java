package dev.tiphys.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventRecorderTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final ScriptedApi api = new ScriptedApi(world);
  private final EventRecorder recorder = new EventRecorder(world, api, "tester", "node-1");

  @AfterEach
  void close() {
    recorder.close();
    world.settle();
  }

  private static Struct pod(String revision) {
    return Struct.of(
        "kind",
        "Pod",
        "apiVersion",
        "v1",
        "metadata",
        Struct.of("name", "web", "namespace", "ns", "resourceVersion", revision));
  }

  @Test
  void tellsWhoSaysWhatAboutWhom() {
    recorder.warning(pod("3"), "Failed", "it does not start");
    world.settle();

    Struct event = api.created.getFirst();
    assertThat(event.string("metadata", "namespace")).isEqualTo("ns");
    assertThat(event.string("metadata", "name")).matches("web\\.[0-9a-f]{16}");
    assertThat(event.string("involvedObject", "name")).isEqualTo("web");
    assertThat(event.string("involvedObject", "resourceVersion")).isEqualTo("3");
    assertThat(event.string("type")).isEqualTo("Warning");
    assertThat(event.string("reason")).isEqualTo("Failed");
    assertThat(event.string("message")).isEqualTo("it does not start");
    assertThat(event.string("source", "component")).isEqualTo("tester");
    assertThat(event.string("source", "host")).isEqualTo("node-1");
    assertThat(event.integer("count")).isEqualTo(1);
  }

  @Test
  void aNameThatAnotherComponentTookInTheSameMomentLosesNoEvent() {
    api.failNextWrite(ApiException.of(Reason.ALREADY_EXISTS, "events \"web.1\" already exists"));
    recorder.normal(pod("3"), "Pulled", "image is there");
    world.settle();
    assertThat(api.created).hasSize(1);
  }

  @Test
  void countsWhatIsSaidAgain() {
    recorder.normal(pod("3"), "Pulled", "image is there");
    world.settle();
    world.advance(Duration.ofSeconds(10));
    recorder.normal(pod("4"), "Pulled", "image is there");
    recorder.normal(pod("4"), "Pulled", "image is there");
    world.settle();

    String name = api.created.getFirst().string("metadata", "name");
    assertThat(api.asked)
        .containsExactly(
            "create " + name,
            "patch " + name + " {\"count\":2,\"lastTimestamp\":\"2026-01-01T00:00:10Z\"}",
            "patch " + name + " {\"count\":3,\"lastTimestamp\":\"2026-01-01T00:00:10Z\"}");
  }

  /// Two parts may tell of one object in the same moment.
  @Test
  void takesAnotherNameIfThatOfTheMomentIsTaken() {
    api.failNextWrite(ApiException.of(Reason.ALREADY_EXISTS, "events \"web.1\" already exists"));

    recorder.normal(pod("3"), "Pulled", "image is there");
    world.settle();

    assertThat(api.created).hasSize(1);
  }

  @Test
  void tellsAnewWhatHadBeenRemoved() {
    recorder.normal(pod("3"), "Pulled", "image is there");
    world.settle();
    api.failNextWrite(ApiException.notFound("events", "gone"));
    recorder.normal(pod("3"), "Pulled", "image is there");
    world.settle();

    assertThat(api.created).hasSize(2);
    assertThat(api.created.getLast().integer("count")).isEqualTo(1);
  }

  @Test
  void eventsOfOneMomentHaveNamesOfTheirOwn() {
    for (int i = 0; i < 20; i++) {
      recorder.normal(pod("3"), "Pulled", "image " + i);
    }
    world.settle();

    assertThat(api.created)
        .extracting(event -> event.string("metadata", "name"))
        .hasSize(20)
        .doesNotHaveDuplicates();
  }

  @Test
  void eventsOfObjectsWithoutNamespaceGoToTheDefaultOne() {
    recorder.normal(
        Struct.of("kind", "Node", "apiVersion", "v1", "metadata", Struct.of("name", "n")),
        "Ready",
        "it is");
    world.settle();

    assertThat(api.created.getFirst().string("metadata", "namespace")).isEqualTo("default");
  }

  @Test
  void goesOnAfterTheServerFailed() {
    api.failNextWrite(ScriptedApi.unreachable());
    recorder.normal(pod("3"), "Lost", "nobody will know");
    recorder.normal(pod("3"), "Kept", "everybody will know");
    world.settle();

    assertThat(api.created).extracting(event -> event.string("reason")).containsExactly("Kept");
  }

  @Test
  void cutsAMessageThatIsTooLong() {
    recorder.normal(pod("3"), "Long", "x".repeat(2000));
    world.settle();

    assertThat(api.created.getFirst().string("message")).hasSize(1024);
  }

  @Test
  void keepsWhatMadeItsCallerSpeak() {
    Cause.during(42, () -> recorder.normal(pod("3"), "Seen", "it is"));
    world.settle();

    assertThat(api.causes).containsExactly(42L);
  }
}
