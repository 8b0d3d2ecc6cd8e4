package dev.tiphys.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlueGreenTest {

  private static final String MANUAL =
      "blueGreen: {activeService: active, previewService: preview, autoPromotionEnabled: false}";

  private RolloutCluster it;

  @BeforeEach
  void start() {
    it = new RolloutCluster(1);
    it.service("active");
    it.service("preview");
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void aFirstVersionServesOnceItIsComplete() {
    it.rollout(5, MANUAL);
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.served("active")).isEqualTo("web:1");
    assertThat(it.served("preview")).isEqualTo("web:1");
    assertThat(it.pods()).hasSize(5);
    String hash = it.of("web:1").hash();
    assertThat(it.of("web:1").name()).isEqualTo("web-" + hash);
    assertThat(it.status().string("stableRS")).isEqualTo(hash);
    assertThat(it.status().string("selector")).isEqualTo("app=web," + Labels.HASH + "=" + hash);
    assertThat(it.condition("Completed")).isEqualTo("True RolloutCompleted RolloutCompleted");
    assertThat(it.condition("Healthy")).isEqualTo("True RolloutHealthy Rollout is healthy");
    assertThat(it.condition("Available"))
        .isEqualTo("True AvailableReason Rollout has minimum availability");
    assertThat(it.condition("Progressing"))
        .isEqualTo(
            "True NewReplicaSetAvailable ReplicaSet \"web-"
                + hash
                + "\" has successfully progressed.");
    Struct service = it.cluster.get(ApiResource.SERVICES, "active");
    assertThat(Meta.of(service).annotation(Labels.MANAGED_BY)).isEqualTo("web");
    assertThat(it.events())
        .contains(
            "NewReplicaSetCreated: Created ReplicaSet web-" + hash + " (revision 1)",
            "ScalingReplicaSet: Scaled up ReplicaSet web-" + hash + " (revision 1) from 0 to 5",
            "SwitchService: Switched selector for service 'active' from '' to '" + hash + "'",
            "RolloutCompleted: Rollout completed update to revision 1 ("
                + hash
                + "): Initial deploy");
  }

  @Test
  void aNewVersionWaitsForAPersonAndTheOldOneGoesAfterAWhile() {
    it.rollout(5, MANUAL);
    it.image("web:2");
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused BlueGreenPause");
    assertThat(it.condition("Paused")).isEqualTo("True RolloutPaused Rollout is paused");
    assertThat(it.served("active")).isEqualTo("web:1");
    assertThat(it.served("preview")).isEqualTo("web:2");
    assertThat(it.pods()).hasSize(10);

    it.promote();
    it.advance(5);
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.served("active")).isEqualTo("web:2");
    assertThat(it.size("web:1")).isEqualTo(5);
    assertThat(it.of("web:1").hasDeadline()).isTrue();
    it.advance(40);
    assertThat(it.size("web:1")).isZero();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.events()).anyMatch(event -> event.contains("Completed blue-green update"));
  }

  @Test
  void theWayBackWithinTheDelayIsAtOnce() {
    it.rollout(3, MANUAL);
    it.image("web:2");
    it.settle();
    it.promote();
    it.advance(5);
    it.undo();
    it.advance(5);
    assertThat(it.served("active")).isEqualTo("web:1");
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.of("web:1").revision()).isEqualTo(3);
    it.advance(60);
    assertThat(it.size("web:2")).isZero();
    assertThat(it.size("web:1")).isEqualTo(3);
  }

  @Test
  void theWayBackLaterWaitsLikeAnyUpdate() {
    it.rollout(3, MANUAL);
    it.image("web:2");
    it.settle();
    it.promote();
    it.settle();
    it.undo();
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused BlueGreenPause");
    assertThat(it.served("active")).isEqualTo("web:2");
  }

  @Test
  void aPreviewMayBeSmallUntilItIsPromoted() {
    it.rollout(
        5,
        "blueGreen: {activeService: active, autoPromotionEnabled: false, previewReplicaCount: 1}");
    it.image("web:2");
    it.settle();
    assertThat(it.size("web:2")).isEqualTo(1);
    it.promote();
    it.settle();
    assertThat(it.served("active")).isEqualTo("web:2");
    assertThat(it.size("web:2")).isEqualTo(5);
    assertThat(it.phase()).isEqualTo("Healthy");
  }

  @Test
  void aVersionIsPromotedByItselfAfterATime() {
    it.rollout(2, "blueGreen: {activeService: active, autoPromotionSeconds: 300}");
    it.image("web:2");
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused BlueGreenPause");
    it.advance(230);
    assertThat(it.served("active")).isEqualTo("web:1");
    it.advance(30);
    assertThat(it.served("active")).isEqualTo("web:2");
    assertThat(it.phase()).isEqualTo("Healthy");
  }

  @Test
  void anUpdateThatIsGivenUpEndsWhereItBegan() {
    it.rollout(3, MANUAL);
    it.image("web:2");
    it.settle();
    it.abort();
    it.advance(5);
    assertThat(it.phase())
        .isEqualTo("Degraded RolloutAborted: Rollout aborted update to revision 2");
    assertThat(it.size("web:2")).isEqualTo(3);
    it.advance(40);
    assertThat(it.size("web:2")).isZero();
    assertThat(it.size("web:1")).isEqualTo(3);
    assertThat(it.served("active")).isEqualTo("web:1");

    it.retry();
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused BlueGreenPause");
    it.promote();
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.served("active")).isEqualTo("web:2");
  }

  @Test
  void givingUpWithNoUpdateUnderWayChangesNothing() {
    it.rollout(3, MANUAL);
    it.abort();
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.size("web:1")).isEqualTo(3);
    assertThat(it.served("active")).isEqualTo("web:1");
    assertThat(it.status().has("abort")).isFalse();
  }

  @Test
  void aBrokenVersionNeverServesThoughTheServiceLosesItsRevision() {
    it.rollout(3, MANUAL);
    it.breakImages("web:2");
    it.image("web:2");
    it.settle();
    assertThat(it.phase()).isEqualTo("Progressing active service cutover pending");
    it.cluster.change(
        ApiResource.SERVICES,
        "active",
        service -> service.withoutAt("spec", "selector", Labels.HASH));
    it.settle();
    assertThat(it.served("active")).isEqualTo("web:1");
    it.breakImages();
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused BlueGreenPause");
    assertThat(it.served("active")).isEqualTo("web:1");
  }

  @Test
  void anUpdateThatIsLateIsGivenUpIfTheRolloutSaysSo() {
    it.rollout(2, MANUAL, "{progressDeadlineSeconds: 120, progressDeadlineAbort: true}");
    it.breakImages("web:2");
    it.image("web:2");
    it.advance(130);
    assertThat(it.phase())
        .isEqualTo(
            "Degraded RolloutAborted: Rollout aborted update to revision 2: ReplicaSet \""
                + it.of("web:2").name()
                + "\" has timed out progressing.");
    it.settle();
    assertThat(it.size("web:2")).isZero();
  }

  @Test
  void sizesFollowWhileItWaits() {
    it.rollout(2, MANUAL);
    it.image("web:2");
    it.settle();
    it.scale(4);
    it.settle();
    assertThat(it.size("web:1")).isEqualTo(4);
    assertThat(it.size("web:2")).isEqualTo(4);
    assertThat(it.phase()).isEqualTo("Paused BlueGreenPause");
  }

  @Test
  void podsHaveLabelsForThePartTheyPlay() {
    it.rollout(
        2,
        """
        blueGreen:
          activeService: active
          autoPromotionEnabled: false
          activeMetadata: {labels: {role: active}}
          previewMetadata: {labels: {role: preview}}
        """);
    it.image("web:2");
    it.settle();
    assertThat(roles("web:1")).containsOnly("active");
    assertThat(roles("web:2")).containsOnly("preview");
    it.promote();
    it.advance(10);
    assertThat(roles("web:2")).containsOnly("active");
    assertThat(roles("web:1")).containsOnly("");
    assertThat(it.of("web:2").revision()).isEqualTo(2);
    assertThat(it.sets()).hasSize(2);
  }

  private java.util.List<String> roles(String image) {
    return it.pods().stream()
        .filter(pod -> RolloutCluster.imageOf(pod.struct("spec")).equals(image))
        .map(pod -> Meta.of(pod).label("role"))
        .toList();
  }
}
