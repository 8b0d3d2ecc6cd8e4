package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Evictions that come at the same time take from one budget.
class EvictionsTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
  private static final int COUNT = 12;

  private final RunningServer server;
  private final Wire wire;

  EvictionsTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void create(int allowed) throws Exception {
    for (int i = 0; i < COUNT; i++) {
      String name = "web-" + i;
      wire.post(
          PODS,
          "{'metadata':{'name':'%s','labels':{'app':'web'}},'spec':{'nodeName':'n','containers':[{'name':'c','image':'i'}]}}"
              .formatted(name));
      wire.patch(
          "merge-patch",
          PODS + "/" + name + "/status",
          "{'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True'}]}}");
    }
    wire.post(
        BUDGETS,
        "{'metadata':{'name':'web'},'spec':{'minAvailable':1,'selector':{'matchLabels':{'app':'web'}}}}");
    wire.patch(
        "merge-patch",
        BUDGETS + "/web/status",
        "{'status':{'observedGeneration':1,'disruptionsAllowed':%d,'currentHealthy':12,'desiredHealthy':1,'expectedPods':12}}"
            .formatted(allowed));
  }

  private Map<Integer, Long> evictAllAtOnce() throws Exception {
    ConcurrentLinkedQueue<Integer> codes = new ConcurrentLinkedQueue<>();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      String name = "web-" + i;
      tasks.add(RunningServer.WORLD.start("eviction", () -> codes.add(evict(name))));
    }
    for (Task task : tasks) {
      task.join();
    }
    return codes.stream()
        .collect(Collectors.groupingBy(code -> code, TreeMap::new, Collectors.counting()));
  }

  private int evict(String pod) {
    try {
      return wire.post(PODS + "/" + pod + "/eviction", "{'metadata':{'name':'" + pod + "'}}")
          .code();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void eachIsGrantedWhileTheBudgetAllowsIt() throws Exception {
    create(COUNT);

    assertThat(evictAllAtOnce()).isEqualTo(Map.of(201, (long) COUNT));
    assertThat(wire.get(BUDGETS + "/web").json().integer("status", "disruptionsAllowed")).isZero();
  }

  @Test
  void noMoreAreGrantedThanTheBudgetAllows() throws Exception {
    create(5);

    assertThat(evictAllAtOnce()).isEqualTo(Map.of(201, 5L, 429, 7L));
  }
}
