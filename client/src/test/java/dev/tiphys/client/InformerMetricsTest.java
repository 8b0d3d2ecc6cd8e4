package dev.tiphys.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.VirtualWorld;
import org.junit.jupiter.api.Test;

class InformerMetricsTest {

  private static final String LABELS =
      "{group=\"\",name=\"a-program\",resource=\"configmaps\",version=\"v1\"}";

  private final VirtualWorld world = new VirtualWorld(1);
  private final ScriptedApi api = new ScriptedApi(world);
  private final InformerMetrics metrics = new InformerMetrics("a-program");

  private String told() {
    Exposition out = new Exposition();
    metrics.write(out);
    return out.toString();
  }

  @Test
  void itIsToldHowFarAnInformerIs() {
    Informer informer = metrics.during(() -> new Informer(world, api, ApiResource.CONFIG_MAPS));
    new Informer(world, api, ApiResource.CONFIG_MAPS).start(); // Of another program.
    String[] meanwhile = new String[1];
    informer.listen(Informer.Listener.ofAll(_ -> meanwhile[0] = told())).start();
    api.put("a", "1");
    api.put("b", "1");
    world.settle();

    assertThat(told())
        .contains(
            "informer_queued_items" + LABELS + " 0\n",
            "informer_store_resource_version" + LABELS + " 2\n",
            "informer_processing_latency_seconds_count" + LABELS + " 2\n");
    assertThat(meanwhile[0]).contains("informer_queued_items" + LABELS + " 1\n");
    informer.close();
  }

  @Test
  void whereThereAreNoInformersNothingIsTold() {
    assertThat(told()).isEmpty();
  }
}
