package dev.tiphys.client.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueueMetricsTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final QueueMetrics metrics =
      new QueueMetrics(world, name -> name.replace("-controller", ""));

  private WorkQueue<String> queue() {
    return metrics.during(
        () -> new WorkQueue<>("deployment-controller", world, RetryPolicy.DEFAULT));
  }

  private String told(String family) {
    Exposition out = new Exposition();
    metrics.write(out);
    return out.toString()
        .lines()
        .filter(line -> line.startsWith("workqueue_" + family + "{name=\"deployment\"} "))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("");
  }

  @Test
  void what_waits_and_what_is_worked_on_is_told() throws InterruptedException {
    WorkQueue<String> queue = queue();
    queue.add("a", 0);
    queue.add("a", 0);
    queue.add("b", 0);
    assertThat(told("adds_total")).isEqualTo("2");
    assertThat(told("depth")).isEqualTo("2");
    world.advance(Duration.ofSeconds(3));
    queue.take();
    queue.take();
    assertThat(told("depth")).isEqualTo("0");
    assertThat(told("queue_duration_seconds_sum")).isEqualTo("6");
    world.advance(Duration.ofSeconds(2));
    queue.done("a");
    world.advance(Duration.ofSeconds(2));
    assertThat(told("work_duration_seconds_sum")).isEqualTo("2");
    assertThat(told("unfinished_work_seconds")).isEqualTo("4");
    assertThat(told("longest_running_processor_seconds")).isEqualTo("4");
    queue.addBackingOff("b");
    assertThat(told("retries_total")).isEqualTo("1");
  }

  @Test
  void counts_go_on_when_a_queue_is_made_anew_and_what_waited_is_gone() {
    WorkQueue<String> first = queue();
    first.add("a", 0);
    first.close();
    assertThat(told("depth")).isEqualTo("0");
    queue().add("a", 0);
    assertThat(told("depth")).isEqualTo("1");
    assertThat(told("adds_total")).isEqualTo("2");
  }

  @Test
  void queues_that_are_made_elsewhere_are_not_counted() {
    new WorkQueue<String>("other", world, RetryPolicy.DEFAULT).add("a", 0);
    Exposition out = new Exposition();
    metrics.write(out);
    assertThat(out.toString()).isEmpty();
  }
}
