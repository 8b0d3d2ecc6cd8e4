package dev.tiphys.controllers.cronjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A CronJob over the days on which the clock changes.
class ClockChangeTest {

  private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

  private static void create(Api api, ApiResource resource, String yaml) {
    api.create(
        resource,
        Yaml.struct(yaml).with("apiVersion", resource.apiVersion()).with("kind", resource.kind()));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-07T00:00:00Z, 2026-03-08, '01:30:00-05:00'",
    "2026-10-31T00:00:00Z, 2026-11-01, '01:30:00-04:00 01:30:00-05:00 02:30:00-05:00'",
    "2026-06-01T00:00:00Z, 2026-06-02, '01:30:00-04:00 02:30:00-04:00'",
  })
  void timesThatTheClockSkipsOrShowsTwice(Instant start, String day, String expected) {
    VirtualWorld world = new VirtualWorld(1, start);
    ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
    Api api = server.api("tester");
    create(api, ApiResource.NAMESPACES, "metadata: {name: default}");
    TreeSet<String> times = new TreeSet<>();
    Informer watched = new Informer(world, api, ApiResource.JOBS);
    watched.listen(Informer.Listener.ofAll(job -> times.add(Meta.of(job).annotation(SCHEDULED))));
    Informers informers = new Informers(world, api);
    try (CronJobController controller =
        new CronJobController(world, api, new ClusterView(informers), new CronJobMetrics(), 1)) {
      watched.start();
      informers.start();
      world.settle();
      controller.start();
      create(
          api,
          ApiResource.CRON_JOBS,
          """
          metadata: {name: nightly, namespace: default}
          spec:
            schedule: "30 1,2 * * *"
            timeZone: America/New_York
            jobTemplate:
              spec:
                template:
                  spec: {restartPolicy: Never, containers: [{name: app, image: "x:1"}]}
          """);
      world.advance(Duration.ofDays(4));
    }
    assertThat(
            times.stream()
                .filter(time -> time.startsWith(day))
                .map(time -> time.substring(day.length() + 1)))
        .containsExactly(expected.split(" "));
    informers.close();
    watched.close();
    server.close();
    world.settle();
  }
}
