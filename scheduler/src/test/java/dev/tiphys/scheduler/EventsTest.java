package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.reports.EventBroadcaster;
import dev.tiphys.schema.GroupVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsTest {

  private static final ApiResource EVENTS =
      new ApiResource(GroupVersion.parse("events.k8s.io/v1"), "events", "Event", true);

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private List<Struct> events(String reason) {
    return cluster.api.list(EVENTS, "default", ListOptions.ALL).items().stream()
        .filter(event -> event.string("reason").equals(reason))
        .toList();
  }

  private Struct event(String reason) {
    assertThat(events(reason)).hasSize(1);
    return events(reason).getFirst();
  }

  private void hasTheSchedulersFields(Struct event, String type, String action, String note) {
    assertThat(event.string("type")).isEqualTo(type);
    assertThat(event.string("action")).isEqualTo(action);
    assertThat(event.string("note")).isEqualTo(note);
    assertThat(event.string("reportingController")).isEqualTo("default-scheduler");
    assertThat(event.string("reportingInstance")).isEqualTo("default-scheduler-host-1");
    assertThat(event.string("eventTime")).matches("\\d{4}-.*\\.\\d{6}Z");
    assertThat(event.has("deprecatedCount")).isFalse();
  }

  @Test
  void aBindingIsTold() {
    cluster.nodes(1);
    cluster.pod("web", "");
    cluster.settle();

    Struct event = event("Scheduled");
    hasTheSchedulersFields(
        event, "Normal", "Binding", "Successfully assigned default/web to node-0");
    Struct regarding = event.struct("regarding");
    assertThat(regarding.string("kind")).isEqualTo("Pod");
    assertThat(regarding.string("name")).isEqualTo("web");
    assertThat(regarding.string("uid")).isEqualTo(Meta.of(cluster.find("web")).uid());
    assertThat(event.has("related")).isFalse();
  }

  @Test
  void aFailureIsTold() {
    cluster.nodes(1);
    cluster.podWithCpu("web", "9", "");
    cluster.settle();

    hasTheSchedulersFields(
        event("FailedScheduling"), "Warning", "Scheduling", cluster.reason("web"));
  }

  @Test
  void theEventOfAVictimNamesThePodThatItLeavesFor() {
    cluster.api.create(
        ApiResource.PRIORITY_CLASSES, json("{'metadata':{'name':'high'},'value':1000}"));
    cluster.nodes(1);
    cluster.podWithCpu("low", "3", "");
    cluster.settle();
    cluster.podWithCpu("web", "3", "'priorityClassName':'high'");
    cluster.settle();

    Struct event = event("Preempted");
    String uid = Meta.of(cluster.find("web")).uid();
    hasTheSchedulersFields(
        event, "Normal", "Preempting", "Preempted by pod " + uid + " on node node-0");
    assertThat(event.struct("regarding").string("name")).isEqualTo("low");
    assertThat(event.struct("related").string("uid")).isEqualTo(uid);
  }

  @Test
  void anEventWaitsWhileThereIsSomethingBetterToDoButNotForEver() {
    AtomicBoolean busy = new AtomicBoolean(true);
    try (EventBroadcaster told = broadcaster(busy::get)) {
      cluster.pod("web", "'schedulingGates':[{'name':'a/b'}]");
      told.warning(cluster.find("web"), "First", "Scheduling", "note");
      cluster.settle();
      assertThat(events("First")).isEmpty();
      cluster.world.advance(Duration.ofSeconds(5));
      cluster.settle();
      assertThat(events("First")).hasSize(1);

      told.warning(cluster.find("web"), "Second", "Scheduling", "note");
      cluster.settle();
      assertThat(events("Second")).isEmpty();
      busy.set(false);
      told.look();
      cluster.settle();
      assertThat(events("Second")).hasSize(1);
    }
  }

  private EventBroadcaster broadcaster(BooleanSupplier busy) {
    return new EventBroadcaster(cluster.world, cluster.api, "default-scheduler", "host-1", busy);
  }

  /// The state of the object is part of what makes an event the same.
  @Test
  void whatIsToldAgainIsASeriesThatIsWrittenOnceMoreAndWhenItHasEnded() {
    try (EventBroadcaster told = broadcaster(() -> false)) {
      cluster.pod("web", "'schedulingGates':[{'name':'a/b'}]");
      Struct pod = cluster.find("web");
      told.warning(pod, "Failed", "Scheduling", "once");
      cluster.settle();
      assertThat(event("Failed").has("series")).isFalse();

      for (int i = 0; i < 4; i++) {
        told.warning(pod, "Failed", "Scheduling", "again");
      }
      cluster.settle();
      assertThat(event("Failed").string("note")).isEqualTo("once");
      assertThat(event("Failed").integer("series", "count")).isEqualTo(2);
      assertThat(event("Failed").string("series", "lastObservedTime")).isNotEmpty();

      cluster.world.advance(Duration.ofMinutes(13));
      cluster.settle();
      assertThat(event("Failed").integer("series", "count")).isEqualTo(5);

      told.warning(pod, "Failed", "Scheduling", "anew");
      told.warning(pod.withAt("7", "metadata", "resourceVersion"), "Failed", "Scheduling", "other");
      cluster.settle();
      assertThat(events("Failed")).hasSize(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"1024, 1024, false", "1025, 1024, true", "3000, 1024, true"})
  void aNoteIsCut(int length, int told, boolean cut) {
    assertThat(noteOf("x".repeat(length)))
        .hasSize(told)
        .satisfies(note -> assertThat(note.endsWith(" ...")).isEqualTo(cut));
  }

  @Test
  void aNoteIsCutBetweenCharacters() {
    String note = noteOf("ä".repeat(1_000));
    assertThat(note).isEqualTo("ä".repeat(510) + " ...");
    assertThat(note.getBytes(StandardCharsets.UTF_8)).hasSize(1_024);
  }

  private String noteOf(String note) {
    try (EventBroadcaster told = broadcaster(() -> false)) {
      cluster.pod("web", "'schedulingGates':[{'name':'a/b'}]");
      told.warning(cluster.find("web"), "Failed", "Scheduling", note);
      cluster.settle();
      return event("Failed").string("note");
    }
  }
}
