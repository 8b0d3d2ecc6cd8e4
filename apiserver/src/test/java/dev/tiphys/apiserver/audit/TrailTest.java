package dev.tiphys.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.audit.AuditPolicy.Rule;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.Latencies;
import dev.tiphys.apiserver.request.Latencies.Layer;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrailTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final List<AuditEvent> events = new ArrayList<>();

  /// The annotations of a request that takes some time, 300 ms of it in webhooks.
  private Struct annotationsOf(String verb, Duration total) {
    Rule all =
        new Rule(
            Level.METADATA,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Set.of(),
            null);
    Auditor auditor =
        new Auditor(
            world,
            new AuditPolicy(List.of(all), Set.of(Stage.REQUEST_RECEIVED), false),
            events::addAll,
            new AuditMetrics());
    Trail trail = auditor.beginHere(() -> "/x", "agent");
    long begun = trail.clock();
    trail.begin(UserInfo.of("ann"), verb, new Subject.OfPath("/x"), false);
    Latencies waited = new Latencies();
    waited.add(Layer.VALIDATING_WEBHOOK, Duration.ofMillis(100).toNanos());
    waited.add(Layer.VALIDATING_WEBHOOK, Duration.ofMillis(200).toNanos());
    trail.took(waited);
    world.advance(total);
    trail.took(Layer.AUTHORIZATION, begun);
    trail.took((Latencies) null);
    trail.started(200);
    trail.complete();
    return events.getLast().tree().struct("annotations");
  }

  @Test
  void aSlowRequestTellsWhereItsTimeWent() {
    Struct annotations = annotationsOf("create", Duration.ofMillis(501));

    assertThat(annotations)
        .isEqualTo(
            Struct.of(
                "apiserver.latency.k8s.io/authorization",
                "501ms",
                "apiserver.latency.k8s.io/total",
                "501ms",
                "apiserver.latency.k8s.io/validating-webhook",
                "300ms"));
  }

  @Test
  void othersDoNot() {
    assertThat(annotationsOf("create", Duration.ofMillis(500)).isEmpty()).isTrue();
    assertThat(annotationsOf("watch", Duration.ofHours(1)).isEmpty()).isTrue();
  }
}
