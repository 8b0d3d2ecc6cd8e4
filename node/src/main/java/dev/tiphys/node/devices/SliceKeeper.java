package dev.tiphys.node.devices;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Removes what drivers that are gone have published of this node: their devices cannot be
/// prepared. A driver has half a minute to come back, after its end and after the start of the
/// agent.
///
/// Threads: its own task.
public final class SliceKeeper {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final World world;
  private final Api api;
  private final String node;
  private final DeviceDrivers drivers;
  private final Gate changes;

  /// Since when drivers are missed.
  private final Map<String, Instant> missed = new HashMap<>();

  private Set<String> before = Set.of();

  public SliceKeeper(World world, Api api, String node, DeviceDrivers drivers) {
    this.world = world.background();
    this.api = api;
    this.node = node;
    this.drivers = drivers;
    this.changes = this.world.gate();
    drivers.listen(changes::open);
  }

  /// Goes on until its task ends.
  public void run(SupervisedTask own) throws InterruptedException {
    boolean known = false;
    while (true) {
      try {
        if (!known) {
          publishers().forEach(driver -> missed.put(driver, world.now()));
          known = true;
        }
        round();
        own.problem("");
      } catch (ApiException e) {
        if (e.is(Reason.NOT_FOUND)) {
          changes.await(); // An API server without such slices.
          continue;
        }
        own.problem("slices of devices are not removed: " + e.message());
        world.sleep(RETRY);
        continue;
      }
      if (missed.isEmpty()) {
        changes.await();
      } else {
        boolean _ = changes.await(PATIENCE);
      }
    }
  }

  private Set<String> publishers() {
    Set<String> names = new TreeSet<>();
    ListOptions ofNode = ListOptions.withFields("spec.nodeName=" + node);
    for (Struct slice : api.list(ApiResource.RESOURCE_SLICES, "", ofNode).items()) {
      names.add(slice.string("spec", "driver"));
    }
    return names;
  }

  private void round() {
    Set<String> here = drivers.names();
    for (String driver : before) {
      if (!here.contains(driver)) {
        missed.putIfAbsent(driver, world.now());
      }
    }
    before = here;
    missed.keySet().removeAll(here);
    for (Map.Entry<String, Instant> each : Map.copyOf(missed).entrySet()) {
      if (!each.getValue().plus(PATIENCE).isAfter(world.now())) {
        api.deleteCollection(
            ApiResource.RESOURCE_SLICES,
            "",
            ListOptions.withFields(
                "spec.driver=%s,spec.nodeName=%s".formatted(each.getKey(), node)),
            DeleteOptions.DEFAULT);
        missed.remove(each.getKey());
      }
    }
  }
}
