package dev.tiphys.client.defaults;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;

/// Waits for kinds that a cluster is to know.
public final class ServedKinds {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private ServedKinds() {}

  /// Waits until all of them are served.
  public static void await(World world, Api api, List<ApiResource> kinds)
      throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!kinds.stream().allMatch(each -> isServed(api, each))) {
      world.background().sleep(pause);
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  private static boolean isServed(Api api, ApiResource resource) {
    try {
      api.list(resource, "", ListOptions.ALL);
      return true;
    } catch (ApiException e) {
      return false;
    }
  }
}
