package dev.tiphys.network.ingress;

import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The addresses of names outside of the cluster, asked for now and then, as this machine knows
/// them.
///
/// Threads: any.
final class OutsideNames implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofSeconds(10);

  private final World world;
  private final Runnable changed;
  private final Map<String, List<InetAddress>> known = new ConcurrentHashMap<>();
  private final Gate wanted;
  private final SupervisedTask task;

  /// @param changed is told when a name has other addresses
  OutsideNames(World world, Runnable changed) {
    this.world = world.background();
    this.changed = changed;
    this.wanted = this.world.gate();
    this.task = world.supervisor().task("ingress-names", OnFailure.RESTART);
  }

  void start() {
    task.start(this::run);
  }

  /// Those that are known; asks for those of a name that is new.
  List<InetAddress> of(String name) {
    List<InetAddress> before = known.putIfAbsent(name, List.of());
    if (before == null) {
      wanted.open();
      return List.of();
    }
    return before;
  }

  private void run() throws InterruptedException {
    while (true) {
      if (known.isEmpty()) {
        wanted.await();
      } else {
        wanted.await(PERIOD);
      }
      boolean news = false;
      for (Map.Entry<String, List<InetAddress>> each : known.entrySet()) {
        List<InetAddress> now = ask(each.getKey(), each.getValue());
        if (!now.equals(each.getValue())) {
          known.put(each.getKey(), now);
          news = true;
        }
      }
      if (news) {
        changed.run();
      }
    }
  }

  /// What was known stays so while there is no answer.
  private static List<InetAddress> ask(String name, List<InetAddress> before) {
    try {
      return List.of(InetAddress.getAllByName(name));
    } catch (UnknownHostException e) {
      return before;
    }
  }

  @Override
  public void close() {
    task.close();
  }
}
